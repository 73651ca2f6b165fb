"""Measures of credit: scores, cards, how far they are used, and how they are paid."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

import polars as pl

from backend.population.score.samples import (
    Figure,
    Mean,
    Measure,
    Needs,
    Sample,
    Share,
    Split,
    Tables,
    binned,
    mean_of,
    quantile_of,
    share_of,
    split_of,
    total,
)

_HIGH: Final = 0.5
_TOP_SCORE: Final = 800
_STATEMENT_DAYS: Final = 31
_INTEREST_WITHIN: Final = timedelta(days=62)
_INTEREST: Final = "BANK_FEES_INTEREST_CHARGE"
_BANDS: Final = {
    "300-579": 580, "580-669": 670, "670-739": 740, "740-799": 800, "800-850": 851,
}  # fmt: skip
_BANDS_OF_50: Final = {
    "300-499": 500, "500-549": 550, "550-599": 600, "600-649": 650, "650-699": 700,
    "700-749": 750, "750-799": 800, "800-850": 851,
}  # fmt: skip


def cards_of(accounts: pl.DataFrame) -> pl.DataFrame:
    """Return the credit cards among accounts."""
    return accounts.filter((pl.col("type") == "credit") & (pl.col("balance_limit") > 0))


def utilisation(accounts: pl.DataFrame) -> pl.DataFrame:
    """Return ``used``, all cards' balances over all their limits, of each who has a card."""
    held = (
        cards_of(accounts)
        .group_by("user_id")
        .agg(pl.col("balance_current").sum(), pl.col("balance_limit").sum())
    )
    return held.with_columns(used=pl.col("balance_current") / pl.col("balance_limit"))


def _mean_score(tables: Tables, _: date) -> Sample | None:
    return mean_of(tables["users"]["credit_score"])


def _score_bands(bands: Mapping[str, int]) -> Measure:
    def split(tables: Tables, _: date) -> Sample | None:
        scores = tables["users"]["credit_score"]
        *edges, _highest = bands.values()
        return split_of(binned(scores, edges, list(bands)))

    return Measure(_SCORES, split)


def _mean_score_in(state: str) -> Measure:
    def mean(tables: Tables, _: date) -> Sample | None:
        users = tables["users"]
        return mean_of(users.filter(pl.col("state") == state)["credit_score"])

    return Measure({"users": ("credit_score", "state")}, mean)


def _cards_a_person(tables: Tables, _: date) -> Sample | None:
    cards = cards_of(tables["accounts"]).group_by("user_id").len("cards")
    everybody = tables["users"].join(cards, on="user_id", how="left")
    return mean_of(everybody["cards"].fill_null(0))


def _mean_card_balance(tables: Tables, _: date) -> Sample | None:
    return mean_of(utilisation(tables["accounts"])["balance_current"])


def _mean_card_balance_at_the_top(tables: Tables, _: date) -> Sample | None:
    held = utilisation(tables["accounts"]).join(tables["users"], on="user_id")
    return mean_of(held.filter(pl.col("credit_score") >= _TOP_SCORE)["balance_current"])


def _mean_utilisation(tables: Tables, _: date) -> Sample | None:
    return mean_of(utilisation(tables["accounts"])["used"] * 100)


def _fullest(tables: Tables) -> pl.DataFrame:
    """Return everybody with ``used``, the part of the limit of the fullest card; 0 without one."""
    used = pl.col("balance_current") / pl.col("balance_limit")
    cards = cards_of(tables["accounts"]).group_by("user_id").agg(used=used.max())
    everybody = tables["users"].join(cards, on="user_id", how="left")
    return everybody.with_columns(pl.col("used").fill_null(0.0))


def _high_utilisation(tables: Tables, _: date) -> Sample | None:
    return share_of(_fullest(tables)["used"] >= _HIGH)


def _score_of_high_utilisation(tables: Tables, _: date) -> Sample | None:
    high = mean_of(_fullest(tables).filter(pl.col("used") >= _HIGH)["credit_score"])
    everybody = mean_of(tables["users"]["credit_score"])
    if high is None or everybody is None:
        return None
    return Mean(high.value - everybody.value, high.deviation, high.n)


