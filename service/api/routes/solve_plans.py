"""``/v1/solves/{id}/plan``: read a plan, and put it in force."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from service.api.contract import answers, example, json_answer
from service.api.faults import ConditionNeeded, PlanChanged
from service.api.guard import Reader, requires
from service.api.jobs import JobId, find, result_of
from service.api.parts import Service
from service.api.repetition import once, repeatable
from service.api.threads import BlockingRoute
from service.auth.permissions import Permission, Principal
from service.database.digests import digest_of
from service.database.tenancy import TenantSession
from service.jobs.plans import publish, read_published

router = APIRouter(prefix="/v1/solves/{job_id}", tags=["solves"], route_class=BlockingRoute)

KIND = "solve"

Publisher = Annotated[Principal, requires(Permission.PLANS_PUBLISH)]


class PublishedDocument(BaseModel):
    """The plan that is in force for a scenario."""

    scenario: str
    job: str
    version: int
    published_by: str
    published_at: datetime


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
    etag = etag_of(content)
    if names(if_none_match, etag):
        return Response(status_code=304, headers={"ETag": etag})
    return Response(content, media_type="application/json", headers={"ETag": etag})


@router.post(
    "/publish",
    response_model=PublishedDocument,
    responses=answers(404, 409, 412, 428),
    openapi_extra=repeatable(),
)
def put_in_force(
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
    job = find(service, caller, job_id, KIND)
    result = result_of(service, caller, job)
    if if_match is None:
        raise ConditionNeeded
    if not names(if_match, etag_of(plan_bytes(result))):
        raise PlanChanged

    def make(session: TenantSession) -> PublishedDocument:
        made = publish(session, result["scenario"], job, by=caller.key_id, over=over)
        return PublishedDocument.model_validate(made, from_attributes=True)

    return once(service, caller, request, b"", PublishedDocument, make)


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


def etag_of(content: bytes) -> str:
    """Return what stands for a content in ``ETag`` and ``If-Match``."""
    return f'"{digest_of(content)[:32]}"'


def names(header: str | None, etag: str) -> bool:
    """Return whether a condition names a content."""
    if header is None:
        return False
    listed = {each.strip().removeprefix("W/") for each in header.split(",")}
    return "*" in listed or etag in listed
