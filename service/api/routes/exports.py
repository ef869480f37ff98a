"""``/v1/exports``: figures for the district's analysts that single nobody out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from optimizer.disclosure import SMALLEST_CELL
from service.api.contract import answers
from service.api.guard import requires
from service.api.parts import Parts, Service
from service.api.threads import BlockingRoute
from service.auth.permissions import Permission, Principal
from service.database.faults import NotFound
from service.database.scope import SYSTEM
from service.people.exports import (
    Caseload,
    Division,
    caseloads_of,
    counted,
    note_export,
    plans_of_month,
    stored_plan,
    together,
)
from service.people.pseudonyms import pseudonym
from service.people.snapshots import Snapshot, tell

router = APIRouter(prefix="/v1/exports", tags=["exports"], route_class=BlockingRoute)

Analyst = Annotated[Principal, requires(Permission.AGGREGATES_READ)]
Month = Annotated[str, Query(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])$", examples=["2026-03"])]
"In which the plans were put in force, by UTC."


class CellDocument(BaseModel):
    """The clients of one cell together; null where they are too few to be told."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: str
    "Town, tier, band of ages or organisation; `unknown` where that is not told."
    clients: int | None
    visits: int | None
    unserved: int | None
    "Visits that are left out."
    minutes: int | None
    "Minutes with a carer; where two come, those of both."


class CountsDocument(BaseModel):
    """How many clients the plans in force are for, and what they get."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    month: str
    by: Division
    smallest_cell: int
    "Fewer clients are not told, nor is the one cell that would give them away."
    items: list[CellDocument]


class PseudonymousClient(BaseModel):
    """What one client gets, whose id is not told."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    client: str
    "The same in every month; the id does not follow from it."
    organisation: str
    visits: int
    unserved: int
    minutes: int
    carers: int
    "How many different people come."


class PseudonymousClients(BaseModel):
    """What clients get, one by one."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    month: str
    smallest_cell: int
    "Clients of an organisation are left out where it has fewer, or where that gives such away."
    items: list[PseudonymousClient]


@router.get("/counts", response_model=CountsDocument, responses=answers())
async def counts(caller: Analyst, service: Service, month: Month, by: Division) -> CountsDocument:
    """Count the clients of all plans in force, over all organisations.

    What was told of the month before is told again where a reader could learn of a few clients
    from the difference.
    """
    _, told = await _worked_out(service, caller, month, by.value)
    cells = [CellDocument.model_validate(cell, from_attributes=True) for cell in told.cells[by]]
    return CountsDocument(month=month, by=by, smallest_cell=SMALLEST_CELL, items=cells)


@router.get("/clients", response_model=PseudonymousClients, responses=answers())
async def clients(caller: Analyst, service: Service, month: Month) -> PseudonymousClients:
    """List what clients get, under pseudonyms."""
    found, snapshot = await _worked_out(service, caller, month, "clients")
    shown = (snapshot.cells[Division.ORGANISATION], counted(found, Division.ORGANISATION))
    # Then and now.
    told = set.intersection(
        *({cell.name for cell in cells if cell.clients is not None} for cells in shown)
    )
    items = [
        PseudonymousClient(
            client=pseudonym(service.database.secrets, each.organisation, each.client),
            organisation=each.organisation,
            visits=each.visits,
            unserved=each.unserved,
            minutes=each.minutes,
            carers=len(each.carers),
        )
        for each in found
        if each.organisation in told
    ]
    # By pseudonym: the order of ids would tell of them.
    items.sort(key=lambda item: item.client)
    return PseudonymousClients(month=month, smallest_cell=SMALLEST_CELL, items=items)


async def _worked_out(
    service: Parts, caller: Principal, month: str, what: str
) -> tuple[Sequence[Caseload], Snapshot]:
    # It writes, though its method does not say so.
    service.rates.take(caller.key_id)
    head = service.bulkheads.figures
    return await head.run(caller.organisation, _told, service, caller, month, what)


def _told(
    service: Parts, caller: Principal, month: str, what: str
) -> tuple[Sequence[Caseload], Snapshot]:
    """Return what each client gets in a month, and what may be told of it, once both are noted."""
    year, number = map(int, month.split("-"))
    with service.database.session(SYSTEM) as session:
        plans = plans_of_month(session, year, number)
        note_export(session, plans, actor=caller.key_id, what=what, month=month)
    found: list[Caseload] = []
    for plan in plans:
        # One that was erased just now is told of no more.
        with suppress(NotFound):
            stored = stored_plan(service.database, plan)
            found += service.workroom.do(caseloads_of, stored, len(stored.document))
    caseloads = together(found)
    return caseloads, tell(service.database, caseloads, month)
