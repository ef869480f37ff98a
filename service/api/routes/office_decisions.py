"""``/v1/office``: what the purchaser decides: directory, admission, money, allocation, payment."""

from __future__ import annotations

import datetime as dt
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

Purchaser = Annotated[Principal, requires(Permission.OFFICE_DECIDE)]

_TRIED = answers(413, 415)


@router.post(
    "/directory",
    response_class=Response,
    responses=_TRIED
    | {200: json_answer(None, "As `homecare office directory --json` answers, with warnings.")},
    openapi_extra=office_body("ScenarioAndOffice", "scenario", "office"),
)
async def directory(
    caller: Purchaser, service: Service, text: Body, day: dt.date | None = None
) -> Response:
    """Test organisations on a day (the first one planned if not given): permits, credit, contracts.

    Nothing is kept.
    """
    options = {"day": None if day is None else str(day)}
    return as_json(await office_work(service, caller, office.directory, text, options=options))


@router.post(
    "/admit",
    response_class=Response,
    responses=_TRIED
    | {200: json_answer(None, "As `homecare office admit --json` answers, with warnings.")},
    openapi_extra=office_body("ScenarioAndOffice", "scenario", "office"),
)
async def admit(
    caller: Purchaser,
    service: Service,
    text: Body,
    bought: Annotated[
        bool, Query(description="Whether the scenario to be planned is answered too.")
    ] = False,
) -> Response:
    """Test who is cared for on public money, in which category, from when, and why not.

    Nothing is kept.
    """
    options = {"bought": bought}
    return as_json(await office_work(service, caller, office.admitted, text, options=options))


@router.post(
    "/purses",
    response_class=Response,
    responses=_TRIED
    | {200: json_answer(None, "As `homecare office purses --json` answers, with warnings.")},
    openapi_extra=office_body("ScenarioAndOffice", "scenario", "office"),
)
async def purses(caller: Purchaser, service: Service, text: Body) -> Response:
    """Set money aside: what each pool has left, when it runs dry, who waits and why.

    Nothing is kept.
    """
    return as_json(await office_work(service, caller, office.purses, text))


@router.post(
    "/allocation",
    response_class=Response,
    responses=answers(409, 413, 415)
    | {200: json_answer(None, "The log that `homecare allocate --json` answers.")},
    openapi_extra=office_body("ScenarioAndRules", "scenario", "rules"),
)
async def allocation(
    caller: Purchaser,
    service: Service,
    text: Body,
    allocated: Annotated[
        bool, Query(description="Whether the scenario with its organisations is answered too.")
    ] = False,
    enter: Enter = False,
    correct: Correct = None,
) -> Response:
    """Give clients to organisations by published rules, every line with its reason.

    Entered, each organisation reads whom it was given, and where it stands in the rotation.
    """
    options = {"allocated": allocated}
    found = await office_work(service, caller, office.allocated, text, options=options)
    return await decided(service, caller, found, is_entered=enter, correct=correct)


@router.post(
    "/settlement",
    response_class=Response,
    responses=answers(409, 413, 415)
    | {200: json_answer(None, "As `homecare office settle --json` answers, with warnings.")},
    openapi_extra=office_body("Settled", "scenario", "office", "plan", "deliveries"),
)
async def settlement(
    caller: Purchaser,
    service: Service,
    text: Body,
    evidence: EvidenceOf = None,
    enter: Enter = False,
    correct: Correct = None,
) -> Response:
    """Settle a roster with what took place: what each contract is owed, and what is doubted.

    Entered, each organisation reads its contracts, its lines and the doubts about them.
    """
    found = await office_work(service, caller, office.settled, text, evidence=evidence)
    return await decided(service, caller, found, is_entered=enter, correct=correct)
