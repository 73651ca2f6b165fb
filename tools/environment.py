"""Make the virtual environment, or say which Python is wanted."""

import sys
import venv
from pathlib import Path

WANTED = (3, 11)


def main() -> None:
    """Create the environment named by the first argument, unless it is there."""
    if sys.version_info < WANTED:
        found = ".".join(str(part) for part in sys.version_info[:3])
        wanted = ".".join(str(part) for part in WANTED)
        sys.exit(f"Walk-in needs Python {wanted} or newer; {sys.executable} is {found}.")
    folder = Path(sys.argv[1])
    if not (folder / "bin" / "python").exists():
        venv.create(folder, with_pip=True, clear=folder.exists())


if __name__ == "__main__":
    main()
