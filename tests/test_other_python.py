"""The same bytes under another Python, with the packages that the lock has for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.golden_kit import FOLDER
from tests.live import ROOT

pytestmark = pytest.mark.slow
CANDIDATES = ("3.14", "3.13", "3.12", "3.11")


def other_python() -> str | None:
    """Return an interpreter of another version than this one, from PATH or from pyenv."""
    mine = f"{sys.version_info.major}.{sys.version_info.minor}"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for version in CANDIDATES:
        if version == mine:
            continue
        places = [shutil.which(f"python{version}"), *pyenv.glob(f"{version}.*/bin/python")]
        for place in places:
            if place and _says(str(place), version):
                return str(place)
    return None


def _says(python: str, version: str) -> bool:
    command = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - asks a Python for its version
    return ran.returncode == 0 and ran.stdout.strip() == version


def test_customers_are_the_golden_ones_under_another_python(tmp_path: Path) -> None:
    python = other_python()
    if python is None:
        pytest.skip("this machine has one Python only")
    home = tmp_path / "environment"
    subprocess.run([python, "-m", "venv", str(home)], check=True)  # noqa: S603 - our own environment
    inside = str(home / "bin" / "python")
    pip = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    lock = str(ROOT / "requirements.txt")
    subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)  # noqa: S603 - our own lock
    golden = [inside, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "golden_ones"]
    ran = subprocess.run(  # noqa: S603 - our own tests
        [*golden, "tests/test_golden.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout
    assert len(list(FOLDER.glob("*.json"))) > 0
