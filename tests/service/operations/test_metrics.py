"""The figures of operation tell how jobs fare, and of nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from optimizer.errors import EngineDisagreement
from optimizer.parallel import InlineExecutor, Limits, Link, ProcessExecutor
from service.database.engine import Database
from service.jobs import coordinator as coordinating
from service.jobs.coordinator import Coordinator, CoordinatorSettings
from service.jobs.kind import Assignment, Kind, Outcome
from service.jobs.states import JobState, Lane
from service.operations.metrics import Metrics
from tests.service.jobs.conftest import turn_until
from tests.service.jobs.kinds import KINDS
from tests.service.work import accept, state_of


def proven(assignment: Assignment, link: Link) -> Outcome:
    """Return a result that is a fiftieth from the best at most."""
    return Outcome(b"{}", gap=0.02)


def disagreeing(assignment: Assignment, link: Link) -> Outcome:
    """Fail as a plan does that the verifier does not agree to."""
    raise EngineDisagreement([])


def _limits(parameters: Mapping[str, Any], memory_bytes: int) -> Limits:
    return Limits(seconds=60.0)


OURS = {
    work.__name__: Kind(work.__name__, Lane.ROSTER, work, _limits, "solves")
    for work in (proven, disagreeing)
}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let coordinators know the kinds of the tests, and try again soon."""
    monkeypatch.setattr(coordinating, "kinds", lambda: KINDS | OURS)
    monkeypatch.setattr(coordinating, "SECONDS_AFTER_LOSS", (0.05, 0.1))


def figures(metrics: Metrics) -> dict[str, float]:
    """Return the figures by name and labels."""
    rows = re.findall(r"^(\w+(?:\{.*\})?) (\S+)$", metrics.text().decode(), flags=re.MULTILINE)
    return {name: float(value) for name, value in rows}


def after(database: Database, kind: str, *, in_processes: bool = False) -> dict[str, float]:
    """Return the figures after a job of a kind is over."""
    metrics = Metrics(database)
    executor = ProcessExecutor(1) if in_processes else InlineExecutor(1)
    settings = CoordinatorSettings(drain_seconds=0)
    coordinator = Coordinator(database, executor, settings, watch=metrics)
    job = accept(database, "A", kind=kind)
    final = {JobState.COMPLETED, JobState.FAILED}
    turn_until(coordinator, lambda: state_of(database, job) in final)
    coordinator.stop()
    coordinator.run()
    return figures(metrics)


def test_the_time_and_gap_of_a_job_are_counted(sqlite_database: Database) -> None:
    """By kind and end; a plan two per cent from its bound is in the bucket of two per cent."""
    found = after(sqlite_database, "proven")
    assert found['homecare_job_seconds_count{kind="proven",state="completed"}'] == 1
    assert found['homecare_job_gap_bucket{kind="proven",le="0.02"}'] == 1
    assert found['homecare_job_gap_bucket{kind="proven",le="0.01"}'] == 0
    assert found["homecare_verifier_failures_total"] == 0
    assert found["homecare_job_retries_total"] == 0


def test_a_plan_without_bound_has_no_gap(sqlite_database: Database) -> None:
    """Nothing is claimed of it."""
    found = after(sqlite_database, "echo")
    assert found['homecare_job_seconds_count{kind="echo",state="completed"}'] == 1
    assert not [name for name in found if name.startswith("homecare_job_gap_")]


def test_a_verifier_that_does_not_agree_is_counted(sqlite_database: Database) -> None:
    """It is a defect that somebody should hear of; other faults are not counted as such."""
    found = after(sqlite_database, "disagreeing")
    assert found['homecare_job_seconds_count{kind="disagreeing",state="failed"}'] == 1
    assert found["homecare_verifier_failures_total"] == 1


def test_another_failure_is_no_failure_of_the_verifier(sqlite_database: Database) -> None:
    """A job that cannot be done is counted as failed only."""
    found = after(sqlite_database, "wrong")
    assert found['homecare_job_seconds_count{kind="wrong",state="failed"}'] == 1
    assert found["homecare_verifier_failures_total"] == 0


def test_retries_are_counted(sqlite_database: Database) -> None:
    """A job whose worker dies each time is tried again twice, and then fails."""
    found = after(sqlite_database, "doomed", in_processes=True)
    assert found["homecare_job_retries_total"] == 2
