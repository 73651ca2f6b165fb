import dataclasses
import shutil
import subprocess
import sys
from collections.abc import Generator
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from backend import industries
from backend.domain.card import Figure
from backend.domain.session_persona import SessionPersona
from backend.errors import ConfigurationError, InputError
from backend.modes import DEFAULT_MODE, all_modes, card_of, generate
from backend.seeds import SeededFaker
from tests.live import ROOT, running, session

AS_OF = date(2026, 1, 15)
FAKER = SeededFaker()
FOLDER = ROOT / "backend" / "industries"


def test_every_folder_of_the_industries_is_a_mode() -> None:
    folders = {path.parent.name for path in FOLDER.glob("*/__init__.py")}
    assert set(all_modes()) == folders
    assert {"banking", "insurance", "healthcare"} <= folders


def test_the_default_comes_first_and_the_others_by_id() -> None:
    first, *others = all_modes()
    assert first == DEFAULT_MODE
    assert others == sorted(others)


def test_the_registry_can_not_be_changed() -> None:
    with pytest.raises(TypeError):
        all_modes()["toy"] = all_modes()["banking"]  # type: ignore[index]  # that is the point


@pytest.mark.parametrize("mode_id", all_modes())
def test_a_mode_is_all_of_one_shape(mode_id: str) -> None:
    mode = all_modes()[mode_id]
    assert mode.id == mode.folder.name == mode_id
    for name in ("persona.py", "generate.py", "signals.py", "card.yaml"):
        assert (mode.folder / name).is_file()
    assert (mode.folder / "rulebooks" / f"{mode.default_rulebook}.yaml").is_file()
    assert (ROOT / "prompts" / f"{mode_id}.j2").is_file()


def figures(mode_id: str) -> list[Figure]:
    card = card_of(mode_id)
    return [*card.highlights, *card.facts]


@pytest.mark.parametrize("mode_id", all_modes())
def test_a_card_names_fields_that_its_customers_have(mode_id: str) -> None:
    card = card_of(mode_id)
    persona = generate(mode_id, ["demo-1"], AS_OF, FAKER).persona(0).model_dump(mode="json")
    fields = type(generate(mode_id, ["demo-1"], AS_OF, FAKER).persona(0)).model_fields
    named = [figure.field for figure in figures(mode_id)]
    named += [field for bar in card.progress for field in (bar.part, bar.whole)]
    named += [listing.field for listing in card.lists]
    named += [chart.field for chart in card.charts]
    assert named
    assert set(named) <= set(fields)
    assert all(isinstance(persona[listing.field], list) for listing in card.lists)
    assert card.greeting
    assert 3 <= len(card.starters) <= 6


@pytest.mark.parametrize("mode_id", all_modes())
def test_a_list_of_a_card_names_fields_that_its_rows_have(mode_id: str) -> None:
    people = generate(mode_id, [f"p{n}" for n in range(60)], AS_OF, FAKER)
    customers = [people.persona(row).model_dump(mode="json") for row in range(60)]
    for listing in card_of(mode_id).lists:
        rows = [row for customer in customers for row in customer[listing.field]]
        assert rows, f"nobody of 60 has any {listing.field}"
        named = {listing.title, *(figure.field for figure in listing.details)}
        named |= {name for name in (listing.sign, listing.badge) if name}
        named |= {listing.amount.field} if listing.amount else set()
        for row in rows:
            assert named <= set(row)


