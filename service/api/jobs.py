"""What all routes of jobs share: submitter, waiting, showing. A new kind needs no more."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Request
from fastapi.responses import JSONResponse

import optimizer
from service.api.faults import NotReady, TooManyJobs
from service.api.parts import Parts
from service.api.preferences import idempotency, wants_fresh
from service.auth.permissions import Principal
from service.database.digests import digest_of
from service.database.faults import NotFound
from service.jobs.registry import kinds
from service.jobs.states import JobState, Lane
from service.jobs.store import Job, read_events, read_job, read_result
from service.jobs.submit import TooManyUnfinished, prepare_job

JobId = Annotated[
    str, Path(pattern=r"^job_[0-9a-z]{26}$", examples=["job_01k0exampleexampleexample0"])
]
"Id of a job in an address."

_POLL_SECONDS = 0.05
_SLOWEST_POLL_SECONDS = 0.5


def accept(
    parts: Parts,
    caller: Principal,
    request: Request,
    body: bytes,
    *,
    kind: str,
    document: bytes,
    parameters: Mapping[str, Any],
    lane: Lane | None = None,
    warm_start: bytes | None = None,
    source: bytes | None = None,
) -> Job:
    """Write a job into the database; from then on it cannot be lost.

    Parameters
    ----------
    parts, caller, request, body
        Of the request; the last three decide what is a repetition.
    kind
        Name of a kind.
    document
        What the worker gets.
    parameters
        How the work is to be done.
    lane
        Where it waits; the kind's own if not given.
    warm_start
        An earlier result to begin from.
    source
        The document as it was sent, if that is another.

    Raises
    ------
    TooManyJobs
        If the key has too many unfinished jobs.
    IdempotencyConflict
        If the idempotency key was used for another request.
    """
    settings = parts.settings
    what = [
        optimizer.__version__,
        kind,
        digest_of(document),
        json.dumps(parameters, sort_keys=True),
    ]
    what += [] if warm_start is None else [digest_of(warm_start)]
    new = prepare_job(
        parts.database.cipher,
        caller.organisation,
        kind=kind,
        lane=lane or kinds()[kind].lane,
        document=document,
        parameters=parameters,
        created_by=caller.key_id,
        source=source,
        warm_start=warm_start,
        cache_key=None if wants_fresh(request) else digest_of("\n".join(what).encode()),
        idempotency=idempotency(request, body),
        most_unfinished=settings.waiting_per_key,
    )
    try:
        return parts.submitter.submit(new)
    except TooManyUnfinished as error:
        raise TooManyJobs(
            f"This key may have {settings.waiting_per_key} unfinished jobs.",
            limit="waiting_per_key",
            value=settings.waiting_per_key,
            retry_after=10,
        ) from error


def find(parts: Parts, caller: Principal, job_id: str, kind: str) -> Job:
    """Return a job of the caller's organisation.

    Raises
    ------
    NotFound
        If there is none of this id and kind, or it belongs to somebody else.
    """
    with parts.database.session(caller.organisation, read_only=True) as session:
        job = read_job(session, job_id)
    if job.kind != kind:
        raise NotFound("job")
    return job


def result_of(parts: Parts, caller: Principal, job: Job) -> dict[str, Any]:
    """Return the result of a job.

    Raises
    ------
    NotReady
        If it has none.
    """
    insist_on_result(job)
    with parts.database.session(caller.organisation, read_only=True) as session:
        content: dict[str, Any] = json.loads(read_result(session, job))
    return content


def insist_on_result(job: Job) -> None:
    """Refuse a job that has no result.

    Raises
    ------
    NotReady
        If it has none.
    """
    if not job.has_result:
        raise NotReady(f"The job is {job.state} and has no result.")


async def wait_for(parts: Parts, caller: Principal, job: Job, seconds: float) -> Job:
    """Return the job as soon as it is over, or as it is when the time is."""
    deadline = time.monotonic() + seconds
    pause = _POLL_SECONDS
    while not job.is_final and time.monotonic() < deadline:
        await asyncio.sleep(min(pause, max(deadline - time.monotonic(), 0)))
        pause = min(pause * 1.2, _SLOWEST_POLL_SECONDS)
        looking = parts.bulkheads.reads.run
        job = await looking(caller.organisation, find, parts, caller, job.id, job.kind)
    return job


def show(
    parts: Parts,
    caller: Principal,
    job: Job,
    address: str,
    *,
    brief: bool = False,
    hidden: Collection[str] = ("plan",),
    links: Sequence[str] = ("events", "stop", "plan", "explanations", "alerts", "page"),
    **more: Any,
) -> dict[str, Any]:
    """Return a job as a document.

    Parameters
    ----------
    parts, caller
        Of the request.
    job
        The job.
    address
        Path of the jobs of this kind, such as ``/v1/solves``.
    brief
        Whether to leave out progress and result, which are read one by one.
    hidden
        Fields of the result that have addresses of their own.
    links
        What else is found below the job's address.
    more
        Further fields.
    """
    own = f"{address}/{job.id}"
    is_running = job.state is JobState.RUNNING and not brief
    result = None
    if job.has_result and not brief:
        content = result_of(parts, caller, job)
        result = {name: value for name, value in content.items() if name not in hidden}
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state.value,
        "lane": job.lane.value,
        "attempt": job.attempt,
        "cached": job.cached,
        "parameters": dict(job.parameters),
        "created_at": _moment(job.created_at),
        "started_at": _moment(job.started_at),
        "finished_at": _moment(job.finished_at),
        "progress": _progress(parts, caller, job) if is_running else None,
        "result": result,
        "fault": None if job.fault is None else dict(job.fault),
        "links": {"self": own, **{name: f"{own}/{name}" for name in links}},
        **more,
    }


def accepted(document: dict[str, Any], job: Job, waited: float | None) -> JSONResponse:
    """Return the answer to whoever asked for a job: 200 if it is over, else 202."""
    headers = {"Location": document["links"]["self"]}
    if waited is not None:
        headers["Preference-Applied"] = f"wait={waited:g}"
    return JSONResponse(document, status_code=200 if job.is_final else 202, headers=headers)


def _progress(parts: Parts, caller: Principal, job: Job) -> dict[str, Any] | None:
    with parts.database.session(caller.organisation, read_only=True) as session:
        events = read_events(session, job.id, after=max(job.last_event - 5, 0))
    told = [event.payload for event in events if event.kind == "progress"]
    return dict(told[-1]) if told else None


def _moment(moment: datetime | None) -> str | None:
    return (
        None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )
