"""Ten thousand customers' accounts balance, from the exported tables alone."""

from datetime import date
from functools import cache
from typing import Final

import polars as pl
import pytest

from tests.identities_kit import (
    AS_OF,
    FIRST_DAY,
    ONE_DAY,
    USERS,
    Told,
    refuse,
    refuse_difference,
    told_by,
)
from tests.identities_ledger_kit import (
    BEGINS,
    MONTH,
    accounts,
    balances,
    coded,
    ledger,
    named,
)

STATEMENT_DAY: Final = date(2026, 2, 28)
WHOLE_MONTHS: Final = tuple(date(2025 + at // 12, at % 12 + 1, 1) for at in range(8, 14))
OVERDRAFT: Final = "BANK_FEES_OVERDRAFT_FEES"
LATE_FEE: Final = "Late payment fee"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told_by(tmp_path_factory)


def test_everybody_has_a_checking_and_a_savings_account_and_up_to_three_cards(told: Told) -> None:
    held = (
        accounts(told)
        .group_by("user_id")
        .agg(
            pl.col("subtype").eq(kind).sum().alias(kind)
            for kind in ("checking", "savings", "credit card")
        )
    )
    assert len(held) == USERS
    refuse(
        held.filter(
            (pl.col("checking") != 1) | (pl.col("savings") != 1) | (pl.col("credit card") > 3)
        )
    )
    assert accounts(told)["account_id"].is_unique().all()


def test_ids_are_unique_and_every_transaction_is_on_an_account_of_its_customer(told: Told) -> None:
    ids = told.rows("transactions", "transaction_id", "user_id", "account_id")
    assert ids["transaction_id"].n_unique() == len(ids) > 3_000_000
    pairs = ids.select("user_id", "account_id").unique()
    refuse_difference(pairs, accounts(told).select("user_id", "account_id"))


def test_an_account_begins_with_one_opening_entry_on_its_first_day(told: Told) -> None:
    first = BEGINS
    begun = (
        ledger(told)
        .group_by("account", maintain_order=True)
        .agg(
            pl.col("opening").sum().alias("openings"),
            pl.col("opening", "opened_on").first(),
            pl.col("date").min().alias("begins"),
            pl.col("date").first(),
        )
    )
    refuse(
        begun.filter(
            (pl.col("openings") != 1)
            | ~pl.col("opening")
            | (pl.col("begins") != first)
            | (pl.col("date") != first)
        )
    )
    assert len(begun) == len(accounts(told))
    newcomers_share = begun.select((pl.col("opened_on") > FIRST_DAY).mean()).item()
    assert 0.02 < newcomers_share < 0.06


def test_no_movement_is_of_nothing_or_lies_after_the_date(told: Told) -> None:
    refuse(ledger(told).filter(~pl.col("opening") & (pl.col("amount") == 0)))
    refuse(ledger(told).filter(pl.col("date") > AS_OF))
    refuse(ledger(told).filter(pl.col("pending") & (pl.col("date") < AS_OF - ONE_DAY)))
    assert ledger(told)["pending"].sum() > USERS / 4


def test_the_opening_entry_and_all_movements_are_the_current_balance(told: Told) -> None:
    closing = balances(told).group_by("account", maintain_order=True).last()
    assert len(closing) == len(accounts(told))
    refuse(
        accounts(told)
        .with_row_index("account")
        .join(closing, on="account")
        .filter(pl.col("balance_current") != pl.col("balance"))
    )


def test_what_is_available_is_what_is_held_or_what_a_limit_leaves(told: Told) -> None:
    left = pl.col("balance_limit") - pl.col("balance_current")
    refuse(
        accounts(told).filter(
            (pl.col("balance_limit").is_null() == pl.col("is_card"))
            | pl.col("balance_available").ne_missing(
                pl.when("is_card").then(left).otherwise("balance_current")
            )
        )
    )


def test_no_card_is_over_its_limit_and_no_savings_are_overdrawn_on_any_day(told: Told) -> None:
    limits = accounts(told).select("balance_limit", account=pl.row_index())
    held = balances(told).filter(pl.col("subtype").cast(pl.String) != "checking")
    assert len(held) > 500_000
    refuse(held.filter(~pl.col("is_card") & (pl.col("balance") < 0)))
    refuse(held.join(limits, on="account").filter(pl.col("balance") > pl.col("balance_limit")))


def test_no_card_is_overpaid_on_any_day(told: Told) -> None:
    refuse(balances(told).filter(pl.col("is_card") & (pl.col("balance") < 0)))


@cache
def overdrawn(told: Told) -> pl.DataFrame:
    """Months of checking accounts with their first day below zero, and the day of their fee.

    Whole months of the record, of customers who were there before it.
    """
    checking = balances(told).filter(pl.col("subtype").cast(pl.String) == "checking")
    below = checking.filter(pl.col("balance") < 0).group_by("account", month=MONTH)
    charged = coded(told, OVERDRAFT).select("account", fee="date", month=MONTH)
    refuse(charged.filter(charged.select("account", "month").is_duplicated()))
    both = below.agg(pl.col("date").min().alias("below")).join(
        charged, on=["account", "month"], how="full", coalesce=True
    )
    whole = both.filter(pl.col("month").is_in(WHOLE_MONTHS))
    assert len(whole) > 300
    return whole.join(newcomers(told), on="account", how="anti")


def test_a_month_with_a_day_below_zero_is_charged_an_overdraft_fee(told: Told) -> None:
    refuse(overdrawn(told).filter(pl.col("fee").is_null()))


def test_an_overdraft_fee_comes_on_the_day_after_the_first_below_zero_or_at_the_months_end(
    told: Told,
) -> None:
    day = pl.min_horizontal(pl.col("below").dt.offset_by("1d"), pl.col("below").dt.month_end())
    refuse(overdrawn(told).filter(pl.col("fee").ne_missing(day)))


@cache
def newcomers(told: Told) -> pl.DataFrame:
    opened = accounts(told).select("opened_on", account=pl.row_index())
    return opened.filter(pl.col("opened_on") >= FIRST_DAY)


def test_what_leaves_one_account_arrives_in_another_of_the_same_customer_that_day(
    told: Told,
) -> None:
    for left, arrived in (
        ("Credit card payment", "Payment received, thank you"),
        ("Transfer to savings", "Transfer from checking"),
    ):
        out, into = named(told, left), named(told, arrived)
        assert len(out) > 25_000
        refuse(out.filter(pl.col("amount") <= 0))
        assert out["subtype"].cast(pl.String).unique().to_list() == ["checking"]
        refuse_difference(
            out.select("owner", "date", "amount"),
            into.select("owner", "date", amount=-pl.col("amount")),
        )


def test_a_liability_is_a_card_and_its_statement_is_what_the_ledger_held_that_day(
    told: Told,
) -> None:
    owed = told.rows("liabilities")
    cards = accounts(told).with_row_index("account").filter("is_card")
    refuse_difference(owed.select("user_id", "account_id"), cards.select("user_id", "account_id"))
    closed = (
        balances(told)
        .filter(pl.col("date") <= STATEMENT_DAY)
        .group_by("account")
        .agg(pl.col("balance").sort_by("date").last())
    )
    both = owed.join(cards, on="account_id").join(closed, on="account", how="left")
    issued = pl.col("opened_on") <= STATEMENT_DAY
    refuse(
        both.filter(
            pl.col("last_statement_issue_date").ne_missing(pl.when(issued).then(STATEMENT_DAY))
            | pl.col("last_statement_balance").ne_missing(pl.when(issued).then("balance"))
            | (pl.col("minimum_payment_amount").is_null() == issued)
            | (pl.col("minimum_payment_amount") > pl.col("last_statement_balance"))
            | ((pl.col("minimum_payment_amount") <= 0) & (pl.col("last_statement_balance") > 0))
        )
    )


@cache
def cards_paid(told: Told) -> pl.DataFrame:
    """Every card with the payments and late fees that its ledger shows."""
    received = named(told, "Payment received, thank you")
    since = pl.col("date") > STATEMENT_DAY
    paid = received.group_by("account").agg(
        pl.col("date").max().alias("paid_on"),
        (-pl.col("amount")).sort_by("date").last().alias("paid"),
        since.any().alias("paid_since"),
        (-pl.col("amount")).filter(since).sum().alias("paid_together"),
    )
    months = pl.col("date").dt.month()
    late = (
        named(told, LATE_FEE)
        .group_by("account")
        .agg(
            (months == 1).any().alias("late_in_january"),
            (months == 2).any().alias("late_in_february"),
        )
    )
    cards = accounts(told).select(
        "account_id", "opened_on", "balance_current", account=pl.row_index()
    )
    owed = told.rows("liabilities").join(cards, on="account_id")
    return (
        owed.join(paid, on="account", how="left")
        .join(late, on="account", how="left")
        .with_columns(
            pl.col("paid_since", "late_in_january", "late_in_february").fill_null(value=False)
        )
    )


def test_the_last_payment_is_the_ledgers_and_the_minimum_or_more(told: Told) -> None:
    paid = cards_paid(told)
    assert paid["paid"].count() > 5_000
    differs = pl.col("last_payment_amount").ne_missing(pl.col("paid"))
    differs |= pl.col("last_payment_date").ne_missing(pl.col("paid_on"))
    # of a card that was not paid since, a liability may know what came just before the record
    older = pl.col("paid_on").is_null() & (pl.col("last_payment_date") < FIRST_DAY)
    refuse(paid.filter(differs & ~older))
    in_time = pl.col("paid_since") & ~pl.col("is_overdue")
    refuse(paid.filter(in_time & (pl.col("paid_together") < pl.col("minimum_payment_amount"))))
    assert paid.select(in_time.sum()).item() > 3_000


def test_a_card_is_overdue_if_it_is_unpaid_after_its_day_or_always_a_payment_behind(
    told: Told,
) -> None:
    seen = cards_paid(told).with_columns(
        unpaid=(pl.col("last_statement_balance") > 0) & ~pl.col("paid_since")
    )
    always = pl.col("late_in_january") & pl.col("late_in_february")
    fees = named(told, LATE_FEE).filter(pl.col("date") > STATEMENT_DAY)["account"]
    missed = pl.col("unpaid") & pl.col("account").is_in(fees.to_list())
    told_for_long = pl.col("opened_on") < date(2026, 1, 1)
    refuse(seen.filter(told_for_long & (pl.col("is_overdue") != (always | missed))))
    assert 50 < seen["is_overdue"].sum() < 2_000


def test_a_payment_falls_due_where_something_is_owed_and_on_one_day_of_the_month(
    told: Told,
) -> None:
    owes = (pl.col("balance_current") > 0) | (
        (pl.col("last_statement_balance") > 0) & ~pl.col("paid_since")
    )
    due = pl.col("next_payment_due_date")
    seen = cards_paid(told)
    refuse(seen.filter(due.is_null() & owes))
    refuse(
        seen.filter(
            ~due.is_between(AS_OF, AS_OF.replace(month=AS_OF.month + 1, day=25))
            | ~due.dt.day().is_between(21, 25)
        )
    )
    paid_already = pl.col("paid_since") & (due.dt.month() == AS_OF.month)
    refuse(seen.filter(paid_already & (pl.col("last_statement_balance") > 0)))
