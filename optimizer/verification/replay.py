"""The plan as it would happen: every stop with its records, every journey from the matrix.

Nothing is judged here. What cannot be understood (an unknown caregiver or visit, a carer
number that the visit does not have) is left out; the rule `served_once` reports it from
the plan itself.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.clock_changes import Clocks
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.plan import Plan, Route, Stop
from optimizer.domain.policy import Rule
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.i18n import Sentence, duration
from optimizer.travel import UNREACHABLE, TravelMatrices
from optimizer.units import MS_PER_DAY, to_ms, to_ticks
from optimizer.verification.charging import charged_contracts
from optimizer.verification.stop_replay import StopReplay
from optimizer.verification.verdict import Violation

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

CaregiverDate = tuple[str, dt.date]
"""Caregiver id and a day."""


@dataclass(frozen=True, slots=True)
class Journey:
    """One way from a place to the next.

    An unreachable journey is a breach of its own; everywhere else it counts as nothing,
    so that one breach does not drag a dozen others behind it.

    Attributes
    ----------
    ticks
        Travel time, at least 0.
    metres
        Length, 0 where no caregiver is paid for it.
    reachable
        Whether the journey is possible at all.
    """

    ticks: int
    metres: int
    reachable: bool


@dataclass(frozen=True, slots=True)
class PauseReplay:
    """The break of a route; times in ticks since midnight."""

    start: int
    end: int
    after_stops: int
    "Number of replayed stops that come before it."

    @property
    def duration(self) -> int:
        """Length in ticks; 0 for a break that ends before it begins."""
        return max(0, self.end - self.start)


@dataclass(frozen=True, slots=True)
class RouteReplay:
    """One route with at least one stop; times in ticks since midnight.

    Attributes
    ----------
    place
        Path in the plan, such as ``routes[2]``.
    shift
        The caregiver's shift, or None if there is no such shift on that day.
    next_shift
        The caregiver's shift after it on the same day, or None.
    journeys
        One more than stops: from home, between the stops, to the end place.
    departure
        Leaves home: as written, or earlier if the first stop needs it.
    back
        Is at the end place: as written, or later if the last journey takes longer.
    """

    place: str
    route: Route
    caregiver: Caregiver
    shift: Shift | None
    next_shift: Shift | None
    stops: tuple[StopReplay, ...]
    journeys: tuple[Journey, ...]
    pause: PauseReplay | None
    departure: int
    back: int

    @property
    def date(self) -> dt.date:
        """The day of the route."""
        return self.route.date

    @property
    def care(self) -> int:
        """Care given, in ticks."""
        return sum(stop.care for stop in self.stops)

    @property
    def travel_between(self) -> int:
        """Travel between the visits, without the ways from and to home, in ticks."""
        return sum(journey.ticks for journey in self.journeys[1:-1])

    @property
    def work(self) -> int:
        """Care given and travel between the visits, in ticks."""
        return self.care + self.travel_between

    def pause_before(self, number: int) -> int:
        """Return the ticks of break between stop `number` - 1 and stop `number` (from 0)."""
        if self.pause is None or number == 0 or self.pause.after_stops != number:
            return 0
        return self.pause.duration

    def breach(self, rule: Rule, amount: int | None, detail: str, part: str = "") -> Violation:
        """Return a violation that lies at this route, or at a `part` of it."""
        place = f"{self.place}.{part}" if part else self.place
        return Violation(rule, self.caregiver.id, None, self.date, amount, place, detail)

    def breach_of_journey(self, number: int, amount: int | None, detail: str) -> Violation:
        """Return a `travel` violation of journey `number` (from 0), at the stop it leads to."""
        if number < len(self.stops):
            return self.stops[number].breach(Rule.TRAVEL, amount, detail)
        return self.breach(Rule.TRAVEL, amount, detail, "back")


@dataclass(frozen=True, slots=True)
class Replay:
    """A whole plan, replayed.

    Attributes
    ----------
    scenario, index, plan
        What was replayed.
    routes
        All routes of known caregivers with at least one stop understood, in plan order.
    stops_of
        Stops per visit id, in plan order; visits without a stop are absent.
    routes_on
        Routes per caregiver id and day, in plan order.
    routes_in_week
        Routes per caregiver id and Monday of the calendar week, in plan order.
    charged_to
        Stops charged to each contract id, in plan order; absent where there are none.
    """

    scenario: Scenario
    index: ScenarioIndex
    plan: Plan
    routes: tuple[RouteReplay, ...]
    stops_of: Mapping[str, tuple[StopReplay, ...]]
    routes_on: Mapping[CaregiverDate, tuple[RouteReplay, ...]]
    routes_in_week: Mapping[CaregiverDate, tuple[RouteReplay, ...]]
    charged_to: Mapping[str, tuple[StopReplay, ...]]

    @property
    def day_ticks(self) -> int:
        """Ticks of a whole day."""
        return self.ticks(MS_PER_DAY)

    def stops(self) -> Iterator[StopReplay]:
        """Yield all stops, in plan order."""
        for route in self.routes:
            yield from route.stops

    def is_planned(self, day: dt.date) -> bool:
        """Return whether `day` belongs to the horizon."""
        horizon = self.scenario.horizon
        return 0 <= (day - horizon.start).days < horizon.days

    def is_night(self, route: RouteReplay) -> bool:
        """Return whether a route is one of a night shift."""
        return route.shift is not None and self.scenario.policy.night.is_night(route.shift)

    def is_served(self, visit: Visit) -> bool:
        """Return whether every carer of `visit` has a stop."""
        present = {stop.stop.carer for stop in self.stops_of.get(visit.id, ())}
        return len(present) == len(visit.carers)

    def ticks(self, ms: int) -> int:
        """Convert milliseconds of a record to ticks."""
        return to_ticks(ms, self.scenario.ticks_per_minute)

    def clocks_forward(self, first: tuple[dt.date, int], second: tuple[dt.date, int]) -> int:
        """Return by how much less time passes from one moment to another than clocks say, in ticks.

        Parameters
        ----------
        first, second
            Day and ticks since its midnight; of the first, the time just before.
        """
        clocks, tpm = Clocks(self.scenario.time_zone), self.scenario.ticks_per_minute
        change = clocks.offset(second[0], to_ms(second[1], tpm))
        change -= clocks.offset(first[0], to_ms(first[1] - 1, tpm))
        return self.ticks(change) if change >= 0 else -self.ticks(-change)

    def lasting(self, ticks: int) -> Sentence:
        """Return ticks as a length of time such as "1 h 12 min"."""
        return duration(to_ms(ticks, self.scenario.ticks_per_minute))

    def full_care(self, visit: Visit) -> int:
        """Return the full durations of all carers of `visit`, in ticks."""
        return sum(self.ticks(need.minutes) for need in visit.carers)


def replay(index: ScenarioIndex, scenario: Scenario, plan: Plan, roads: TravelMatrices) -> Replay:
    """Replay `plan` from its ids, starts and ends and the travel matrices.

    Parameters
    ----------
    index
        Look-ups of the same scenario.
    scenario
        The scenario, without faults.
    plan
        Any plan, however strange.
    roads
        Travel matrices of the scenario.
    """
    reader = _Reader(index, scenario, roads)
    routes = tuple(
        found
        for number, route in enumerate(plan.routes)
        if (found := reader.route(f"routes[{number}]", route)) is not None
    )
    stops = [stop for route in routes for stop in route.stops]
    return Replay(
        scenario=scenario,
        index=index,
        plan=plan,
        routes=routes,
        stops_of=_grouped((stop.visit.id, stop) for stop in stops),
        routes_on=_grouped(((route.caregiver.id, route.date), route) for route in routes),
        routes_in_week=_grouped(
            ((route.caregiver.id, monday_of(route.date)), route) for route in routes
        ),
        charged_to=charged_contracts(index, stops),
    )


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    """Collect the values of each key, in order."""
    groups: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


def monday_of(day: dt.date) -> dt.date:
    """Return the first day of the calendar week."""
    return day - dt.timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads routes and stops of a plan with the scenario beside it."""

    index: ScenarioIndex
    scenario: Scenario
    roads: TravelMatrices

    def route(self, place: str, route: Route) -> RouteReplay | None:
        """Return the route as it would happen, or None if nothing of it is understood."""
        caregiver = self.index.caregiver.get(route.caregiver)
        if caregiver is None:
            return None
        read = [
            self.stop(f"{place}.stops[{number}]", stop, caregiver, route)
            for number, stop in enumerate(route.stops)
        ]
        stops = tuple(stop for stop in read if stop is not None)
        if not stops:
            return None
        journeys = self.journeys(caregiver, stops)
        shifts = self.index.shifts_on(caregiver.id, route.date)[route.shift :]
        return RouteReplay(
            place=place,
            route=route,
            caregiver=caregiver,
            shift=shifts[0] if shifts else None,
            next_shift=shifts[1] if len(shifts) > 1 else None,
            stops=stops,
            journeys=journeys,
            pause=self.pause(route, read),
            departure=min(self.ticks(route.departure), stops[0].start - journeys[0].ticks),
            back=max(self.ticks(route.back), stops[-1].end + journeys[-1].ticks),
        )

    def stop(self, place: str, stop: Stop, caregiver: Caregiver, route: Route) -> StopReplay | None:
        """Return the stop with its records, or None if visit or carer number is unknown."""
        visit = self.index.visit.get(stop.visit)
        if visit is None or stop.carer > len(visit.carers):
            return None
        return StopReplay(
            place=place,
            stop=stop,
            visit=visit,
            client=self.index.client[visit.client],
            need=visit.carers[stop.carer - 1],
            caregiver=caregiver,
            date=route.date,
            arrival=self.ticks(stop.arrival),
            start=self.ticks(stop.start),
            end=self.ticks(stop.end),
        )

    def pause(self, route: Route, read: list[StopReplay | None]) -> PauseReplay | None:
        """Return the break, its position counted in the stops that were understood."""
        if route.pause is None:
            return None
        before = read[: route.pause.after_stops]
        return PauseReplay(
            start=self.ticks(route.pause.start),
            end=self.ticks(route.pause.end),
            after_stops=sum(stop is not None for stop in before),
        )

    def journeys(self, caregiver: Caregiver, stops: tuple[StopReplay, ...]) -> tuple[Journey, ...]:
        """Return all journeys of a route: from home, between stops, to the end place."""
        places = [
            caregiver.home,
            *(stop.client.home for stop in stops),
            caregiver.end_place or caregiver.home,
        ]
        rows = [self.roads.index(place) for place in places]
        return tuple(
            self.journey(caregiver, rows[leg], rows[leg + 1]) for leg in range(len(rows) - 1)
        )

    def journey(self, caregiver: Caregiver, origin: int, target: int) -> Journey:
        """Return the journey between two rows of the matrices."""
        ticks = self.roads.between(caregiver.mode, origin, target)
        metres = 0 if self.roads.metres is None else int(self.roads.metres[origin, target])
        reachable = ticks < UNREACHABLE
        return Journey(ticks if reachable else 0, metres if reachable else 0, reachable)

    def ticks(self, ms: int) -> int:
        """Convert milliseconds of a record to ticks."""
        return to_ticks(ms, self.scenario.ticks_per_minute)


Checks = Mapping[Rule, Callable[[Replay], Iterator[Violation]]]
"Hard rules with the functions that check them."
