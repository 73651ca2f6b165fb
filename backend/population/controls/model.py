"""The operator's controls: what a population is asked to be like, checked before anything runs."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from backend.errors import InputError

UTILIZATION: Final = ("low", "medium", "high", "critical")
"""Under 30%, to 50%, to 80%, and above: buckets of ``credit_utilization_distribution``."""

PAYROLL: Final = ("weekly", "biweekly", "semimonthly", "monthly", "irregular")
ACCOUNTS: Final = ("2", "3", "4")
"""How many accounts: without a card, with one, with two."""

_TOLERANCE: Final = 0.01
_SENTENCES: Final = {
    "missing": "is missing",
    "extra_forbidden": "there is no such field",
}


class PersonaTarget(StrEnum):
    """What a member is made to come out as; a plus sign joins two that hold at once."""

    HIGH_UTILIZATION = "high_utilization"
    VARIABLE_INCOME = "variable_income"
    SUBSCRIPTION_HEAVY = "subscription_heavy"
    SAVINGS_BUILDER = "savings_builder"
    GENERAL = "general"
    LOW_SAVINGS = "low_savings"
    YOUNG_PROFESSIONAL = "young_professional"
    CASH_FLOW_STRESSED = "cash_flow_stressed"
    HIGH_UTILIZATION_VARIABLE_INCOME = "high_utilization+variable_income"
    HIGH_UTILIZATION_SUBSCRIPTION_HEAVY = "high_utilization+subscription_heavy"
    VARIABLE_INCOME_SUBSCRIPTION_HEAVY = "variable_income+subscription_heavy"
    SUBSCRIPTION_HEAVY_SAVINGS_BUILDER = "subscription_heavy+savings_builder"
    YOUNG_PROFESSIONAL_SAVINGS_BUILDER = "young_professional+savings_builder"


_Part: TypeAlias = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Shares: TypeAlias = dict[str, _Part]
Range: TypeAlias = Annotated[
    tuple[
        Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)],
        Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)],
    ],
    Field(strict=False),
]
Targets: TypeAlias = tuple[Annotated[PersonaTarget, Field(strict=False)], ...]


class OperatorControls(BaseModel):
    """What the lives of a population are to be like; money in US dollars.

    Attributes:
        target_personas: what members are made to come out as; none asks for a natural mix.
        persona_weights: the share of each target; none makes them equal.
        credit_utilization_distribution: shares of ``UTILIZATION``, of those with a card.
        overdue_probability: of those with half of a limit or more in use.
        min_payment_only_probability: of those who carry a balance.
        payroll_pattern_distribution: shares of ``PAYROLL``, of those who work.
        irregular_income_volatility: how far irregular pay swings, 0 to 1.
        subscription_adoption_rate: share of those who subscribe to ``subscription_count_min`` to
            ``subscription_count_max`` services for ``subscription_monthly_spend_range`` a month.
        savings_adoption_rate: share of those who put ``savings_transfer_range`` aside a month.
        savings_growth_target_pct: what that adds to their savings in six months, in percent.
        accounts_per_user_distribution: shares of ``ACCOUNTS``; 3 and 4 apply given a card.
        credit_card_probability: share of those with a card.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    target_personas: Annotated[Targets, Field(strict=False)] = ()
    persona_weights: Shares | None = None
    credit_utilization_distribution: Shares = Field(
        default={"low": 0.40, "medium": 0.35, "high": 0.20, "critical": 0.05}
    )
    overdue_probability: _Part = 0.15
    min_payment_only_probability: _Part = 0.25
    payroll_pattern_distribution: Shares = Field(
        default={
            "weekly": 0.15, "biweekly": 0.30, "semimonthly": 0.0, "monthly": 0.25,
            "irregular": 0.30,
        }
    )  # fmt: skip
    irregular_income_volatility: _Part = 0.5
    subscription_adoption_rate: _Part = 0.60
    subscription_count_min: Annotated[int, Field(ge=0, le=20)] = 3
    subscription_count_max: Annotated[int, Field(ge=0, le=20)] = 6
    subscription_monthly_spend_range: Range = (30.0, 150.0)
    savings_adoption_rate: _Part = 0.40
    savings_transfer_range: Range = (100.0, 400.0)
    savings_growth_target_pct: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] = 5.0
    accounts_per_user_distribution: Shares = Field(default={"2": 0.25, "3": 0.50, "4": 0.25})
    credit_card_probability: _Part = 0.75

    @model_validator(mode="after")
    def _check(self) -> Self:
        _check_shares("credit_utilization_distribution", self.credit_utilization_distribution,
                      UTILIZATION)  # fmt: skip
        _check_shares("payroll_pattern_distribution", self.payroll_pattern_distribution, PAYROLL)
        _check_shares(
            "accounts_per_user_distribution", self.accounts_per_user_distribution, ACCOUNTS
        )
        given = self.accounts_per_user_distribution
        if self.credit_card_probability > 0 and not given.get("3") and not given.get("4"):
            raise ValueError(
                "accounts_per_user_distribution: a share for 3 or 4 where some have a card; none"
            )
        if self.subscription_count_min > self.subscription_count_max:
            raise ValueError(
                f"subscription_count_max: at least subscription_count_min, which is "
                f"{self.subscription_count_min}; not {self.subscription_count_max}"
            )
        for name in ("subscription_monthly_spend_range", "savings_transfer_range"):
            low, high = getattr(self, name)
            if low > high:
                raise ValueError(f"{name}: the lower number first; not {low:g} and {high:g}")
        _check_targets(self.target_personas, self.persona_weights)
        return self

    def weights(self) -> dict[str, float]:
        """Return the share of each target; nothing where none is asked for."""
        if self.persona_weights:
            return {name: part for name, part in self.persona_weights.items() if part > 0}
        return {target.value: 1 / len(self.target_personas) for target in self.target_personas}


