"""``/v1/office``: what the assessor does: spot checks and the evaluation of organisations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from service.api.bodies import Body
from service.api.contract import answers, json_answer
from service.api.guard import requires
from service.api.matching import PlainRoute
from service.api.office import (
    Correct,
    Enter,
    EvidenceOf,
    as_json,
    decided,
    office_body,
    office_work,
)
from service.api.parts import Service
from service.auth.permissions import Permission, Principal
from service.documents import office

router = APIRouter(prefix="/v1/office", tags=["office"], route_class=PlainRoute)

Assessor = Annotated[Principal, requires(Permission.OFFICE_ASSESS)]


@router.post(
    "/checks",
    response_class=Response,
    responses=answers(413, 415)
    | {200: json_answer(None, "As `homecare office checks --json` answers, with warnings.")},
    openapi_extra=office_body("Settled", "scenario", "office", "plan", "deliveries"),
)
async def checks(
    caller: Assessor,
    service: Service,
    text: Body,
    evidence: EvidenceOf = None,
    period: Annotated[str | None, Query(pattern=r"^[\w.-]{1,40}$")] = None,
) -> Response:
    """Draw spot checks: half by a public draw, half by what speaks against a visit.

    With deliveries or evidence it is whom to call afterwards, without whom to visit unannounced.
    Nothing is kept, and organisations are told nothing.
    """
    options = {"period": period}
    found = await office_work(
        service, caller, office.checks, text, evidence=evidence, options=options
    )
    return as_json(found)


@router.post(
    "/evaluation",
    response_class=Response,
    responses=answers(409, 413, 415)
    | {200: json_answer(None, "As `homecare office evaluate --json` answers, with warnings.")},
    openapi_extra=office_body(
        "Evaluated", "scenario", "office", "plan", "deliveries", "supervision", "rules"
    ),
)
async def evaluation(
    caller: Assessor,
    service: Service,
    text: Body,
    evidence: EvidenceOf = None,
    enter: Enter = False,
    correct: Correct = None,
) -> Response:
    """Evaluate organisations by weighted indicators; what follows moves shares, never prices.

    With `rules` it says what becomes of shares. Entered, each organisation reads its own result.
    """
    found = await office_work(service, caller, office.evaluated, text, evidence=evidence)
    return await decided(service, caller, found, is_entered=enter, correct=correct)
