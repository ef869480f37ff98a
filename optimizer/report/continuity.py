"""How many caregivers a client sees, and whether they come at the usual time."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import fmean

from optimizer.report.roster import Roster


@dataclass(frozen=True, slots=True)
class Continuity:
    """What one client sees of caregivers within the horizon.

    Attributes
    ----------
    client
        Id of the client.
    stops
        Stops at the client; a visit by two carers is two.
    caregivers
        Different caregivers who come.
    most
        How many may come; None for any number.
    main
        Who comes most often, of equals the first by id.
    by_main, by_two
        Stops by the one, and by the two, who come most often.
    timed, on_time
        Stops of visits that have a preferred time, and those of them that begin by then.
    responsible
        Who answers for the client; None for nobody, or somebody who is not listed any more.
    by_responsible, due
        Stops by the responsible caregiver, and how many of them are due.
    """

    client: str
    stops: int
    caregivers: int
    most: int | None
    main: str
    by_main: int
    by_two: int
    timed: int
    on_time: int
    responsible: str | None = None
    by_responsible: int = 0
    due: int = 0


def continuity_of(roster: Roster) -> tuple[Continuity, ...]:
    """Return what every client with a stop sees, in the scenario's order."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    timed, on_time = Counter[str](), Counter[str]()
    for route in roster.routes:
        for stop in route.stops:
            visit = roster.visits[stop.visit]
            seen[visit.client][route.caregiver] += 1
            if visit.preferred_until is not None:
                timed[visit.client] += 1
                on_time[visit.client] += stop.start <= visit.preferred_until
    of_all = roster.scenario.policy.most_caregivers
    listed = {caregiver.id for caregiver in roster.scenario.caregivers}
    visits = Counter(visit.client for visit in roster.scenario.visits)
    found = []
    for client in roster.scenario.clients:
        by = seen.get(client.id)
        if by is None:
            continue
        own = client.responsible
        if own is not None and own.caregiver not in listed:
            own = None
        often = sorted(by.items(), key=lambda one: (-one[1], one[0]))
        found.append(
            Continuity(
                client=client.id,
                stops=by.total(),
                caregivers=len(by),
                most=of_all if client.most_caregivers is None else client.most_caregivers,
                main=often[0][0],
                by_main=often[0][1],
                by_two=sum(stops for _, stops in often[:2]),
                timed=timed[client.id],
                on_time=on_time[client.id],
                responsible=None if own is None else own.caregiver,
                by_responsible=0 if own is None else by[own.caregiver],
                due=0 if own is None else visits[client.id] * own.min_share // 100,
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Circles:
    """The same of all clients together; shares in percent.

    Attributes
    ----------
    mean, most
        Different caregivers per client on average, and at the client with the most.
    by_main, by_two
        Share of a client's stops by the one, and by the two, who come most often, on average.
    on_time
        Share of stops with a preferred time that begin by then; None if there are none.
    """

    mean: float
    most: int
    by_main: float
    by_two: float
    on_time: float | None


def circles_of(rows: tuple[Continuity, ...]) -> Circles | None:
    """Return the figures of all clients; None if nobody is visited."""
    if not rows:
        return None
    timed = sum(row.timed for row in rows)
    return Circles(
        mean=fmean(row.caregivers for row in rows),
        most=max(row.caregivers for row in rows),
        by_main=100 * fmean(row.by_main / row.stops for row in rows),
        by_two=100 * fmean(row.by_two / row.stops for row in rows),
        on_time=100 * sum(row.on_time for row in rows) / timed if timed else None,
    )
