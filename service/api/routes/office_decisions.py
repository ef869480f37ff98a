"""``/v1/office``: what the purchaser decides: directory, admission, money, allocation, payment."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from service.api.contract import json_answer
from service.api.matching import PlainRoute
from service.api.office import EvidenceOf, Purchaser, ToBeEntered, takes_documents
from service.documents import office

router = APIRouter(prefix="/v1/office", tags=["office"], route_class=PlainRoute)

_ADMITTED = ("scenario", "office")


@takes_documents(
    router, "/directory", "ScenarioAndOffice", *_ADMITTED, answer="homecare office directory"
)
async def directory(sent: Purchaser, day: dt.date | None = None) -> Response:
    """Test organisations on a day (the first one planned if not given): permits, credit, contracts.

    Nothing is kept.
    """
    return await sent.answered(office.directory, day=None if day is None else str(day))


@takes_documents(router, "/admit", "ScenarioAndOffice", *_ADMITTED, answer="homecare office admit")
async def admit(
    sent: Purchaser,
    bought: Annotated[
        bool, Query(description="Whether the scenario to be planned is answered too.")
    ] = False,
) -> Response:
    """Test who is cared for on public money, in which category, from when, and why not.

    Nothing is kept.
    """
    return await sent.answered(office.admitted, bought=bought)


@takes_documents(
    router, "/purses", "ScenarioAndOffice", *_ADMITTED, answer="homecare office purses"
)
async def purses(sent: Purchaser) -> Response:
    """Set money aside: what each pool has left, when it runs dry, who waits and why.

    Nothing is kept.
    """
    return await sent.answered(office.purses)


@takes_documents(
    router,
    "/allocation",
    "ScenarioAndRules",
    *("scenario", "rules"),
    answer=json_answer(None, "The log that `homecare allocate --json` answers."),
    statuses=(409,),
)
async def allocation(
    sent: Purchaser,
    entering: ToBeEntered,
    allocated: Annotated[
        bool, Query(description="Whether the scenario with its organisations is answered too.")
    ] = False,
) -> Response:
    """Give clients to organisations by published rules, every line with its reason.

    Entered, each organisation reads whom it was given and offered, until when it may answer, and
    where it stands in the rotation. Rules that go on with more answers are a correction of it.
    """
    return await sent.decided(office.allocated, entering, allocated=allocated)


@takes_documents(
    router,
    "/settlement",
    "Settled",
    *("scenario", "office", "plan", "deliveries"),
    answer="homecare office settle",
    statuses=(409,),
)
async def settlement(
    sent: Purchaser, entering: ToBeEntered, evidence: EvidenceOf = None
) -> Response:
    """Settle a roster with what took place: what each contract is owed, and what is doubted.

    Entered, each organisation reads its contracts, its lines and the doubts about them.
    """
    return await sent.decided(office.settled, entering, evidence=evidence)
