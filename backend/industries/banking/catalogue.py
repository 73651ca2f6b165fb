"""The mode's tables: kinds of purchases, bills, subscriptions, and every merchant's name.

Read from the YAML files beside this module, once. Merchants and purposes get one numbering each,
so that a ledger holds small numbers; the numbers are internal and never leave the process.
"""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.domain.ledger import Purpose
from backend.industries.banking.categories import category
from backend.industries.banking.counting import marks_of
from backend.seeds import exponential_of
from backend.yamlfile import read_yaml

_HERE: Final = Path(__file__).parent
_REFUND: Final = "Refund from {merchant}"


@dataclass(frozen=True, slots=True)
class Names:
    """A family of merchants: ``patterns`` times all words, numbered from ``first``."""

    first: int
    patterns: int


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of purchases as columns of shape ``(k,)``; amounts in cents.

    ``a_day`` is how often a middling customer buys, ``week`` the shape over Monday to Sunday,
    ``(7, k)``; ``mean`` the mean amount that ``median`` and ``sigma`` come to; ``names`` and
    ``patterns`` number the merchants; amounts are multiples of ``step`` cents. ``returned`` is
    the share that comes back, posted as ``refund``. ``cash`` is drawn and not bought, ``care``
    what other records tell of where there are any; ``essential`` is 1 or 0.
    """

    a_day: NDArray[np.float64]
    week: NDArray[np.float64]
    median: NDArray[np.float64]
    sigma: NDArray[np.float64]
    mean: NDArray[np.float64]
    budget: NDArray[np.float64]
    step: NDArray[np.float64]
    names: NDArray[np.int64]
    patterns: NDArray[np.int64]
    purpose: NDArray[np.int64]
    returned: NDArray[np.float64]
    refund: NDArray[np.int64]
    cash: NDArray[np.bool_]
    care: NDArray[np.bool_]
    essential: NDArray[np.float64]


class Large(NamedTuple):
    """A large thing: what it is, cents from and to, the first name of its sellers and how many."""

    purpose: int
    least: int
    most: int
    first: int
    sellers: int


@dataclass(frozen=True, slots=True)
class Services:
    """Subscriptions as columns of shape ``(s,)``: cents a month, share of customers, numbers."""

    price: NDArray[np.int64]
    share: NDArray[np.float64]
    merchant: NDArray[np.int64]
    purpose: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All tables of the mode. ``merchants`` and ``purposes`` spell out the numbers."""

    words: int
    merchants: tuple[str, ...]
    purposes: tuple[Purpose, ...]
    purpose_at: dict[str, int]
    kinds: Kinds
    bills: tuple[str, ...]
    bill_names: tuple[Names, ...]
    bill_essential: NDArray[np.bool_]
    services: Services
    payers: dict[str, Names]
    contractors: Names
    benefit: int
    pay_shares: dict[str, tuple[float, ...]]
    move_names: dict[str, tuple[int, int]]
    large: tuple[Large, ...]
    marks: NDArray[np.uint8]


