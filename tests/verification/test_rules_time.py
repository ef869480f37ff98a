"""Window, travel, shift and break: the smallest breach of each is found, with its amount."""

from __future__ import annotations

import pytest

from optimizer.domain.caregiver import BreakRule, Shift
from optimizer.domain.place import MatrixTravel, Mode
from optimizer.domain.plan import Plan, Route
from optimizer.domain.policy import Rule
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CarerNeed, StartWindow
from optimizer.units import parse_clock
from tests.verification.worlds import (
    MIN,
    MINUTES,
    MONDAY,
    TICKS,
    TUESDAY,
    breaches,
    clean,
    lane,
    roster,
    route,
    with_caregiver,
    with_visit,
)


def only(first: Route) -> Plan:
    """Return a plan of one route by N1; whatever it does not serve is listed as unserved."""
    served = {stop.visit for stop in first.stops}
    return roster(first, unserved=tuple(sorted({"V1", "V2", "V3"} - served)))


def test_clean_plan_breaks_nothing() -> None:
    """A plan that leaves exactly the travel time between its stops has no violation."""
    assert breaches(lane(), clean()) == []


@pytest.mark.parametrize(
    ("window", "amount"),
    [
        (("08:10", "08:10"), None),  # begins at the only moment allowed
        (("08:11", "09:00"), 1 * TICKS),  # a minute too early
        (("07:00", "08:05"), 5 * TICKS),  # five minutes too late
    ],
)
def test_start_lies_in_the_window(window: tuple[str, str], amount: int | None) -> None:
    """A start outside the visit's window breaks `window` by the distance to it."""
    limits = StartWindow(earliest=window[0], latest=window[1])
    found = breaches(with_visit(lane(), "V1", window=limits), clean())
    expected = [] if amount is None else [(Rule.WINDOW, "routes[0].stops[0]", amount)]
    assert found == expected


@pytest.mark.parametrize(
    ("minutes", "amount"),
    [
        (30, None),  # full
        (20, None),  # shortest
        (25, 5),  # neither: five minutes from both
        (15, 5),  # shorter than the shortest
        (33, 3),  # longer than full
    ],
)
def test_stop_lasts_full_or_shortest(minutes: int, amount: int | None) -> None:
    """A stop of any other length than full or shortest breaks `window` by the difference."""
    world = with_visit(lane(), "V1", carers=(CarerNeed(minutes=30, shortest=20),))
    found = breaches(world, only(route("N1", ("V1", "C1", "09:00", minutes))))
    place = "routes[0].stops[0]"
    assert found == ([] if amount is None else [(Rule.WINDOW, place, amount * TICKS)])


def test_travel_between_stops() -> None:
    """Ten minutes between two stops 25 minutes apart are 15 minutes too few."""
    plan = only(route("N1", ("V2", "C2", "09:00", 60), ("V3", "C3", "10:10", 45)))
    assert breaches(lane(), plan) == [(Rule.TRAVEL, "routes[0].stops[1]", 15 * TICKS)]


def test_stops_out_of_order() -> None:
    """A stop listed after a later one is short of everything in between."""
    plan = only(route("N1", ("V2", "C2", "11:00", 60), ("V1", "C1", "10:00", 30)))
    # V2 ends 12:00, 15 min of travel: 12:15, but V1 begins 10:00.
    assert (Rule.TRAVEL, "routes[0].stops[1]", 135 * TICKS) in breaches(lane(), plan)


@pytest.mark.parametrize(
    ("field", "value", "place", "amount"),
    [
        ("departure", 8 * 60 + 3, "routes[0].stops[0]", 3),  # leaves too late for the first stop
        ("back", 10 * 60 + 10, "routes[0].back", 5),  # back before the journey can be over
        ("travel_back", 19, "routes[0].travel_back", 1),  # the matrix says 20
    ],
)
def test_written_way_from_and_to_home(field: str, value: int, place: str, amount: int) -> None:
    """What a route writes of its ways from and to home is compared with the matrix."""
    plan = clean()
    first = plan.routes[0].model_copy(update={field: value * MIN})
    changed = plan.model_copy(update={"routes": (first, plan.routes[1])})
    assert breaches(lane(), changed) == [(Rule.TRAVEL, place, amount * TICKS)]


