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
