"""Plaid's personal finance categories: what a customer calls them, and what counts as what.

The codes are those of Plaid's published taxonomy of personal finance categories, detailed level;
a code begins with the code of its primary category.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from backend.yamlfile import read_yaml

_OWN_MONEY: Final = (
    "TRANSFER_IN_",
    "TRANSFER_OUT_",
    "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT",
    "INCOME_",
)
_CASH: Final = "TRANSFER_OUT_WITHDRAWAL"
_PAY: Final = ("INCOME_WAGES", "INCOME_RETIREMENT_PENSION", "INCOME_UNEMPLOYMENT")
_NO_SUBSCRIPTION: Final = (
    *_OWN_MONEY,
    "LOAN_PAYMENTS_",
    "BANK_FEES_",
    "GOVERNMENT_AND_NON_PROFIT_",
    "GENERAL_SERVICES_INSURANCE",
    "MEDICAL_",
    "RENT_AND_UTILITIES_RENT",
    "RENT_AND_UTILITIES_GAS_AND_ELECTRICITY",
    "RENT_AND_UTILITIES_SEWAGE_AND_WASTE_MANAGEMENT",
    "RENT_AND_UTILITIES_WATER",
)


@dataclass(frozen=True, slots=True)
class Category:
    """One detailed category.

    Attributes:
        code: Plaid's code, such as ``FOOD_AND_DRINK_GROCERIES``.
        label: what a customer calls it.
        spending: a debit of it is spent. Not spent are transfers to one's own accounts and
            payments to one's own cards, whose purchases were counted when they were made; cash
            is, when it is drawn.
        essential: has to be paid in a bad month too.
        pay: a credit of it is regular income: wages, a pension, a benefit.
        subscribable: may be a subscription. Rent, loans, taxes, fees, insurance, care, and
            what is metered are no subscriptions, however regular.
    """

    code: str
    label: str
    spending: bool
    essential: bool
    pay: bool
    subscribable: bool


@cache
def category(code: str) -> Category:
    """Return what is known of a detailed category."""
    words = _table().get(code, {})
    return Category(
        code=code,
        label=words.get("label", code.replace("_", " ").capitalize()),
        spending=code == _CASH or not code.startswith(_OWN_MONEY),
        essential=words.get("essential", False),
        pay=code in _PAY,
        subscribable=not code.startswith(_NO_SUBSCRIPTION),
    )


@cache
def _table() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = read_yaml(Path(__file__).with_name("categories.yaml")).value[
        "categories"
    ]
    return found