@pytest.mark.parametrize(
    ("field", "value", "amount"),
    [
        ("arrival", 8 * 60 + 50, 5),  # V1 ends 08:40, 15 min on the way: not before 08:55
        ("arrival", 8 * 60 + 57, 2),  # begins 08:55, two minutes before the arrival
        ("travel", 12, 3),  # the matrix says 15
    ],
)
def test_written_arrival_and_travel(field: str, value: int, amount: int) -> None:
    """A stop's written arrival and travel are compared with what the matrix needs."""
    plan = clean()
    first = plan.routes[0]
    second = first.stops[1].model_copy(update={field: value * MIN})
    first = first.model_copy(update={"stops": (first.stops[0], second)})
    changed = plan.model_copy(update={"routes": (first, plan.routes[1])})
    assert breaches(lane(), changed) == [(Rule.TRAVEL, "routes[0].stops[1]", amount * TICKS)]


def test_longest_leg() -> None:
    """A journey above the caregiver's longest leg is found, also the way home."""
    world = with_caregiver(lane(), "N2", longest_leg=25 * MIN)
    # Home to C3 and back are 30 minutes each, five more than N2 may travel at a time.
    assert breaches(world, clean()) == [
        (Rule.TRAVEL, "routes[1].stops[0]", 5 * TICKS),
        (Rule.TRAVEL, "routes[1].back", 5 * TICKS),
    ]


def test_unreachable_journey_is_one_breach() -> None:
    """A journey between unreachable places is reported once and drags nothing behind it."""
    rows = [list(row) for row in MINUTES]
    rows[1][2] = -1
    matrix = MatrixTravel(minutes={Mode.EBIKE: tuple(tuple(row) for row in rows)})
    world = lane(travel=matrix)
    assert breaches(world, clean()) == [(Rule.TRAVEL, "routes[0].stops[1]", None)]


@pytest.mark.parametrize(
    ("start", "end", "overtime", "expected"),
    [
        ("08:00", "10:15", 0, []),  # fills the shift exactly
        ("08:04", "17:00", 0, [("routes[0].departure", 4)]),  # leaves at 08:00
        ("08:00", "10:00", 0, [("routes[0].back", 15)]),  # back at 10:15
        ("08:00", "10:00", 15, []),  # the overtime permits it
        ("08:00", "10:00", 10, [("routes[0].back", 5)]),  # five minutes above the overtime
    ],
)
def test_route_lies_in_its_shift(
    start: str, end: str, overtime: int, expected: list[tuple[str, int]]
) -> None:
    """A route leaves within the shift and is back by its end plus the permitted overtime."""
    shift = (
        lane()
        .caregivers[0]
        .shifts[0]
        .model_copy(update={"start": _clock(start), "end": _clock(end)})
    )
    world = with_caregiver(lane(), "N1", shifts=(shift,), overtime_limit=overtime * MIN)
    found = breaches(world, clean())
    assert found == [(Rule.SHIFT, place, amount * TICKS) for place, amount in expected]


@pytest.mark.parametrize(
    ("overtime", "second", "expected"),
    [
        (30, "10:15", []),  # back in the very moment in which the next shift begins
        (30, "10:05", [("routes[0].back", 10)]),  # permitted overtime, but the next shift began
        (30, "10:00", [("routes[0].back", 15)]),  # one shift follows the other at once
        (10, "10:05", [("routes[0].back", 10)]),  # both limits are passed: told once, by the larger
    ],
)
def test_overtime_ends_where_the_next_shift_begins(
    overtime: int, second: str, expected: list[tuple[str, int]]
) -> None:
    """Coming back at 10:15 from a shift until 10:00 needs the next one to begin no earlier."""
    halves = (
        Shift(date=MONDAY, start="08:00", end="10:00"),
        Shift(date=MONDAY, start=second, end="17:00"),
        Shift(date=TUESDAY, start="08:00", end="17:00"),
    )
    world = with_caregiver(lane(), "N1", shifts=halves, overtime_limit=overtime * MIN)
    found = breaches(world, clean())
    assert found == [(Rule.SHIFT, place, amount * TICKS) for place, amount in expected]


def test_written_return_counts_for_the_shift() -> None:
    """Who writes down a later return than the matrix needs is judged by it."""
    plan = only(route("N1", ("V1", "C1", "09:00", 30)))
    late = plan.routes[0].model_copy(update={"back": _clock("17:20")})
    found = breaches(lane(), plan.model_copy(update={"routes": (late,)}))
    assert found == [(Rule.SHIFT, "routes[0].back", 20 * TICKS)]


