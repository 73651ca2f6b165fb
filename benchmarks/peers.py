"""The others' own environment, ``.venv-bench``, made on demand from ``peers.txt``.

Run: ``python benchmarks/peers.py`` installs what is missing; ``benchmarks/run.py`` does so too.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / ".venv-bench"
WANTED: Final = Path(__file__).with_name("peers.txt")
STAMP: Final = FOLDER / ".installed"


def installed() -> bool:
    """Return whether the environment holds what ``peers.txt`` asks for."""
    return STAMP.is_file() and STAMP.read_text() == _digest()


def install() -> None:
    """Make the environment, or bring it up to date.

    Raises:
        subprocess.CalledProcessError: pip could not install something; it has said why.
    """
    if installed():
        return
    if not Path(program("python")).exists():
        venv.create(FOLDER, with_pip=True, symlinks=sys.platform != "win32")
    pip = [program("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", str(WANTED)], check=True)
    STAMP.write_text(_digest())


def program(name: str) -> str:
    """Return the path of a program of the environment."""
    return str(FOLDER / ("Scripts" if sys.platform == "win32" else "bin") / name)


def _digest() -> str:
    return hashlib.sha256(WANTED.read_bytes()).hexdigest()


if __name__ == "__main__":
    install()
    print(f"{FOLDER} is ready")
