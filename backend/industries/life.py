"""Who a person is, whatever the industry: name, birth, work, home, telephone and mail.

Nothing here depends on the date that a life is told up to. Ages are anchored to 2026-01-01, when
everybody is 24 to 80; a life can be told up to any date from ``EARLIEST_AS_OF``, when the youngest
turn 18, to ``LATEST_AS_OF``, when the oldest are 100. Work is told as on the anchor day: who is
retired then is retired on every date.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

from backend.domain.person import People, Place
from backend.industries.places import places_of
from backend.seeds import (
    Curve,
    Keys,
    SeededFaker,
    bits_at,
    drawn_of,
    exponential_at,
    normal_at,
    uniform,
)
from backend.yamlfile import read_yaml

EARLIEST_AS_OF: Final = date(2020, 1, 1)
"""Whoever is 24 on the anchor day is 18 here; a day earlier some customers would be minors."""

LATEST_AS_OF: Final = date(2045, 12, 31)
"""Whoever is 80 on the anchor day is 100 here; a day later some would be older than that."""

ANCHOR: Final = date(2026, 1, 1)
_ANCHOR_DAY: Final = ANCHOR.toordinal()
_DAYS_A_YEAR: Final = 365.2425

# adults by age on the anchor day: fewer past 65, as mortality has it (own round figures)
_AGE_QUANTILES: Final = (0.0, 0.11, 0.32, 0.51, 0.68, 0.86, 1.0)
_AGE_BIRTHDAYS: Final = (24, 30, 40, 50, 60, 70, 81)

# pay by age as a part of the occupation's median, and a retired person's income as a part of it
_PAY: Final = Curve((24.0, 30.0, 40.0, 52.0, 66.0), (0.8, 0.94, 1.06, 1.14, 1.1))
_PENSION_PART: Final = 0.7
_PAY_SIGMA: Final = 0.21
_RETIRE_FROM, _RETIRE_SPAN = 62.0, 8.0

_OWNERS_BY_AGE: Final = Curve((24.0, 34.0, 50.0, 75.0), (0.14, 0.46, 0.68, 0.8))
_OWNERS_BY_INCOME: Final = Curve((2e4, 6e4, 1.5e5), (0.7, 1.0, 1.2))

_STREET_KINDS: Final = (
    "Street", "Avenue", "Road", "Drive", "Lane", "Court", "Way", "Place", "Circle", "Terrace",
)  # fmt: skip
_MAIL_DOMAINS: Final = ("example.com", "example.org", "example.net")
_PATTERNS: Final = 8


class _Draws(NamedTuple):
    """What is drawn of people, by person; the last two have labels of their own.

    A new draw goes before these, with the others of ``PERSON_DRAWS``, and moves none of them.
    """

    age: Sequence[float]
    retires: Sequence[float]
    occupation: Sequence[float]
    house_number: Sequence[float]
    street_kind: Sequence[float]
    phone: Sequence[float]
    mail_number: Sequence[float]
    mail_domain: Sequence[float]
    owns_home: Sequence[float]
    luck: Sequence[float]
    place: Sequence[float]


OWNS_HOME: Final = _Draws._fields.index("owns_home")
"""Which of ``PERSON_DRAWS`` decides about the home."""

PERSON_DRAWS: Final = ("life", OWNS_HOME + 1)
"""The label of a person's draws and how many there are, for who draws more along with them."""

_SHEET: Final = (PERSON_DRAWS, ("income", 1), ("place", 1))


@dataclass(frozen=True, slots=True)
class Occupation:
    """One line of ``occupations.yaml``; ``income`` in US dollars a year."""

    title: str
    sector: str
    income: int
    from_age: int
    weight: float


class PersonFacts(TypedDict):
    """What every mode's session persona says of the person, before its model checks it."""

    name: str
    avatar: dict[str, str | int]
    date_of_birth: date
    occupation: str
    address: dict[str, str]
    phone: str
    email: str


@cache
def occupations() -> tuple[Occupation, ...]:
    """Return the table of occupations, read once."""
    table = read_yaml(Path(__file__).with_name("occupations.yaml")).value["occupations"]
    return tuple(Occupation(**row) for row in table)


@cache
def sector_of(occupation: str) -> str:
    """Return who pays such a person: the occupation's sector, or ``retired``."""
    if occupation.startswith("Retired "):
        return "retired"
    return next(entry.sector for entry in occupations() if entry.title == occupation)


def make_people(keys: Keys, faker: SeededFaker) -> People:
    """Return the people of ``keys``, one each, in their order."""
    draws = _Draws(*drawn_of(keys, _SHEET).T.tolist())
    birth = [_birth(one) for one in draws.age]
    each = zip(birth, draws.retires, draws.occupation, draws.luck, strict=True)
    work = [_work(*one) for one in each]
    key_names = keys.names()
    given = tuple(faker.names(key_names, "given name", faker.first_names))
    family = tuple(faker.names(key_names, "family name", faker.last_names))
    streets = faker.names(key_names, "street", faker.last_names)
    homes = places_of(draws.place)
    return People(
        keys=keys,
        given_name=given,
        family_name=family,
        birth=np.array(birth, dtype=np.int64),
        occupation=tuple([title for title, _ in work]),
        income=np.array([income for _, income in work], dtype=np.int64),
        street=_streets(streets, draws),
        place=homes,
        phone=_phones(homes, draws.phone),
        email=_mails(given, family, draws),
    )


