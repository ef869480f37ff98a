"""``/v1/office/ledger``: every decision that was entered, and each worked out anew."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from service.api.bodies import Body
from service.api.contract import answers, json_answer
from service.api.guard import requires
from service.api.matching import PlainRoute
from service.api.office import EvidenceOf, as_json, office_body, office_work
from service.api.parts import Service
from service.auth.permissions import Permission, Principal
from service.documents import office
from service.office.ledger import entry_of, ledger_of

router = APIRouter(prefix="/v1/office/ledger", tags=["office"], route_class=PlainRoute)

Auditor = Annotated[Principal, requires(Permission.OFFICE_AUDIT)]

_LINES = {
    "description": "One entry per line, oldest first; `homecare office audit` checks them.",
    "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
}


@router.get("", response_class=Response, responses=answers(ok={200: _LINES}))
async def ledger(caller: Auditor, service: Service) -> Response:
    """Export the ledger, its chain checked, byte for byte as a file of the commands is."""
    _, lines = await service.bulkheads.reads.run(caller.organisation, ledger_of, service.database)
    return Response(lines, media_type="application/x-ndjson")


@router.post(
    "/{number}/check",
    response_class=Response,
    responses=answers(404, 413, 415)
    | {
        200: json_answer(
            None,
            "Whether the entry `holds`, `fails`, or, other documents sent, is `unchecked`.",
            {
                "number": 1,
                "kind": "assignment",
                "subject": "village",
                "outcome": "holds",
                "other_documents": [],
                "details": [],
            },
        )
    },
    openapi_extra=office_body("OfficeDocuments", "scenario", "rules"),
)
async def check(
    caller: Auditor,
    service: Service,
    number: Annotated[int, Path(ge=1, le=2**53)],
    text: Body,
    evidence: EvidenceOf = None,
) -> Response:
    """Work an entry out anew from its documents, and name each claim that comes out otherwise."""
    read = service.bulkheads.reads.run
    entry = await read(caller.organisation, entry_of, service.database, number)
    found = await office_work(
        service, caller, office.checked, text, evidence=evidence, claimed=entry.body
    )
    return as_json(found)
