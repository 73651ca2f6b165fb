"""A fifth mode is one folder and one prompt: everything else finds it by itself."""

import shutil
from pathlib import Path

import pytest

from backend import strictjson
from tests.live import ROOT, running, session

TOY = ROOT / "tests" / "toy"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code in which nothing but the toy's folder and prompt is new."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "backend", folder / "backend")
    shutil.copytree(ROOT / "prompts", folder / "prompts")
    shutil.copytree(TOY / "aviation", folder / "backend" / "industries" / "aviation")
    shutil.copy(TOY / "aviation.j2", folder / "prompts" / "aviation.j2")
    return folder


async def test_a_toy_mode_is_in_ready_in_a_switch_on_the_card_and_answered_about(
    checkout: Path, tmp_path: Path
) -> None:
    with running(tmp_path, cwd=checkout, PYTHONPATH=str(checkout)) as server:
        async with session(server) as (line, ready):
            assert "aviation" in [mode["id"] for mode in ready["modes"]]
            await line.send(type="mode.switch", mode="aviation", id="s1")
            switched = await line.until("mode.switched")
            customer = switched["customer"]
            assert switched["assignment"]["rulebook"] == "flying"
            await line.send(type="user.message", id="m1", text="how many miles flown")
            reply = await line.until("reply.completed")
            assert f"{customer['miles_flown']:,}" in reply["text"]
        async with session(server, "session_id=demo-1&mode=aviation") as (_, ready):
            assert ready["customer"] == customer
        pages = strictjson.parse(server.get("/api/modes")[2])
        card = next(page["card"] for page in pages if page["id"] == "aviation")
        assert card["highlights"][0]["field"] == "miles_flown"
        prompt_id = reply["provenance"]["prompt_id"]
        assert "aviation" in strictjson.parse(server.get(f"/api/prompts/{prompt_id}")[2])["text"]
