"""The day as it has really run until now: what was told, at the times that were reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from optimizer.domain.event import Actual
from optimizer.domain.plan import Break, Plan, Route, Stop
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CouplingKind
from optimizer.travel import TravelMatrices
from optimizer.units import MS_PER_MINUTE, to_ms

SHORTEST = MS_PER_MINUTE
"Milliseconds that a visit lasts at least whose end nobody has reported."


def as_it_ran(
    scenario: Scenario,
    plan: Plan,
    matrices: TravelMatrices,
    date: dt.date,
    now: int,
    actuals: Sequence[Actual],
    longer: Mapping[str, int],
) -> Plan:
    """Return a roster in which what is reported has its real times, and pushes what follows it.

    A visit of which nothing is reported begins as it was told, or as soon as whoever makes it gets
    there. One that begins sooner than the end of the visit before allows ends that visit, if
    nobody has reported its end.

    Parameters
    ----------
    scenario, plan, matrices
        The day as it was planned.
    date, now
        The day, and the time in milliseconds since its midnight.
    actuals
        What is reported, of visits of that day.
    longer
        Milliseconds that visits take more, if they have begun.
    """
    begun = {
        stop.visit
        for route in plan.routes
        for stop in route.stops
        if route.date == date and stop.start <= now and stop.visit in longer
    }
    if not actuals and not begun:
        return plan
    reported = _with_mates(scenario, {one.visit: (one.start, one.end) for one in actuals})
    clock = _Clock(scenario, matrices, reported, now, {one: longer[one] for one in begun})
    of_day = [route for route in plan.routes if route.date == date]
    start = {stop.visit: stop.start for route in of_day for stop in route.stops}
    start |= {visit: times[0] for visit, times in reported.items() if visit in start}
    mates = [
        (tie.first, tie.second)
        for tie in scenario.couplings
        if tie.kind is CouplingKind.TOGETHER
        and {tie.first, tie.second} <= set(start) - set(reported)
    ]
    for _ in range(len(start)):
        # Whoever is pushed pushes others: carers of the same visit, and visits that begin as one.
        pushed = dict(start)
        for stop in (stop for _, stops in clock.lines(of_day, start) for stop in stops):
            if stop.visit not in reported:
                pushed[stop.visit] = max(pushed[stop.visit], stop.start)
        for pair in mates:
            pushed |= dict.fromkeys(pair, max(pushed[one] for one in pair))
        if pushed == start:
            break
        start = pushed
    real = {id(route): clock.route(route, stops) for route, stops in clock.lines(of_day, start)}
    routes = [real.get(id(route), route) for route in plan.routes]
    return plan.model_copy(update={"routes": tuple(routes)})


def _with_mates(
    scenario: Scenario, reported: dict[str, tuple[int, int | None]]
) -> dict[str, tuple[int, int | None]]:
    """Return what is reported, also of visits that begin as one with these: when both are there."""
    found = dict(reported)
    for tie in scenario.couplings:
        if tie.kind is not CouplingKind.TOGETHER:
            continue
        pair = [one for one in (tie.first, tie.second) if one in reported]
        if pair:
            begun = max(reported[one][0] for one in pair)
            for one in (tie.first, tie.second):
                found[one] = begun, reported.get(one, (0, None))[1]
    return found


@dataclass(frozen=True, slots=True)
class _Clock:
    """Puts the stops of a route at their real times."""

    scenario: Scenario
    matrices: TravelMatrices
    reported: Mapping[str, tuple[int, int | None]]
    now: int
    longer: Mapping[str, int]

    def lines(
        self, routes: Sequence[Route], start: Mapping[str, int]
    ) -> Iterator[tuple[Route, list[Stop]]]:
        """Yield the routes of a day with their stops; a second shift begins after the first."""
        back: dict[str, int] = {}
        for route in sorted(routes, key=lambda one: (one.caregiver, one.shift)):
            stops = self.line(route, start, back.get(route.caregiver, 0))
            back[route.caregiver] = stops[-1].end + route.travel_back
            yield route, stops

    def line(self, route: Route, start: Mapping[str, int], free: int) -> list[Stop]:
        """Return the stops of a route, those that have begun in the order of their starts."""
        begun = [stop for stop in route.stops if start[stop.visit] <= self.now]
        begun.sort(key=lambda stop: (start[stop.visit], stop.visit not in self.reported))
        later = [stop for stop in route.stops if start[stop.visit] > self.now]
        found: list[Stop] = []
        for number, stop in enumerate((*begun, *later)):
            begin, end = self.reported.get(stop.visit, (None, None))
            before = found[-1] if found else None
            if begin is None:
                begin = max(start[stop.visit], self._there(route, before, stop, number, free))
            elif before is not None and self.reported.get(before.visit, (0, None))[1] is None:
                leaves = begin - self._way(route, before, stop)
                ended = max(before.start + SHORTEST, min(before.end, leaves))
                found[-1] = before.model_copy(update={"end": ended})
            lasts = stop.end - stop.start + self.longer.get(stop.visit, 0)
            end = begin + lasts if end is None else end
            found.append(stop.model_copy(update={"start": begin, "end": end, "arrival": begin}))
        return found

    def route(self, route: Route, stops: Sequence[Stop]) -> Route:
        """Return a route at its real times; a break that has no room any more is left out."""
        if [(one.visit, one.start, one.end) for one in stops] == [
            (one.visit, one.start, one.end) for one in route.stops
        ]:
            return route
        later = max(0, stops[-1].end - route.stops[-1].end)
        return route.model_copy(
            update={
                "stops": tuple(stops),
                "departure": min(route.departure, max(0, stops[0].start - stops[0].travel)),
                "pause": self._pause(route, stops),
                "back": route.back + later,
            }
        )

    def _there(self, route: Route, before: Stop | None, stop: Stop, number: int, free: int) -> int:
        """Return when somebody is at a stop who comes from the one before, or is free at home."""
        if before is None:
            return free + stop.travel if free else 0
        ready, pause = before.end, route.pause
        if pause is not None and pause.after_stops == number:
            ready = max(ready, pause.start) + pause.end - pause.start
        return ready + self._way(route, before, stop)

    def _way(self, route: Route, before: Stop, stop: Stop) -> int:
        client_of = {visit.id: visit.client for visit in self.scenario.visits}
        homes = {client.id: client.home for client in self.scenario.clients}
        mode = next(one.mode for one in self.scenario.caregivers if one.id == route.caregiver)
        frm, to = (self.matrices.index(homes[client_of[one.visit]]) for one in (before, stop))
        ticks = self.matrices.between(mode, frm, to)
        return to_ms(ticks, self.scenario.ticks_per_minute)

    def _pause(self, route: Route, stops: Sequence[Stop]) -> Break | None:
        pause = route.pause
        if pause is None:
            return None
        is_first = pause.after_stops == 0
        before = [] if is_first else [stop for stop in stops if stop.start < pause.start]
        after = len(before)
        begin = max([pause.start, *(stop.end for stop in before)])
        end = begin + pause.end - pause.start
        if after < len(stops):
            # Whoever began the first visit earlier than told has taken no break before it.
            is_as_told = after == 0 and stops[0].visit == route.stops[0].visit
            way = stops[0].travel if is_as_told else 0
            if end + way > stops[after].start:
                return None
        return Break(start=begin, end=end, after_stops=after)
