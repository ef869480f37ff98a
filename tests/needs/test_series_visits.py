"""From a series to its visits: how many are due, on which days, and how far apart."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest

from optimizer.domain.client import Client
from optimizer.domain.place import Place
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.series import Series
from optimizer.domain.visit import Coupling, Visit
from optimizer.needs import derive
from optimizer.needs.series_visits import SeriesVisits, visits_of_series

MONDAY = dt.date(2026, 3, 2)
HOUR = 3_600_000


def series(**fields: Any) -> Series:
    """Return a bath series of client C1 between 8 and 12 o'clock."""
    usual = {
        "id": "bath",
        "client": "C1",
        "carers": [{"minutes": 30}],
        "window": {"earliest": "08:00", "latest": "12:00"},
    }
    return Series.model_validate({**usual, **fields})


def made(one: Series, first: dt.date = MONDAY, days: int = 14) -> SeriesVisits:
    """Return the visits of a series in a horizon."""
    return visits_of_series([one], [first + dt.timedelta(days=n) for n in range(days)])


def march(visit: Visit) -> list[int]:
    """Return the days of March on which a visit may be."""
    return [day.day for day in visit.dates]


def fits(ties: tuple[Coupling, ...], day_of: dict[str, dt.date]) -> bool:
    """Return whether visits on these days keep all their distances."""
    for tie in ties:
        days = (day_of[tie.second] - day_of[tie.first]).days
        days = days if tie.ordered else abs(days)
        if days < tie.min_days or (tie.max_days is not None and days > tie.max_days):
            return False
    return True


def test_three_a_week_may_be_on_any_day_that_leaves_days_for_the_others() -> None:
    """Of three alike in seven days the first is at the latest on the fifth."""
    found = made(series(count=3), days=7)
    assert [visit.id for visit in found.visits] == [f"bath-20260302-{n}" for n in (1, 2, 3)]
    assert [march(visit) for visit in found.visits] == [
        [2, 3, 4, 5, 6],
        [3, 4, 5, 6, 7],
        [4, 5, 6, 7, 8],
    ]
    assert len(found.couplings) == 3


def test_daily_care_has_its_days_and_no_ties() -> None:
    """Seven a week are one on each day."""
    found = made(series(count=7))
    assert [march(visit) for visit in found.visits] == [[day] for day in range(2, 16)]
    assert found.couplings == ()


@pytest.mark.parametrize(("times", "weeks"), [(1, 1), (3, 1), (5, 1), (3, 2), (1, 2), (2, 3)])
def test_a_horizon_cut_into_days_has_as_many_visits(times: int, weeks: int) -> None:
    """Twelve weeks planned day by day have as many visits as planned at once."""
    one = series(count=times, weeks=weeks, preferred_weekdays=[2, 5])
    days = 84
    daily = sum(len(made(one, MONDAY + dt.timedelta(days=n), 1).visits) for n in range(days))
    assert daily == len(made(one, days=days).visits)
    assert abs(daily - times * 12 / weeks) <= times


def test_gaps_leave_exactly_the_weeks_that_keep_them() -> None:
    """The ties allow a choice of days if and only if neighbours lie two or three days apart."""
    one = series(count=3, min_days=2, max_days=3)
    found = made(one, days=7)
    allowed = 0
    for days in product(*(visit.dates for visit in found.visits)):
        day_of = {visit.id: day for visit, day in zip(found.visits, days, strict=True)}
        gaps = [(days[n + 1] - days[n]).days for n in (0, 1)]
        assert fits(found.couplings, day_of) == all(2 <= gap <= 3 for gap in gaps)
        allowed += fits(found.couplings, day_of)
    assert allowed > 3


def test_days_before_the_horizon_count() -> None:
    """What was done on Monday is due no more, and the next one keeps its distance from it."""
    first = MONDAY + dt.timedelta(days=1)
    found = made(series(count=2, min_days=3, max_days=4, done=["2026-03-02"]), first, 6)
    assert [march(visit) for visit in found.visits] == [[5, 6]]
    # Without it both of the week's usual days may still come.
    late = made(series(count=2, done=["2026-02-24"]), first, 6)
    assert len(late.visits) == 2


def test_exceptions_move_cancel_and_fix() -> None:
    """A holiday moves a visit, hospital takes it away, an appointment fixes its day and hour."""
    holiday = made(series(count=7, exceptions=[{"kind": "moved", "start": "2026-03-04"}]), days=7)
    assert all(4 not in march(visit) for visit in holiday.visits)
    away = {"kind": "cancelled", "start": "2026-03-05", "end": "2026-03-08"}
    assert [march(visit) for visit in made(series(count=7, exceptions=[away]), days=7).visits] == [
        [2],
        [3],
        [4],
    ]
    window = {"earliest": "14:00", "latest": "15:00"}
    doctor = {"kind": "fixed", "start": "2026-03-03", "window": window}
    fixed = made(series(count=3, usual_start="10:00", exceptions=[doctor]), days=7).visits
    assert len(fixed) == 3
    (on_day,) = [visit for visit in fixed if len(visit.dates) == 1]
    assert (march(on_day), on_day.window.earliest, on_day.preferred_until) == (
        [3],
        14 * HOUR,
        None,
    )
    assert all(3 not in march(visit) for visit in fixed if visit is not on_day)


def test_the_usual_time_bounds_the_start() -> None:
    """Nobody comes before the usual time less the tolerance; after it more is lateness."""
    (visit,) = made(series(usual_start="09:00", tolerance=15), days=7).visits
    assert visit.window.earliest == 8.75 * HOUR
    assert visit.window.latest == 12 * HOUR
    assert visit.preferred_until == 9.25 * HOUR


def test_days_that_are_wished_for_are_told() -> None:
    """A wish for Tuesdays leaves the other days possible."""
    (visit,) = made(series(preferred_weekdays=[2]), days=7).visits
    assert march(visit) == [2, 3, 4, 5, 6, 7, 8]
    assert [day.day for day in visit.preferred_dates] == [3]


def test_a_series_holds_from_its_first_to_its_last_day() -> None:
    """Before and after there is nothing."""
    found = made(series(count=7, since="2026-03-05", until="2026-03-10"))
    assert [march(visit) for visit in found.visits] == [[day] for day in range(5, 11)]


def test_deriving_puts_visits_in_the_place_of_series() -> None:
    """What is derived has the visits and ties, no series, and an id that is free."""
    ready = Visit.model_validate(
        {
            "id": "bath-20260302-1",
            "client": "C1",
            "carers": [{"minutes": 30}],
            "window": {"earliest": "08:00", "latest": "12:00"},
        }
    )
    scenario = Scenario(
        id="weeks",
        horizon=Horizon(start=MONDAY, days=7),
        clients=(Client(id="C1", home=Place(lat=30.0, lon=121.0)),),
        caregivers=(),
        visits=(ready,),
        series=(series(count=2),),
    )
    derived = derive(scenario).scenario
    assert [visit.id for visit in derived.visits] == [
        "bath-20260302-1",
        "bath-20260302-1+1",
        "bath-20260302-2",
    ]
    assert derived.series == ()
    assert len(derived.couplings) == 1
    assert derive(derived).scenario == derived
