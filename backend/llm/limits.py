"""How patient a chat is with its model."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProviderLimits:
    """The limits of one reply; all but the last in seconds.

    Args:
        first_token_seconds: from the question to the first text, retries included.
        silence_seconds: from one text to the next; an answer that sends anything else, comments
            say, is as silent to the person who waits.
        connect_seconds: for one connection: a free place, name look-up and TLS included.
        tail_seconds: after the finish reason, for the count of tokens.
        linger_seconds: after the last event, for the response's own end, without which its
            connection can not be used again.
        retry_waits: before each further attempt; as many as there are retries.
        longest_wait: a provider that asks for a longer ``Retry-After`` is not asked again.
        pause_seconds: after some text was handed on, before the stream is looked at again; what
            comes meanwhile is read in one go.
        event_bytes: how long one event, and one line of it, may be.
    """

    first_token_seconds: float = 30.0
    silence_seconds: float = 20.0
    connect_seconds: float = 5.0
    tail_seconds: float = 2.0
    linger_seconds: float = 0.5
    retry_waits: tuple[float, ...] = (0.25, 1.0)
    longest_wait: float = 3.0
    pause_seconds: float = 0.0
    event_bytes: int = 1024 * 1024
