"""What is kept of one future that was solved: one row of a study, and its form as JSON."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Self

from optimizer.domain.client import Client
from optimizer.domain.policy import Priority
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.units import MS_PER_MINUTE

UNKNOWN = "-"
"Town, category or qualification of a cell where the data say none."


class Effort(StrEnum):
    """How hard a future was tried."""

    SHORT = "short"
    "Every future."
    LONG = "long"
    "Every tenth replication again, with ten times the steps and what is proven."
    WORST = "worst"
    "The worst replications again, likewise; they tell of themselves and correct nothing."
    VARIED = "varied"
    "Of one arm, with an assumption at one end of its range; they tell of assumptions only."


class Cell(NamedTuple):
    """Visits left out that have place, need, time, category and cause in common.

    Attributes
    ----------
    town, qualification
        Of the client; the highest that the visit asks for, such as ``N`` or ``C/2``.
    hour
        Hour of the day, 0 to 23, in which the visit may begin at the earliest.
    category
        Of the client.
    cause
        The first reason why it is left out, a code of ``docs/reasons.md``.
    visits, minutes
        How many, and minutes of care of all their carers.
    """

    town: str
    qualification: str
    hour: int
    category: str
    cause: str
    visits: int
    minutes: int


class Asked(NamedTuple):
    """Visits asked for in a town by a category of clients: visits, minutes, clients."""

    town: str
    category: str
    visits: int
    minutes: int
    clients: int


class Missed(NamedTuple):
    """What one client goes without: visits and minutes of care, and where and who they are."""

    client: str
    town: str
    category: str
    visits: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One future of one arm, solved.

    Attributes
    ----------
    arm, replication, year
        Which future; the year is None for a study of a single horizon.
    effort
        How hard it was tried.
    carers, absent
        Caregivers with shifts in the arm, and those of them who have none left.
    new_clients, gone_clients
        Clients with visits who are new, and those whose visits all fall away.
    visits, unserved
        Visits asked for and left out, by priority.
    minutes, unmet, shortened
        Minutes of care asked for, not given as the visit is left out, and taken off visits
        that are made.
    cells, asked, missed
        The same in detail; all that is left out, all that is asked for, all who go without.
    least
        Visits that are proven to stay out whatever anyone does; None where nobody has looked.
    cost
        Verified, in ticks of travel.
    steps
        Of the search.
    surplus
        Hours lost and asked for, less what was to be expected, see `Future`.
    assumed
        Assumptions that were drawn for this future; of a varied row the one that is at an end.
    """

    arm: str
    replication: int
    year: int | None = None
    effort: Effort = Effort.SHORT
    carers: int
    absent: int
    new_clients: int
    gone_clients: int
    visits: Mapping[str, int]
    unserved: Mapping[str, int]
    minutes: int
    unmet: int
    shortened: int
    cells: tuple[Cell, ...] = ()
    asked: tuple[Asked, ...] = ()
    missed: tuple[Missed, ...] = ()
    least: int | None = None
    cost: int
    steps: int
    surplus: Mapping[str, float] = field(default_factory=dict)
    assumed: Mapping[str, float] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Name of the row: which future, and how hard it was tried."""
        return row_key(self.arm, self.replication, self.year, self.effort)

    @property
    def num_unserved(self) -> int:
        """Visits left out, whatever their priority."""
        return sum(self.unserved.values())

    @property
    def value(self) -> tuple[int, ...]:
        """Sort key by which a worse future is larger: critical visits first."""
        return (*(self.unserved.get(one.value, 0) for one in Priority), self.unmet)

    def as_json(self) -> dict[str, Any]:
        """Return the row as plain data with its key."""
        written = {"key": self.key, **asdict(self)}
        if not self.assumed:
            del written["assumed"]
        return written

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the row that `as_json` wrote."""
        fields = {name: value for name, value in data.items() if name != "key"}
        fields["effort"] = Effort(fields["effort"])
        for name, kind in (("cells", Cell), ("asked", Asked), ("missed", Missed)):
            fields[name] = tuple(kind(*one) for one in fields[name])
        return cls(**fields)

    @classmethod
    def from_line(cls, line: bytes) -> Self:
        """Return the row of a line of canonical JSON."""
        return cls.from_json(json.loads(line))


