"""The command ``walkin`` as a user starts it: a process, what is typed, what is read."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.live import ROOT

COMMAND: Final = (sys.executable, "-m", "backend.cli.app")
PATIENCE: Final = 60.0
NOTHING: Final[Mapping[str, str]] = {}


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str

    def sentence(self) -> str:
        """Return what went wrong: one line for a person, after ``walkin:``."""
        assert self.status != 0, self.out
        assert "Traceback" not in self.err
        (line,) = self.err.splitlines()
        assert line.startswith("walkin: "), line
        return line.removeprefix("walkin: ")


def clean_environment(changes: Mapping[str, str] = NOTHING) -> dict[str, str]:
    """Return this process's environment without settings of Walk-in, but ``changes``."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("WALKIN_", "OPENAI_"))
    }
    return {**kept, "WALKIN_DATABASE_URL": "memory:", **changes}


def walkin(
    *arguments: str,
    typed: str | bytes = "",
    root: Path = ROOT,
    environment: Mapping[str, str] = NOTHING,
) -> Outcome:
    """Run the command to its end, with the package that is in ``root``."""
    done = subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *arguments],
        input=typed if isinstance(typed, bytes) else typed.encode(),
        capture_output=True,
        cwd=root,
        env=clean_environment(environment),
        timeout=PATIENCE,
        check=False,
    )
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
