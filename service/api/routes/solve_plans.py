"""``/v1/solves/{id}/plan``: read a plan, and put it in force."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response

from service.api.conditions import etag_of, insist_on_match, unless_known
from service.api.contract import answers, example, json_answer
from service.api.faults import PlanChanged
from service.api.guard import Reader
from service.api.jobs import JobId, find, result_of
from service.api.parts import Parts, Service
from service.api.publishing import Publication, PublishedDocument, Publisher, publish_roster
from service.api.repetition import repeatable
from service.api.threads import BlockingRoute
from service.auth.permissions import Principal
from service.documents.desk import RosterKey
from service.jobs.plans import read_published
from service.jobs.store import Job

router = APIRouter(prefix="/v1/solves/{job_id}", tags=["solves"], route_class=BlockingRoute)

KIND = "solve"


@router.get(
    "/plan",
    response_class=Response,
    responses=answers(
        404,
        409,
        ok={
            200: json_answer("Plan", "The plan, as `homecare verify` reads it.", example("plan")),
            304: {"description": "The plan is the one that `If-None-Match` names."},
        },
    ),
)
def plan(
    caller: Reader,
    service: Service,
    job_id: JobId,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Return the plan of a solve that is over."""
    content = plan_bytes(result_of(service, caller, find(service, caller, job_id, KIND)))
    return unless_known(content, if_none_match)


@router.post(
    "/publish",
    response_model=PublishedDocument,
    responses=answers(404, 409, 412, 428),
    openapi_extra=repeatable(),
)
async def put_in_force(
    request: Request,
    caller: Publisher,
    service: Service,
    job_id: JobId,
    if_match: Annotated[str | None, Header()] = None,
    over: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
) -> PublishedDocument:
    """Put the plan in force for its scenario.

    `If-Match` names the plan that was read; `over` the version that it replaces (0 for none), so
    that two people do not publish over each other.
    """
    read = service.bulkheads.reads.run
    job, result = await read(caller.organisation, _finished, service, caller, job_id)
    insist_on_match(if_match, etag_of(plan_bytes(result)), PlanChanged())
    key = RosterKey(caller.organisation, job.document, str(job.result))
    publication = Publication(result["scenario"], key, lambda _session: job, over)
    return await publish_roster(service, caller, request, b"", publication)


def _finished(service: Parts, caller: Principal, job_id: str) -> tuple[Job, dict[str, Any]]:
    job = find(service, caller, job_id, KIND)
    return job, result_of(service, caller, job)


published = APIRouter(prefix="/v1/published", tags=["solves"], route_class=BlockingRoute)


@published.get("/{scenario}", response_model=PublishedDocument, responses=answers(404))
def in_force(caller: Reader, service: Service, scenario: str) -> PublishedDocument:
    """Say which plan is in force for a scenario."""
    with service.database.session(caller.organisation, read_only=True) as session:
        found = read_published(session, scenario)
    return PublishedDocument.model_validate(found, from_attributes=True)


def plan_bytes(result: dict[str, Any]) -> bytes:
    """Return a result's plan as it is sent."""
    return json.dumps(result["plan"], ensure_ascii=False, separators=(",", ":")).encode()
