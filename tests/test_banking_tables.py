"""The tables for export agree with each other and with the persona."""

from datetime import date
from typing import Any

from backend.industries.banking import MODE
from backend.modes import Cohort
from backend.records import rows_of
from tests.cohort_kit import IDS, ONE_DAY, cohort, document

AS_OF = date(2026, 1, 15)
COHORT = cohort(MODE, IDS[:200], AS_OF)


def told(customers: Cohort) -> dict[str, list[dict[str, Any]]]:
    return {table.name: rows_of(table) for table in customers.tables()}


TOLD = told(COHORT)


def test_there_are_users_accounts_transactions_and_liabilities() -> None:
    assert list(TOLD) == ["users", "accounts", "transactions", "liabilities"]
    assert [len(table) for table in COHORT.tables()] == [len(rows) for rows in TOLD.values()]
    for table in COHORT.tables():
        assert (table.row[1:] >= table.row[:-1]).all()


def test_every_account_begins_with_its_opening_entry() -> None:
    seen: set[str] = set()
    for row in TOLD["transactions"]:
        if row["account_id"] not in seen:
            assert row["transaction_id"] == f"{row['account_id']}-opening"
            assert row["name"] == "Opening balance"
            assert row["merchant_name"] is None
        seen.add(row["account_id"])
    assert seen == {row["account_id"] for row in TOLD["accounts"]}


def test_ids_are_unique_and_stay_when_the_date_moves() -> None:
    later = told(cohort(MODE, IDS[:200], AS_OF + ONE_DAY))
    plain = {
        row["transaction_id"]: (row["account_id"], row["date"], row["amount"], row["name"])
        for row in TOLD["transactions"]
        if row["name"] != "Opening balance"
    }
    assert len({row["transaction_id"] for row in TOLD["transactions"]}) == len(TOLD["transactions"])
    kept = 0
    for row in later["transactions"]:
        before = plain.get(row["transaction_id"])
        if before is not None:
            assert before == (row["account_id"], row["date"], row["amount"], row["name"])
            kept += 1
    assert kept > 0.98 * len(plain)


def test_categories_are_plaids_and_the_primary_begins_the_detailed() -> None:
    for row in TOLD["transactions"]:
        primary = row["personal_finance_category_primary"]
        assert row["personal_finance_category_detailed"].startswith(f"{primary}_")
        assert row["payment_channel"] in {"in store", "online", "other"}
        assert "{" not in row["name"]


def test_pending_transactions_are_the_latest() -> None:
    pending = [row["date"] for row in TOLD["transactions"] if row["pending"]]
    assert pending
    assert min(pending) >= "2026-01-13"


def test_every_card_has_its_liability() -> None:
    cards = {row["account_id"]: row for row in TOLD["accounts"] if row["type"] == "credit"}
    assert {row["account_id"] for row in TOLD["liabilities"]} == set(cards)
    for row in TOLD["liabilities"]:
        card = cards[row["account_id"]]
        assert card["balance_available"] == round(
            card["balance_limit"] - card["balance_current"], 2
        )
        assert 15 < row["apr_percentage"] < 31
        assert (row["last_payment_amount"] is None) == (row["last_payment_date"] is None)
        if row["minimum_payment_amount"] is not None:
            assert row["minimum_payment_amount"] <= row["last_statement_balance"]
            assert row["last_statement_issue_date"] == "2025-12-31"
        if row["next_payment_due_date"] is not None:
            assert row["next_payment_due_date"] >= AS_OF.isoformat()


def test_the_persona_tells_what_the_tables_hold() -> None:
    by_customer: dict[int, list[dict[str, Any]]] = {}
    table = COHORT.tables()[1]
    for owner, row in zip(table.row.tolist(), TOLD["accounts"], strict=True):
        by_customer.setdefault(owner, []).append(row)
    for owner, held in by_customer.items():
        persona = document(COHORT, owner)
        assert held[0]["balance_current"] == persona["checking_balance"]
        assert held[0]["mask"] == persona["account_number"][-4:]
        assert held[1]["balance_current"] == persona["savings_balance"]
        cards = [(row["balance_current"], row["mask"]) for row in held[2:]]
        assert cards == [(card["balance"], card["card_number"][-4:]) for card in persona["cards"]]
