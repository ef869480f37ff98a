"""Nights in which clocks are changed: both engines count real hours, as the verifier does."""

from __future__ import annotations

import datetime as dt

import pytest

from optimizer.domain.caregiver import Shift
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import StartWindow
from optimizer.options import Engine
from optimizer.solving import solve
from tests.verification.worlds import caregiver, lane, visit

SPRING, AUTUMN = dt.date(2026, 3, 28), dt.date(2026, 10, 24)
"Saturdays before the night in which clocks are changed in Europe."


def night(saturday: dt.date, zone: str, rest_hours: int) -> Scenario:
    """Return one caregiver who is back at 22:00 and would leave at 09:00 on Sunday."""
    sunday = saturday + dt.timedelta(days=1)
    times = ((saturday, "21:20"), (sunday, "09:10"))
    return lane(
        time_zone=zone,
        horizon=Horizon(start=saturday, days=2),
        caregivers=(
            caregiver(
                "N1",
                rest=rest_hours * 60,
                shifts=(
                    Shift(date=saturday, start="12:00", end="22:00"),
                    Shift(date=sunday, start="09:00", end="17:00"),
                ),
            ),
        ),
        visits=tuple(
            visit(f"V{n}", "C1", 30, dates=(day,), window=StartWindow(earliest=at, latest=at))
            for n, (day, at) in enumerate(times)
        ),
    )


@pytest.mark.parametrize("engine", ["search", "cp-sat"])
@pytest.mark.parametrize(
    ("saturday", "zone", "rest_hours", "served"),
    [
        (SPRING, "Asia/Shanghai", 11, 2),  # eleven hours by every clock
        (SPRING, "Europe/Berlin", 11, 1),  # only ten, as one is left out
        (SPRING, "Europe/Berlin", 10, 2),
        (AUTUMN, "Europe/Berlin", 12, 2),  # twelve, as one comes twice
        (AUTUMN, "Asia/Shanghai", 12, 1),
    ],
)
def test_the_rest_is_counted_in_real_hours(
    saturday: dt.date, zone: str, rest_hours: int, served: int, engine: Engine
) -> None:
    """Clocks put forward take an hour from the night, clocks put back give it one."""
    steps = {"iterations": 100} if engine == "search" else {"seconds": 10.0}
    result = solve(night(saturday, zone, rest_hours), engine=engine, **steps)
    assert result.verdict.served == served
