"""A request to end is heeded at once or where it is asked for, and the old handlers come back."""

import os
import signal

import pytest
import typer

from backend.cli.interrupts import until_told_to_stop


def work(steps: list[str], *requests: signal.Signals, at_once: bool) -> None:
    """Note each step in ``steps``, asked to end before every one of the first."""
    with until_told_to_stop("so far", at_once=at_once) as heed:
        for request in requests:
            os.kill(os.getpid(), request)
            steps.append("went on")
        heed()
        steps.append("done")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_request_is_heeded_at_once_and_told_of(
    number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    before, steps = signal.getsignal(number), list[str]()
    with pytest.raises(typer.Exit) as ended:
        work(steps, number, at_once=True)
    assert not steps
    assert ended.value.exit_code == 130
    assert capsys.readouterr().err == "walkin: interrupted; so far.\n"
    assert signal.getsignal(number) == before


def test_work_that_is_not_to_be_broken_off_goes_on_until_it_asks() -> None:
    steps: list[str] = []
    with pytest.raises(typer.Exit):
        work(steps, signal.SIGINT, at_once=False)
    assert steps == ["went on"]


def test_a_second_request_does_not_wait() -> None:
    steps: list[str] = []
    with pytest.raises(typer.Exit):
        work(steps, signal.SIGINT, signal.SIGTERM, at_once=False)
    assert steps == ["went on"]


def test_without_a_request_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    steps: list[str] = []
    work(steps, at_once=False)
    assert steps == ["done"]
    assert capsys.readouterr().err == ""