def row_key(arm: str, replication: int, year: int | None, effort: Effort) -> str:
    """Return the name of a row; names sort by replication, then arm, year and effort."""
    when = "" if year is None else f"/{year}"
    return f"{replication:06d}/{arm}{when}/{effort.value}"


def canonical(data: Any) -> str:
    """Return data as JSON in one way only, so that equal rows are equal bytes."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def qualification_of(visit: Visit) -> str:
    """Return the highest qualification that a visit asks for, such as ``N`` or ``C/2``."""
    needs = [one for need in visit.carers for one in need.qualifications]
    if not needs:
        return UNKNOWN
    # Care workers' grades are many; whatever else is asked for is the scarcer thing.
    top = max(needs, key=lambda one: (one.code != "C", one.level, one.code))
    return top.code if top.level == 1 else f"{top.code}/{top.level}"


def minutes_of(visit: Visit) -> int:
    """Return the minutes of care of all carers of a visit, rounded."""
    return round(sum(need.minutes for need in visit.carers) / MS_PER_MINUTE)


@dataclass(frozen=True, slots=True)
class Details:
    """Who asks for what, and who goes without, in one scenario."""

    scenario: Scenario
    causes: Mapping[str, str]
    "Cause per id of a visit that is left out."

    def left(self) -> tuple[Visit, ...]:
        """Return the visits left out, in the scenario's order."""
        return tuple(one for one in self.scenario.visits if one.id in self.causes)

    def cells(self) -> tuple[Cell, ...]:
        """Return what is left out by town, qualification, hour, category and cause."""
        clients = {one.id: one for one in self.scenario.clients}
        sums: dict[tuple[str, str, int, str, str], list[int]] = defaultdict(lambda: [0, 0])
        for visit in self.left():
            client = clients[visit.client]
            hour = visit.window.earliest // (60 * MS_PER_MINUTE) % 24
            key = (*place_of(client), qualification_of(visit), hour, self.causes[visit.id])
            town, category, need, at, cause = key
            total = sums[town, need, at, category, cause]
            total[0] += 1
            total[1] += minutes_of(visit)
        return tuple(Cell(*key, *total) for key, total in sorted(sums.items()))

    def asked(self) -> tuple[Asked, ...]:
        """Return what is asked for by town and category."""
        clients = {one.id: one for one in self.scenario.clients}
        sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        people: dict[tuple[str, str], set[str]] = defaultdict(set)
        for visit in self.scenario.visits:
            key = place_of(clients[visit.client])
            sums[key][0] += 1
            sums[key][1] += minutes_of(visit)
            people[key].add(visit.client)
        return tuple(
            Asked(town, category, visits, minutes, len(people[town, category]))
            for (town, category), (visits, minutes) in sorted(sums.items())
        )

    def missed(self) -> tuple[Missed, ...]:
        """Return who goes without, by id."""
        clients = {one.id: one for one in self.scenario.clients}
        visits: dict[str, list[Visit]] = defaultdict(list)
        for visit in self.left():
            visits[visit.client].append(visit)
        return tuple(
            Missed(client, *place_of(clients[client]), len(ones), sum(map(minutes_of, ones)))
            for client, ones in sorted(visits.items())
        )


def place_of(client: Client) -> tuple[str, str]:
    """Return town and category of a client as cells name them."""
    return client.town or UNKNOWN, client.category or UNKNOWN


def by_priority(visits: Iterable[Visit]) -> dict[str, int]:
    """Return how many visits of each priority there are; every priority is named."""
    counts = dict.fromkeys((one.value for one in Priority), 0)
    for visit in visits:
        counts[visit.priority.value] += 1
    return counts
