"""``/v1/office``: what the purchaser looks at and publishes; nothing is decided or kept."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from optimizer.purchase import By
from service.api.bodies import Body
from service.api.contract import answers, json_answer
from service.api.guard import requires
from service.api.matching import PlainRoute
from service.api.office import EvidenceOf, as_json, office_body, office_work
from service.api.parts import Service
from service.auth.permissions import Permission, Principal
from service.documents import office_reports

router = APIRouter(prefix="/v1/office", tags=["office"], route_class=PlainRoute)

Purchaser = Annotated[Principal, requires(Permission.OFFICE_DECIDE)]


@router.post(
    "/cascade",
    response_class=Response,
    responses=answers(413, 415)
    | {200: json_answer(None, "As `homecare office cascade --json` answers, with warnings.")},
    openapi_extra=office_body("Cascaded", "scenario", "office", "plan", "rules", "deliveries"),
)
async def cascade(
    caller: Purchaser,
    service: Service,
    text: Body,
    by: Annotated[list[By] | None, Query(description="What groups differ in.")] = None,
    evidence: EvidenceOf = None,
) -> Response:
    """Follow care from need to payment: each minute that is lost at one step, with one code.

    Only the scenario is needed: steps whose documents are not sent are not looked at. Nothing is
    kept.
    """
    options = {"by": ",".join(str(one) for one in dict.fromkeys(by or ()))}
    found = await office_work(
        service, caller, office_reports.cascade, text, evidence=evidence, options=options
    )
    return as_json(found)


@router.post(
    "/publication",
    response_class=Response,
    responses=answers(413, 415)
    | {200: json_answer(None, "As `homecare office publish --json` answers, with warnings.")},
    openapi_extra=office_body(
        "Evaluated", "scenario", "office", "plan", "deliveries", "supervision"
    ),
)
async def publication(
    caller: Purchaser, service: Service, text: Body, evidence: EvidenceOf = None
) -> Response:
    """Return the tables of a period that may be published, with gaps for small counts.

    Nothing is kept.
    """
    found = await office_work(service, caller, office_reports.publication, text, evidence=evidence)
    return as_json(found)


@router.post(
    "/timebank",
    response_class=Response,
    responses=answers(413, 415)
    | {200: json_answer(None, "As `homecare office timebank show --json` answers.")},
    openapi_extra=office_body("TimeBankOf", "timebank", "scenario"),
)
async def time_bank(
    caller: Purchaser, service: Service, text: Body, day: dt.date | None = None
) -> Response:
    """Return balances, orders and what is owed of a time bank; nothing is kept.

    On the latest day that it tells of, if no other is asked for. Accounts are held against the
    scenario if that is sent.
    """
    options = {"day": None if day is None else str(day)}
    return as_json(
        await office_work(service, caller, office_reports.time_bank, text, options=options)
    )
