"""A population as most write it: a Faker kept for all, customer by customer, row by row.

The same things as Walk-in's banking: who a customer is, accounts, half a year of movements with
Plaid's fields, a card's statement, the figures that the rules look at, and the rules' answer.
"""

import statistics
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from faker import Faker

Row = dict[str, Any]

DAYS: Final = 186
MOVEMENTS: Final = 300
_CATEGORIES: Final = (
    "FOOD_AND_DRINK_GROCERIES", "FOOD_AND_DRINK_RESTAURANT", "FOOD_AND_DRINK_COFFEE",
    "TRANSPORTATION_GAS", "GENERAL_MERCHANDISE_SUPERSTORES", "MEDICAL_PHARMACIES_AND_SUPPLEMENTS",
    "ENTERTAINMENT_TV_AND_MOVIES", "RENT_AND_UTILITIES_RENT", "PERSONAL_CARE_HAIR_AND_BEAUTY",
)  # fmt: skip
_WINDOWS: Final = (30, 180)


def customer(fake: Faker, as_of: date) -> tuple[Row, list[Row], list[Row], list[str]]:
    """Return one customer: who they are, accounts, movements, and which rules hold."""
    user = _user(fake)
    accounts = [_account(fake, user, kind) for kind in ("checking", "savings", "credit card")]
    movements = [_movement(fake, user, accounts, as_of) for _ in range(MOVEMENTS)]
    movements += _pay(fake, user, accounts[0], as_of)
    movements.sort(key=lambda row: row["date"])
    figures = [_signals(accounts, movements, as_of, days) for days in _WINDOWS]
    return user, accounts, movements, _rules(figures[-1])


def _user(fake: Faker) -> Row:
    return {
        "user_id": fake.uuid4(),
        "name": fake.name(),
        "date_of_birth": fake.date_of_birth(minimum_age=24, maximum_age=80),
        "occupation": fake.job(),
        "income": fake.random_int(20_000, 180_000),
        "street": fake.street_address(),
        "city": fake.city(),
        "state": fake.state_abbr(),
        "zip_code": fake.zipcode(),
        "phone": fake.phone_number(),
        "email": fake.safe_email(),
    }


def _account(fake: Faker, user: Row, kind: str) -> Row:
    limit = fake.random_int(1_000, 20_000) if kind == "credit card" else None
    return {
        "account_id": fake.uuid4(),
        "user_id": user["user_id"],
        "name": f"{fake.word()} {kind}",
        "type": "credit" if limit else "depository",
        "subtype": kind,
        "mask": fake.numerify("####"),
        "balance_current": fake.pyfloat(min_value=0, max_value=limit or 9_000, right_digits=2),
        "balance_limit": limit,
    }


def _movement(fake: Faker, user: Row, accounts: list[Row], as_of: date) -> Row:
    day = as_of - timedelta(days=fake.random_int(0, DAYS - 1))
    merchant, category = fake.company(), fake.random_element(_CATEGORIES)
    return {
        "transaction_id": fake.uuid4(),
        "account_id": fake.random_element(accounts)["account_id"],
        "user_id": user["user_id"],
        "date": day,
        "authorized_date": day - timedelta(days=fake.random_int(0, 2)),
        "amount": round(fake.random.lognormvariate(3.4, 1.1), 2),
        "merchant_name": merchant,
        "name": f"{merchant} {fake.numerify('####')}",
        "pending": day == as_of,
        "personal_finance_category_primary": category.partition("_")[0],
        "personal_finance_category_detailed": category,
        "payment_channel": fake.random_element(("in store", "online", "other")),
    }


def _pay(fake: Faker, user: Row, account: Row, as_of: date) -> list[Row]:
    employer = fake.company()
    return [
        {
            **_movement(fake, user, [account], as_of),
            "date": as_of - timedelta(days=ago),
            "amount": -round(user["income"] / 26, 2),
            "merchant_name": employer,
            "personal_finance_category_detailed": "INCOME_WAGES",
        }
        for ago in range(3, DAYS, 14)
    ]


def _signals(accounts: list[Row], movements: list[Row], as_of: date, days: int) -> Row:
    first = as_of - timedelta(days=days)
    seen = [row for row in movements if row["date"] > first]
    paid = [row for row in seen if row["personal_finance_category_detailed"] == "INCOME_WAGES"]
    spent = [row for row in seen if row["amount"] > 0]
    months = defaultdict(set)
    for row in spent:
        months[row["merchant_name"]].add((row["date"].year, row["date"].month))
    cards = [row for row in accounts if row["balance_limit"]]
    gaps = [b["date"] - a["date"] for a, b in pairwise(paid)]
    totals = Counter[str]()
    for row in spent:
        totals[row["personal_finance_category_detailed"]] += row["amount"]
    return {
        "utilization": max(row["balance_current"] / row["balance_limit"] for row in cards) * 100,
        "paychecks": len(paid),
        "gap": statistics.median(gap.days for gap in gaps) if gaps else None,
        "swing": statistics.pstdev(row["amount"] for row in paid) if paid else None,
        "subscriptions": sum(len(found) >= 3 for found in months.values()),
        "fund": accounts[1]["balance_current"] / (sum(totals.values()) or 1) * days / 30,
        "history": days,
    }


def _rules(figures: Row) -> list[str]:
    held = {
        "high utilisation": figures["utilization"] >= 50,
        "variable income": (figures["gap"] or 0) > 45,
        "subscriptions": figures["subscriptions"] >= 3,
        "saver": figures["fund"] >= 3,
    }
    return [name for name, holds in held.items() if holds]
