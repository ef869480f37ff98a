"""What a test that waited in vain says of a coordinator, so that a rare failure explains itself."""

from __future__ import annotations

import sys
import threading
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from optimizer.parallel import ProcessExecutor
from optimizer.parallel.processes import STARTING, _Child
from optimizer.parallel.pulse import sign_of
from service.database.faults import StoreUnavailable
from service.database.scope import SYSTEM
from service.jobs.coordinator import Coordinator
from service.jobs.store import Job, list_jobs, read_events


def jobs_of(coordinator: Coordinator) -> list[Job]:
    """Return all jobs of a coordinator's database."""
    with coordinator._database.session(SYSTEM, read_only=True) as session:
        return list(list_jobs(session, limit=500).items)


def are_over(coordinator: Coordinator) -> bool:
    """Return whether there are jobs, and none of them will do anything any more."""
    with suppress(StoreUnavailable):
        jobs = jobs_of(coordinator)
        return bool(jobs) and all(job.is_final for job in jobs)
    return False


def picture(coordinator: Coordinator) -> str:
    """Return the state of jobs, runs, children and threads, as lines."""
    return "\n".join(_lines(coordinator))


def _lines(coordinator: Coordinator) -> Iterator[str]:
    yield f"leading: {coordinator.is_leading}, pause: {coordinator._pause} s"
    try:
        for job in jobs_of(coordinator):
            with coordinator._database.session(job.organisation, read_only=True) as session:
                kinds = Counter(event.kind for event in read_events(session, job.id, limit=10_000))
            yield f"job {job.id}: {job.state}, attempt {job.attempt}, {job.fault}, {dict(kinds)}"
    except Exception as error:  # noqa: BLE001 (told beside what made the test fail)
        yield f"the jobs cannot be read: {error!r}"
    for run in coordinator._runs.values():
        told = [run.progress, run.checkpoint, run.ending]
        yield f"run {run.key}: submitted {run.is_submitted}, refused {run.refusals}, told {told}"
    if isinstance(coordinator._executor, ProcessExecutor):
        yield f"somebody starts a child: {STARTING.locked()}"
        for child in list(coordinator._executor._children.values()):
            yield from _child_lines(child)
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    for number, frame in sys._current_frames().items():
        yield f"thread {names.get(number)}:"
        yield "".join(traceback.format_stack(frame)[-4:]).rstrip()


def _child_lines(child: _Child) -> Iterator[str]:
    try:
        pid = child.process.pid
    except ValueError:
        yield f"child of {child.item.key}: closed"
        return
    yield f"child of {child.item.key}: process {pid}, {sign_of(pid or 0)}"
    for file in sorted(Path(f"/proc/{pid}").glob("task/*/wchan")):
        yield f"    {file.parent.name} waits in {file.read_text(encoding='utf-8') or 'nothing'}"
