"""What the district learns of the plans in force: figures of clients, over all organisations.

The documents that are opened are those that workers get; health records stay where they are.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import reduce

from sqlalchemy import select

from optimizer.disclosure import suppress_cells
from optimizer.domain import Client, Plan, Scenario
from service.audit_log import append_entry
from service.database.engine import Database
from service.database.tenancy import TenantSession
from service.jobs.store import read_document, read_job, read_result
from service.jobs.tables import PublishedRow

UNKNOWN = "unknown"
"Cell of those of whom it is not told."

_MINUTE = 60_000
_OLDEST_BAND = 90


class Division(StrEnum):
    """By what clients are counted."""

    ORGANISATION = "organisation"
    TOWN = "town"
    NEED_TIER = "need_tier"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class InForce:
    """A plan that was put in force.

    Attributes
    ----------
    organisation, scenario
        Whose, and what for.
    job
        The job that made it.
    """

    organisation: str
    scenario: str
    job: str


@dataclass(frozen=True, slots=True)
class Caseload:
    """What one client gets.

    Attributes
    ----------
    organisation, client
        Whose client, and the id.
    cells
        Where the client is counted, by division.
    visits, unserved
        Visits planned for, and those of them that are left out.
    minutes
        Minutes with a carer; where two come, those of both.
    carers
        Ids of all who come.
    """

    organisation: str
    client: str
    cells: Mapping[Division, str]
    visits: int
    unserved: int
    minutes: int
    carers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cell:
    """The clients of one cell together; all figures are None where they are too few.

    Attributes
    ----------
    name
        Town, tier, band of ages or organisation.
    clients, visits, unserved, minutes
        Sums.
    """

    name: str
    clients: int | None = None
    visits: int | None = None
    unserved: int | None = None
    minutes: int | None = None


def plans_of_month(session: TenantSession, year: int, month: int) -> Sequence[InForce]:
    """Return the plans in force that were published in a month (UTC), of every organisation.

    Parameters
    ----------
    session
        Of scope `SYSTEM`.
    year, month
        Such as 2026 and 3.
    """
    begin = datetime(year, month, 1, tzinfo=UTC)
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    query = (
        select(PublishedRow)
        .where(PublishedRow.published_at >= begin, PublishedRow.published_at < end)
        .order_by(PublishedRow.organisation, PublishedRow.scenario)
    )
    return [InForce(row.organisation, row.scenario, row.job) for row in session.scalars(query)]


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan as it is stored.

    Attributes
    ----------
    organisation
        Whose.
    document, result
        What it was made for, and what came out.
    """

    organisation: str
    document: bytes
    result: bytes


def stored_plan(database: Database, plan: InForce) -> StoredPlan:
    """Read a plan in force.

    Raises
    ------
    NotFound
        If it was erased in the meantime.
    """
    with database.session(plan.organisation, read_only=True) as session:
        job = read_job(session, plan.job)
        return StoredPlan(plan.organisation, read_document(session, job), read_result(session, job))


def caseloads_of(plan: StoredPlan) -> Sequence[Caseload]:
    """Return what each client of a plan gets, who has visits in it."""
    scenario = Scenario.model_validate_json(plan.document)
    made = Plan.model_validate(json.loads(plan.result)["plan"])
    minutes: dict[str, int] = defaultdict(int)
    carers: dict[str, set[str]] = defaultdict(set)
    for route in made.routes:
        for stop in route.stops:
            minutes[stop.visit] += stop.end - stop.start
            carers[stop.visit].add(route.caregiver)
    visits = defaultdict(list)
    for visit in scenario.visits:
        visits[visit.client].append(visit.id)
    return [
        Caseload(
            organisation=plan.organisation,
            client=client.id,
            cells=_cells(plan.organisation, client),
            visits=len(visits[client.id]),
            unserved=sum(visit not in carers for visit in visits[client.id]),
            minutes=sum(minutes[visit] for visit in visits[client.id]) // _MINUTE,
            carers=frozenset().union(*(carers.get(visit, ()) for visit in visits[client.id])),
        )
        for client in scenario.clients
        if client.id in visits
    ]


def together(caseloads: Iterable[Caseload]) -> Sequence[Caseload]:
    """Return one record per client over several plans; the last plan says what else is known."""
    found: dict[tuple[str, str], list[Caseload]] = defaultdict(list)
    for each in caseloads:
        found[each.organisation, each.client].append(each)
    return [reduce(_sum, several) for several in found.values()]


def counted(caseloads: Sequence[Caseload], by: Division) -> Sequence[Cell]:
    """Return the cells of a division by name; what would single somebody out is suppressed.

    What is suppressed depends on all divisions, as somebody may ask for each.

    Parameters
    ----------
    caseloads
        Each client once.
    by
        By what they are divided.
    """
    tables = {one: Counter(each.cells[one] for each in caseloads) for one in Division}
    shown = suppress_cells(tables)[by]
    return cells_of(members_of(caseloads, by), {cell for cell in shown if shown[cell] is None})


def members_of(caseloads: Iterable[Caseload], by: Division) -> Mapping[str, Sequence[Caseload]]:
    """Return the clients of each cell of a division."""
    members: dict[str, list[Caseload]] = defaultdict(list)
    for each in caseloads:
        members[each.cells[by]].append(each)
    return members


def cells_of(members: Mapping[str, Sequence[Caseload]], gaps: Collection[str]) -> Sequence[Cell]:
    """Return cells by name; those that are left open tell nothing."""
    return [
        Cell(name)
        if name in gaps
        else Cell(
            name,
            clients=len(those),
            visits=sum(each.visits for each in those),
            unserved=sum(each.unserved for each in those),
            minutes=sum(each.minutes for each in those),
        )
        for name, those in sorted(members.items())
    ]


def note_export(
    session: TenantSession, plans: Iterable[InForce], *, actor: str, what: str, month: str
) -> None:
    """Write into the log of every organisation that figures of its clients were exported.

    Parameters
    ----------
    session
        Of scope `SYSTEM`.
    plans
        What the figures are about.
    actor
        Key of whoever exports.
    what
        A division, or ``clients``.
    month
        Such as ``2026-03``.
    """
    of: dict[str, int] = defaultdict(int)
    for plan in plans:
        of[plan.organisation] += 1
    for organisation, number in of.items():
        append_entry(
            session,
            actor=actor,
            action="exports.read",
            subject=month,
            details={"what": what, "plans": number},
            organisation=organisation,
        )


def _cells(organisation: str, client: Client) -> Mapping[Division, str]:
    return {
        Division.ORGANISATION: organisation,
        Division.TOWN: client.town or UNKNOWN,
        Division.NEED_TIER: UNKNOWN if client.need_tier is None else str(client.need_tier),
        Division.AGE: UNKNOWN if client.age is None else _band(client.age),
    }


def _band(age: int) -> str:
    """Return ten years of age as a cell: ``0-59``, ``60-69``, ..., ``90-``."""
    if age < 60:
        return "0-59"
    first = age // 10 * 10
    return f"{_OLDEST_BAND}-" if first >= _OLDEST_BAND else f"{first}-{first + 9}"


def _sum(one: Caseload, other: Caseload) -> Caseload:
    return replace(
        other,
        visits=one.visits + other.visits,
        unserved=one.unserved + other.unserved,
        minutes=one.minutes + other.minutes,
        carers=one.carers | other.carers,
    )
