import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import ROOT, UVICORN, free_port, running, session
from tests.terminal import Outcome, clean_environment, walkin


def serve(variable: str, value: str | Path) -> Outcome:
    """Start the service with one setting, on a port that is free."""
    environment = {variable: str(value)}
    return walkin("serve", "--port", str(free_port()), environment=environment)


def test_a_port_that_is_taken_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = walkin("serve", "--port", str(port))
    expected = f"can not listen on 127.0.0.1:{port}: something else listens there."
    assert outcome.sentence() == expected


def test_a_host_that_is_not_here_is_one_sentence() -> None:
    outcome = walkin("serve", "--host", "192.0.2.1", "--port", str(free_port()))
    assert outcome.sentence().startswith("can not listen on 192.0.2.1:")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WALKIN_MAX_TEXT", "many"),
        ("WALKIN_ALLOWED_ORIGINS", "*"),
        ("WALKIN_PROMPTS_DIR", "/nowhere/at/all"),
        ("OPENAI_BASE_URL", "localhost:11434/v1"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence(variable: str, value: str) -> None:
    assert serve(variable, value).sentence().startswith(f"{variable}: ")


BROKEN = {
    "a name that nobody gives": ("{{ customer_nmae }}", "customer_nmae"),
    "a field that no customer has": ("{{ customer.shoe_size }}", "shoe_size"),
    "no template": ("{% if customer %}", "if"),
    "a part that is not there": ('{% include "parts/nothing.j2" %}', "nothing.j2"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_prompt_stops_the_start_with_one_sentence(tmp_path: Path, name: str) -> None:
    text, named = BROKEN[name]
    prompts = tmp_path / "prompts"
    shutil.copytree(ROOT / "prompts", prompts)
    broken = prompts / "insurance.j2"
    broken.write_text(f"{broken.read_text()}\n{text}\n")
    sentence = serve("WALKIN_PROMPTS_DIR", prompts).sentence()
    assert "insurance.j2" in sentence
    assert named in sentence


def test_a_prompt_that_is_missing_stops_the_start(tmp_path: Path) -> None:
    prompts = tmp_path / "prompts"
    shutil.copytree(ROOT / "prompts", prompts)
    (prompts / "healthcare.j2").unlink()
    assert "healthcare.j2" in serve("WALKIN_PROMPTS_DIR", prompts).sentence()


@pytest.mark.parametrize(
    "name", ["industries/banking/rulebooks/registry.yaml", "industries/insurance/card.yaml"]
)
def test_a_broken_file_stops_the_start_with_file_and_line(tmp_path: Path, name: str) -> None:
    shutil.copytree(ROOT / "backend", tmp_path / "backend")
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    path = tmp_path / "backend" / name
    path.write_text(path.read_text() + "unheard_of: 1\n")
    outcome = walkin("serve", "--port", str(free_port()), root=tmp_path)
    assert f"{path}, line " in outcome.sentence()


def test_a_setting_that_is_not_known_is_warned_about(tmp_path: Path) -> None:
    with running(tmp_path, WALKIN_MAX_TEXTS="5", WALKIN_MAX_TEXT="5") as server:
        log = server.log.read_text()
    (line,) = (line for line in log.splitlines() if "setting.unknown" in line)
    assert "WALKIN_MAX_TEXTS" in line
    assert '"warning"' in line


@pytest.mark.parametrize(
    "command", [UVICORN, (sys.executable, "-m", "backend.main")], ids=["uvicorn", "module"]
)
async def test_other_ways_of_starting_serve_too(tmp_path: Path, command: tuple[str, ...]) -> None:
    with running(tmp_path, command) as server:
        async with session(server) as (line, ready):
            assert ready["session_id"] == "demo-1"
            await line.send(type="user.message", id="m1", text="hello")
            await line.until("reply.completed", finish_reason="stop")
        server.terminate()
        assert server.wait(25) in {0, -15}


def test_uvicorn_stops_with_the_sentence_too() -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        [*UVICORN, "--port", str(free_port())],
        cwd=ROOT,
        env=clean_environment({"WALKIN_MAX_TEXT": "many"}),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert b"walkin: WALKIN_MAX_TEXT: " in done.stderr
    assert b"Traceback" not in done.stderr
