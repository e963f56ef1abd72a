"""What is counted and timed, as Prometheus reads it."""

import re
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.backlog import Backlog

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)  # seconds; Slack waits for 3


class Metrics:
    """What happened since the start. No label holds an id, or what somebody wrote."""

    CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._acknowledged = Histogram(
            "truenorth_acknowledgement_seconds",
            "From hearing Slack to having answered, by the listener in charge",
            ["listener"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._errors = Counter(
            "truenorth_slack_errors",
            "Calls to Slack that did not succeed, by method and error",
            ["method", "error"],
            registry=self._registry,
        )

    def acknowledged(self, listener: str, seconds: float) -> None:
        """Count an answer."""
        self._acknowledged.labels(listener).observe(seconds)

    def slack_error(self, method: str, error: str) -> None:
        """Count a call that failed."""
        known = re.fullmatch("[A-Za-z_]{1,64}", error)  # whatever else is no code of Slack's
        self._errors.labels(method, error if known else "other").inc()

    def text(self, parts: Mapping[str, bool], backlog: Backlog | None) -> bytes:
        """Return all of it, and how it stands now; without a backlog, where it is not known."""
        now = CollectorRegistry()
        ready = Gauge("truenorth_ready", "Whether this part works", ["part"], registry=now)
        for part, works in parts.items():
            ready.labels(part).set(works)
        if backlog is not None:
            _show(backlog, now)
        return generate_latest(self._registry) + generate_latest(now)


def _show(backlog: Backlog, registry: CollectorRegistry) -> None:
    _labelled(
        Gauge(
            "truenorth_outbox_messages",
            "Messages that Slack does not show as it should, by status",
            ["status"],
            registry=registry,
        ),
        backlog.messages,
    )
    Gauge(
        "truenorth_outbox_oldest_seconds",
        "For how long the first message that could be posted has waited",
        registry=registry,
    ).set(backlog.oldest)
    _labelled(
        Gauge(
            "truenorth_due_late_seconds",
            "How long ago this came due that has not run yet, 0 where nothing has",
            ["kind"],
            registry=registry,
        ),
        backlog.late,
    )


def _labelled(gauge: Gauge, values: Mapping[str, float]) -> None:
    for label, value in values.items():
        gauge.labels(label).set(value)
