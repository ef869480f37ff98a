"""``/v1/office``: what an organisation sends of its visits, and what it is told of decisions."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict

from service.api.bodies import Body
from service.api.contract import answers, body, example
from service.api.guard import requires
from service.api.matching import PlainRoute
from service.api.parts import Parts, Service
from service.api.repetition import once, repeatable
from service.auth.permissions import Permission, Principal
from service.database.tenancy import TenantSession
from service.documents.evidence import Accepted, Fresh, accepted
from service.documents.workroom import LARGE
from service.office.evidence import Evidence, add_evidence, evidence_in
from service.office.ledger import Notice, notices_of

router = APIRouter(prefix="/v1/office", tags=["office"], route_class=PlainRoute)

Sender = Annotated[Principal, requires(Permission.EVIDENCE_WRITE)]
Told = Annotated[Principal, requires(Permission.NOTICES_READ)]

Limit = Annotated[int, Query(ge=1, le=200)]
After = Annotated[str | None, Query(pattern=r"^[a-z]{3}_[0-9a-z]{26}$")]


class Sent(BaseModel):
    """Evidence that is kept from now on."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    scenario: str
    deliveries: int
    "How many records it holds."


class EvidenceDocument(Sent):
    """Evidence that was sent."""

    sent_at: datetime
    document: dict[str, Any]
    "The deliveries."


class EvidenceList(BaseModel):
    """Evidence of the own organisation, oldest first."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[EvidenceDocument]
    next: str | None
    "What to give as `after` for the following page; null on the last one."


class NoticeDocument(BaseModel):
    """What an entry of the district's ledger says of the own organisation."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    number: int
    "Of the entry."
    kind: str
    "`assignment`, `settlement` or `evaluation`."
    scenario: str
    "What it decides about; of an evaluation the office."
    told_at: datetime
    content: dict[str, Any]


class NoticeList(BaseModel):
    """What the own organisation was told, oldest first."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[NoticeDocument]
    next: str | None
    "What to give as `after` for the following page; null on the last one."


@router.post(
    "/evidence",
    status_code=201,
    response_model=Sent,
    responses=answers(409, 413, 415),
    openapi_extra=repeatable(body("Deliveries", example("office")["deliveries"])),
)
async def send(request: Request, caller: Sender, service: Service, text: Body) -> Sent:
    """Send what took place; it is kept as it is, and a later record of a stop replaces an earlier.

    Rulings are refused: who delivers does not rule.
    """
    heads = service.bulkheads
    head = heads.documents if len(text) < LARGE else heads.large
    fresh = Fresh(text, service.document_limits)
    found = await head.run(caller.organisation, service.workroom.do, accepted, fresh, len(text))
    adding = partial(_added, caller, found)
    write = partial(once, service, caller, request, text, Sent, adding)
    return await heads.writes.run(caller.organisation, write)


@router.get("/evidence", response_model=EvidenceList, responses=answers())
async def sent(
    caller: Told, service: Service, limit: Limit = 20, after: After = None
) -> EvidenceList:
    """List what the own organisation has sent."""
    read = service.bulkheads.reads.run
    found = await read(caller.organisation, _evidence, service, caller, after or "", limit + 1)
    items = [_shown(one) for one in found[:limit]]
    return EvidenceList(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/notices", response_model=NoticeList, responses=answers())
async def notices(
    caller: Told, service: Service, limit: Limit = 20, after: After = None
) -> NoticeList:
    """List what the district's ledger says of the own organisation, and of no other."""
    read = service.bulkheads.reads.run
    found = await read(caller.organisation, _notices, service, caller, after or "", limit + 1)
    items = [NoticeDocument.model_validate(one, from_attributes=True) for one in found[:limit]]
    return NoticeList(items=items, next=items[-1].id if len(found) > limit else None)


def _shown(one: Evidence) -> EvidenceDocument:
    return EvidenceDocument(
        id=one.id,
        scenario=one.scenario,
        deliveries=one.deliveries,
        sent_at=one.sent_at,
        document=json.loads(one.document),
    )


def _added(caller: Principal, found: Accepted, session: TenantSession) -> Sent:
    name = add_evidence(
        session, found.scenario, found.deliveries, found.document, actor=caller.key_id
    )
    return Sent(id=name, scenario=found.scenario, deliveries=found.deliveries)


def _evidence(service: Parts, caller: Principal, after: str, limit: int) -> list[Evidence]:
    with service.database.session(caller.organisation, read_only=True) as session:
        return list(evidence_in(session, after=after, limit=limit))


def _notices(service: Parts, caller: Principal, after: str, limit: int) -> list[Notice]:
    with service.database.session(caller.organisation, read_only=True) as session:
        return list(notices_of(session, after=after, limit=limit))
