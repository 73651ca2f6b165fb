"""Customers of a mode made for tests, without the registry of modes."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from backend.domain.person import People
from backend.industries.life import EARLIEST_AS_OF, LATEST_AS_OF, make_people
from backend.industries.shape import Mode
from backend.modes import Cohort
from backend.seeds import SeededFaker, customer_keys
from backend.strictjson import canonical

FAKER: Final = SeededFaker()
IDS: Final = tuple(f"customer-{number}" for number in range(1000))
SESSION_IDS: Final = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,40}", fullmatch=True)
DATES: Final = st.dates(EARLIEST_AS_OF, LATEST_AS_OF)
SOME_DATES: Final = (
    EARLIEST_AS_OF,
    date(2024, 2, 29),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 7, 15),
    LATEST_AS_OF,
)
ONE_DAY: Final = timedelta(days=1)


def people_of(session_ids: Sequence[str]) -> People:
    return make_people(customer_keys(session_ids, "test/1"), FAKER)


def cohort(mode: Mode[Any], session_ids: Sequence[str], as_of: date) -> Cohort:
    people = people_of(session_ids)
    return Cohort(mode, as_of, people, mode.generate(people, as_of, FAKER, ()))


def document(customers: Cohort, row: int) -> dict[str, Any]:
    return customers.persona(row).model_dump(mode="json")


def text(customers: Cohort, row: int) -> str:
    return canonical(document(customers, row))


def figures(customers: Cohort, row: int, window_days: int) -> dict[str, tuple[float, bool]]:
    return {
        name: (float(column.values[row]), bool(column.known[row]))
        for name, column in customers.signals(window_days).items()
    }


def in_cents(dollars: float) -> int:
    cents = round(dollars * 100)
    assert abs(dollars * 100 - cents) < 1e-6
    return cents
