import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.llm.builtin.period import find_period
from backend.llm.builtin.vocabulary import vocabulary
from backend.llm.builtin.words import mend, stems
from tests.question_kit import MODES, NO, ask, customers

AS_OF = date(2026, 1, 15)
SAME_WORDS = ("gas", "goods", "phone", "home", "online", "stores", "car", "and")
"""Words of categories that share a word with another one, or with a merchant."""
WORDS = sorted(vocabulary("banking").stems | {"and", "?", ",", "3", "100", "last", "january"})


@given(st.sampled_from(MODES), st.lists(st.sampled_from(WORDS), max_size=9))
@settings(max_examples=300, deadline=None)
def test_any_words_in_any_order_get_an_answer(mode: str, words: list[str]) -> None:
    assert ask(mode, customers(mode)[0], " ".join(words)).strip()


@given(st.sampled_from(MODES), st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_any_text_gets_an_answer(mode: str, first: str, second: str) -> None:
    assert ask(mode, customers(mode)[0], first, second).strip()


@pytest.mark.parametrize("mode", MODES)
def test_every_amount_of_an_overview_stands_in_the_record(mode: str) -> None:
    customer = customers(mode)[0]
    text = ask(mode, customer, "what do you know about me")
    held = {f"${value:,.2f}" for value in customer.values() if isinstance(value, float)}
    assert set(re.findall(r"\$[\d,]+\.\d\d", text)) <= held


@pytest.mark.parametrize("mode", MODES)
def test_an_overview_is_short_and_says_each_thing_once(mode: str) -> None:
    for customer in customers(mode):
        lines = ask(mode, customer, "what do you know about me").splitlines()
        facts = [line for line in lines if line.startswith("- ")]
        assert customer["name"] in facts[0]
        assert 4 <= len(facts) <= 8
        told = re.findall(r"\$[\d,]+\.\d\d", " ".join(facts))
        held = [f"${value:,.2f}" for value in customer.values() if isinstance(value, float)]
        assert all(told.count(amount) <= held.count(amount) for amount in told)


@pytest.mark.parametrize(("asked", "number"), [("last 3", 3), ("latest two", 2), ("last 7", 7)])
def test_the_last_transactions_stand_in_the_records_own_order(asked: str, number: int) -> None:
    for customer in customers("banking"):
        text = ask("banking", customer, f"What are my {asked} transactions?")
        rows = [line for line in text.splitlines() if line.startswith("- ")]
        for line, row in zip(rows, customer["recent_transactions"][:number], strict=True):
            assert row["description"] in line
            assert f"${row['amount']:,.2f}" in line


def test_the_last_and_the_first_transaction_are_the_ends_of_the_records_order() -> None:
    for customer in customers("banking"):
        rows = customer["recent_transactions"]
        assert rows[0]["description"] in ask("banking", customer, "my last transaction")
        assert rows[-1]["description"] in ask("banking", customer, "my first transaction")


def test_money_that_came_in_is_told_as_such_and_money_that_went_out_is_not() -> None:
    customer = customers("banking")[0]
    text = ask("banking", customer, "list my recent transactions")
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    for line, row in zip(lines, customer["recent_transactions"], strict=True):
        assert ("paid in" in line) is (row["category"] == "credit")


@pytest.mark.parametrize("asked", ["yesterday", "today", "in the last 3 days", "last year"])
def test_a_category_in_a_span_of_days_is_summed_from_the_latest_transactions(asked: str) -> None:
    _, period = find_period(stems(asked), AS_OF)
    assert period is not None
    for customer in customers("banking")[:8]:
        rows = customer["recent_transactions"]
        for spent in customer["spending_by_category"]:
            code = spent["personal_finance_category"]
            cents = sum(
                round(row["amount"] * 100)
                for row in rows
                if row["personal_finance_category"] == code
                and row["category"] == "debit"
                and str(period.first) <= row["date"] <= str(period.last)
            )
            label = spent["category"].lower()
            text = ask("banking", customer, f"how much did i spend on {label} {asked}")
            amounts = re.findall(r"\$([\d,]+\.\d\d)", text)
            if cents and len(set(SAME_WORDS) & set(label.split())) == 0:
                assert amounts[:1] == [f"{cents / 100:,.2f}"], text
            elif not cents and str(period.first) <= rows[-1]["date"]:
                assert "can only see your ten latest transactions" in text or NO in text, text


@pytest.mark.parametrize(
    "question",
    [
        "do i spend more than 3000 a month",
        "did i spend less than last month",
        "how much cash did i have last month",
        "how much did i spend on pet insurance this week",
    ],
)
def test_a_figure_that_answers_another_question_is_not_told(question: str) -> None:
    for customer in customers("banking"):
        text = ask("banking", customer, question)
        assert NO in text
        assert re.search(r"\d", text) is None


def test_a_running_figure_proves_nothing_of_a_calendar_month() -> None:
    for customer in customers("banking"):
        text = ask("banking", customer, "did i pay my mortgage last month")
        assert not text.startswith(("Yes", "No,"))


def test_several_categories_are_summed_together() -> None:
    tested = 0
    for customer in customers("banking"):
        held = {row["category"]: row["amount"] for row in customer["spending_by_category"]}
        if {"Groceries", "Restaurants"} <= held.keys():
            text = ask("banking", customer, "how much on groceries and restaurants last month")
            cents = round(held["Groceries"] * 100) + round(held["Restaurants"] * 100)
            assert f"${cents / 100:,.2f}" in text
            tested += 1
    assert tested


def test_the_name_is_said_once_and_only_at_the_start_of_a_conversation() -> None:
    customer = customers("banking")[0]
    given_name = customer["name"].split()[0]
    first = ask("banking", customer, "checking balance")
    later = ask("banking", customer, "hello", "checking balance")
    assert first.startswith(f"{given_name}, you have")
    assert later.startswith("You have")
    assert ask("banking", customer, "thanks!").count(given_name) == 1


def test_a_question_beside_an_unknown_one_is_answered_and_the_rest_owned_up_to() -> None:
    customer = customers("banking")[0]
    text = ask("banking", customer, "what is the weather and what is my credit score")
    assert str(customer["credit_score"]) in text
    assert NO in text


def test_a_very_long_message_is_answered() -> None:
    customer = customers("banking")[0]
    text = ask("banking", customer, "well then " * 700 + ". what is my credit score")
    assert str(customer["credit_score"]) in text


def test_an_emergency_is_sent_to_the_emergency_services() -> None:
    text = ask("healthcare", customers("healthcare")[0], "i can not breathe")
    assert "emergency services" in text


def test_todays_date_is_the_records() -> None:
    assert "January 15, 2026" in ask("banking", customers("banking")[0], "what is today's date?")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("last month", date(2025, 12, 1), date(2025, 12, 31)),
        ("this month", date(2026, 1, 1), date(2026, 1, 31)),
        ("last week", date(2026, 1, 5), date(2026, 1, 11)),
        ("next week", date(2026, 1, 19), date(2026, 1, 25)),
        ("yesterday", date(2026, 1, 14), date(2026, 1, 14)),
        ("in the last 7 days", date(2026, 1, 9), date(2026, 1, 15)),
        ("past two weeks", date(2026, 1, 2), date(2026, 1, 15)),
        ("in december", date(2025, 12, 1), date(2025, 12, 31)),
        ("appointments in march", date(2026, 3, 1), date(2026, 3, 31)),
        ("transactions in march", date(2025, 3, 1), date(2025, 3, 31)),
        ("on january 5th", date(2026, 1, 5), date(2026, 1, 5)),
        ("on 2025-12-31", date(2025, 12, 31), date(2025, 12, 31)),
        ("claims in 2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("last year", date(2025, 1, 1), date(2025, 12, 31)),
        ("in the last month", date(2025, 12, 17), date(2026, 1, 15)),
        ("past month", date(2025, 12, 17), date(2026, 1, 15)),
        ("past week", date(2026, 1, 9), date(2026, 1, 15)),
    ],
)
def test_spans_of_days_are_read(text: str, first: date, last: date) -> None:
    _, period = find_period(stems(text), AS_OF)
    assert period is not None
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize("text", ["may i see my balance", "last transaction", "on february 31"])
def test_what_is_no_span_of_days_is_left_alone(text: str) -> None:
    found = stems(text)
    rest, period = find_period(found, AS_OF)
    assert period is None or period.said == "in February 2025"
    assert period is not None or rest == found


@given(st.integers(1, 9999), st.sampled_from(["day", "week", "month", "year"]))
def test_no_span_of_days_is_too_long(number: int, unit: str) -> None:
    find_period(("last", str(number), unit), AS_OF)
    find_period(("next", str(number), unit), AS_OF)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("balence", "balance"),
        ("blance", "balance"),
        ("ballance", "balance"),
        ("balacne", "balance"),
        ("claim", "claim"),
        ("qalance", "qalance"),
        ("rant", "rant"),
        ("balxxce", "balxxce"),
    ],
)
def test_one_slip_in_a_long_word_is_mended(typed: str, meant: str) -> None:
    assert mend(typed, frozenset({"balance", "claim", "rent"})) == meant


def test_a_slip_that_could_be_two_words_is_left() -> None:
    assert mend("clamp", frozenset({"clamps", "clump"})) == "clamp"
