"""What it means, for the person who waits, that a provider did not begin to answer."""

import math
from email.utils import parsedate_to_datetime
from typing import Final

from openai import APIStatusError

from backend.clock import Clock
from backend.errors import ModelError, ModelFailedError, ModelUnavailableError

RETRIED: Final = frozenset({408, 409, 429})
SENTENCES: Final = {
    401: "The language model's provider does not accept the key that it was given (HTTP 401).",
    403: "The language model's provider does not let this service in (HTTP 403).",
    404: "The language model's provider knows no such model or address (HTTP 404).",
    408: "The language model's provider gave up waiting for the question (HTTP 408).",
    409: "The language model's provider could not take the question just now (HTTP 409).",
    429: "The language model's provider turns questions away: too many of them, or the quota is"
    " used up (HTTP 429).",
}
UNREACHABLE: Final = "The language model can not be reached just now."
SERVER_ERROR: Final = 500
BAD_REQUEST: Final = 400


def is_retried(status: int) -> bool:
    """Return whether the same request may be answered in a moment."""
    return status in RETRIED or status >= SERVER_ERROR


def refusal(status: int) -> ModelError:
    """Return the error that a response's ``status`` (3xx, 4xx or 5xx) stands for."""
    if status in SENTENCES:
        return ModelUnavailableError(SENTENCES[status])
    if status < BAD_REQUEST:
        return ModelUnavailableError(
            f"The language model's provider points elsewhere (HTTP {status}), and redirects"
            " are not followed."
        )
    if status < SERVER_ERROR:
        return ModelFailedError(
            f"The language model's provider could not make sense of the question (HTTP {status})."
        )
    return ModelUnavailableError(f"The language model's provider has a fault (HTTP {status}).")


def asked_wait(error: APIStatusError, clock: Clock) -> float | None:
    """Return how many seconds the provider asked to be left alone; None when it did not say.

    ``Retry-After`` is seconds or an HTTP date (RFC 9110, section 10.2.3); what is neither is
    taken as not said.
    """
    value = error.response.headers.get("retry-after")
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        return _until(value, clock)
    return None if math.isnan(seconds) else max(seconds, 0.0)


def _until(value: str, clock: Clock) -> float | None:
    try:
        seconds = (parsedate_to_datetime(value) - clock.read().at).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(seconds, 0.0)
