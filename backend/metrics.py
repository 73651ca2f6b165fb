"""Prometheus metrics of one service."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from backend.domain.transcript import FinishReason


class Metrics:
    """Counts what conversations do; gauges are read when they are asked for."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._replies = Counter(
            "walkin_replies", "Replies that ended", ["finish_reason"], registry=self._registry
        )
        self._errors = Counter(
            "walkin_errors", "Errors that clients were told", ["code"], registry=self._registry
        )
        self._first_token = Histogram(
            "walkin_first_token_seconds",
            "From the start of a turn to its first text",
            buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30),
            registry=self._registry,
        )

    def watch(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """Add a gauge that is read at each scrape."""
        Gauge(name, meaning, registry=self._registry).set_function(read)

    def reply_ended(self, reason: FinishReason, first_token_ms: int | None) -> None:
        """Count a reply that is over."""
        self._replies.labels(reason).inc()
        if first_token_ms is not None:
            self._first_token.observe(first_token_ms / 1000)

    def refused(self, code: str) -> None:
        """Count an error that a client was told."""
        self._errors.labels(code).inc()

    def exposition(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self._registry)
