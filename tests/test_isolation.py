"""Many sockets in all modes at once: each hears of its own customer only."""

import asyncio
from typing import Any

import pytest

from tests.live import Server, session

MODES = ("banking", "insurance", "healthcare")


async def ask_who(server: Server, session_id: str, mode: str) -> tuple[str, str, dict[str, Any]]:
    async with session(server, f"session_id={session_id}&mode={mode}") as (line, ready):
        await line.send(type="user.message", id="m1", text="who am i")
        reply = await line.until("reply.completed")
        return ready["customer"]["name"], reply["text"], ready


async def test_sockets_in_different_modes_never_mix(server: Server) -> None:
    visits = [(f"guest-{number}", MODES[number % 3]) for number in range(30)]
    heard = await asyncio.gather(*(ask_who(server, *visit) for visit in visits))
    names = {name for name, _, _ in heard}
    assert len(names) == len(visits)
    for (name, text, ready), (_, mode) in zip(heard, visits, strict=True):
        assert ready["mode"] == mode
        assert name in text
        assert not [other for other in names - {name} if other in text]


@pytest.mark.parametrize("mode", MODES)
async def test_a_session_id_brings_the_same_customer_back(server: Server, mode: str) -> None:
    first = await ask_who(server, "demo-1", mode)
    second = await ask_who(server, "demo-1", mode)
    assert first[2]["customer"] == second[2]["customer"]
    assert first[2]["seed"] == "205828392157375149428186873787077175884"


async def test_one_identity_is_one_person_in_every_mode(server: Server) -> None:
    people = [
        (await ask_who(server, "demo-1&identity=session", mode))[2]["customer"] for mode in MODES
    ]
    for field in ("name", "date_of_birth", "address", "phone", "email", "avatar"):
        assert len({str(person[field]) for person in people}) == 1


async def test_modes_are_different_people_unless_asked_otherwise(server: Server) -> None:
    names = {(await ask_who(server, "demo-1", mode))[0] for mode in MODES}
    assert len(names) == 3
