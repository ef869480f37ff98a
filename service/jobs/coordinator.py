"""The coordinator hands jobs to an executor and writes down what becomes of them.

The rows are the truth. Whatever this process knows and the database does not is held in memory
until it can be written, and whatever is lost with this process is found by the next coordinator
as a row that runs and belongs to nobody.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from optimizer.errors import HomecareError
from optimizer.parallel import (
    Cancelled,
    Event,
    Executor,
    Failed,
    Finished,
    Kept,
    Lost,
    Reported,
    WorkItem,
)
from service.database.clock import utc_now
from service.database.engine import Database
from service.database.faults import StoreFull, StoreUnavailable
from service.database.identifiers import new_id
from service.database.scope import SYSTEM
from service.jobs import losses, queue
from service.jobs.election import Leadership, try_to_lead
from service.jobs.kind import Assignment, Outcome
from service.jobs.lanes import lanes_in_turn
from service.jobs.losses import Loss
from service.jobs.pace import Pace
from service.jobs.queue import Verb
from service.jobs.registry import kinds
from service.jobs.run import Run
from service.jobs.states import SUSPECT_INTERRUPTIONS, JobState, Lane
from service.jobs.store import Job, list_jobs, read_document, read_warm_start
from service.jobs.telling import write_told
from service.jobs.watch import NobodyWatches, Watch

log = logging.getLogger(__name__)

WRITE_SECONDS = 0.5
"Time between two writes of progress; only the latest progress of each job is written."
CHECK_SECONDS = 1.0
"Time between two checks of the leadership, of the rows against what runs, and of expiry."
LONGEST_PAUSE_SECONDS = 5.0
"Longest pause between two attempts to reach a database that does not answer."
SECONDS_AFTER_LOSS = (1.0, 10.0)
"Waiting times before the next attempt at a job that has lost its first and its second worker."
INTERNAL = {"code": "internal", "message": "The work failed by a defect of this program."}


@dataclass(frozen=True, slots=True)
class CoordinatorSettings:
    """How jobs are handed out.

    Attributes
    ----------
    running_per_organisation, running_per_key
        Jobs of one organisation and of one key that run at once (at least 1); None is no limit.
    memory_bytes
        Memory that one job may take.
    drain_seconds
        Time that running jobs have to end when the coordinator is to end; then they are put
        back, and go on from where they were at the next start.
    """

    running_per_organisation: int | None = None
    running_per_key: int | None = None
    memory_bytes: int = 4_000_000_000
    drain_seconds: float = 2.0


class Coordinator:
    """Hands out jobs while it is elected; `run` in a thread of its own.

    Parameters
    ----------
    database
        Where the jobs are.
    executor
        Who does them; nobody else uses it, and it is closed at the end.
    settings
        How they are handed out.
    watch
        Is told what becomes of runs.
    """

    def __init__(
        self,
        database: Database,
        executor: Executor,
        settings: CoordinatorSettings | None = None,
        watch: Watch | None = None,
    ) -> None:
        self._database = database
        self._executor = executor
        self._settings = settings or CoordinatorSettings()
        self._watch = watch or NobodyWatches()
        self._owner = new_id("crd")
        self._runs: dict[str, Run] = {}
        self._leadership: Leadership | None = None
        self._ending = threading.Event()
        self._pace = Pace()
        self._pause = 0.0
        self._again_at = 0.0
        self._written_at = 0.0
        self._checked_at = 0.0
        self._beat_at = time.monotonic()

    @property
    def is_leading(self) -> bool:
        """Whether this process is the coordinator at present."""
        return self._leadership is not None

    def seconds_since_beat(self) -> float:
        """Return how long ago the loop came by last; more than a few seconds is bad news."""
        return time.monotonic() - self._beat_at

    def stop(self) -> None:
        """Ask `run` to end: nothing new is begun, and what runs is put back after a while."""
        self._ending.set()
        self.wake()

    def wake(self) -> None:
        """Look at the database at once: this process has accepted a job."""
        self._pace.wake()

    def run(self) -> None:
        """Coordinate until `stop`; no fault of the database or of a job ends this."""
        while not self._ending.is_set():
            self.turn()
        until = time.monotonic() + self._settings.drain_seconds
        while self._runs and self._leadership is not None and time.monotonic() < until:
            self.turn()
        self._give_up()

    def turn(self) -> None:
        """Go round once: hear what work items tell, write it down, obey, and hand out."""
        self._beat_at = time.monotonic()
        for event in self._pace.events(self._executor, is_running=bool(self._runs)):
            self._note(event)
        if time.monotonic() < self._again_at:
            return
        try:
            self._turn_with_database()
            self._pause = 0.0
        except (StoreUnavailable, StoreFull) as fault:
            self._wait_a_while(fault.code)
        except Exception:
            # A coordinator that ends would leave all jobs waiting; one that goes on may recover.
            log.exception("coordinator.fault", extra={"action": "turn"})
            self._wait_a_while("internal")

    def _wait_a_while(self, code: str) -> None:
        self._pause = min(LONGEST_PAUSE_SECONDS, max(0.2, 2 * self._pause))
        self._again_at = time.monotonic() + self._pause
        extra = {"action": "pause", "code": code, "seconds": self._pause}
        log.warning("coordinator.pause", extra=extra)

    def _turn_with_database(self) -> None:
        now = time.monotonic()
        is_time_to_check = now - self._checked_at >= CHECK_SECONDS
        if is_time_to_check:
            self._checked_at = now
            self._elect()
        if self._leadership is None:
            return
        self._write_endings()
        if now - self._written_at >= WRITE_SECONDS:
            self._written_at = now
            write_told(self._database, list(self._runs.values()))
        self._obey()
        if not self._ending.is_set():
            self._hand_out()
        if is_time_to_check:
            self._compare()
            self._expire()

    def _elect(self) -> None:
        """Stay or become the coordinator, or see that another process is."""
        if self._leadership is not None:
            if self._leadership.is_held():
                return
            log.warning("coordinator.deposed", extra={"action": "elect"})
            self._leadership.release()
            self._leadership = None
        self._leadership = try_to_lead(self._database)
        if self._leadership is None:
            # Another one has put back what this one ran, and runs it again.
            for run in self._runs.values():
                self._executor.cancel(run.key)
            self._runs.clear()
            return
        self._executor.prepare()
        # What this process runs has gone on while the database was away, and still is its own.
        with self._database.session(SYSTEM) as session:
            found = losses.requeue_running(session, but_owner=self._owner)
        self._tell_put_back(*found)
        log.info("coordinator.elected", extra={"action": "elect", "put_back": len(found)})

    def _note(self, event: Event) -> None:
        run = self._runs.get(event.key)
        if run is None:
            return
        if isinstance(event, Reported):
            run.progress = event.progress
        elif isinstance(event, Kept):
            run.checkpoint = event.checkpoint
        else:
            run.ending = event

    def _write_endings(self) -> None:
        for run in [run for run in self._runs.values() if run.ending is not None]:
            try:
                self._write_ending(run)
            except (StoreUnavailable, StoreFull):
                raise
            except Exception:
                # What was brought cannot be stored; another attempt may bring better, and the
                # other jobs must not wait for this one.
                log.exception("job.unstorable", extra={"action": "finish", "job": run.job.id})
                with self._database.session(SYSTEM) as session:
                    after = losses.requeue_lost(session, run.job.id, run.job.attempt)
                self._tell_put_back(after)
            del self._runs[run.key]

    def _write_ending(self, run: Run) -> None:
        job, ending = run.job, run.ending
        state, result, fault, gap, after = None, None, None, None, None
        if isinstance(ending, Finished) and isinstance(ending.value, Outcome):
            state = JobState.COMPLETED if ending.value.is_complete else JobState.INCOMPLETE
            result, gap = ending.value.result, ending.value.gap
        elif isinstance(ending, Failed):
            state = JobState.FAILED
            is_defect = ending.code == "internal"
            fault = INTERNAL if is_defect else {"code": ending.code, "message": ending.message}
            extra = {"action": "fail", "job": job.id, "code": ending.code}
            log.error("job.failed", extra={**extra, "details": ending.details})
        elif isinstance(ending, Cancelled):
            state = JobState.CANCELLED
        elif isinstance(ending, Lost):
            lost = {"action": "lose", "job": job.id, "reason": ending.reason}
            log.warning("job.lost", extra={**lost, "attempt": job.attempt})
        with self._database.session(SYSTEM) as session:
            if state is None:
                wait = timedelta(seconds=_seconds_before_next(job.losses))
                had_none = isinstance(ending, Lost) and not ending.was_working
                loss = Loss.SERVICE if had_none else Loss.WORKER
                after = losses.requeue_lost(
                    session, job.id, job.attempt, loss=loss, not_before=utc_now() + wait
                )
                is_present = after is not None
            else:
                is_present = queue.finish(
                    session, job.id, job.attempt, state, result=result, fault=fault
                )
        if state is None:
            self._tell_put_back(after)
        elif is_present:
            seconds = time.monotonic() - run.begun_at
            code = None if fault is None else fault["code"]
            self._watch.ended(job.kind, state, seconds, gap=gap, code=code)
        ended = {"state": state or "put back", "is_present": is_present, "attempt": job.attempt}
        log.info("job.ended", extra={"action": "finish", "job": job.id, **ended})

    def _obey(self) -> None:
        if not self._runs:
            return
        with self._database.session(SYSTEM, read_only=True) as session:
            requests = queue.requested(session)
        for request in requests:
            run = self._runs.get(f"{request.job}.{request.attempt}")
            if run is None or not run.is_submitted:
                continue
            if request.verb is Verb.CANCEL and not run.is_cancelled:
                run.is_cancelled = True
                self._executor.cancel(run.key)
            elif request.verb is Verb.STOP and not run.is_stopped:
                run.is_stopped = True
                self._executor.stop(run.key)

    def _hand_out(self) -> None:
        """Submit what was claimed, and claim as long as a slot is free."""
        self._submit_claimed()
        while len(self._runs) < self._executor.slots:
            job = self._claim()
            if job is None:
                return
            run = Run(job)
            self._runs[run.key] = run
            log.info("job.began", extra={"action": "begin", "job": job.id, "attempt": job.attempt})
            self._submit_claimed()

    def _claim(self) -> Job | None:
        with self._database.session(SYSTEM, read_only=True) as session:
            heads = queue.queue_heads(session)
            if not heads:
                return None
            by_organisation = queue.running_per_organisation(session)
            by_key = queue.running_per_key(session)
        since = {lane: job.created_at for lane, job in heads.items()}
        jobs = [run.job for run in self._runs.values()]
        running = Counter(job.lane for job in jobs)
        has_suspect = any(job.interruptions >= SUSPECT_INTERRUPTIONS for job in jobs)
        settings = self._settings
        for lane in lanes_in_turn(since, running, self._executor.slots, utc_now()):
            with self._database.session(SYSTEM) as session:
                job = queue.claim_next(
                    session,
                    lane,
                    owner=self._owner,
                    skip_organisations=_full(by_organisation, settings.running_per_organisation),
                    skip_keys=_full(by_key, settings.running_per_key),
                    skip_suspects=has_suspect,
                )
            if job is not None:
                return job
        return None

    def _submit_claimed(self) -> None:
        """Read what claimed jobs need and give them to the executor.

        If the database goes away in between, they are claimed all the same and wait here.
        """
        for run in self._runs.values():
            if run.is_submitted or run.ending is not None:
                continue
            try:
                self._executor.submit(self._work_item(run))
            except (StoreUnavailable, StoreFull):
                raise
            except Exception as error:
                # An unknown kind, or parameters that do not fit it: the same at every attempt.
                log.exception("job.unusable", extra={"action": "begin", "job": run.job.id})
                run.ending = Failed.of(run.key, error)
                continue
            run.is_submitted = True

    def _work_item(self, run: Run) -> WorkItem:
        job = run.job
        with self._database.session(SYSTEM, read_only=True) as session:
            document = read_document(session, job)
            start = queue.read_checkpoint(session, job.id) or read_warm_start(session, job)
        kind = kinds()[job.kind]
        assignment = Assignment(job.parameters, document, start)
        limits = kind.limits(job.parameters, self._settings.memory_bytes)
        return WorkItem(run.key, kind.work, assignment, limits, job.lane is Lane.INTERACTIVE)

    def _compare(self) -> None:
        """Put back rows that run nowhere, and end runs that no row speaks of.

        Both come about when a transaction was committed and the answer got lost, and when two
        processes took themselves for the coordinator for a moment.
        """
        running: dict[str, Job] = {}
        after = None
        with self._database.session(SYSTEM, read_only=True) as session:
            while True:
                page = list_jobs(session, states=[JobState.RUNNING], after=after, limit=500)
                running |= {Run(job).key: job for job in page.items}
                after = page.next
                if after is None:
                    break
        for key in self._runs.keys() - running.keys():
            self._executor.cancel(key)
            del self._runs[key]
        strays = [job for key, job in running.items() if key not in self._runs]
        if strays:
            with self._database.session(SYSTEM) as session:
                after_all = [
                    losses.requeue_lost(session, job.id, job.attempt, loss=Loss.SERVICE)
                    for job in strays
                ]
            self._tell_put_back(*after_all)

    def _tell_put_back(self, *lost: Job | None) -> None:
        """Let the watch know of jobs that were lost, as they are now; None was no present run."""
        for job in lost:
            if job is None:
                continue
            if job.is_final:
                code = None if job.fault is None else job.fault["code"]
                self._watch.ended(job.kind, job.state, None, gap=None, code=code)
            else:
                self._watch.put_back()

    def _expire(self) -> None:
        """End the waiting jobs whose time to begin is over."""
        with self._database.session(SYSTEM) as session:
            expired = queue.expire_queued(session)
        for job in expired:
            extra = {"action": "expire", "job": job.id, "state": job.state}
            log.info("job.ended", extra=extra)

    def _give_up(self) -> None:
        """Kill what still runs and put it back, so that the next start goes on with it."""
        self._executor.close()
        if self._leadership is None:
            return
        try:
            self._write_endings()
            with self._database.session(SYSTEM) as session:
                for run in self._runs.values():
                    job = run.job
                    losses.requeue_lost(session, job.id, job.attempt, loss=Loss.ORDERLY)
        except HomecareError as fault:
            # The next coordinator finds the rows and puts them back.
            log.warning("coordinator.pause", extra={"action": "end", "code": fault.code})
        self._runs.clear()
        self._leadership.release()
        self._leadership = None


def _seconds_before_next(losses: int) -> float:
    return SECONDS_AFTER_LOSS[min(losses, len(SECONDS_AFTER_LOSS) - 1)]


def _full(running: Mapping[str, int], limit: int | None) -> list[str]:
    return [] if limit is None else [name for name, count in running.items() if count >= limit]
