from typing import Any

import pytest
from pydantic import ValidationError

from backend.errors import InputError
from backend.population.controls.configuration import Configuration
from backend.population.controls.model import OperatorControls, PersonaTarget, read_controls
from backend.population.presets import steer

DEFAULTS: dict[str, Any] = {
    "target_personas": [],
    "persona_weights": None,
    "credit_utilization_distribution": {
        "low": 0.40, "medium": 0.35, "high": 0.20, "critical": 0.05,
    },
    "overdue_probability": 0.15,
    "min_payment_only_probability": 0.25,
    "payroll_pattern_distribution": {
        "weekly": 0.15, "biweekly": 0.30, "semimonthly": 0.0, "monthly": 0.25, "irregular": 0.30,
    },
    "irregular_income_volatility": 0.5,
    "subscription_adoption_rate": 0.60,
    "subscription_count_min": 3,
    "subscription_count_max": 6,
    "subscription_monthly_spend_range": [30.0, 150.0],
    "savings_adoption_rate": 0.40,
    "savings_transfer_range": [100.0, 400.0],
    "savings_growth_target_pct": 5.0,
    "accounts_per_user_distribution": {"2": 0.25, "3": 0.50, "4": 0.25},
    "credit_card_probability": 0.75,
}  # fmt: skip


def test_the_defaults_are_those_that_are_documented() -> None:
    assert OperatorControls().model_dump(mode="json") == DEFAULTS
    assert read_controls(DEFAULTS) == OperatorControls()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("overdue_probability", 1.5, "less than or equal to 1; not 1.5"),
        ("overdue_probability", "0.5", "valid number"),
        ("overdue_probability", True, "valid number"),
        ("overdue_probability", float("nan"), "finite"),
        ("min_payment_only_probability", -0.1, "greater than or equal to 0"),
        ("credit_utilization_distribution", {"low": 0.5}, "sum to 1 within 0.01; not to 0.5"),
        ("credit_utilization_distribution", {"low": 0.5, "top": 0.5}, "not of 'top'"),
        ("credit_utilization_distribution", {"low": 1.2, "high": -0.2}, "less than or equal"),
        ("payroll_pattern_distribution", {}, "not to 0"),
        ("payroll_pattern_distribution", {"daily": 1.0}, "not of 'daily'"),
        ("accounts_per_user_distribution", {"2": 1.0}, "a share for 3 or 4"),
        ("accounts_per_user_distribution", {"5": 1.0}, "shares of 2, 3, 4; not of '5'"),
        ("irregular_income_volatility", 2, "less than or equal to 1"),
        ("subscription_count_max", 2, "at least subscription_count_min, which is 3; not 2"),
        ("subscription_count_min", 3.5, "valid integer"),
        ("subscription_monthly_spend_range", [150, 30], "the lower number first"),
        ("subscription_monthly_spend_range", [30], "missing"),
        ("savings_transfer_range", [-1, 30], "greater than or equal to 0"),
        ("savings_growth_target_pct", 0, "greater than 0"),
        ("credit_card_probability", None, "valid number"),
        ("target_personas", ["rich"], "not 'rich'"),
        ("target_personas", ["general", "general"], "general stands twice"),
        ("persona_weights", {"rich": 1.0}, "not of 'rich'"),
        ("persona_weights", {"general": 0.5}, "not to 0.5"),
        ("colour", "red", "there is no such field"),
    ],
)
def test_an_error_names_its_field(field: str, value: object, said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_controls({field: value})
    message = str(refused.value)
    assert message.startswith(f"controls: {field}")
    assert said in message
    assert message.endswith(".")
    assert "\n" not in message
    with pytest.raises(ValidationError, match=field):
        OperatorControls.model_validate({field: value})


def test_weights_are_those_of_the_targets() -> None:
    with pytest.raises(InputError, match="persona_weights: a share of every target; general has"):
        read_controls(
            {"target_personas": ["general", "low_savings"], "persona_weights": {"low_savings": 1.0}}
        )
    with pytest.raises(InputError, match="shares of general; not of 'low_savings'"):
        read_controls({"target_personas": ["general"], "persona_weights": {"low_savings": 1.0}})


def test_targets_without_weights_are_equal_and_weights_name_targets() -> None:
    equal = read_controls({"target_personas": ["general", "low_savings"]})
    assert equal.weights() == {"general": 0.5, "low_savings": 0.5}
    named = read_controls({"persona_weights": {"general": 0.25, "low_savings": 0.75}})
    assert named.weights() == {"general": 0.25, "low_savings": 0.75}
    assert OperatorControls().weights() == {}


def test_shares_may_be_a_hundredth_off() -> None:
    read_controls({"credit_utilization_distribution": {"low": 0.995}})
    with pytest.raises(InputError, match="credit_utilization_distribution"):
        read_controls({"credit_utilization_distribution": {"low": 0.98}})


def test_controls_do_not_change() -> None:
    with pytest.raises(ValidationError):
        OperatorControls().overdue_probability = 1.0  # type: ignore[misc]  # it is frozen


@pytest.mark.parametrize("target", PersonaTarget)
def test_every_target_can_be_had_by_default(target: PersonaTarget) -> None:
    steer(Configuration(controls=OperatorControls(target_personas=(target,))))


@pytest.mark.parametrize(
    ("target", "field", "value"),
    [
        ("high_utilization", "credit_utilization_distribution", {"low": 1.0}),
        ("general", "credit_utilization_distribution", {"critical": 1.0}),
        ("variable_income", "payroll_pattern_distribution", {"weekly": 1.0}),
        ("subscription_heavy", "payroll_pattern_distribution", {"irregular": 1.0}),
        ("savings_builder", "savings_transfer_range", [10, 100]),
    ],
)
def test_a_target_that_finds_nothing_to_choose_from_is_refused(
    target: str, field: str, value: object
) -> None:
    controls = read_controls({"target_personas": [target], field: value})
    with pytest.raises(InputError, match=f"^{field}: the target {target} "):
        steer(Configuration(controls=controls))
