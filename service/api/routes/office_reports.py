"""``/v1/office``: what the purchaser looks at and publishes; nothing is decided or kept."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from optimizer.purchase import NOTICE_DAYS, By
from service.api.contract import json_answer
from service.api.matching import PlainRoute
from service.api.office import EvidenceOf, Purchaser, takes_documents
from service.documents import office_reports

router = APIRouter(prefix="/v1/office", tags=["office"], route_class=PlainRoute)


@takes_documents(
    router, "/moves", "Moved", "scenario", "log", "office", answer="homecare office moves"
)
async def moves(
    sent: Purchaser,
    notice: Annotated[
        int,
        Query(ge=0, le=60, description="Working days between telling the client and the change."),
    ] = NOTICE_DAYS,
) -> Response:
    """Tell who changes the organisation by an allocation, why, from when on, and at what cost.

    `log` is what the allocation answered; the office is asked for its holidays only. Nothing is
    kept.
    """
    return await sent.answered(office_reports.moves, notice=notice)


@takes_documents(
    router,
    "/cascade",
    "Cascaded",
    *("scenario", "office", "plan", "rules", "deliveries"),
    answer="homecare office cascade",
)
async def cascade(
    sent: Purchaser,
    by: Annotated[list[By] | None, Query(description="What groups differ in.")] = None,
    evidence: EvidenceOf = None,
) -> Response:
    """Follow care from need to payment: each minute that is lost at one step, with one code.

    Only the scenario is needed: steps whose documents are not sent are not looked at. Nothing is
    kept.
    """
    groups = ",".join(str(one) for one in dict.fromkeys(by or ()))
    return await sent.answered(office_reports.cascade, evidence=evidence, by=groups)


@takes_documents(
    router,
    "/publication",
    "Evaluated",
    *("scenario", "office", "plan", "deliveries", "supervision"),
    answer="homecare office publish",
)
async def publication(sent: Purchaser, evidence: EvidenceOf = None) -> Response:
    """Return the tables of a period that may be published, with gaps for small counts.

    Nothing is kept.
    """
    return await sent.answered(office_reports.publication, evidence=evidence)


@takes_documents(
    router,
    "/timebank",
    "TimeBankOf",
    *("timebank", "scenario"),
    answer=json_answer(None, "As `homecare office timebank show --json` answers."),
)
async def time_bank(sent: Purchaser, day: dt.date | None = None) -> Response:
    """Return balances, orders and what is owed of a time bank; nothing is kept.

    On the latest day that it tells of, if no other is asked for. Accounts are held against the
    scenario if that is sent.
    """
    return await sent.answered(office_reports.time_bank, day=None if day is None else str(day))
