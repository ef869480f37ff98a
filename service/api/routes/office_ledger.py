"""``/v1/office/ledger``: every decision that was entered, and each worked out anew."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from service.api.contract import answers, json_answer
from service.api.guard import requires
from service.api.matching import PlainRoute
from service.api.office import Auditor, EvidenceOf, takes_documents
from service.api.parts import Service
from service.auth.permissions import Permission, Principal
from service.documents import office
from service.office.ledger import entry_of, ledger_of

router = APIRouter(prefix="/v1/office/ledger", tags=["office"], route_class=PlainRoute)

_LINES = {
    "description": "One entry per line, oldest first; `homecare office audit` checks them.",
    "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
}
_OUTCOME = json_answer(
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


@router.get("", response_class=Response, responses=answers(ok={200: _LINES}))
async def ledger(
    caller: Annotated[Principal, requires(Permission.OFFICE_AUDIT)], service: Service
) -> Response:
    """Export the ledger, its chain checked, byte for byte as a file of the commands is."""
    _, lines = await service.bulkheads.reads.run(caller.organisation, ledger_of, service.database)
    return Response(lines, media_type="application/x-ndjson")


@takes_documents(
    router,
    "/{number}/check",
    "OfficeDocuments",
    *("scenario", "rules"),
    answer=_OUTCOME,
    statuses=(404,),
)
async def check(
    sent: Auditor,
    number: Annotated[int, Path(ge=1, le=2**53)],
    evidence: EvidenceOf = None,
) -> Response:
    """Work an entry out anew from its documents, and name each claim that comes out otherwise."""
    read = sent.parts.bulkheads.reads.run
    entry = await read(sent.caller.organisation, entry_of, sent.parts.database, number)
    return await sent.answered(office.checked, evidence=evidence, claimed=entry.body)