def _payment_kinds(tables: Tables, as_of: date) -> Sample | None:
    """Split the cards by what was paid on their last statement, once it has fallen due.

    Cards on whose statement nothing was owed are among the others, as idle accounts are.
    """
    cards = tables["liabilities"]
    issued, due = pl.col("last_statement_issue_date"), pl.col("next_payment_due_date")
    owed, least = pl.col("last_statement_balance"), pl.col("minimum_payment_amount")
    paid_since = (pl.col("last_payment_date") > issued).fill_null(value=False)
    fell_due = paid_since | (due > issued.dt.offset_by(f"{_STATEMENT_DAYS}d")) | (due < as_of)
    idle = (owed <= 0).fill_null(value=True)
    paid = pl.when(paid_since).then(pl.col("last_payment_amount")).otherwise(0.0)
    kind = (
        pl.when(idle | (paid <= 0)).then(pl.lit("other"))
        .when(paid >= owed).then(pl.lit("in full"))
        .when(paid > least).then(pl.lit("above the minimum"))
        .otherwise(pl.lit("minimum"))
    )  # fmt: skip
    return split_of(cards.filter(fell_due.fill_null(value=False) | idle).select(kind=kind)["kind"])


def _minimum_payers(tables: Tables, as_of: date) -> Sample | None:
    kinds = _payment_kinds(tables, as_of)
    if not isinstance(kinds, Split) or kinds.n is None:
        return None
    return Share(kinds.parts.get("minimum", 0), kinds.n)


def _overdue_accounts(tables: Tables, _: date) -> Sample | None:
    return share_of(tables["liabilities"]["is_overdue"])


def _overdue_balances(tables: Tables, _: date) -> Sample | None:
    cards = tables["liabilities"].filter(pl.col("last_statement_balance") > 0)
    whole = total(cards["last_statement_balance"])
    late = total(cards.filter(pl.col("is_overdue"))["last_statement_balance"])
    return Figure(100 * late / whole, len(cards)) if whole else None


def _limit_90(tables: Tables, _: date) -> Sample | None:
    return quantile_of(cards_of(tables["accounts"])["balance_limit"], 0.9)


def _carriers(tables: Tables, as_of: date) -> pl.DataFrame:
    """Return who was charged interest of late: the sign of a carried balance."""
    charged = (pl.col("personal_finance_category_detailed") == _INTEREST) & (pl.col("amount") > 0)
    late = pl.col("date") > as_of - _INTEREST_WITHIN
    return tables["transactions"].filter(charged & late).select("user_id").unique()


def _carry(tables: Tables, as_of: date) -> Sample | None:
    everybody = len(tables["users"])
    return Share(len(_carriers(tables, as_of)), everybody) if everybody else None


def _carried(tables: Tables, as_of: date) -> Sample | None:
    held = utilisation(tables["accounts"]).join(_carriers(tables, as_of), on="user_id")
    return quantile_of(held["balance_current"])


_SCORES: Final[Needs] = {"users": ("credit_score",)}
_CARDS: Final[Needs] = {"accounts": ("type", "balance_current", "balance_limit")}
_INTEREST_PAID: Final[Needs] = {
    "users": (),
    "transactions": ("date", "amount", "personal_finance_category_detailed"),
}
_STATEMENTS: Final[Needs] = {
    "liabilities": (
        "last_payment_amount", "last_payment_date", "last_statement_balance",
        "last_statement_issue_date", "minimum_payment_amount", "next_payment_due_date",
    )
}  # fmt: skip

MEASURES: Final[Mapping[str, Measure]] = {
    "credit.mean_score": Measure(_SCORES, _mean_score),
    "credit.score_bands": _score_bands(_BANDS),
    "credit.score_bands_of_50": _score_bands(_BANDS_OF_50),
    "credit.mean_score_in_minnesota": _mean_score_in("MN"),
    "credit.mean_score_in_mississippi": _mean_score_in("MS"),
    "credit.cards_a_person": Measure({"users": (), **_CARDS}, _cards_a_person),
    "credit.mean_card_balance": Measure(_CARDS, _mean_card_balance),
    "credit.mean_card_balance_at_the_top": Measure(
        {**_SCORES, **_CARDS}, _mean_card_balance_at_the_top
    ),
    "credit.mean_utilisation": Measure(_CARDS, _mean_utilisation),
    "credit.high_utilisation": Measure({"users": (), **_CARDS}, _high_utilisation),
    "credit.score_of_high_utilisation": Measure({**_SCORES, **_CARDS}, _score_of_high_utilisation),
    "credit.payment_kinds": Measure(_STATEMENTS, _payment_kinds),
    "credit.minimum_payers": Measure(_STATEMENTS, _minimum_payers),
    "credit.overdue_accounts": Measure({"liabilities": ("is_overdue",)}, _overdue_accounts),
    "credit.overdue_balances": Measure(
        {"liabilities": ("is_overdue", "last_statement_balance")}, _overdue_balances
    ),
    "credit.limit_90": Measure(_CARDS, _limit_90),
    "credit.carry": Measure(_INTEREST_PAID, _carry),
    "credit.carried": Measure({**_INTEREST_PAID, **_CARDS}, _carried),
}
