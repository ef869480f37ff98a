"""A solution in plain numbers, and its way into a plan."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.domain.plan import Break, Plan, Route, Stop, Unserved
from optimizer.domain.reason import UnservedReason
from optimizer.exact.world import HOME, Pause, World
from optimizer.units import format_clock, to_ms


@dataclass(frozen=True, slots=True)
class Placed:
    """A task on a route; start and care in ticks.

    Attributes
    ----------
    contract
        Id of the contract charged, where it is not the first that covers the stop.
    """

    task: int
    start: int
    care: int
    contract: str | None = None

    @property
    def end(self) -> int:
        """When the stop ends."""
        return self.start + self.care


@dataclass(frozen=True, slots=True)
class Tour:
    """The stops of one caregiver-day.

    Attributes
    ----------
    day
        Number of the caregiver-day.
    stops
        At least one, in order.
    pause_after
        How many stops come before the break; None where none is needed.
    """

    day: int
    stops: tuple[Placed, ...]
    pause_after: int | None


Roster = tuple[Tour, ...]
"""All routes with a stop, in the order of the caregiver-days."""


def to_plan(world: World, roster: Roster) -> Plan:
    """Return the plan of a roster: late departures, early breaks, every unserved visit listed."""
    served = {world.tasks[stop.task].visit_idx for tour in roster for stop in tour.stops}
    return Plan(
        scenario=world.scenario.id,
        routes=tuple(_route(world, tour) for tour in roster),
        unserved=tuple(
            Unserved(visit=visit.id, reason=UnservedReason.NOBODY_FOUND)
            for v, visit in enumerate(world.scenario.visits)
            if v not in served
        ),
    )


def _route(world: World, tour: Tour) -> Route:
    day = world.days[tour.day]
    first = tour.stops[0]
    departure = first.start - world.travel(tour.day, HOME, first.task)
    way_back = world.travel(tour.day, tour.stops[-1].task, HOME)
    back = back_of(world, tour)
    begins = None if day.pause is None else _pause_start(tour, day.pause, day.opens, back)
    return Route(
        caregiver=day.caregiver.id,
        date=day.date,
        shift=day.shift_number,
        departure=_clock(world, departure),
        stops=_stops(world, tour, departure, begins),
        pause=None
        if begins is None or day.pause is None
        else Break(
            start=_clock(world, begins),
            end=_clock(world, begins + day.pause.duration),
            after_stops=tour.pause_after,
        ),
        back=_clock(world, back),
        travel_back=_minutes(world, way_back),
    )


def back_of(world: World, tour: Tour) -> int:
    """Return when somebody comes back, in ticks.

    A break after the last stop is taken after coming back, or before the way home if that would
    be too late for it.
    """
    last, pause = tour.stops[-1], world.days[tour.day].pause
    way_back = world.travel(tour.day, last.task, HOME)
    back = last.end + way_back
    if pause is None or tour.pause_after != len(tour.stops) or back <= pause.latest:
        return back
    return max(last.end, pause.earliest) + pause.duration + way_back


def _pause_start(tour: Tour, pause: Pause, opens: int, back: int) -> int | None:
    """Return when the break begins: as early as its place in the route allows."""
    if tour.pause_after is None:
        return None
    if tour.pause_after == 0:
        free = opens
    elif tour.pause_after == len(tour.stops) and back <= pause.latest:
        free = back
    else:
        free = tour.stops[tour.pause_after - 1].end
    return max(free, pause.earliest)


def _stops(world: World, tour: Tour, departure: int, begins: int | None) -> tuple[Stop, ...]:
    pause = world.days[tour.day].pause
    node, leaves = HOME, departure
    stops: list[Stop] = []
    for number, placed in enumerate(tour.stops):
        if begins is not None and pause is not None and number == tour.pause_after and number > 0:
            leaves = begins + pause.duration
        ticks = world.travel(tour.day, node, placed.task)
        stops.append(
            Stop(
                visit=world.tasks[placed.task].visit.id,
                carer=world.tasks[placed.task].carer,
                arrival=_clock(world, leaves + ticks),
                start=_clock(world, placed.start),
                end=_clock(world, placed.end),
                travel=_minutes(world, ticks),
                contract=placed.contract,
            )
        )
        node, leaves = placed.task, placed.end
    return tuple(stops)


def _clock(world: World, ticks: int) -> str:
    return format_clock(to_ms(ticks, world.scenario.ticks_per_minute))


def _minutes(world: World, ticks: int) -> float:
    """Return minutes as a record's constructor takes them."""
    return to_ms(ticks, world.scenario.ticks_per_minute) / 60_000
