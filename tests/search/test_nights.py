"""Night shifts, and what was worked before the first day."""

from __future__ import annotations

import pytest

from optimizer.domain.caregiver import Shift
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import StartWindow
from optimizer.options import Engine
from optimizer.report.gantt import gantt_of_day
from optimizer.report.page import roster_page
from optimizer.report.roster import Roster
from optimizer.solving import solve
from optimizer.units import format_clock
from tests.verification.worlds import MONDAY, TUESDAY, caregiver, lane, visit


def nights(last_return: str | None = None) -> Scenario:
    """Return N1 with two nights of eight hours, and a visit in each of them and in the evening."""
    hours = {"start": "22:00", "end": "06:00+1"}
    return lane(
        horizon=Horizon(start=MONDAY, days=2),
        caregivers=(
            caregiver(
                "N1",
                shifts=(Shift(date=MONDAY, **hours), Shift(date=TUESDAY, **hours)),
                last_return=last_return,
                rest=14 * 60,
            ),
        ),
        visits=(
            visit("V1", "C1", 30, dates=(MONDAY,), window=between("01:00+1", "02:00+1")),
            visit("V2", "C2", 30, dates=(TUESDAY,), window=between("22:30", "23:00")),
            visit("V3", "C1", 30, dates=(TUESDAY,), window=between("04:00+1", "05:00+1")),
        ),
    )


def between(earliest: str, latest: str) -> StartWindow:
    """Return a window."""
    return StartWindow(earliest=earliest, latest=latest)


def starts(scenario: Scenario, engine: Engine = "search") -> dict[str, str]:
    """Return when each visit begins that is served."""
    limit = {"seconds": 20.0} if engine == "cp-sat" else {"iterations": 200}
    plan = solve(scenario, engine=engine, **limit).plan
    return {stop.visit: format_clock(stop.start) for tour in plan.routes for stop in tour.stops}


@pytest.mark.parametrize("engine", ["search", "cp-sat"])
def test_a_night_is_one_route_of_its_evening(engine: Engine) -> None:
    """Visits before and after midnight are made on one shift; both nights are worked."""
    found = starts(nights(), engine)
    assert set(found) == {"V1", "V2", "V3"}
    assert "01:00+1" <= found["V1"] <= "02:00+1"


@pytest.mark.parametrize("engine", ["search", "cp-sat"])
@pytest.mark.parametrize(
    ("last_return", "served"),
    [
        ("11:50+1", {"V1", "V2", "V3"}),  # out at 01:50, at C1 ten minutes later
        ("11:51+1", {"V2", "V3"}),
    ],
)
def test_the_first_night_keeps_the_rest_before_it(
    last_return: str, served: set[str], engine: Engine
) -> None:
    """Whoever came home late on the first day itself leaves after the rest; then V1 is too late."""
    assert set(starts(nights(last_return), engine)) == served


def test_a_page_shows_the_hours_after_midnight() -> None:
    """The drawing of a night runs on from 24 to 01; times say that they are of the next day."""
    result = solve(nights(), iterations=200, engine="search")
    roster = Roster.of_result(result)
    drawing = gantt_of_day(roster, TUESDAY, ("en",))
    assert drawing is not None
    assert [text for _, text in drawing.hours][:4] == ["22", "23", "24", "01"]
    assert "04:00+1" in roster_page(roster, lang="en")
