"""``/v1/office``: what the assessor does: spot checks and the evaluation of organisations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from service.api.matching import PlainRoute
from service.api.office import Assessor, EvidenceOf, ToBeEntered, takes_documents
from service.documents import office

router = APIRouter(prefix="/v1/office", tags=["office"], route_class=PlainRoute)

_SETTLED = ("scenario", "office", "plan", "deliveries")


@takes_documents(router, "/checks", "Settled", *_SETTLED, answer="homecare office checks")
async def checks(
    sent: Assessor,
    evidence: EvidenceOf = None,
    period: Annotated[str | None, Query(pattern=r"^[\w.-]{1,40}$")] = None,
) -> Response:
    """Draw spot checks: half by a public draw, half by what speaks against a visit.

    With deliveries or evidence it is whom to call afterwards, without whom to visit unannounced.
    Nothing is kept, and organisations are told nothing.
    """
    return await sent.answered(office.checks, evidence=evidence, period=period)


@takes_documents(
    router,
    "/evaluation",
    "Evaluated",
    *(*_SETTLED, "supervision", "rules"),
    answer="homecare office evaluate",
    statuses=(409,),
)
async def evaluation(
    sent: Assessor, entering: ToBeEntered, evidence: EvidenceOf = None
) -> Response:
    """Evaluate organisations by weighted indicators; what follows moves shares, never prices.

    With `rules` it says what becomes of shares. Entered, each organisation reads its own result.
    """
    return await sent.decided(office.evaluated, entering, evidence=evidence)