@pytest.mark.parametrize("mode_id", all_modes())
def test_a_customer_has_no_field_that_the_persona_does_not_know(
    mode_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mode = all_modes()[mode_id]
    check = mode.persona.model_validate
    given: list[dict[str, object]] = []

    def keep(known: dict[str, object], *, extra: Literal["ignore"]) -> SessionPersona:
        given.append(known)
        return check(known, extra=extra)

    monkeypatch.setattr(mode.persona, "model_validate", keep)
    people = generate(mode_id, [f"p{n}" for n in range(300)], AS_OF, FAKER)
    made = [people.persona(row) for row in range(300)]
    assert [check(known) for known in given] == made


@pytest.mark.parametrize("mode_id", all_modes())
def test_a_customer_is_the_same_alone_and_among_others(mode_id: str) -> None:
    ids = ["a", "demo-1", "b"]
    alone = generate(mode_id, ["demo-1"], AS_OF, FAKER).persona(0)
    assert generate(mode_id, ids, AS_OF, SeededFaker()).persona(1) == alone


@pytest.mark.parametrize("as_of", [date(2019, 12, 31), date(2046, 1, 1)])
def test_no_life_is_told_up_to_a_date_out_of_range(as_of: date) -> None:
    with pytest.raises(InputError, match=f"2020-01-01 to 2045-12-31, and it came as {as_of}"):
        generate("banking", ["demo-1"], as_of, FAKER)


def test_the_identity_scope_says_who_is_the_same_person() -> None:
    def name(mode_id: str, **scope: object) -> str:
        return generate(mode_id, ["demo-1"], AS_OF, FAKER, **scope).persona(0).name  # type: ignore[arg-type]  # a literal

    shared = {name(mode_id, identity="session") for mode_id in all_modes()}
    apart = {name(mode_id) for mode_id in all_modes()}
    assert len(shared) == 1
    assert len(apart) == len(all_modes())
    assert name("banking", visit=2) not in {name("banking"), *shared}


@pytest.fixture
def fresh_registry() -> Generator[None, None, None]:
    """Let a test change the folders, and read them again afterwards."""
    folders = list(industries.__path__)
    all_modes.cache_clear()
    card_of.cache_clear()
    yield
    industries.__path__[:] = folders
    all_modes.cache_clear()
    card_of.cache_clear()
    for name in [name for name in sys.modules if name.startswith("backend.industries.toy")]:
        del sys.modules[name]


TOY = '''"""A toy mode: insurance under another name."""

import dataclasses
from pathlib import Path

from backend.industries.insurance import MODE as LIKE

MODE = dataclasses.replace(LIKE, id="{id}", folder=Path(__file__).parent)
'''


def make_toy(industries_folder: Path, mode_id: str = "toy") -> Path:
    folder = industries_folder / "toy"
    shutil.copytree(FOLDER / "insurance" / "rulebooks", folder / "rulebooks")
    card = (FOLDER / "insurance" / "card.yaml").read_text()
    (folder / "card.yaml").write_text(card.replace("title: Insurance", "title: Toys"))
    (folder / "__init__.py").write_text(TOY.format(id=mode_id))
    return folder


@pytest.mark.usefixtures("fresh_registry")
def test_one_more_folder_is_one_more_mode(tmp_path: Path) -> None:
    make_toy(tmp_path)
    industries.__path__.append(str(tmp_path))
    assert "toy" in all_modes()
    assert card_of("toy").title == "Toys"
    toy = generate("toy", ["demo-1"], AS_OF, FAKER).persona(0)
    assert dataclasses.is_dataclass(all_modes()["toy"])
    assert toy.name != generate("insurance", ["demo-1"], AS_OF, FAKER).persona(0).name


@pytest.mark.usefixtures("fresh_registry")
def test_a_mode_that_does_not_bear_its_folders_name_is_refused(tmp_path: Path) -> None:
    make_toy(tmp_path, "other")
    industries.__path__.append(str(tmp_path))
    with pytest.raises(ConfigurationError, match="this MODE says 'other'"):
        list(all_modes().values())


def test_to_ask_for_one_mode_imports_no_other() -> None:
    program = (
        "import sys; from backend.modes import all_modes\n"
        "ids = list(all_modes()); known = {name for name in ids if 'backend.industries.' + name"
        " in sys.modules}; assert not known, known\n"
        "all_modes()['retail']; assert 'backend.industries.banking' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)  # noqa: S603 - our own code


def test_a_mode_that_there_is_not_is_no_member() -> None:
    assert "toy" not in all_modes()
    assert all_modes().get("toy") is None


@pytest.mark.parametrize(
    ("text", "place"),
    [("unheard_of: 1\n", "card.yaml, line "), ("title: twice\n", "'title' stands twice"),
     ("progress: none\n", "card.yaml, line ")],
)  # fmt: skip
@pytest.mark.usefixtures("fresh_registry")
def test_a_broken_card_is_named_with_its_line(tmp_path: Path, text: str, place: str) -> None:
    card = make_toy(tmp_path) / "card.yaml"
    card.write_text(card.read_text() + text)
    industries.__path__.append(str(tmp_path))
    with pytest.raises(ConfigurationError) as caught:
        card_of("toy")
    assert place in str(caught.value)
    assert str(card) in str(caught.value)
    assert f"line {len(card.read_text().splitlines())}" in str(caught.value)


async def test_one_folder_and_one_prompt_are_a_mode_of_a_live_server(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "backend", tmp_path / "backend")
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    make_toy(tmp_path / "backend" / "industries")
    shutil.copy(tmp_path / "prompts" / "insurance.j2", tmp_path / "prompts" / "toy.j2")
    with running(tmp_path, cwd=tmp_path) as server:
        assert '"Toys"' in server.get("/api/modes")[2]
        async with session(server, "session_id=demo-1&as_of=2026-01-15") as (line, ready):
            (toy,) = (mode for mode in ready["modes"] if mode["id"] == "toy")
            assert toy["title"] == "Toys"
            await line.send(type="mode.switch", mode="toy", id="s1")
            switched = await line.until("mode.switched", mode="toy")
            assert switched["customer"]["active_policies"] is not None
            await line.send(type="user.message", id="m1", text="What do you know about me?")
            reply = await line.until("reply.completed", finish_reason="stop")
            assert reply["provenance"]["rulebook"] == switched["assignment"]["rulebook"]
