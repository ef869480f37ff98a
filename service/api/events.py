"""What happens to a job, as server-sent events."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence

from optimizer.errors import HomecareError
from service.api.parts import Parts
from service.api.problems import problem_of
from service.auth.keys import insist_on_key
from service.auth.permissions import Principal
from service.jobs.states import TERMINAL
from service.jobs.store import Job, JobEvent, read_events

POLL_SECONDS = 0.5
BEAT_SECONDS = 15.0
"Time between two comments, which keep proxies from ending a silent connection."
LONGEST_SECONDS = 3_600.0
"Longest life of a connection; then the browser comes back by itself and goes on where it was."


async def event_stream(parts: Parts, caller: Principal, job: Job, after: int) -> AsyncIterator[str]:
    """Yield the events of a job after a number, until it is over.

    Parameters
    ----------
    parts, caller
        Of the request.
    job
        The job.
    after
        Number of the last event that the receiver has; 0 for none.
    """
    yield "retry: 2000\n\n"
    began = spoke = time.monotonic()
    while time.monotonic() - began < LONGEST_SECONDS:
        try:
            look = parts.bulkheads.events.run
            events = await look(caller.organisation, _read, parts, caller, job, after)
        except HomecareError as error:
            problem = problem_of(error)
            yield f"event: problem\ndata: {problem.model_dump_json(exclude_none=True)}\n\n"
            return
        for event in events:
            yield _written(event)
            after = event.number
            spoke = time.monotonic()
            if event.kind == "state" and event.payload.get("state") in TERMINAL:
                return
        if not events:
            if job.is_final:
                return
            if time.monotonic() - spoke > BEAT_SECONDS:
                yield ": still here\n\n"
                spoke = time.monotonic()
            await asyncio.sleep(POLL_SECONDS)


def _read(parts: Parts, caller: Principal, job: Job, after: int) -> Sequence[JobEvent]:
    with parts.database.session(caller.organisation, read_only=True) as session:
        insist_on_key(session, caller.key_id)
        return read_events(session, job.id, after=after)


def _written(event: JobEvent) -> str:
    data = {"at": event.at.isoformat(timespec="milliseconds"), **event.payload}
    return f"id: {event.number}\nevent: {event.kind}\ndata: {json.dumps(data)}\n\n"
