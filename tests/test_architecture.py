"""What is promised about the code as a whole, and what would break the promise."""

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.live import ROOT

BACKEND: Final = sorted((ROOT / "backend").rglob("*.py"))
SOURCES: Final = [
    path
    for folder in ("backend", "tests", "benchmarks", "tools", "examples")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
BANNED_NAMES: Final = {"utils", "util", "helpers", "helper", "manager", "common", "base", "misc"}
MAX_LINES, TYPICAL_LINES, MAX_FUNCTION, TYPICAL_FUNCTION = 500, 150, 50, 10


LINT_IMPORTS: Final = "from importlinter.cli import lint_imports_command as run; run()"
WITHOUT_FLOOR: Final = {"backend", "backend.chat"}


def tool(
    *command: str, text: str | None = None, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the project's own tools
        [sys.executable, *command], input=text, capture_output=True, text=True, cwd=cwd,
        timeout=120, check=False,
    )  # fmt: skip


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lengths_of_functions() -> Iterator[tuple[str, int]]:
    for path in BACKEND:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                first = body[0].lineno if body else node.lineno
                length = (node.end_lineno or first) - first + 1
                yield f"{relative(path)}:{node.lineno} {node.name}", length


def test_files_import_from_lower_floors_only() -> None:
    contracts = tool("-c", LINT_IMPORTS)
    assert contracts.returncode == 0, contracts.stdout + contracts.stderr
    assert " 0 broken" in contracts.stdout


CROSSED: Final = """[importlinter]
root_package = house
exclude_type_checking_imports = False
[importlinter:contract:1]
name = floors
type = layers
layers =
  house.upper
  house.lower
"""


def test_the_contracts_break_where_a_floor_is_crossed(tmp_path: Path) -> None:
    package = tmp_path / "house"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "upper.py").touch()
    (package / "lower.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house import upper\n"
    )
    (tmp_path / ".importlinter").write_text(CROSSED)
    broken = tool("-c", f"import sys; sys.path.insert(0, '.'); {LINT_IMPORTS}", cwd=tmp_path)
    assert broken.returncode != 0
    assert " 1 broken" in broken.stdout


def test_every_module_stands_on_a_floor() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert settings["exclude_type_checking_imports"] is False
    layers = settings["contracts"][0]["layers"]
    named = {name.strip() for layer in layers for name in layer.split(":")}
    for path in BACKEND:
        parts = path.relative_to(ROOT).with_suffix("").parts
        names = {".".join(parts[:length]) for length in range(2, len(parts) + 1)}
        module = ".".join(parts).removesuffix(".__init__")
        assert names & named or module in WITHOUT_FLOOR, f"{module} stands on no floor"


def test_no_file_is_long() -> None:
    long = {relative(path): count for path in SOURCES if (count := lines(path)) > MAX_LINES}
    assert not long


def test_most_files_are_short() -> None:
    assert statistics.median(map(lines, BACKEND)) <= TYPICAL_LINES


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_no_function_is_long() -> None:
    assert not {name: length for name, length in lengths_of_functions() if length > MAX_FUNCTION}


def test_most_functions_are_short() -> None:
    assert statistics.median(length for _, length in lengths_of_functions()) <= TYPICAL_FUNCTION