class _Numbering:
    """Numbers merchants and purposes in the order of the files."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.merchants: list[str] = []
        self.purposes: list[Purpose] = []

    def names(self, patterns: list[str]) -> Names:
        first = len(self.merchants)
        self.merchants += [pattern.format(word) for pattern in patterns for word in self.words]
        return Names(first, len(patterns))

    def name(self, name: str) -> int:
        self.merchants.append(name)
        return len(self.merchants) - 1

    def purpose(self, row: dict[str, Any], identity: str | None = None) -> int:
        self.purposes.append(Purpose(identity or row["id"], row["category"], row["description"]))
        return len(self.purposes) - 1


@cache
def catalogue() -> Catalogue:
    """Return the mode's tables, read once."""
    firms, shops = _read("merchants.yaml"), _read("spending.yaml")
    monthly, pay, moves = _read("bills.yaml"), _read("pay.yaml"), _read("moves.yaml")
    numbering = _Numbering(firms["words"])
    kinds = _kinds(shops, numbering)
    bill_names = tuple(_bill(row, numbering) for row in monthly["bills"])
    services = _services(monthly["services"], numbering)
    for row in pay["purposes"]:
        numbering.purpose(row)
    payers = {sector: numbering.names(patterns) for sector, patterns in firms["payers"].items()}
    contractors, benefit = numbering.names(pay["contractors"]), numbering.name(pay["benefit"])
    move_names = {row["id"]: _move(row, numbering) for row in moves["purposes"]}
    large = tuple([_large(row, numbering) for row in moves["large"]])
    kinds = replace(kinds, refund=_refunds(shops["kinds"], numbering))
    return Catalogue(
        words=len(numbering.words),
        merchants=tuple(numbering.merchants),
        purposes=tuple(numbering.purposes),
        purpose_at={purpose.id: at for at, purpose in enumerate(numbering.purposes)},
        kinds=kinds,
        bills=tuple(row["id"] for row in monthly["bills"]),
        bill_names=bill_names,
        bill_essential=np.array([category(row["category"]).essential for row in monthly["bills"]]),
        services=services,
        payers=payers,
        contractors=contractors,
        benefit=benefit,
        pay_shares={sector: tuple(shares) for sector, shares in pay["sectors"].items()},
        move_names=move_names,
        large=large,
        marks=marks_of(numbering.purposes),
    )


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(_HERE / name).value
    return found


def _kinds(table: dict[str, Any], numbering: _Numbering) -> Kinds:
    rows = table["kinds"]
    families = [numbering.names(row["shops"]) for row in rows]
    median = np.array([row["median"] * 100.0 for row in rows])
    sigma = np.array([float(row["sigma"]) for row in rows])
    return Kinds(
        a_day=np.array([row["times"] / 30 for row in rows]),
        week=np.array([table["weeks"][row["week"]] for row in rows], dtype=np.float64).T,
        median=median,
        sigma=sigma,
        mean=median * exponential_of(sigma * sigma / 2),
        budget=np.array([float(row["budget"]) for row in rows]),
        step=np.array([row.get("step", 0) * 100.0 or 1.0 for row in rows]),
        names=np.array([family.first for family in families]),
        patterns=np.array([family.patterns for family in families]),
        purpose=np.array([numbering.purpose(row) for row in rows]),
        returned=np.array([float(row.get("returned", 0.0)) for row in rows]),
        refund=np.zeros(len(rows), dtype=np.int64),
        cash=np.array([row["id"] == "cash" for row in rows]),
        care=np.array([row["category"].startswith("MEDICAL_") for row in rows]),
        essential=np.array([float(category(row["category"]).essential) for row in rows]),
    )


def _refunds(rows: list[dict[str, Any]], numbering: _Numbering) -> NDArray[np.int64]:
    """Return the purpose of what comes back of each kind; -1 where nothing does."""
    return np.array(
        [
            numbering.purpose(
                {"id": f"{row['id']}_refund", "category": row["category"], "description": _REFUND}
            )
            if "returned" in row
            else -1
            for row in rows
        ]
    )


def _move(row: dict[str, Any], numbering: _Numbering) -> tuple[int, int]:
    """Return the first name beside a purpose, and how many there are; both are numbered."""
    numbering.purpose(row)
    first = len(numbering.merchants)
    for name in row["at"]:
        if "{}" in name:
            numbering.names([name])
        else:
            numbering.name(name)
    return first, len(numbering.merchants) - first


def _large(row: dict[str, Any], numbering: _Numbering) -> Large:
    purpose, ends = numbering.purpose(row), (row["from"] * 100, row["to"] * 100)
    family = numbering.names(row["at"])
    return Large(purpose, *ends, family.first, family.patterns * len(numbering.words))


def _bill(row: dict[str, Any], numbering: _Numbering) -> Names:
    numbering.purpose(row)
    return numbering.names(row["payees"])


def _services(rows: list[dict[str, Any]], numbering: _Numbering) -> Services:
    return Services(
        price=np.array([round(row["price"] * 100) for row in rows]),
        share=np.array([float(row["share"]) for row in rows]),
        merchant=np.array([numbering.name(row["name"]) for row in rows]),
        purpose=np.array([numbering.purpose(row, row["name"]) for row in rows]),
    )