def test_no_such_shift() -> None:
    """A route in a shift that the caregiver does not have breaks `shift`."""
    plan = only(route("N1", ("V1", "C1", "09:00", 30), shift=1))
    assert breaches(lane(), plan) == [(Rule.SHIFT, "routes[0]", None)]


def test_shifts_are_numbered_by_their_start() -> None:
    """Shift 0 is the day's first one, in whatever order the file lists them."""
    halves = (
        Shift(date=MONDAY, start="13:00", end="17:00"),
        Shift(date=MONDAY, start="08:00", end="12:00"),
    )
    world = with_caregiver(lane(), "N1", shifts=halves)
    morning = ("V1", "C1", "09:00", 30)
    assert breaches(world, only(route("N1", morning, shift=0))) == []
    # Leaves home 08:50, 250 minutes before the afternoon begins.
    assert breaches(world, only(route("N1", morning, shift=1))) == [
        (Rule.SHIFT, "routes[0].departure", 250 * TICKS)
    ]


def test_day_without_shift() -> None:
    """A route on a day outside the horizon breaks `shift` and `allowed`, and raises nothing."""
    plan = only(route("N1", ("V1", "C1", "09:00", 30), day=TUESDAY))
    assert breaches(lane(), plan) == [
        (Rule.ALLOWED, "routes[0].stops[0]", None),
        (Rule.SHIFT, "routes[0]", None),
    ]


def noon() -> Scenario:
    """Return the lane with a break of 30 minutes for N1 that begins from 11:00 to 13:00."""
    rule = BreakRule(duration=30, earliest="11:00", latest="13:00")
    return with_caregiver(lane(), "N1", break_rule=rule)


@pytest.mark.parametrize(
    ("pause", "expected"),
    [
        (("11:30", "12:00", 1), []),  # at C1, before travelling on
        (("11:30", "12:10", 1), [("pause", 10)]),  # lasts ten minutes too long
        (("11:30", "11:50", 1), [("pause", 10)]),  # lasts ten minutes too short
        (("10:30", "11:00", 1), [("pause", 30)]),  # half an hour before it may begin
        (None, [("", 30)]),  # not taken
        (("12:20", "12:50", 1), [("pause", 5)]),  # 12:50 + 15 min is after the start at 13:00
        (("11:30", "12:00", 2), [("pause", 150)]),  # the last stop ends at 14:00
        (("11:30", "12:00", 0), [("pause", 210)]),  # before the first one leaves at 08:30
    ],
)
def test_break_between_stops(
    pause: tuple[str, str, int] | None, expected: list[tuple[str, int]]
) -> None:
    """A break is due once, lasts as long as the rule says, and lies where the plan claims."""
    stops = (("V1", "C1", "08:40", 30), ("V2", "C2", "13:00", 60))
    found = breaches(noon(), only(route("N1", *stops, pause=pause)))
    places = [(f"routes[0].{part}".rstrip("."), amount) for part, amount in expected]
    assert found == [(Rule.BREAK, place, amount * TICKS) for place, amount in places]


def test_break_too_late() -> None:
    """A break that begins after its latest time breaks `break` by the difference."""
    stops = (("V1", "C1", "08:40", 30), ("V2", "C2", "14:00", 60))
    plan = only(route("N1", *stops, pause=("13:10", "13:40", 1)))
    assert breaches(noon(), plan) == [(Rule.BREAK, "routes[0].pause", 10 * TICKS)]


def test_break_takes_time_from_the_way() -> None:
    """Travel and a break of half an hour do not fit between stops 40 minutes apart."""
    stops = (("V1", "C1", "10:30", 30), ("V2", "C2", "11:40", 60))
    plan = only(route("N1", *stops, pause=("11:00", "11:30", 1)))
    # V1 ends 11:00, break to 11:30, 15 min on the way: 11:45, but V2 begins 11:40.
    assert breaches(noon(), plan) == [
        (Rule.TRAVEL, "routes[0].stops[1]", 5 * TICKS),
        (Rule.BREAK, "routes[0].pause", 5 * TICKS),
    ]


