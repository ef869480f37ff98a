"""``/v1/needs``: from health records to visits, each with its reason; nothing is kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from optimizer.i18n import Lang
from service.api.bodies import Body
from service.api.contract import answers, body, example, json_answer
from service.api.documents import work_out
from service.api.faults import InvalidRequest
from service.api.guard import Writer
from service.api.matching import PlainRoute
from service.api.parts import Service
from service.documents import work

router = APIRouter(prefix="/v1", tags=["documents"], route_class=PlainRoute)

ClientId = Annotated[str, Query(min_length=1, max_length=80, pattern=r"^[^\s/]+$")]


@router.post(
    "/needs",
    response_class=JSONResponse,
    responses=answers(413, 415, ok={200: json_answer(None, "As `homecare needs --json` answers.")}),
    openapi_extra=body("Scenario", example("scenario")),
)
async def needs(
    caller: Writer,
    service: Service,
    text: Body,
    client: Annotated[list[ClientId], Query(max_length=100)] = [],  # noqa: B006 (FastAPI copies it)
    lang: Lang = "en",
) -> JSONResponse:
    """Say what health records ask for, who pays, and which visits follow."""
    found = await work_out(service, caller, work.needs, text, lang=lang, names=tuple(client))
    if found is None:
        words = "client: names somebody without health record or care plan."
        raise InvalidRequest([("#client", "unknown-client", words)])
    return JSONResponse(found)
