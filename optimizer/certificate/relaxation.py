"""A relaxation of a scenario: who may do what, when, and how long travel takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy import bool_, int64
from numpy.typing import NDArray

from optimizer.certificate.shortest_paths import ShortestPaths
from optimizer.domain.caregiver import BreakRule, Shift
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.place import GeodesicTravel
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CouplingKind, Visit
from optimizer.matching import eligible
from optimizer.problem.latest_return import latest_return
from optimizer.problem.unserved_price import price_unserved
from optimizer.travel import TravelMatrices, travel_matrices
from optimizer.units import to_ticks

Bools = NDArray[bool_]
Ints = NDArray[int64]


@dataclass(frozen=True, slots=True)
class CaregiverDay:
    """One shift of one caregiver on one day; times in ticks since midnight.

    Attributes
    ----------
    caregiver, date, shift
        Whose, when, and which shift of that day, from 0.
    home, end
        Rows of the places where it begins and ends.
    opens, closes
        Start of the shift, and its end with the overtime that is permitted.
    group
        Which means of travel and longest leg it has, a number of `ShortestPaths`.
    pause
        Between which moments its break begins, and its length; None where none is due. Only
        certificates about hires count it.
    """

    caregiver: str
    date: dt.date
    shift: int
    home: int
    end: int
    opens: int
    closes: int
    group: int
    pause: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Relaxation:
    """What every plan has to respect, as far as certificates use it.

    Limits of working time, rests, gaps, contracts' caps and continuity are not in it, breaks and
    infections only where a certificate counts them. Whatever cannot be done here cannot be done at
    all.

    Attributes
    ----------
    index
        The scenario by ids.
    visit_of, carer_of
        Position of the visit, and which of its carers from 1, per stop; shape ``(stops,)``.
    place, earliest, latest, care
        Row of the client's home; window of the start and shortest acceptable care in ticks;
        shape ``(stops,)``.
    days
        Caregivers in file order, their days and shifts in order of time.
    infectious
        Whether the client of a stop is infectious, shape ``(stops,)``; only certificates about
        hires count that such visits come last.
    allowed
        Whether a stop may be made on a caregiver-day by definition of who may visit whom; shape
        ``(stops, days)``.
    together
        Stops that have to begin at the same moment with different caregivers.
    prices
        What leaving each visit unserved costs, in ticks of travel.
    paths
        Travel in ticks.
    """

    index: ScenarioIndex
    visit_of: Ints
    carer_of: Ints
    place: Ints
    earliest: Ints
    latest: Ints
    care: Ints
    infectious: Bools
    days: tuple[CaregiverDay, ...]
    allowed: Bools
    together: tuple[tuple[int, ...], ...]
    prices: tuple[int, ...]
    paths: ShortestPaths

    @classmethod
    def of(cls, scenario: Scenario, matrices: TravelMatrices | None = None) -> Relaxation:
        """Return the relaxation of a scenario without faults, its visits derived."""
        index = ScenarioIndex.of(scenario)
        roads = travel_matrices(scenario) if matrices is None else matrices
        tpm = scenario.ticks_per_minute
        stops = [
            (number, carer, visit, *_window(visit, tpm), to_ticks(_shortest(visit, carer), tpm))
            for number, visit in enumerate(scenario.visits)
            for carer in range(1, len(visit.carers) + 1)
        ]
        home = [roads.index(index.client[visit.client].home) for _, _, visit, *_ in stops]
        columns = [[row[n] for row in stops] for n in (0, 1, 3, 4, 5)]
        visit_of, carer_of, earliest, latest, care = (np.array(one, int64) for one in columns)
        groups: dict[tuple[int, int | None], int] = {}
        days = tuple(_caregiver_days(index, roads, groups))
        place = np.array(home, int64)
        return cls(
            index=index,
            visit_of=visit_of,
            carer_of=carer_of,
            place=place,
            earliest=earliest,
            latest=latest,
            care=care,
            infectious=np.array(
                ["infectious" in index.client[visit.client].flags for _, _, visit, *_ in stops],
                bool_,
            ),
            days=days,
            allowed=_allowed(index, days),
            together=_together(scenario, visit_of),
            prices=tuple(price_unserved(index, visit) for visit in scenario.visits),
            paths=ShortestPaths.of(
                roads.table,
                tuple(groups),
                _least_care(len(roads.places), place, care),
                is_metric=_is_metric(scenario, care),
            ),
        )

    @property
    def visit_ids(self) -> tuple[str, ...]:
        """Ids of the visits by position."""
        return tuple(visit.id for visit in self.index.scenario.visits)


def _window(visit: Visit, tpm: int) -> tuple[int, int]:
    """Return earliest and latest start; a pinned start leaves only that, or nothing."""
    earliest = to_ticks(visit.window.earliest, tpm)
    latest = to_ticks(visit.window.latest, tpm)
    if visit.pin is not None and visit.pin.start is not None:
        fixed = to_ticks(visit.pin.start, tpm)
        return max(earliest, fixed), min(latest, fixed)
    return earliest, latest


def _shortest(visit: Visit, carer: int) -> int:
    need = visit.carers[carer - 1]
    return need.minutes if need.shortest is None else min(need.minutes, need.shortest)


def _caregiver_days(
    index: ScenarioIndex, roads: TravelMatrices, groups: dict[tuple[int, int | None], int]
) -> Iterator[CaregiverDay]:
    tpm = index.scenario.ticks_per_minute
    for caregiver in index.scenario.caregivers:
        longest = None if caregiver.longest_leg is None else to_ticks(caregiver.longest_leg, tpm)
        key = roads.modes.index(caregiver.mode), longest
        group = groups.setdefault(key, len(groups))
        home, end = caregiver.home, caregiver.end_place or caregiver.home
        for date in index.dates:
            shifts = index.shifts_on(caregiver.id, date)
            for number, shift in enumerate(shifts):
                closes = latest_return(shifts, number, caregiver.overtime_limit)
                yield CaregiverDay(
                    caregiver=caregiver.id,
                    date=date,
                    shift=number,
                    home=roads.index(home),
                    end=roads.index(end),
                    opens=to_ticks(shift.start, tpm),
                    closes=to_ticks(closes, tpm),
                    group=group,
                    pause=_pause(caregiver.break_of(shift), shift, tpm),
                )


def _pause(rule: BreakRule | None, shift: Shift, tpm: int) -> tuple[int, int, int] | None:
    """Return the break of a shift that is long enough and has room for it."""
    if rule is None or shift.end - shift.start < rule.after:
        return None
    begin = max(rule.earliest, shift.start)
    until = min(rule.latest, shift.end - rule.duration)
    if begin > until:
        return None
    return to_ticks(begin, tpm), to_ticks(until, tpm), to_ticks(rule.duration, tpm)


def _allowed(index: ScenarioIndex, days: tuple[CaregiverDay, ...]) -> Bools:
    found = eligible(index)
    person = {caregiver.id: n for n, caregiver in enumerate(index.scenario.caregivers)}
    date_row = {date: n for n, date in enumerate(index.dates)}
    who = np.array([person[day.caregiver] for day in days], int64)
    when = np.array([date_row[day.date] for day in days], int64)
    return found.tables[:, who, when][found.kind_of]


def _together(scenario: Scenario, visit_of: Ints) -> tuple[tuple[int, ...], ...]:
    stops: dict[int, list[int]] = {}
    for stop, visit in enumerate(visit_of):
        stops.setdefault(int(visit), []).append(stop)
    position = {visit.id: number for number, visit in enumerate(scenario.visits)}
    groups: dict[int, tuple[int, ...]] = {
        number: (number,) for number in range(len(scenario.visits))
    }
    for tie in scenario.couplings:
        if tie.kind is CouplingKind.TOGETHER:
            joint = tuple(sorted({*groups[position[tie.first]], *groups[position[tie.second]]}))
            groups |= dict.fromkeys(joint, joint)
    return tuple(
        tuple(stop for visit in group for stop in stops[visit])
        for group in dict.fromkeys(groups.values())
    )


def _is_metric(scenario: Scenario, care: Ints) -> bool:
    """Return whether a detour is never shorter: any care makes up for what rounding may lose."""
    spec = scenario.travel
    return isinstance(spec, GeodesicTravel) and not spec.zones and bool((care >= 2).all())


def _least_care(places: int, place: Ints, care: Ints) -> Ints:
    """Return the shortest care at each place; -1 where nobody is visited."""
    least = np.full(places, -1, int64)
    for row, ticks in zip(place, care, strict=True):
        least[row] = ticks if least[row] < 0 else min(least[row], ticks)
    return least