@pytest.mark.parametrize(
    ("pause", "back", "expected"),
    [
        (("12:30", "13:00", 1), "13:10", []),  # right after the stop, then ten minutes home
        (("12:40", "13:10", 1), "12:40", []),  # on coming back
        (("12:30", "13:00", 1), "13:05", [("pause", 35)]),  # neither: on the way
        (("12:20", "12:50", 1), "13:00", [("pause", 10)]),  # while the visit still lasts
    ],
)
def test_a_break_after_the_last_stop_precedes_the_way_home_or_follows_it(
    pause: tuple[str, str, int], back: str, expected: list[tuple[str, int]]
) -> None:
    """The break lies where the last stop was, before the way home, or begins on coming back."""
    written = route("N1", ("V1", "C1", "12:00", 30), pause=pause)
    plan = only(written.model_copy(update={"back": parse_clock(back)}))
    places = [(Rule.BREAK, f"routes[0].{part}", amount * TICKS) for part, amount in expected]
    assert breaches(noon(), plan) == places


@pytest.mark.parametrize(
    ("start", "pause", "expected"),
    [
        ("12:00", ("11:20", "11:50", 0), []),  # at home, then leaves at 11:50
        ("12:00", ("11:25", "11:55", 0), [5]),  # must leave at 11:50
        ("10:00", ("11:00", "11:30", 1), []),  # back at 10:40, then the break at home
        ("10:40", ("11:00", "11:30", 1), [20]),  # back at 11:20 only
    ],
)
def test_break_at_home(start: str, pause: tuple[str, str, int], expected: list[int]) -> None:
    """Before the first stop and after the last one the break lies beside the ways home."""
    found = breaches(noon(), only(route("N1", ("V1", "C1", start, 30), pause=pause)))
    assert found == [(Rule.BREAK, "routes[0].pause", amount * TICKS) for amount in expected]


def test_break_does_not_change_coming_back() -> None:
    """A break after the last stop may run beyond the written return, within the shift."""
    plan = only(route("N1", ("V1", "C1", "10:00", 30), pause=("13:00", "13:30", 1)))
    assert plan.routes[0].back == _clock("10:40")
    assert breaches(noon(), plan) == []


@pytest.mark.parametrize(
    "rule",
    [
        BreakRule(duration=30, earliest="11:00", latest="13:00", after=9 * 60 + 1),  # shift of 9 h
        BreakRule(duration=30, earliest="16:31", latest="18:00"),  # shift ends before it would
        BreakRule(duration=30, earliest="06:00", latest="07:59"),  # shift begins after it could
    ],
)
def test_break_not_due(rule: BreakRule) -> None:
    """No break is asked for where the shift is short or the break's interval is empty."""
    assert breaches(with_caregiver(lane(), "N1", break_rule=rule), clean()) == []


@pytest.mark.parametrize(
    "rule",
    [
        BreakRule(duration=30, earliest="11:00", latest="13:00", after=9 * 60),  # exactly 9 h
        BreakRule(duration=30, earliest="16:30", latest="18:00"),  # fits to the minute
        BreakRule(duration=30, earliest="06:00", latest="08:00"),  # at the shift's first moment
    ],
)
def test_break_just_due(rule: BreakRule) -> None:
    """A break is asked for as soon as the shift is long enough and one moment is left."""
    found = breaches(with_caregiver(lane(), "N1", break_rule=rule), clean())
    assert found == [(Rule.BREAK, "routes[0]", 30 * TICKS)]


def test_break_without_a_rule_still_has_to_fit() -> None:
    """A break that nobody asked for is accepted if it lies where the plan says."""
    stops = (("V1", "C1", "08:40", 30), ("V2", "C2", "13:00", 60))
    good = only(route("N1", *stops, pause=("09:10", "10:00", 1)))
    bad = only(route("N1", *stops, pause=("09:00", "09:50", 1)))
    assert breaches(lane(), good) == []
    # V1 ends 09:10, ten minutes after the break is said to begin.
    assert breaches(lane(), bad) == [(Rule.BREAK, "routes[0].pause", 10 * TICKS)]


def test_break_after_more_stops_than_there_are() -> None:
    """A break said to come after three stops of a route of one is reported by two."""
    plan = only(route("N1", ("V1", "C1", "10:00", 30), pause=("12:00", "12:30", 3)))
    assert breaches(noon(), plan) == [(Rule.BREAK, "routes[0].pause.after_stops", 2)]


def _clock(text: str) -> int:
    """Return a clock text as records hold it."""
    hours, minutes = text.split(":")
    return (int(hours) * 60 + int(minutes)) * MIN
