"""``/v1/replans``: a roster mended after something has happened, with whom to call."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from optimizer.domain import Event, Events
from optimizer.i18n import Lang
from optimizer.replan import USUAL_ITERATIONS
from optimizer.units import Clock
from service.api.bodies import Body, body_of
from service.api.contract import answers, body, example, json_answer
from service.api.faults import InvalidRequest
from service.api.guard import Reader, Writer
from service.api.jobs import JobId, accept, accepted, find, result_of, show, wait_for
from service.api.parts import Parts, Service
from service.api.preferences import wait_seconds
from service.api.repetition import repeatable
from service.api.rosters import RosterName, ask, documents_of, key_of
from service.api.shapes import JobDocument, JobList
from service.api.threads import BlockingRoute
from service.auth.permissions import Principal
from service.documents.desk import RosterKey
from service.documents.rosters import verified_events
from service.documents.work import written
from service.jobs.kinds.replan import replan_document
from service.jobs.states import JobState, Lane
from service.jobs.store import Job, list_jobs, request_cancel

router = APIRouter(prefix="/v1/replans", tags=["replans"], route_class=BlockingRoute)

KIND = "replan"
ADDRESS = "/v1/replans"

_HIDDEN = ("plans", "day")
_JOB = json_answer("JobDocument", "The job, which may be over already, with its proposals.")


class ReplanRequest(BaseModel):
    """What has happened to a roster, and how hard to try."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    on: RosterName
    "Of which roster; changes are counted against it."
    events: Annotated[tuple[Event, ...], Field(max_length=1_000)] = ()
    "What has happened."
    date: dt.date | None = None
    "The day it happens on; the first one planned if not given."
    now: Clock | None = None
    "What begins up to this time has begun and stays as it is; nothing has if not given."
    freeze: Annotated[int, Field(ge=0, le=1440)] | None = None
    "Minutes after now in which visits move only if they must; the policy's if not given."
    iterations: Annotated[int, Field(ge=0, le=1_000_000)] = USUAL_ITERATIONS
    "Steps of the search per proposal."
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    "Random seed."
    lang: Lang = "en"
    "Language of what is to be said to whom."


_EXAMPLE = {
    "on": {"roster": "hamlet"},
    "now": "06:30",
    "events": [{"kind": "absent", "caregiver": "G002"}],
}


@router.post(
    "",
    status_code=202,
    response_model=JobDocument,
    responses=answers(404, 409, 413, 415, ok={200: _JOB}),
    openapi_extra=repeatable(body("ReplanRequest", _EXAMPLE)),
)
async def replan(
    request: Request,
    caller: Writer,
    service: Service,
    text: Body,
    wanted: Annotated[ReplanRequest, body_of(ReplanRequest)],
) -> JSONResponse:
    """Ask for a roster to be mended: proposals with their changes, and whom to call.

    `Prefer: wait=20` waits for them. To put one in force, take it into a draft (`accept`).
    """
    waited = wait_seconds(request, service.settings)
    read, write = service.bulkheads.reads.run, service.bulkheads.writes.run
    who = caller.organisation
    key = await read(who, key_of, service, caller, wanted.on)
    events = Events(date=wanted.date, now=wanted.now, events=wanted.events)
    await ask(service, caller, verified_events, (key,), events)
    given = service, caller, request, text, wanted, key, events
    job = await write(who, _accepted, *given)
    if waited and not job.is_final:
        job = await wait_for(service, caller, job, waited)
    shown = await read(who, _shown, service, caller, job)
    return accepted(shown, job, waited)


def _accepted(
    service: Parts,
    caller: Principal,
    request: Request,
    text: bytes,
    wanted: ReplanRequest,
    key: RosterKey,
    events: Events,
) -> Job:
    stored = documents_of(service, key)
    parameters = {
        "freeze": wanted.freeze,
        "iterations": wanted.iterations,
        "seed": wanted.seed,
        "lang": wanted.lang,
        "document": key.document,
        "plan": key.plan,
    }
    return accept(
        service,
        caller,
        request,
        text,
        kind=KIND,
        document=replan_document(stored.document or b"", stored.plan or b"", events),
        parameters=parameters,
        lane=Lane.INTERACTIVE,
    )


def _shown(service: Parts, caller: Principal, job: Job, *, brief: bool = False) -> dict[str, Any]:
    document = show(service, caller, job, ADDRESS, brief=brief, hidden=_HIDDEN, links=_LINKS)
    # Which roster it is of is for the service to know.
    for name in ("document", "plan"):
        document["parameters"].pop(name, None)
    return document


_LINKS = ("plan", "scenario")


@router.get("", response_model=JobList, responses=answers())
def replans(
    caller: Reader,
    service: Service,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[str, Query(pattern=r"^job_[0-9a-z]{26}$")] | None = None,
    state: Annotated[list[JobState], Query()] = [],  # noqa: B006 (FastAPI copies it)
) -> JSONResponse:
    """List the replans of the organisation, the newest first, without their proposals."""
    with service.database.session(caller.organisation, read_only=True) as session:
        page = list_jobs(session, limit=limit, after=after, states=state, kinds=[KIND])
    items = [_shown(service, caller, job, brief=True) for job in page.items]
    return JSONResponse({"items": items, "next": page.next})


@router.get("/{job_id}", response_model=JobDocument, responses=answers(404))
def replan_by_id(caller: Reader, service: Service, job_id: JobId) -> JSONResponse:
    """Say how far a replan is, and tell its proposals."""
    return JSONResponse(_shown(service, caller, find(service, caller, job_id, KIND)))


@router.get(
    "/{job_id}/plan",
    response_class=Response,
    responses=answers(
        404, 409, ok={200: json_answer("Plan", "The plan of a proposal.", example("plan"))}
    ),
)
def plan(
    caller: Reader,
    service: Service,
    job_id: JobId,
    proposal: Annotated[int, Query(ge=1, le=10)] = 1,
) -> Response:
    """Return the roster of a proposal, for the scenario as it is now."""
    plans = result_of(service, caller, find(service, caller, job_id, KIND))["plans"]
    if proposal > len(plans):
        words = f"proposal: the replan has {len(plans)}."
        raise InvalidRequest([("#proposal", "unknown-proposal", words)])
    return Response(written(plans[proposal - 1]), media_type="application/json")


@router.get(
    "/{job_id}/scenario",
    response_class=Response,
    responses=answers(
        404, 409, ok={200: json_answer("Scenario", "The scenario.", example("scenario"))}
    ),
)
def scenario(caller: Reader, service: Service, job_id: JobId) -> Response:
    """Return the scenario as it is after what has happened."""
    day = result_of(service, caller, find(service, caller, job_id, KIND))["day"]
    return Response(written(day), media_type="application/json")


@router.delete(
    "/{job_id}", status_code=202, response_model=JobDocument, responses=answers(404, 409)
)
def cancel(caller: Writer, service: Service, job_id: JobId) -> JSONResponse:
    """Give a replan up; it takes effect within a second."""
    find(service, caller, job_id, KIND)
    with service.database.session(caller.organisation) as session:
        job = request_cancel(session, job_id)
    return JSONResponse(_shown(service, caller, job), status_code=202)
