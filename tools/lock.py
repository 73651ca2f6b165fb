"""Make the locks: every package with its hashes, for every platform.

``requirements.txt`` comes from ``pyproject.toml`` with all that a developer wants;
``tools/runtime.txt`` is the part of it that a server wants; ``tools/node.txt``, which only
machines without a recent Node install, comes from ``tools/node.in``.
"""

import subprocess
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = (
    "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "make lock",
    "--quiet",
)  # fmt: skip
LOCKS = (
    ("pyproject.toml", "--extra", "dev", "--output-file", "requirements.txt"),
    ("pyproject.toml", "--constraint", "requirements.txt", "--output-file", "tools/runtime.txt"),
    ("tools/node.in", "--output-file", "tools/node.txt"),
)


def main() -> None:
    """Install uv into a place of its own and compile the locks with it."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        uv = Path(folder) / "bin" / "uv"
        for lock in LOCKS:
            subprocess.run([uv, *COMPILE, *lock], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
