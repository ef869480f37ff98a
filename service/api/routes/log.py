"""``/v1/log``: the audit log of the organisation, for its administrators."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from service.api.contract import answers
from service.api.guard import requires
from service.api.parts import Parts, Service
from service.api.threads import BlockingRoute
from service.audit_log import append_entry, read_entries
from service.auth.permissions import Permission, Principal

router = APIRouter(prefix="/v1", tags=["log"], route_class=BlockingRoute)

Auditor = Annotated[Principal, requires(Permission.AUDIT_READ)]

_PAGE = 500
_LINES = {
    "description": "One entry per line, oldest first; `homecare service log verify` checks them.",
    "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
}


@router.get("/log", response_class=StreamingResponse, responses=answers(ok={200: _LINES}))
def log(
    caller: Auditor,
    service: Service,
    after: Annotated[int, Query(ge=0, le=2**53)] = 0,
) -> StreamingResponse:
    """Export the audit log; the export is an entry itself."""
    with service.database.session(caller.organisation) as session:
        append_entry(session, actor=caller.key_id, action="log.export", subject="log")
    return StreamingResponse(_lines(service, caller, after), media_type="application/x-ndjson")


def _lines(service: Parts, caller: Principal, after: int) -> Iterator[str]:
    """Yield the lines page by page: whoever reads slowly keeps no transaction open."""
    while True:
        with service.database.session(caller.organisation, read_only=True) as session:
            page = list(islice(read_entries(session, after=after), _PAGE))
        yield "".join(f"{entry.to_json()}\n" for entry in page)
        if len(page) < _PAGE:
            return
        after = page[-1].number
