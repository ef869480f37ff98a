"""``/v1/rosters``: what is in force, and a roster that was made elsewhere put in force."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from service.api.bodies import Body
from service.api.conditions import unless_known
from service.api.contract import answers, body, example, json_answer
from service.api.documents import work_out
from service.api.guard import Reader
from service.api.parts import Parts, Service
from service.api.publishing import Publication, PublishedDocument, Publisher, publish_roster
from service.api.repetition import repeatable
from service.api.rosters import documents_of, in_force, plan_of
from service.api.threads import BlockingRoute
from service.auth.permissions import Principal
from service.database.digests import digest_of
from service.database.tenancy import TenantSession
from service.documents.desk import RosterKey, StoredRoster
from service.documents.work import RosterSent, roster_sent
from service.jobs.blobs import pack_blob
from service.jobs.plans import Published, list_published
from service.jobs.rosters import keep_roster
from service.jobs.store import Job
from service.jobs.tables import BlobRow

router = APIRouter(prefix="/v1/rosters", tags=["rosters"], route_class=BlockingRoute)

_EXAMPLE = {"scenario": example("scenario"), "plan": example("plan")}
_KNOWN = {304: {"description": "The document is the one that `If-None-Match` names."}}


class RosterDocument(BaseModel):
    """A roster in force."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    scenario: str
    version: int
    "1, 2, 3 ... with every roster published for the scenario."
    job: str
    "The solve that made it, or what keeps one that was made by hand."
    published_by: str
    published_at: datetime
    figures: dict[str, Any] | None = None
    "Cost, visits made and left out, as far as they are known."
    links: dict[str, str]


class RosterList(BaseModel):
    """Rosters in force, by the ids of their jobs, the newest first."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[RosterDocument]
    next: str | None
    "What to give as `after` for the following page; null on the last one."


@router.post(
    "",
    status_code=201,
    response_model=PublishedDocument,
    responses=answers(409, 412, 413, 415),
    openapi_extra=repeatable(body("ScenarioAndPlan", _EXAMPLE)),
)
async def take_over(
    request: Request,
    caller: Publisher,
    service: Service,
    text: Body,
    over: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
) -> PublishedDocument:
    """Put a roster in force that was made elsewhere; `over` is the version that it replaces.

    It may break rules: a planner may know better. Its figures say whether it does.
    """
    sent = await work_out(service, caller, roster_sent, text)
    pack = service.bulkheads.writes.run
    document, result = await pack(caller.organisation, _packed, service, caller, sent)

    def keep(session: TenantSession) -> Job:
        return keep_roster(
            session, document=document, result=result, by=caller.key_id, parameters={}
        )

    digests = digest_of(sent.document), digest_of(sent.result)
    stored = StoredRoster(RosterKey(caller.organisation, *digests), sent.document, sent.result)
    publication = Publication(sent.scenario, stored, keep, over)
    return await publish_roster(service, caller, request, text, publication)


def _packed(service: Parts, caller: Principal, sent: RosterSent) -> tuple[BlobRow, BlobRow]:
    cipher = service.database.cipher
    return (
        pack_blob(cipher, caller.organisation, sent.document),
        pack_blob(cipher, caller.organisation, sent.result),
    )


@router.get("", response_model=RosterList, responses=answers())
def rosters(
    caller: Reader,
    service: Service,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[str, Query(pattern=r"^job_[0-9a-z]{26}$")] | None = None,
) -> RosterList:
    """List the rosters in force of the organisation, without their figures."""
    with service.database.session(caller.organisation, read_only=True) as session:
        page = list_published(session, limit=limit, after=after)
    return RosterList(items=[_shown(each) for each in page.items], next=page.next)


@router.get("/{scenario}", response_model=RosterDocument, responses=answers(404))
def roster(caller: Reader, service: Service, scenario: str) -> RosterDocument:
    """Say which roster is in force for a scenario, and its figures."""
    found, key = in_force(service, caller, scenario)
    content = json.loads(documents_of(service, key).plan or b"{}")
    told = {name: value for name, value in content.items() if name not in {"plan", "curve"}}
    return _shown(found, told)


@router.get(
    "/{scenario}/plan",
    response_class=Response,
    responses=answers(404, ok={200: json_answer("Plan", "The plan.", example("plan")), **_KNOWN}),
)
def plan(
    caller: Reader,
    service: Service,
    scenario: str,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Return the plan that is in force for a scenario."""
    _, key = in_force(service, caller, scenario)
    return unless_known(plan_of(documents_of(service, key)), if_none_match)


@router.get(
    "/{scenario}/scenario",
    response_class=Response,
    responses=answers(
        404, ok={200: json_answer("Scenario", "The scenario.", example("scenario")), **_KNOWN}
    ),
)
def scenario_in_force(
    caller: Reader,
    service: Service,
    scenario: str,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Return the scenario of the plan in force: with what has happened, without health records."""
    _, key = in_force(service, caller, scenario)
    return unless_known(documents_of(service, key).document or b"{}", if_none_match)


def _shown(found: Published, figures: dict[str, Any] | None = None) -> RosterDocument:
    own = f"/v1/rosters/{found.scenario}"
    return RosterDocument(
        scenario=found.scenario,
        version=found.version,
        job=found.job,
        published_by=found.published_by,
        published_at=found.published_at,
        figures=figures,
        links={"self": own, "plan": f"{own}/plan", "scenario": f"{own}/scenario"},
    )
