"""A server in a process of its own, with its processor time and its memory."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

PATIENCE: Final = 60.0
_INHERITED: Final = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE")


class ServerError(RuntimeError):
    """A server did not start; what it said is in the message."""


class Server(NamedTuple):
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int

    def cpu_seconds(self) -> float:
        """Return the processor time, user and system, of the process and all its threads."""
        # Linux's clock of another process: what /proc/PID/stat counts, without its 10 ms steps
        return time.clock_gettime(((~self.process.pid) << 3) | 2)

    def resident_bytes(self) -> int:
        """Return the resident memory of the process."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str] | None = None
) -> Generator[Server, None, None]:
    """Start a server and wait until it listens; ``{port}`` in the command is its port.

    Raises:
        ServerError: it ended, or did not listen in time.
    """
    port = _free_port()
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    with tempfile.TemporaryDirectory(prefix="walkin-bench-") as folder:
        log = Path(folder, "log")
        with log.open("wb") as out:
            process = subprocess.Popen(
                [part.format(port=port) for part in command],
                cwd=folder,
                env={**inherited, **(environment or {})},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait_until_listening(process, port, log)
            yield Server(process, port)
        finally:
            process.kill()
            process.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1.0).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise ServerError(f"{process.args!r} does not listen on port {port}: {said}")
