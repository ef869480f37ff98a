"""Whatever happens to a job, it is neither lost nor done twice.

A machine accepts, claims, reports, stops, cancels, crashes and restarts in random order, on
both databases. Beside the store it keeps a plain model; after each step both must agree. A
crash is a transaction that ends between two of its statements, as when the machine goes down.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event

from service.database.engine import Database
from service.database.faults import Conflict
from service.database.scope import SYSTEM
from service.database.tenancy import TenantSession
from service.idempotency import Idempotency
from service.jobs import losses
from service.jobs import queue as runs
from service.jobs import store as jobs
from service.jobs.losses import Loss
from service.jobs.states import (
    MAX_INTERRUPTIONS,
    MAX_LOSSES,
    TERMINAL,
    TRANSITIONS,
    JobState,
    Lane,
)
from service.jobs.store import Job
from tests.service.work import add_job

ORGANISATIONS = ("A", "B")
_numbers = itertools.count(1)


class PowerCut(Exception):
    """The machine went down between two statements."""


@dataclass
class Known:
    """What the model knows of a job."""

    organisation: str
    state: JobState = JobState.QUEUED
    attempt: int = 0
    losses: int = 0
    interruptions: int = 0
    result: bytes | None = None
    stop: bool = False
    cancel: bool = False
    checkpoint: bool = False
    states: list[JobState] = field(default_factory=lambda: [JobState.QUEUED])

    def to(self, state: JobState) -> None:
        """Change the state."""
        assert state in TRANSITIONS[self.state]
        self.state = state
        self.states.append(state)
        if state in TERMINAL:
            self.checkpoint = False


@contextmanager
def cut_after(database: Database, statements: int | None) -> Iterator[None]:
    """Let the power fail after so many statements, or never."""
    left = itertools.count(statements or 0, -1)

    def count(*_: object) -> None:
        if next(left) <= 0:
            raise PowerCut

    if statements is None:
        yield
        return
    event.listen(database._engine, "before_cursor_execute", count)
    event.listen(database._reader, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(database._engine, "before_cursor_execute", count)
        event.remove(database._reader, "before_cursor_execute", count)


CUTS = st.one_of(st.none(), st.none(), st.none(), st.integers(0, 8))


class Store(RuleBasedStateMachine):
    """The store beside its model."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Known] = {}
        self.keys: dict[tuple[str, str], str] = {}
        self.lost_runs: list[Job] = []
        # Jobs of the example before must not wait in the same lanes.
        with self.database.session(SYSTEM) as session:
            losses.requeue_running(session)
            for job in jobs.list_jobs(session, limit=500, states=[JobState.QUEUED]).items:
                jobs.request_cancel(session, job.id)
        # Left to chance alone, most examples would never come as far as a second attempt.
        for organisation in ORGANISATIONS:
            self.accept_one(organisation, None, None)
        self.claim_one(None)
        self.crash_all(None)
        self.claim_one(None)

    def attempt(
        self, scope: Any, cut: int | None, work: Callable[[TenantSession], Any]
    ) -> tuple[bool, Any]:
        """Do something in a transaction; return whether it was committed, and the answer."""
        try:
            with cut_after(self.database, cut), self.database.session(scope) as session:
                answer = work(session)
        except PowerCut:
            return False, None
        return True, answer

    @rule(
        organisation=st.sampled_from(ORGANISATIONS),
        key=st.one_of(st.none(), st.sampled_from("xyz")),
        cut=CUTS,
    )
    def accept(self, organisation: str, key: str | None, cut: int | None) -> None:
        """Accept a job, or hear of the one that the same request led to."""
        self.accept_one(organisation, key, cut)

    def accept_one(self, organisation: str, key: str | None, cut: int | None) -> None:
        """Do so outside of a rule."""
        number = next(_numbers)
        idempotency = None
        if key is not None:
            # The numbers make keys of one example unknown in the next.
            idempotency = Idempotency(f"{id(self)}/{key}", "body")
        committed, job = self.attempt(
            organisation,
            cut,
            lambda session: add_job(
                session,
                kind="solve",
                lane=Lane.ROSTER,
                document=f"document {number}".encode(),
                parameters={},
                created_by="key",
                idempotency=idempotency,
            ),
        )
        if not committed:
            return
        earlier = self.keys.get((organisation, key)) if key else None
        assert job.replayed == (earlier is not None)
        if earlier:
            assert job.id == earlier
            return
        if key:
            self.keys[organisation, key] = job.id
        self.known[job.id] = Known(organisation)

    @rule(cut=CUTS)
    def claim(self, cut: int | None) -> None:
        """Begin the next job."""
        self.claim_one(cut)

    def claim_one(self, cut: int | None) -> None:
        """Do so outside of a rule."""
        committed, job = self.attempt(
            SYSTEM, cut, lambda session: runs.claim_next(session, Lane.ROSTER, owner="c")
        )
        if not committed:
            return
        waiting = [name for name, each in self.known.items() if each.state is JobState.QUEUED]
        assert (job.id if job else None) == (waiting[0] if waiting else None)
        if job:
            known = self.known[job.id]
            known.attempt += 1
            known.to(JobState.RUNNING)
            assert job.attempt == known.attempt
            self.lost_runs.append(job)

    @rule(data=st.data(), cut=CUTS)
    @precondition(lambda self: self.lost_runs)
    def finish(self, data: st.DataObject, cut: int | None) -> None:
        """A run reports its end: the present one counts, an old one is dropped."""
        run = data.draw(st.sampled_from(self.lost_runs))
        state = data.draw(
            st.sampled_from([JobState.COMPLETED, JobState.INCOMPLETE, JobState.FAILED])
        )
        result = f"{run.id}/{run.attempt}".encode() if state is not JobState.FAILED else None
        committed, counted = self.attempt(
            SYSTEM,
            cut,
            lambda session: runs.finish(session, run.id, run.attempt, state, result=result),
        )
        if not committed:
            return
        known = self.known[run.id]
        is_present = known.state is JobState.RUNNING and known.attempt == run.attempt
        assert counted == is_present
        if is_present:
            known.to(JobState.CANCELLED if known.cancel else state)
            known.result = None if known.cancel else result

    @rule(data=st.data(), cut=CUTS)
    @precondition(lambda self: self.lost_runs)
    def report(self, data: st.DataObject, cut: int | None) -> None:
        """A run reports progress and its best so far."""
        run = data.draw(st.sampled_from(self.lost_runs))

        def tell(session: TenantSession) -> tuple[bool, bool]:
            return (
                runs.record_progress(session, run.id, run.attempt, {"cost": 1}),
                runs.store_checkpoint(session, run.id, run.attempt, b"best so far"),
            )

        committed, told = self.attempt(SYSTEM, cut, tell)
        if committed:
            known = self.known[run.id]
            is_present = known.state is JobState.RUNNING and known.attempt == run.attempt
            assert told == (is_present, is_present)
            known.checkpoint |= is_present

    @rule(data=st.data(), cancel=st.booleans(), cut=CUTS)
    def ask(self, data: st.DataObject, cancel: bool, cut: int | None) -> None:
        """Somebody asks for a stop or gives the job up."""
        job = data.draw(st.sampled_from(sorted(self.known)))
        known = self.known[job]
        request = jobs.request_cancel if cancel else jobs.request_stop
        try:
            committed, _ = self.attempt(
                known.organisation, cut, lambda session: request(session, job)
            )
        except Conflict:
            assert known.state in TERMINAL
            return
        if not committed or known.state in TERMINAL:
            return
        if cancel:
            known.cancel = True
        else:
            known.stop = True
        if known.state is JobState.QUEUED and (cancel or not known.checkpoint):
            known.to(JobState.CANCELLED)

    @rule(cut=CUTS)
    def crash(self, cut: int | None) -> None:
        """Everything went down; the next start puts back what ran."""
        self.crash_all(cut)

    def crash_all(self, cut: int | None) -> None:
        """Do so outside of a rule."""
        committed, _ = self.attempt(SYSTEM, cut, losses.requeue_running)
        if committed:
            for known in self.known.values():
                if known.state is JobState.RUNNING:
                    self._lose(known, Loss.SERVICE)

    @rule(data=st.data(), loss=st.sampled_from(Loss), cut=CUTS)
    @precondition(lambda self: self.lost_runs)
    def lose(self, data: st.DataObject, loss: Loss, cut: int | None) -> None:
        """One worker is lost, or ended in order, or its coordinator was none any more."""
        run = data.draw(st.sampled_from(self.lost_runs))
        committed, job = self.attempt(
            SYSTEM,
            cut,
            lambda session: losses.requeue_lost(session, run.id, run.attempt, loss=loss),
        )
        if not committed:
            return
        known = self.known[run.id]
        is_present = known.state is JobState.RUNNING and known.attempt == run.attempt
        assert (job is not None) == is_present
        if is_present:
            self._lose(known, loss)

    def _lose(self, known: Known, loss: Loss) -> None:
        known.losses += loss is Loss.WORKER
        known.interruptions += loss is Loss.SERVICE
        if known.cancel:
            known.to(JobState.CANCELLED)
        elif known.losses >= MAX_LOSSES or known.interruptions >= MAX_INTERRUPTIONS:
            known.to(JobState.FAILED)
        else:
            known.to(JobState.QUEUED)

    @invariant()
    def store_and_model_agree(self) -> None:
        """No job is lost, none is in another state, none has another result."""
        for organisation in ORGANISATIONS:
            mine = {k: v for k, v in self.known.items() if v.organisation == organisation}
            with self.database.session(organisation, read_only=True) as session:
                for name, known in mine.items():
                    job = jobs.read_job(session, name)
                    assert (job.state, job.attempt) == (known.state, known.attempt)
                    told = [
                        JobState(each.payload["state"])
                        for each in jobs.read_events(session, name, limit=1000)
                        if each.kind == jobs.STATE_EVENT
                    ]
                    assert told == known.states
                    if known.result is not None:
                        assert jobs.read_result(session, job) == known.result
                    else:
                        assert job.result is None


@pytest.mark.parametrize("orders", [4, pytest.param(10, marks=pytest.mark.sweep)])
def test_no_job_is_lost_and_none_is_done_twice(database: Database, orders: int) -> None:
    """In any order of events, with crashes between statements, the store keeps its word."""
    machine = type("Store", (Store,), {"database": database})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=orders, stateful_step_count=25, deadline=None)
    )
