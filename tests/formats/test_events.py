"""Events are held against scenario and roster; all faults at once, with place and remedy."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from optimizer.domain.event import (
    Absent,
    Actual,
    Added,
    Away,
    Cancelled,
    Event,
    Events,
    InHospital,
    Late,
    Leaves,
    Longer,
    NewHours,
    Refuses,
    RoadClosed,
)
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import InvalidDocument
from optimizer.formats import check_events, parse_events, read_plan, read_scenario
from optimizer.i18n import translated
from optimizer.units import parse_clock

SCENARIOS = Path(__file__).parents[2] / "scenarios"
HAMLET: Scenario = read_scenario(SCENARIOS / "hamlet.json")
PLAN: Plan = read_plan(SCENARIOS / "plans" / "hamlet.json")
ROUTE = PLAN.routes[0]
FIRST = ROUTE.stops[0]
CLIENT = next(one.client for one in HAMLET.visits if one.id == FIRST.visit)
AT_NOON = parse_clock("12:00")


def _codes(*events: Event, now: int | None = None) -> list[tuple[str, str]]:
    found = check_events(Events(now=now, events=events), HAMLET, PLAN)
    for fault in found.faults:
        assert translated("zh", fault.message) != fault.message
    return [(fault.path, fault.code) for fault in found.faults]


def test_events_that_fit_have_no_faults() -> None:
    """Known people and visits, times within the day, nothing twice."""
    who, other = ROUTE.caregiver, PLAN.routes[1].caregiver
    assert _codes(Absent(caregiver=who), Late(caregiver=other, minutes=20)) == []


def test_all_faults_are_told_at_once() -> None:
    """Each fault names the event and the field."""
    assert _codes(
        Absent(caregiver="G999"),
        Cancelled(visit="V999"),
        Away(client="C999"),
        Refuses(client=CLIENT, caregiver="G998"),
        Late(caregiver=ROUTE.caregiver, minutes=0),
    ) == [
        ("events[0].caregiver", "unknown-caregiver"),
        ("events[1].visit", "unknown-visit"),
        ("events[2].client", "unknown-client"),
        ("events[3].caregiver", "unknown-caregiver"),
        ("events[4].minutes", "empty-duration"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (Absent(caregiver=ROUTE.caregiver), Absent(caregiver=ROUTE.caregiver), "event-repeated"),
        (
            Absent(caregiver=ROUTE.caregiver),
            Late(caregiver=ROUTE.caregiver, minutes=5),
            "events-contradict",
        ),
        (Cancelled(visit=FIRST.visit), Longer(visit=FIRST.visit, minutes=5), "events-contradict"),
        (Away(client=CLIENT), Longer(visit=FIRST.visit, minutes=5), "events-contradict"),
        (Away(client=CLIENT), InHospital(client=CLIENT), "events-contradict"),
        (
            NewHours(caregiver=ROUTE.caregiver, start="08:00", end="12:00"),
            Late(caregiver=ROUTE.caregiver, minutes=5),
            "events-contradict",
        ),
    ],
)
def test_what_cannot_both_be_is_a_fault(first: Event, second: Event, code: str) -> None:
    """The second event is named, with the first one in the sentence."""
    found = check_events(Events(events=(first, second)), HAMLET, PLAN)
    assert [(fault.path, fault.code) for fault in found.faults] == [("events[1]", code)]
    assert "events[0]" in found.faults[0].message


def test_what_has_begun_cannot_be_undone() -> None:
    """Neither cancelled nor refused, with the time at which it began."""
    late = AT_NOON * 2
    assert _codes(Cancelled(visit=FIRST.visit), now=late) == [("events[0].visit", "already-begun")]
    refusal = Refuses(client=CLIENT, caregiver=ROUTE.caregiver)
    assert ("events[0].visit", "already-begun") in _codes(refusal, now=late)


def test_times_and_days_lie_within_the_plan() -> None:
    """Leaving outside the shift, a day that is not planned, somebody without a shift."""
    leaves = Leaves(caregiver=ROUTE.caregiver, at="23:59")
    assert _codes(leaves) == [("events[0].at", "time-outside-shift")]
    tomorrow = HAMLET.horizon.start + dt.timedelta(days=60)
    found = check_events(Events(date=tomorrow), HAMLET, PLAN)
    assert [fault.code for fault in found.faults] == ["date-outside-horizon"]
    free = HAMLET.caregivers[0].model_copy(update={"shifts": ()})
    idle = HAMLET.model_copy(update={"caregivers": (free, *HAMLET.caregivers[1:])})
    found = check_events(Events(events=(Absent(caregiver=free.id),)), idle, PLAN)
    assert [fault.code for fault in found.faults] == ["not-at-work"]


def test_a_new_visit_is_checked_as_the_scenario_is() -> None:
    """Its faults have their place in the event; an id that is taken is one."""
    visit = HAMLET.visits[0]
    assert _codes(Added(visit=visit)) == [("events[0].visit.id", "duplicate-id")]
    new = visit.model_copy(update={"id": "NEW", "client": "C999"})
    assert ("events[0].visit.client", "unknown-client") in _codes(Added(visit=new))


def test_a_file_of_events_is_read() -> None:
    """Times are written as in a scenario; what is no event is a fault with its place."""
    text = {"now": "06:30", "events": [{"kind": "late", "caregiver": "G1", "minutes": 45}]}
    read = parse_events(json.dumps(text))
    assert read.now == parse_clock("06:30")
    assert read.events == (Late(caregiver="G1", minutes=45),)
    with pytest.raises(InvalidDocument) as caught:
        parse_events(json.dumps({"now": "25:00", "events": [{"kind": "late"}]}))
    assert {fault.path for fault in caught.value.faults} >= {"now"}


@pytest.mark.parametrize(
    ("event", "path", "code"),
    [
        (
            NewHours(caregiver=ROUTE.caregiver, start="12:00", end="08:00"),
            "events[0]",
            "shift-reversed",
        ),
        (
            NewHours(caregiver=ROUTE.caregiver, start="08:00", end="09:00", shift=5),
            "events[0].shift",
            "no-such-shift",
        ),
        (
            NewHours(caregiver=ROUTE.caregiver, start="00:00", end="23:00", shift=1),
            "events[0]",
            "shifts-overlap",
        ),
        (
            InHospital(client=CLIENT, until=dt.date(2000, 1, 1)),
            "events[0].until",
            "period-reversed",
        ),
        (RoadClosed(town="atlantis", factor=2), "events[0].town", "unknown-town"),
        (Actual(visit=FIRST.visit, start="12:30"), "events[0].start", "not-yet"),
        (
            Actual(visit=FIRST.visit, start="08:30", end="08:00"),
            "events[0].end",
            "period-reversed",
        ),
    ],
)
def test_what_cannot_have_happened_is_told(event: Event, path: str, code: str) -> None:
    """New hours, stays, roads and reports are held against the day by noon."""
    assert (path, code) in _codes(event, now=AT_NOON)


def test_reports_need_to_say_until_when() -> None:
    """Without a time of now nothing can have begun."""
    assert _codes(Actual(visit=FIRST.visit, start="08:30")) == [("events[0]", "not-yet")]


def test_one_caregiver_makes_no_two_visits_at_once() -> None:
    """Reports of two visits of one route that overlap contradict each other."""
    first, second = (stop.visit for stop in ROUTE.stops[:2])
    one = Actual(visit=first, start="09:00", end="10:00")
    other = Actual(visit=second, start="09:30", end="09:50")
    assert _codes(one, other, now=AT_NOON) == [("events[1]", "events-contradict")]


def test_a_closed_road_needs_a_plan_of_one_day() -> None:
    """Every journey takes the same time on all days of a plan."""
    town = HAMLET.clients[0].model_copy(update={"town": "east"})
    horizon = HAMLET.horizon.model_copy(update={"days": 3})
    day = HAMLET.model_copy(update={"clients": (town,), "visits": (), "horizon": horizon})
    found = check_events(Events(events=(RoadClosed(town="east", factor=2),)), day, PLAN)
    assert [fault.code for fault in found.faults] == ["several-days"]


def test_a_report_of_a_visit_that_nobody_was_to_make_is_refused() -> None:
    """A visit has to be on the roster of the day to have begun."""
    bare = PLAN.model_copy(update={"routes": PLAN.routes[1:]})
    event = Actual(visit=FIRST.visit, start="08:30")
    found = check_events(Events(now=AT_NOON, events=(event,)), HAMLET, bare)
    assert [fault.code for fault in found.faults] == ["not-made"]
