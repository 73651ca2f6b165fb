import subprocess
import sys

import pytest

from tests.terminal import walkin

COMMANDS = ("serve", "chat", "customer", "schema", "population", "rulebook")
EXPLAINED = (
    "serve", "chat", "customer", "schema", "population generate", "population score",
    "rulebook list", "rulebook show", "rulebook check",
)  # fmt: skip


def test_help_lists_every_command_with_examples() -> None:
    help_text = walkin("--help")
    assert help_text.status == 0
    for command in COMMANDS:
        assert f"walkin {command}" in help_text.out


@pytest.mark.parametrize("command", EXPLAINED)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    help_text = walkin(*command.split(), "--help")
    assert help_text.status == 0
    assert f"Example: walkin {command}" in " ".join(help_text.out.split())


def test_without_a_command_help_is_shown() -> None:
    shown = walkin()
    assert "walkin serve" in shown.out + shown.err


@pytest.mark.parametrize("arguments", [["nonsense"], ["customer"], ["serve", "--port", "x"]])
def test_a_command_that_can_not_be_read_is_told_without_a_traceback(arguments: list[str]) -> None:
    outcome = walkin(*arguments)
    assert outcome.status == 2
    assert "Error: " in outcome.err
    assert "Traceback" not in outcome.err


def test_a_command_comes_without_what_only_others_need() -> None:
    program = (
        "import sys; from backend.cli.app import build_app; build_app(['rulebook', 'list'])\n"
        "needless = {'polars', 'sqlalchemy', 'fastapi', 'websockets', 'faker'} & set(sys.modules)\n"
        "assert not needless, needless"
    )
    subprocess.run([sys.executable, "-c", program], check=True)  # noqa: S603 - our own code
