"""``/v1/compare``: two rosters side by side, and every visit that differs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from service.api.bodies import body_of
from service.api.contract import answers, body, json_answer
from service.api.guard import Writer
from service.api.matching import PlainRoute
from service.api.parts import Service
from service.api.rosters import RosterName, ask, key_of
from service.documents.rosters import told_apart

router = APIRouter(prefix="/v1", tags=["rosters"], route_class=PlainRoute)

_EXAMPLE = {
    "first": {"roster": "hamlet"},
    "second": {"draft": "drf_01k0exampleexampleexample0"},
}


class CompareRequest(BaseModel):
    """Two rosters, perhaps of two scenarios."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: RosterName
    second: RosterName


@router.post(
    "/compare",
    response_class=Response,
    responses=answers(
        404,
        409,
        413,
        415,
        ok={200: json_answer(None, "As `homecare compare --json` answers.")},
    ),
    openapi_extra=body("CompareRequest", _EXAMPLE),
)
async def compare(
    caller: Writer,
    service: Service,
    wanted: Annotated[CompareRequest, body_of(CompareRequest)],
) -> Response:
    """Compare two rosters: costs per term, and what becomes of each visit that differs."""
    read = service.bulkheads.reads.run
    keys = [
        await read(caller.organisation, key_of, service, caller, named)
        for named in (wanted.first, wanted.second)
    ]
    found = await ask(service, caller, told_apart, keys)
    return Response(found, media_type="application/json")
