"""The mode's YAML files as people write them; ``catalogue.py`` turns them into arrays."""

from pathlib import Path
from typing import Final, Literal, TypeAlias, TypeVar

from pydantic import Field, ValidationError, field_validator

from backend.domain.care import PlanType
from backend.domain.fact import Fact
from backend.errors import ConfigurationError
from backend.yamlfile import read_yaml

FOLDER: Final = Path(__file__).parent

Setting: TypeAlias = Literal[
    "preventive", "primary", "specialist", "urgent", "emergency", "hospital", "pharmacy"
]


class Plan(Fact):
    """A health plan; dollars."""

    name: str
    insurer: str
    type: PlanType
    weight: float = Field(gt=0)
    deductible: int = Field(ge=0)
    out_of_pocket_max: int = Field(gt=0)
    coinsurance_pct: int = Field(ge=0, le=100)
    copays: dict[Setting, int]


class Medication(Fact):
    """A drug as it is prescribed; ``price`` in dollars for 30 days, ``days`` the longest supply."""

    name: str
    dosages: tuple[str, ...] = Field(min_length=1)
    frequency: str
    days: Literal[30, 90]
    price: int = Field(gt=0)


class Condition(Fact):
    """A lasting condition: who has it, who follows it, how often, and what is taken for it."""

    name: str
    prevalence: tuple[float, float, float, float]
    specialty: str
    interval_days: int = Field(ge=90, le=366)
    reason: str
    treated: float
    add_on_share: float
    first: tuple[Medication, ...] = Field(min_length=1)
    add_on: tuple[Medication, ...]

    @field_validator("prevalence")
    @classmethod
    def _one_way(cls, shares: tuple[float, ...]) -> tuple[float, ...]:
        rising, falling = sorted(shares), sorted(shares, reverse=True)
        if list(shares) not in (rising, falling):
            raise ValueError(
                "a condition is expected to grow commoner with age or rarer, "
                f"and its prevalence goes {', '.join(map(str, shares))}"
            )
        return shares


class Acute(Fact):
    """A kind of visit that nobody plans; ``median`` in dollars, ``yearly`` per person."""

    kind: str
    yearly: float
    setting: Setting
    median: int
    sigma: float
    specialty: str
    reasons: tuple[str, ...] = Field(min_length=1)


class Checkup(Fact):
    """The yearly check-up."""

    reason: str
    specialty: str
    setting: Setting
    median: int
    sigma: float


class Review(Fact):
    """What a review of a condition costs."""

    setting: Setting
    median: int
    sigma: float


class Plans(Fact):
    """``plans.yaml``."""

    plans: tuple[Plan, ...]


class ConditionTable(Fact):
    """``conditions.yaml``."""

    conditions: tuple[Condition, ...]
    allergies: tuple[str, ...]


class Occasions(Fact):
    """``occasions.yaml``."""

    checkup: Checkup
    review: Review
    primary_review: Review
    acute: tuple[Acute, ...]


class Clinics(Fact):
    """``clinics.yaml``: names, and what each specialty's clinic calls itself."""

    names: tuple[str, ...]
    kinds: dict[str, str]
    pharmacies: tuple[str, ...]


class BankLine(Fact):
    """How a bank shows a movement: see ``backend.domain.ledger.Purpose``."""

    id: str
    category: str
    description: str


class BankLines(Fact):
    """``purposes.yaml``."""

    visit: BankLine
    primary: BankLine
    pharmacy: BankLine


Table = TypeVar("Table", bound=Fact)


def read_table(name: str, model: type[Table]) -> Table:
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
