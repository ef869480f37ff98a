"""``/v1/solves/{id}/events``: what happens to a solve, as it happens."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse

from service.api.contract import answers
from service.api.events import event_stream
from service.api.guard import Reader
from service.api.jobs import JobId, find
from service.api.matching import PlainRoute
from service.api.parts import Service
from service.api.streams import OneStream

router = APIRouter(prefix="/v1/solves/{job_id}", tags=["solves"], route_class=PlainRoute)

_STREAM = {
    "description": (
        "Events `state` and `progress`, each with its number as `id`; the stream ends with the job."
    ),
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


@router.get("/events", response_class=StreamingResponse, responses=answers(404, ok={200: _STREAM}))
async def events(
    caller: Reader,
    service: Service,
    _stream: OneStream,
    job_id: JobId,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Follow a solve; `Last-Event-ID` goes on after that event.

    The stream ends with the job, and as soon as the key is revoked or has expired.
    """
    find_it = service.bulkheads.reads.run
    job = await find_it(caller.organisation, find, service, caller, job_id, "solve")
    known = last_event_id or ""
    after = int(known) if re.fullmatch(r"[0-9]{1,9}", known) else 0
    return StreamingResponse(
        event_stream(service, caller, job, after),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )
