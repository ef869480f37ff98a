"""``/v1/needs``: from health records to visits, each with its reason; nothing is kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from optimizer.i18n import Lang
from optimizer.report import needs_document
from service.api.bodies import Body
from service.api.contract import answers, body, example, json_answer
from service.api.documents import read_scenario
from service.api.faults import InvalidRequest
from service.api.guard import Writer
from service.api.parts import Service

router = APIRouter(prefix="/v1", tags=["documents"])

ClientId = Annotated[str, Query(min_length=1, max_length=80, pattern=r"^[^\s/]+$")]


@router.post(
    "/needs",
    response_class=JSONResponse,
    responses=answers(413, 415, ok={200: json_answer(None, "As `homecare needs --json` answers.")}),
    openapi_extra=body("Scenario", example("scenario")),
)
def needs(
    caller: Writer,  # noqa: ARG001 (asked for its guard)
    service: Service,
    text: Body,
    client: Annotated[list[ClientId], Query(max_length=100)] = [],  # noqa: B006 (FastAPI copies it)
    lang: Lang = "en",
) -> JSONResponse:
    """Say what health records ask for, who pays, and which visits follow."""
    found = read_scenario(service, text).needs
    of = {one.client: one for one in found.clients}
    if set(client) - of.keys():
        words = "client: names somebody without health record or care plan."
        raise InvalidRequest([("#client", "unknown-client", words)])
    shown = [of[one] for one in client] if client else found.clients
    return JSONResponse(needs_document(found, shown, lang=lang))