def read_controls(value: object, where: str = "controls") -> OperatorControls:
    """Return the controls that a JSON or YAML value spells.

    Raises:
        InputError: it spells none; one sentence names the field.
    """
    try:
        return OperatorControls.model_validate(value)
    except ValidationError as error:
        raise InputError(f"{where}: {sentence_of(error)}.") from None


def sentence_of(error: ValidationError) -> str:
    """Return what is wrong first: the field, what was expected and what came."""
    first = error.errors()[0]
    said = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return said
    place = ".".join(map(str, first["loc"]))
    if first["type"] in _SENTENCES:
        return f"{place}: {_SENTENCES[first['type']]}"
    if first["type"] == "value_error":  # a sentence of our own, which names what came
        return f"{place}: {said}"
    return f"{place}: {said[:1].lower()}{said[1:]}; not {first['input']!r:.60}"


def _check_shares(field: str, shares: Mapping[str, float], names: tuple[str, ...]) -> None:
    unknown = sorted(shares.keys() - set(names))
    if unknown:
        raise ValueError(f"{field}: shares of {', '.join(names)}; not of {unknown[0]!r:.40}")
    total = sum(shares.values())
    if abs(total - 1) > _TOLERANCE:
        raise ValueError(f"{field}: shares that sum to 1 within {_TOLERANCE}; not to {total:.4g}")


def _check_targets(targets: tuple[PersonaTarget, ...], weights: dict[str, Any] | None) -> None:
    names = [target.value for target in targets]
    doubled = [name for name in names if names.count(name) > 1]
    if doubled:
        raise ValueError(f"target_personas: each target once; {doubled[0]} stands twice")
    if weights is None:
        return
    known = tuple(names) or tuple(PersonaTarget)
    _check_shares("persona_weights", weights, known)
    missing = [name for name in names if name not in weights]
    if missing:
        raise ValueError(f"persona_weights: a share of every target; {missing[0]} has none")
