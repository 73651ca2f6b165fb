from datetime import date

import pytest

from backend.domain.session_persona import Address, Avatar, SessionPersona
from backend.domain.visitor import CustomerFacts, written_from

PERSONA = SessionPersona(
    name="Ana Ruiz",
    avatar=Avatar(initials="AR", hue=12, pattern=3),
    date_of_birth=date(1990, 5, 1),
    occupation="Baker",
    address=Address(street="1 Elm Street", city="Austin", state="TX", zip_code="78701"),
    phone="512-555-0100",
    email="ana.ruiz@example.com",
)


def test_facts_are_the_persona_as_jsonable_values() -> None:
    facts = CustomerFacts(PERSONA)
    told = PERSONA.model_dump(mode="json")
    assert facts == told
    assert dict(facts) == told
    assert list(facts) == list(told)
    assert len(facts) == len(told)
    assert facts["date_of_birth"] == "1990-05-01"
    assert "name" in facts
    assert "synthetic" in facts
    assert "balance" not in facts


def test_facts_are_written_from_the_persona_and_their_values_are_not_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("nobody reads a value")

    monkeypatch.setattr(SessionPersona, "model_dump", refuse)
    assert written_from(CustomerFacts(PERSONA)) is PERSONA


def test_values_are_written_as_they_are() -> None:
    told = {"name": "Ana Ruiz"}
    assert written_from(told) is told
