"""A pattern laid out over later days, as the roster that is told to everybody beforehand."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.pattern import Pattern
from optimizer.domain.place import Place
from optimizer.domain.plan import Plan, Route, Stop
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.pattern.due import Due, matched
from optimizer.travel import UNREACHABLE, TravelMatrices
from optimizer.units import MS_PER_MINUTE, to_ms

Key = tuple[str, dt.date, int]
"Caregiver, day and number of the shift."


@dataclass(frozen=True, slots=True)
class _Part:
    """One caregiver's part of a visit as the pattern has it."""

    visit: Visit
    carer: int
    start: int

    @property
    def end(self) -> int:
        """When it ends if it is given in full, in milliseconds since midnight."""
        return self.start + self.visit.carers[self.carer - 1].minutes


def laid_out(scenario: Scenario, pattern: Pattern, matrices: TravelMatrices) -> Plan:
    """Return the roster that a pattern asks for on the days of a scenario.

    It may break rules: people are on leave, windows have moved. As the published roster of the
    scenario it is what a search keeps to as far as that pays, see the term ``disruption``.
    Caregivers whom the scenario does not list any more are left out.

    Parameters
    ----------
    scenario
        With its visits.
    pattern
        Its clients need not all be there any more.
    matrices
        Travel of the scenario.
    """
    index = ScenarioIndex.of(scenario)
    found, _ = matched(index, pattern)
    parts: dict[Key, list[_Part]] = defaultdict(list)
    for name, due in found.items():
        visit = index.visit[name]
        for carer, caregiver in enumerate(due.slot.caregivers[: len(visit.carers)], start=1):
            if caregiver in index.caregiver:
                key = caregiver, due.date, _shift(index, caregiver, due)
                parts[key].append(_Part(visit, carer, due.slot.start))
    order = {person.id: number for number, person in enumerate(scenario.caregivers)}
    keys = sorted(parts, key=lambda key: (key[1], order[key[0]], key[2]))
    tpm = scenario.ticks_per_minute
    return Plan(
        scenario=scenario.id,
        routes=tuple(_route(index, matrices, key, parts[key], tpm) for key in keys),
    )


def _shift(index: ScenarioIndex, caregiver: str, due: Due) -> int:
    """Return the last shift of the day that has begun by the start, or the first one."""
    shifts = index.shifts_on(caregiver, due.date)
    begun = [number for number, one in enumerate(shifts) if one.start <= due.slot.start]
    return begun[-1] if begun else 0


def _route(
    index: ScenarioIndex, matrices: TravelMatrices, key: Key, parts: Iterable[_Part], tpm: int
) -> Route:
    person = index.caregiver[key[0]]
    here, stops = person.home, list[Stop]()
    for part in sorted(parts, key=lambda part: (part.start, part.visit.id, part.carer)):
        there = index.client[part.visit.client].home
        travel = _travel(matrices, person, here, there, tpm)
        free = stops[-1].end if stops else max(0, part.start - travel)
        stops.append(
            Stop(
                visit=part.visit.id,
                carer=part.carer,
                arrival=min(free + travel, part.start),
                start=part.start,
                end=part.end,
                travel=travel / MS_PER_MINUTE,
            )
        )
        here = there
    home = _travel(matrices, person, here, person.end_place or person.home, tpm)
    return Route(
        caregiver=key[0],
        date=key[1],
        shift=key[2],
        departure=max(0, stops[0].start - stops[0].travel),
        stops=tuple(stops),
        back=stops[-1].end + home,
        travel_back=home / MS_PER_MINUTE,
    )


def _travel(
    matrices: TravelMatrices, person: Caregiver, here: Place, there: Place, tpm: int
) -> int:
    """Return the travel time between two places, in milliseconds; 0 where there is no way."""
    ticks = matrices.between(person.mode, matrices.index(here), matrices.index(there))
    return to_ms(ticks, tpm) if ticks < UNREACHABLE else 0