def test_names_say_what_is_in_a_file() -> None:
    names = {part for path in SOURCES for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not names & BANNED_NAMES


WATCH: Final = '''
import builtins, importlib, os, pkgutil, sys, time

LIBRARIES = {libraries!r}
for name in LIBRARIES:
    importlib.import_module(name)

ROOT = os.path.realpath("backend") + os.sep
seen = []


def is_ours(frame):
    return frame is not None and os.path.realpath(frame.f_code.co_filename).startswith(ROOT)


def asked_by_us():
    """Return whether one of our modules asked for it, or had a library ask, but no import."""
    frame = sys._getframe(2)
    while frame is not None and not frame.f_code.co_filename.startswith("<frozen importlib"):
        if is_ours(frame):
            return True
        frame = frame.f_back
    return False


def called_by_us():
    """Return whether it was one of our own lines; libraries may know a variable of their own."""
    frame = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename.startswith("<frozen _collections_abc"):
        frame = frame.f_back
    return is_ours(frame)


def audit(event, arguments):
    if event == "open" and isinstance(arguments[0], str | bytes):
        path = os.fsdecode(arguments[0])
        if asked_by_us() and not path.endswith((".py", ".pyc")):
            seen.append(f"opened {{path}}")
    elif event.startswith(("socket.", "subprocess.", "os.putenv", "sqlite3.")):
        seen.append(event)


def watched(module, name):
    real = getattr(module, name)

    def call(*arguments, **named):
        if called_by_us():
            seen.append(f"called {{module.__name__}}.{{name}}")
        return real(*arguments, **named)

    setattr(module, name, call)


for name in ("time", "monotonic", "perf_counter", "time_ns", "monotonic_ns"):
    watched(time, name)
watched(os, "getenv")
watched(os, "urandom")


class Environment(type(os.environ)):
    def __getitem__(self, key):
        if called_by_us():
            seen.append(f"read the variable {{key}}")
        return super().__getitem__(key)


os.environ.__class__ = Environment
sys.addaudithook(audit)

import backend

for found in pkgutil.walk_packages(backend.__path__, "backend."):
    importlib.import_module(found.name)
print(*seen, sep="\\n")
print("imported", len([name for name in sys.modules if name.startswith("backend")]))
'''

LIBRARIES: Final = (
    "faker", "fastapi", "jinja2", "numpy", "openai", "polars", "prometheus_client", "pydantic",
    "pydantic_settings", "rich.console", "rich.table", "structlog", "typer", "uvicorn",
    "websockets.asyncio.client", "yaml",
)  # fmt: skip


def import_everything(script: str) -> list[str]:
    done = tool("-B", "-c", script)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")


def test_importing_every_module_does_nothing() -> None:
    *seen, imported, _ = import_everything(WATCH.format(libraries=LIBRARIES))
    assert [line for line in seen if line] == []
    assert int(imported.removeprefix("imported ")) >= len(BACKEND)


IDLE_NO_MORE: Final = """import os, pathlib, socket, time
time.time()
os.getenv("A")
os.environ.get("B")
pathlib.Path(__file__).with_name("data.txt").read_text()
open("/etc/hosts").close()
socket.socket().close()
"""


def test_the_watch_sees_what_it_watches_for(tmp_path: Path) -> None:
    package = tmp_path / "backend"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "data.txt").touch()
    (package / "bad.py").write_text(IDLE_NO_MORE)
    here = "import sys; sys.path.insert(0, '.')\n"
    done = tool("-B", "-c", here + WATCH.format(libraries=()), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for sign in (
        "called time.time", "called os.getenv", "read the variable B", "data.txt", "/etc/hosts",
        "socket.",
    ):  # fmt: skip
        assert sign in done.stdout


BANNED: Final = {
    "import random\n": "TID251",
    "from random import choice\n": "TID251",
    "from numpy import random\n": "TID251",
    "import numpy as np\n\nGENERATOR = np.random.default_rng()\n": "TID251",
    "import secrets\n": "TID251",
    "from uuid import uuid4\n": "TID251",
    "from faker import Faker\n\nFaker.seed(1)\n": "TID251",
    "from faker import Faker\n\nFAKER = Faker()\n": "TID251",
    "import time\n\nNOW = time.time()\n": "TID251",
    "from time import monotonic\n": "TID251",
    "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n": "TID251",
    "import datetime\n\nNOW = datetime.datetime.utcnow()\n": "TID251",
    "from datetime import date\n\nTODAY = date.today()\n": "TID251",
    "from . import errors\n": "TID252",
    "print(1)\n": "T201",
    "def plain(a):\n    return a\n": "ANN001",
}


def lint(path: str, text: str) -> str:
    return tool(
        "-m", "ruff", "check", "--no-cache", "--output-format", "concise",
        "--stdin-filename", path, "-", text=text,
    ).stdout  # fmt: skip


@pytest.mark.parametrize("text", BANNED)
def test_the_lint_bans_what_the_house_bans(text: str) -> None:
    assert BANNED[text] in lint("backend/chat/snippet.py", f'"""A snippet."""\n\n{text}')


def test_chance_and_clock_have_one_birthplace_each() -> None:
    for text, home in (
        ("import random\n", "backend/seeds.py"),
        ("import secrets\n", "backend/entropy.py"),
        ("import time\n\nNOW = time.time()\n", "backend/clock.py"),
    ):
        assert "TID251" not in lint(home, f'"""A snippet."""\n\n{text}')


def test_every_exception_to_a_rule_has_its_reason() -> None:
    bare = re.compile(r"#\s*noqa(: ?[A-Z0-9, ]+)?$")
    found = [
        f"{relative(path)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if bare.search(line)
    ]
    assert not found
