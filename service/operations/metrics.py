"""The figures at ``/metrics``, in Prometheus' form; no label names a person or an organisation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from optimizer.errors import EngineDisagreement, HomecareError
from service.database.engine import Database
from service.database.scope import SYSTEM
from service.jobs.queue import lane_statistics, states_count
from service.jobs.states import JobState

_GAPS = (0.0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_JOB_SECONDS = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600)
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counts requests and ends of jobs, and asks the database about jobs when somebody asks.

    What is counted is this process's own. Jobs end in the process that coordinates; sum over all.

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
        self._job_seconds = Histogram(
            "homecare_job_seconds",
            "Time from when a job was begun until its end.",
            ("kind", "state"),
            buckets=_JOB_SECONDS,
            registry=self._registry,
        )
        self._gaps = Histogram(
            "homecare_job_gap",
            "How far a plan is at most from the best one, as a share, where a bound is known.",
            ("kind",),
            buckets=_GAPS,
            registry=self._registry,
        )
        self._disagreements = Counter(
            "homecare_verifier_failures",
            "Jobs that failed because the verifier did not agree with the engine.",
            registry=self._registry,
        )
        self._retries = Counter(
            "homecare_job_retries",
            "Jobs that were put back because their worker or coordinator was lost.",
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

    def ended(
        self,
        kind: str,
        state: JobState,
        seconds: float | None,
        *,
        gap: float | None,
        code: str | None,
    ) -> None:
        """Note that a run of a job has ended for good; see `Watch`."""
        if seconds is not None:
            self._job_seconds.labels(kind, state.value).observe(seconds)
        if gap is not None:
            self._gaps.labels(kind).observe(gap)
        if code == EngineDisagreement.code:
            self._disagreements.inc()

    def put_back(self) -> None:
        """Note that a job was lost with its worker."""
        self._retries.inc()

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
