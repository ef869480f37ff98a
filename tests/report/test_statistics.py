"""How time is spent, counted by hand for the village."""

from __future__ import annotations

from optimizer.report.roster import Roster
from optimizer.report.statistics import num_shifts, shift_span, time_of, time_of_route
from optimizer.units import MS_PER_MINUTE, parse_clock


def _route_of(roster: Roster, caregiver: str) -> int:
    return [route.caregiver for route in roster.routes].index(caregiver)


def test_a_route_is_split_into_care_travel_waiting_and_break(roster: Roster) -> None:
    """G0001: 90 min care, 90 travel, a break of 20 and 30 idle between 08:20 and 12:10."""
    route = roster.routes[_route_of(roster, "G0001")]
    time = time_of_route(roster, route)
    minutes = [time.care, time.travel, time.pause, time.waiting, time.overtime]
    assert [part // MS_PER_MINUTE for part in minutes] == [90, 90, 20, 30, 10]
    assert time.away == route.back - route.departure


def test_a_break_at_home_is_no_time_away(roster: Roster) -> None:
    """A break before leaving or after coming back is not counted."""
    route = roster.routes[_route_of(roster, "G0001")]
    assert route.pause is not None
    for after_stops in (0, len(route.stops)):
        begin = route.back if after_stops else route.pause.start
        pause = route.pause.model_copy(update={"after_stops": after_stops, "start": begin})
        time = time_of_route(roster, route.model_copy(update={"pause": pause}))
        assert time.pause == 0


def test_times_of_routes_add_up(roster: Roster) -> None:
    """The sum over routes is the sum of their parts."""
    parts = [time_of_route(roster, route) for route in roster.routes]
    total = time_of(parts)
    assert total.stops == 4
    assert total.away == sum(part.away for part in parts)


def test_nothing_done_is_no_share(roster: Roster) -> None:
    """Without any route every share is zero."""
    assert time_of([]).percent(0) == 0.0


def test_shift_of_a_route_is_the_caregivers(roster: Roster) -> None:
    """The route's shift is looked up by caregiver, day and number."""
    assert shift_span(roster, roster.routes[0]) == (parse_clock("07:00"), parse_clock("12:00"))


def test_a_strange_route_has_no_shift(roster: Roster) -> None:
    """An unknown caregiver or shift number has no shift and is no error."""
    route = roster.routes[0]
    assert shift_span(roster, route.model_copy(update={"caregiver": "G9999"})) is None
    assert shift_span(roster, route.model_copy(update={"shift": 3})) is None


def test_shifts_are_counted_within_the_horizon(roster: Roster) -> None:
    """Two caregivers with one shift each."""
    assert num_shifts(roster) == 2