def ages(people: People, on: date) -> NDArray[np.int64]:
    """Return everybody's age in whole years on a date, ``(n,)``."""
    birthdays = (date.fromordinal(day) for day in people.birth.tolist())
    return np.array(
        [on.year - born.year - ((on.month, on.day) < (born.month, born.day)) for born in birthdays]
    )


def age_at_anchor(people: People) -> NDArray[np.float64]:
    """Return everybody's age on the anchor day in years and their parts, ``(n,)``."""
    return (_ANCHOR_DAY - people.birth) / _DAYS_A_YEAR


def ages_at_anchor(people: People) -> list[float]:
    """Return what ``age_at_anchor`` does, as plain numbers."""
    return [(_ANCHOR_DAY - birth) / _DAYS_A_YEAR for birth in people.birth.tolist()]


def owns_home(people: People) -> NDArray[np.bool_]:
    """Return who owns their home, the others rent, ``(n,)``: likelier with age and income."""
    drawn = uniform(people.keys, PERSON_DRAWS[0], OWNS_HOME)
    return np.array(owners(people, drawn.tolist()), dtype=np.bool_)


def owners(people: People, drawn: Sequence[float]) -> list[bool]:
    """Return what ``owns_home`` does, from the people's draws at ``OWNS_HOME``."""
    each = zip(ages_at_anchor(people), people.income.tolist(), drawn, strict=True)
    return [
        one < _OWNERS_BY_AGE.at(age) * _OWNERS_BY_INCOME.at(income / 100)
        for age, income, one in each
    ]


def person_facts(people: People, row: int) -> PersonFacts:
    """Return what a session persona of any mode says of the person at ``row``."""
    given, family, place = people.given_name[row], people.family_name[row], people.place[row]
    hue, pattern = (bits_at(people.keys, row, "avatar", at) for at in range(2))
    return PersonFacts(
        name=f"{given} {family}",
        avatar={"initials": given[0] + family[0], "hue": hue % 360, "pattern": pattern % _PATTERNS},
        date_of_birth=date.fromordinal(int(people.birth[row])),
        occupation=people.occupation[row],
        address={
            "street": people.street[row],
            "city": place.city,
            "state": place.state,
            "zip_code": place.zip_code,
        },
        phone=people.phone[row],
        email=people.email[row],
    )


class _Births(NamedTuple):
    """The day of birth by uniform draws, and between which days it lies, both included."""

    curve: Curve
    oldest: int
    youngest: int


@cache
def _births() -> _Births:
    birthdays = [ANCHOR.replace(year=ANCHOR.year - age).toordinal() for age in _AGE_BIRTHDAYS]
    # rounded down, less than a day may be missing to the last birthday: nobody is 81
    curve = Curve(_AGE_QUANTILES, tuple(float(day) for day in birthdays))
    return _Births(curve, birthdays[-1] + 1, birthdays[0])


def _birth(drawn: float) -> int:
    curve, oldest, youngest = _births()
    return min(max(int(curve.at(drawn)), oldest), youngest)


def _work(birth: int, retires: float, drawn: float, luck: float) -> tuple[str, int]:
    """Return the occupation and the income in cents, by uniform draws."""
    age = (_ANCHOR_DAY - birth) / _DAYS_A_YEAR
    retired = age >= _RETIRE_FROM + _RETIRE_SPAN * retires
    edges = _occupation_edges()[max(int(age) - _AGE_BIRTHDAYS[0], 0)]
    held = occupations()[bisect_right(edges, drawn * edges[-1])]
    # log-normal around the occupation's median at that age, in whole dollars
    part = _PENSION_PART if retired else _PAY.at(age)
    income = round(held.income * part * exponential_at(_PAY_SIGMA * normal_at(luck))) * 100
    return f"Retired {_uncapitalised(held.title)}" if retired else held.title, income


@cache
def _occupation_edges() -> tuple[list[float], ...]:
    """Return the running sums of the weights for each age from 24."""
    ages_held = range(_AGE_BIRTHDAYS[0], _AGE_BIRTHDAYS[-1] + 1)
    return tuple(
        list(accumulate(entry.weight * (age >= entry.from_age) for entry in occupations()))
        for age in ages_held
    )


def _uncapitalised(title: str) -> str:
    return title if title[1].isupper() else title[0].lower() + title[1:]


def _streets(names: Sequence[str], draws: _Draws) -> tuple[str, ...]:
    each = zip(names, draws.house_number, draws.street_kind, strict=True)
    return tuple(
        [
            f"{int(100 + number * 9800)} {name} {_STREET_KINDS[int(kind * len(_STREET_KINDS))]}"
            for name, number, kind in each
        ]
    )


def _phones(homes: Sequence[Place], drawn: Sequence[float]) -> tuple[str, ...]:
    # 555-0100 to 555-0199 are kept free for fiction in every area code
    return tuple(
        [
            f"({home.area_code}) 555-01{int(line * 100):02d}"
            for home, line in zip(homes, drawn, strict=True)
        ]
    )


def _mails(given: Sequence[str], family: Sequence[str], draws: _Draws) -> tuple[str, ...]:
    each = zip(given, family, draws.mail_number, draws.mail_domain, strict=True)
    return tuple(
        [
            f"{_letters(first)}.{_letters(last)}{int(10 + number * 990)}"
            f"@{_MAIL_DOMAINS[int(domain * len(_MAIL_DOMAINS))]}"
            for first, last, number, domain in each
        ]
    )


@lru_cache(maxsize=4096)
def _letters(name: str) -> str:
    return "".join(letter for letter in name.lower() if "a" <= letter <= "z")
