"""Customers' own words, put to the built-in model about generated customers of every mode."""

import re

import pytest

from tests.question_kit import MODES, NO, Case, applies, ask, at, cases, customers, filled, told

ASKED = [
    pytest.param(mode, case, id=f"{mode}: {' / '.join((*case.after, case.ask))}")
    for mode in MODES
    for case in cases(mode)
]


@pytest.mark.parametrize(("mode", "case"), ASKED)
def test_the_answer_holds_the_customers_own_figures(mode: str, case: Case) -> None:
    fitting = [customer for customer in customers(mode) if applies(case, customer)]
    assert fitting, "no customer of the sample can ask this"
    for customer in fitting[:6]:
        questions = [filled(question, customer) for question in (*case.after, case.ask)]
        text = ask(mode, customer, *questions)
        for path in case.tells:
            assert told(text, at(customer, path)), f"{path} is missing from: {text}"
        assert case.says in text
        if case.not_in_record:
            assert NO in text
        else:
            assert NO not in text
        if case.not_in_record or case.silent:
            assert re.search(r"\d", text) is None, text


@pytest.mark.parametrize("mode", MODES)
def test_a_mode_has_sixty_questions_and_more(mode: str) -> None:
    assert len(list(cases(mode))) >= 60


@pytest.mark.parametrize(("mode", "case"), ASKED[::7])
def test_the_same_request_gets_the_same_answer(mode: str, case: Case) -> None:
    customer = customers(mode)[0]
    assert ask(mode, customer, case.ask) == ask(mode, customer, case.ask)


@pytest.mark.parametrize("mode", MODES)
def test_nothing_of_the_guidance_is_ever_told(mode: str) -> None:
    for case in cases(mode):
        text = ask(mode, customers(mode)[0], filled(case.ask, customers(mode)[0]))
        assert "secret_label" not in text
        assert "4711" not in text
