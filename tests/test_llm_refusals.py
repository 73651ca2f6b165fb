from datetime import UTC, datetime

import httpx2
import pytest
from openai import APIStatusError

from backend.clock import Moment
from backend.errors import ModelError, ModelFailedError, ModelUnavailableError
from backend.llm.refusals import asked_wait, is_retried, refusal


class StoppedClock:
    def read(self) -> Moment:
        return Moment(datetime(2026, 1, 15, 9, 30, tzinfo=UTC), 0.0)

    def seconds(self) -> float:
        return 0.0


def asked(value: str | None) -> APIStatusError:
    headers = {} if value is None else {"Retry-After": value}
    request = httpx2.Request("POST", "http://example.com/")
    return APIStatusError(
        "refused", response=httpx2.Response(429, headers=headers, request=request), body=None
    )


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, ModelUnavailableError),
        (307, ModelUnavailableError),
        (400, ModelFailedError),
        (401, ModelUnavailableError),
        (403, ModelUnavailableError),
        (404, ModelUnavailableError),
        (408, ModelUnavailableError),
        (409, ModelUnavailableError),
        (413, ModelFailedError),
        (422, ModelFailedError),
        (429, ModelUnavailableError),
        (500, ModelUnavailableError),
        (503, ModelUnavailableError),
    ],
)
def test_each_status_has_a_sentence_that_names_it(status: int, kind: type[ModelError]) -> None:
    error = refusal(status)
    assert type(error) is kind
    assert f"(HTTP {status})" in str(error)
    assert str(error).endswith(".")


def test_what_may_pass_is_retried_and_nothing_else() -> None:
    retried = [status for status in range(300, 600) if is_retried(status)]
    assert retried == [408, 409, 429, *range(500, 600)]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("2", 2.0),
        ("0.5", 0.5),
        ("86400", 86400.0),
        ("-1", 0.0),
        ("inf", float("inf")),
        ("nan", None),
        ("soon", None),
        ("", None),
        ("Thu, 15 Jan 2026 09:30:05 GMT", 5.0),
        ("Thu, 15 Jan 2026 09:00:00 GMT", 0.0),
        ("Thu, 15 Jan 2026 09:30:05", None),
        ("Thu, 99 Jan 2026 09:30:05 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert asked_wait(asked(value), StoppedClock()) == seconds
