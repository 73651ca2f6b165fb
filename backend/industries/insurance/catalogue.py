"""``book.yaml``, read once: insurers, and what each kind of policy pays for and how often."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from backend.domain.cover import POLICY_KINDS, PolicyKind
from backend.domain.fact import Fact
from backend.domain.ledger import Purpose
from backend.errors import ConfigurationError
from backend.seeds import exponential_of
from backend.yamlfile import read_yaml

FOLDER: Final = Path(__file__).parent

Sheet = TypeVar("Sheet", bound=Fact)


class Cause(Fact):
    """Why claims are made under one kind of policy: how often, and for how much on average."""

    kind: PolicyKind
    type: str
    per_100: float = Field(gt=0)
    mean: int = Field(gt=0)
    drawn: int | None = Field(default=None, gt=0)
    deductible: bool
    surcharge_pct: int = Field(ge=0, le=100)


class BankLine(Fact):
    """How a bank shows a movement: see ``backend.domain.ledger.Purpose``."""

    id: str
    category: str
    description: str


class Book(Fact):
    """``book.yaml`` as it stands."""

    insurers: tuple[str, ...]
    causes: tuple[Cause, ...]
    loss_sigma: float
    denied_share: float
    purposes: tuple[BankLine, BankLine]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The book as arrays over causes, grouped by kind in ``POLICY_KINDS``' order.

    ``upto`` is the running sum within a kind of the chance of a claim in a month per exposed
    unit, claims that will be refused included; ``median`` the median loss in cents above any
    deductible; ``kind_rate`` and ``kind_first`` are each kind's whole chance and its first cause.
    ``passable`` is the kind of each cause but the last of its kind, which is -1.
    ``needs_collision`` and ``needs_comprehensive`` mark what only an optional cover pays.
    """

    book: Book
    causes: tuple[Cause, ...]
    kind: NDArray[np.int64]
    passable: NDArray[np.int64]
    upto: NDArray[np.float64]
    median: NDArray[np.int64]
    deductible: NDArray[np.bool_]
    surcharge_pct: NDArray[np.int64]
    needs_collision: NDArray[np.bool_]
    needs_comprehensive: NDArray[np.bool_]
    kind_rate: NDArray[np.float64]
    kind_first: NDArray[np.int64]
    purposes: tuple[Purpose, ...]

    def cause_code(self, kind: PolicyKind, claim_type: str) -> int:
        """Return the position of a cause."""
        return next(
            at for at, c in enumerate(self.causes) if c.kind == kind and c.type == claim_type
        )


def read_sheet(name: str, model: type[Sheet]) -> Sheet:
    """Return one of the mode's files.

    Raises:
        ConfigurationError: the file is not what it should be; the sentence names file and line.
    """
    document = read_yaml(FOLDER / name)
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigurationError(f"{document.where(first['loc'])}: {first['msg']}") from None


@cache
def catalogue() -> Catalogue:
    """Return the book.

    Raises:
        ConfigurationError: the file is not a book; the sentence names file and line.
    """
    return _arrays(read_sheet("book.yaml", Book))


def _arrays(book: Book) -> Catalogue:
    causes = tuple(sorted(book.causes, key=lambda cause: POLICY_KINDS.index(cause.kind)))
    kind = np.array([POLICY_KINDS.index(cause.kind) for cause in causes])
    monthly = [cause.per_100 / 1200 / (1 - book.denied_share) for cause in causes]
    upto = np.array(
        [
            sum(rate for rate, of in zip(monthly[: at + 1], kind, strict=False) if of == kind[at])
            for at in range(len(causes))
        ]
    )
    # a log-normal's mean is its median times e to the half of sigma squared
    shrink = exponential_of(np.array([-(book.loss_sigma**2) / 2]))[0]
    means = np.array([(cause.drawn or cause.mean) * 100 for cause in causes])
    codes = np.arange(len(POLICY_KINDS))
    kind_rate = np.array([upto[kind == code].max(initial=0.0) for code in codes])
    return Catalogue(
        book=book,
        causes=causes,
        kind=kind,
        passable=np.where(upto < kind_rate[kind], kind, -1),
        upto=upto,
        median=np.rint(means * shrink).astype(np.int64),
        deductible=np.array([cause.deductible for cause in causes]),
        surcharge_pct=np.array([cause.surcharge_pct for cause in causes]),
        needs_collision=np.array([cause.type == "collision" for cause in causes]),
        needs_comprehensive=np.array([cause.type == "comprehensive" for cause in causes]),
        kind_rate=kind_rate,
        kind_first=np.searchsorted(kind, codes),
        purposes=tuple(Purpose(**line.model_dump()) for line in book.purposes),
    )
