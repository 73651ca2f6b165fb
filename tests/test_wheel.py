"""The wheel carries everything: installed anywhere, it serves."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.live import ROOT, running, session

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own build
    (built,) = folder.glob("walkin-*.whl")
    return built


def test_the_wheel_holds_page_prompts_and_yaml_and_nothing_of_the_checkout(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "backend/bundled/page/index.html",
        "backend/bundled/prompts/banking.j2",
        "backend/industries/banking/card.yaml",
        "backend/industries/banking/rulebooks/registry.yaml",
        "backend/py.typed",
        "backend/store/migrations/versions/r0001_first_tables.py",
    ):
        assert wanted in names
    assert not [name for name in names if name.startswith(("tests/", "frontend/", "benchmarks/"))]


@pytest.fixture(scope="module")
def walkin(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed from the wheel into an empty environment."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    lock = ROOT / "tools" / "runtime.txt"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    for what in (["--require-hashes", "-r", str(lock)], ["--no-deps", str(wheel)]):
        subprocess.run([*pip, *what], check=True, cwd=home, env=clean)  # noqa: S603 - our own lock and wheel
    return home / "bin" / "walkin"


async def test_installed_in_an_empty_environment_elsewhere_walkin_serves(
    walkin: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with running(tmp_path, command=(str(walkin), "serve"), cwd=elsewhere) as server:
        status, headers, text = server.get("/")
        assert (status, "text/html" in headers["content-type"]) == (200, True)
        assert "_app/immutable" in text
        async with session(server) as (line, _):
            await line.send(type="user.message", id="m1", text="what is my checking balance")
            assert (await line.until("reply.completed"))["finish_reason"] == "stop"
