"""A visit put into a plan at every place, by trial before the verifier.

Nothing of the explanations is used. The other stops keep their people, contracts and order; those
that are tied to another visit or pinned to a minute keep their start. Every place in every route,
or in a shift without one, and every place of the break is tried, with all starts as early as they
may be and, where a rest is too short, leaving home so much later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise, product

from benchmarks.alone import Part
from optimizer.domain import Caregiver, CouplingKind, Plan, Scenario, Shift, Visit
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.plan import Break, Route, Stop
from optimizer.domain.policy import Rule
from optimizer.i18n import Sentence
from optimizer.travel import UNREACHABLE, TravelMatrices
from optimizer.units import LATEST_CLOCK, format_minutes, to_ms, to_ticks
from optimizer.verification import verify
from optimizer.verification.replay import replay

Line = tuple[str, dt.date, int]
"""Caregiver, day and number of the shift."""


@dataclass(frozen=True, slots=True)
class Halt:
    """One stop while its route is timed; times in milliseconds."""

    visit: Visit
    carer: int
    care: int
    earliest: int
    latest: int
    contract: str | None = None


@dataclass(frozen=True, slots=True)
class Inserted:
    """A route with one stop more: the start of that stop, and the rules that the plan breaks."""

    route: Route
    start: int
    broken: frozenset[str]
    rests: frozenset[int] = frozenset()
    "By how much each rest is too short, in milliseconds."


@dataclass(frozen=True)
class Beside:
    """Puts parts of visits into one plan.

    Attributes
    ----------
    scenario, roads, plan
        The scenario, its travel matrices, and a plan that breaks no rule.
    """

    scenario: Scenario
    roads: TravelMatrices
    plan: Plan

    @cached_property
    def _routes(self) -> dict[Line, Route]:
        """The routes of the plan, whose stops all name their contracts."""
        found = {}
        for one in self.plan.routes:
            stops = tuple(
                stop.model_copy(update={"contract": self._contracts.get((stop.visit, stop.carer))})
                for stop in one.stops
            )
            found[one.caregiver, one.date, one.shift] = one.model_copy(update={"stops": stops})
        return found

    @cached_property
    def _contracts(self) -> dict[tuple[str, int], str]:
        """Contract that each stop of the plan is charged to, by visit and carer."""
        played = replay(ScenarioIndex.of(self.scenario), self.scenario, self.plan, self.roads)
        return {
            (stop.visit.id, stop.stop.carer): contract
            for contract, stops in played.charged_to.items()
            for stop in stops
        }

    @cached_property
    def _visits(self) -> dict[str, Visit]:
        return {one.id: one for one in self.scenario.visits}

    @cached_property
    def _moments(self) -> dict[str, tuple[dt.date, int]]:
        return {
            stop.visit: (route.date, stop.start)
            for route in self.plan.routes
            for stop in route.stops
        }

    def lines(self) -> list[tuple[Line, Caregiver, Shift]]:
        """Return every shift of the horizon with its caregiver."""
        found = []
        for person, day in product(self.scenario.caregivers, self.scenario.horizon.dates()):
            shifts = sorted(
                (one for one in person.shifts if one.date == day), key=lambda one: one.start
            )
            found += [((person.id, day, n), person, shift) for n, shift in enumerate(shifts)]
        return found

    def insertions(
        self, part: Part, person: Caregiver, line: Line, shift: Shift, at: int | None = None
    ) -> Iterator[Inserted]:
        """Yield the plan with a part at every place of a line, and what it breaks.

        Parameters
        ----------
        part
            One carer's part of a visit, made as short as it may be.
        person, line, shift
            Where it is put.
        at
            The start it must have, or None.
        """
        route = self._routes.get(line)
        stops = [] if route is None else [self._halt(stop) for stop in route.stops]
        for halt in self._placed(part, line[1], at):
            for number in range(len(stops) + 1):
                halts = [*stops[:number], halt, *stops[number:]]
                rule = person.break_of(shift)
                gaps = [None] if rule is None else [None, *range(len(halts) + 1)]
                for gap in gaps:
                    yield from self._timed(part, person, line, shift, halts, gap, number)

    def tied(self, part: Part, person: Caregiver, line: Line) -> Iterator[frozenset[str]]:
        """Yield what the plan breaks with a part in a line at each start that its ties suggest.

        Only the stops that are tied to it stay in the line, at their time; whether there is
        time for the others is not asked.
        """
        route = self._routes.get(line)
        stops = () if route is None else route.stops
        mates = {
            name
            for tie in self.scenario.couplings
            if part.visit.id in (tie.first, tie.second)
            for name in (tie.first, tie.second)
        }
        kept = [self._halt(stop) for stop in stops if stop.visit in mates]
        window = part.visit.window
        (placed, *_) = self._placed(part, line[1], window.earliest)
        pin = part.visit.pin
        starts = {window.earliest, window.latest, *self._of_ties(part.visit, line[1])}
        if pin is not None and pin.start is not None:
            starts = {pin.start}
        for start in sorted(starts):
            if not window.earliest <= start <= window.latest:
                continue
            halts = sorted([*kept, replace(placed, earliest=start)], key=lambda halt: halt.earliest)
            ways = self._ways(person, halts)
            if ways is not None:
                times = [halt.earliest for halt in halts], None
                yield self._judged(part, line, halts, ways, times, 0).broken

    def _halt(self, stop: Stop) -> Halt:
        visit = self._visits[stop.visit]
        is_tied = len(visit.carers) > 1 or any(
            visit.id in (tie.first, tie.second)
            for tie in self.scenario.couplings
            if tie.kind is not CouplingKind.APART
        )
        fixed = visit.pin is not None and visit.pin.start is not None
        window = (
            (stop.start, stop.start)
            if is_tied or fixed
            else (visit.window.earliest, visit.window.latest)
        )
        return Halt(visit, stop.carer, stop.end - stop.start, *window, stop.contract)

    def _placed(self, part: Part, day: dt.date, at: int | None) -> list[Halt]:
        """Return the part with each earliest start that its window, pin and ties suggest."""
        need = part.visit.carers[part.carer - 1]
        tpm = self.scenario.ticks_per_minute
        care = to_ms(to_ticks(need.shortest or need.minutes, tpm), tpm)
        window = part.visit.window
        if at is not None:
            return [Halt(part.visit, part.carer, care, at, at)]
        if part.visit.pin is not None and part.visit.pin.start is not None:
            start = part.visit.pin.start
            return [Halt(part.visit, part.carer, care, start, start)]
        starts = {window.earliest, *self._of_ties(part.visit, day)}
        return [
            Halt(part.visit, part.carer, care, start, window.latest)
            for start in sorted(starts)
            if window.earliest <= start <= window.latest
        ]

    def _of_ties(self, visit: Visit, day: dt.date) -> Iterator[int]:
        """Yield the first start that each tie to a visit of the plan leaves on a day."""
        for tie in self.scenario.couplings:
            if tie.kind is not CouplingKind.AFTER or visit.id not in (tie.first, tie.second):
                continue
            other = tie.second if tie.first == visit.id else tie.first
            if other not in self._moments or self._moments[other][0] != day:
                continue
            start = self._moments[other][1]
            if tie.second == visit.id:
                yield start + tie.min_gap
            elif tie.max_gap is not None:
                yield start - tie.max_gap

    def _timed(
        self,
        part: Part,
        person: Caregiver,
        line: Line,
        shift: Shift,
        halts: list[Halt],
        gap: int | None,
        number: int,
    ) -> Iterator[Inserted]:
        ways = self._ways(person, halts)
        if ways is None:
            return
        soon = _soonest(person, shift, halts, ways, gap)
        found = self._judged(part, line, halts, ways, soon, number)
        yield found
        for short in sorted(found.rests):
            late = _soonest(person, shift, halts, ways, gap, soon[0][0] - ways[0] + short)
            yield self._judged(part, line, halts, ways, late, number)

    def _ways(self, person: Caregiver, halts: list[Halt]) -> list[int] | None:
        """Return the ways of a route in milliseconds, one more than it has stops."""
        homes = {one.id: one.home for one in self.scenario.clients}
        places = [person.home, *(homes[one.visit.client] for one in halts)]
        places.append(person.end_place or person.home)
        rows = [self.roads.index(one) for one in places]
        ways = [self.roads.between(person.mode, frm, to) for frm, to in pairwise(rows)]
        if max(ways) >= UNREACHABLE:
            return None
        return [to_ms(way, self.scenario.ticks_per_minute) for way in ways]

    def _judged(
        self,
        part: Part,
        line: Line,
        halts: list[Halt],
        ways: list[int],
        times: tuple[list[int], Break | None],
        number: int,
    ) -> Inserted:
        route = _route(line, halts, ways, *times)
        own = verify(self.scenario, self.with_routes((route,), {part.visit.id}), self.roads)
        broken = {_name(one.rule.value, one.detail) for one in own.violations}
        if any(start > halt.latest for start, halt in zip(times[0], halts, strict=True)):
            broken.add("window")
        tpm = self.scenario.ticks_per_minute
        rests = {to_ms(one.amount or 0, tpm) for one in own.violations if one.rule is Rule.REST}
        return Inserted(route, times[0][number], frozenset(broken), frozenset(rests))

    def with_routes(self, routes: tuple[Route, ...], placed: set[str]) -> Plan:
        """Return the plan with some routes changed and some visits off the list of those left."""
        lines = {(one.caregiver, one.date, one.shift) for one in routes}
        kept = [one for key, one in self._routes.items() if key not in lines]
        left = tuple(one for one in self.plan.unserved if one.visit not in placed)
        return Plan(scenario=self.plan.scenario, routes=(*kept, *routes), unserved=left)


def _name(rule: str, detail: str) -> str:
    """Return the name of a broken rule; the order of infectious clients has one of its own."""
    is_order = isinstance(detail, Sentence) and detail.key == "violation.allowed.infection"
    return "infection" if is_order else rule


def _soonest(
    person: Caregiver,
    shift: Shift,
    halts: list[Halt],
    ways: list[int],
    gap: int | None,
    leaves: int = 0,
) -> tuple[list[int], Break | None]:
    """Return every start as early as it may be, and the break before a stop or at the end.

    Nobody leaves home before `leaves`; a break before that is taken while the shift lasts.
    """
    rule, free, starts, pause = person.break_of(shift), shift.start, list[int](), None
    for number, halt in enumerate(halts):
        if rule is not None and gap == number:
            begin = max(rule.earliest, free)
            free = begin + rule.duration
            pause = _pause(begin, rule.duration, number)
        if number == 0:
            free = max(free, leaves)
        start = max(halt.earliest, free + ways[number])
        starts.append(start)
        free = start + halt.care
    if rule is not None and gap == len(halts):
        pause = _pause(max(rule.earliest, free + ways[-1]), rule.duration, gap)
    return starts, pause


def _pause(begin: int, duration: int, after: int) -> Break:
    return Break(start=_clock(begin), end=_clock(begin + duration), after_stops=after)


def _route(
    line: Line, halts: list[Halt], ways: list[int], starts: list[int], pause: Break | None
) -> Route:
    back = starts[-1] + halts[-1].care + ways[-1]
    return Route(
        caregiver=line[0],
        date=line[1],
        shift=line[2],
        departure=_clock(starts[0] - ways[0]),
        stops=tuple(
            Stop(
                visit=halt.visit.id,
                carer=halt.carer,
                arrival=_clock(start),
                start=_clock(start),
                end=_clock(start + halt.care),
                travel=format_minutes(way),
                contract=halt.contract,
            )
            for halt, start, way in zip(halts, starts, ways[:-1], strict=True)
        ),
        pause=pause,
        back=_clock(back),
        travel_back=format_minutes(ways[-1]),
    )


def _clock(ms: int) -> int:
    """Return a time that a route may have; what lies outside breaks a rule there as well."""
    return max(0, min(LATEST_CLOCK, ms))
