"""The figures at ``/metrics``, in Prometheus' form; no label names a person or an organisation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from optimizer.errors import HomecareError
from service.store.database import Database
from service.store.runs import lane_statistics, states_count
from service.store.scope import SYSTEM

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counts requests, and asks the database about jobs whenever somebody asks.

    Parameters
    ----------
    database
        Where the jobs are.
    """

    def __init__(self, database: Database) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Jobs(database))
        self._requests = Counter(
            "homecare_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "homecare_request_seconds",
            "Time until a request was answered.",
            ("method", "route"),
            buckets=_SECONDS,
            registry=self._registry,
        )

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request.

        Parameters
        ----------
        method, route
            Of the request; the route is the pattern, such as ``/v1/solves/{job_id}``.
        status
            Of the answer.
        seconds
            Time that it took.
        """
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """Return all figures as Prometheus reads them."""
        return generate_latest(self._registry)


class _Jobs(Collector):
    """Figures that are counted from rows, so that they survive every restart."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterator[GaugeMetricFamily]:
        queued = GaugeMetricFamily("homecare_queue_jobs", "Jobs that wait.", labels=["lane"])
        running = GaugeMetricFamily("homecare_running_jobs", "Jobs at work.", labels=["lane"])
        age = GaugeMetricFamily(
            "homecare_queue_oldest_seconds", "Age of the oldest waiting job.", labels=["lane"]
        )
        states = GaugeMetricFamily("homecare_jobs", "Jobs kept, by state.", labels=["state"])
        up = GaugeMetricFamily("homecare_database_up", "Whether the database answers.")
        try:
            with self._database.session(SYSTEM, read_only=True) as session:
                lanes = lane_statistics(session)
                counts = states_count(session)
        except HomecareError:
            up.add_metric([], 0)
            yield up
            return
        now = datetime.now(UTC)
        for lane, found in lanes.items():
            queued.add_metric([lane.value], found.queued)
            running.add_metric([lane.value], found.running)
            oldest = found.oldest_queued_at
            age.add_metric([lane.value], 0 if oldest is None else (now - oldest).total_seconds())
        for state, count in counts.items():
            states.add_metric([state.value], count)
        up.add_metric([], 1)
        yield from (queued, running, age, states, up)
