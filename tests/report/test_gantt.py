"""Where things lie on the drawing of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from optimizer.domain.caregiver import Shift
from optimizer.report.gantt import LABEL, WIDTH, Gantt, gantt_of_day
from optimizer.report.roster import Roster

DAY = date(2026, 3, 2)


def _gantt(roster: Roster) -> Gantt:
    gantt = gantt_of_day(roster, DAY, ("en", "zh"))
    assert gantt is not None
    return gantt


def test_there_is_one_row_per_caregiver_day(roster: Roster) -> None:
    """Rows follow the scenario's order, one below the other."""
    rows = _gantt(roster).rows
    assert [row.caregiver for row in rows] == ["G0001", "G0002"]
    assert rows[0].y < rows[1].y


def test_shifts_without_a_visit_lie_below(roster: Roster) -> None:
    """Who is not sent out is listed with the shift, and the hours reach as far."""
    idle = roster.scenario.caregivers[0].model_copy(
        update={"id": "G0003", "shifts": (Shift(date=DAY, start="05:00", end="09:00"),)}
    )
    caregivers = (*roster.scenario.caregivers, idle)
    scenario = roster.scenario.model_copy(update={"caregivers": caregivers})
    gantt = _gantt(replace(roster, scenario=scenario))
    (row,) = gantt.idle
    assert (row.caregiver, row.times) == ("G0003", "05:00–09:00")
    assert row.y > gantt.rows[-1].y
    assert gantt.hours[0][1] == "05"


def test_a_day_without_routes_has_no_drawing(roster: Roster) -> None:
    """Nobody works on the third."""
    assert gantt_of_day(roster, date(2026, 3, 3), ("en",)) is None


def test_every_span_lies_on_the_paper(roster: Roster) -> None:
    """Nothing is drawn left of the names or right of the edge."""
    spans = [span for row in _gantt(roster).rows for span in row.spans]
    assert all(span.x >= LABEL and span.x + span.width <= WIDTH for span in spans)


def test_spans_are_what_the_route_holds(roster: Roster) -> None:
    """G0001: shift, three journeys, overtime, the break, a critical and an essential visit."""
    kinds = [span.kind for span in _gantt(roster).rows[0].spans]
    assert kinds == [
        "shift", "journey", "journey", "journey", "over", "pause", "critical", "essential",
    ]  # fmt: skip


def test_equal_durations_are_equally_wide(roster: Roster) -> None:
    """The hour of V0002 is twice as wide as the half hour of V0001."""
    critical, essential = _gantt(roster).rows[0].spans[-2:]
    assert abs(essential.width - 2 * critical.width) < 0.5


def test_two_carers_are_linked_at_their_start(roster: Roster) -> None:
    """The link of V0002 runs from one row's middle to the other's, where both begin."""
    gantt = _gantt(roster)
    (link,) = gantt.links
    assert link.title == "V0002"
    assert link.x == gantt.rows[0].spans[-1].x
    assert link.top < link.bottom


def test_pointing_at_a_visit_tells_all_in_one_language(roster: Roster) -> None:
    """The title has visit, client, times, window, priority and services."""
    title = _gantt(roster).rows[0].spans[-2].title
    for part in ("V0001 · C0001", "08:30–09:00", "07:30–11:00", "critical", "washing"):
        assert part in title["en"]
    for part in ("V0001 · C0001", "（时间窗 07:30–11:00）", "关键", "晨晚间护理"):
        assert part in title["zh"]


def test_an_unknown_visit_is_drawn_all_the_same(roster: Roster) -> None:
    """A plan with faults can be looked at."""
    route = roster.plan.routes[1]
    stop = route.stops[0].model_copy(update={"visit": "V9999"})
    routes = (route.model_copy(update={"stops": (stop,)}),)
    plan = roster.plan.model_copy(update={"routes": routes})
    strange = replace(roster, plan=plan)
    assert _gantt(strange).rows[0].spans[-1].title["en"].startswith("V9999")
