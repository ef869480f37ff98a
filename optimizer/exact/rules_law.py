"""Rules across days: days in a row, nights of a week and in a row, overtime of a month."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ortools.sat.python import cp_model

from optimizer.domain.policy import Rule
from optimizer.exact.rules_work import by_date, work
from optimizer.exact.variables import Binds, Variables
from optimizer.exact.world import World, grouped


def consecutive_days(variables: Variables) -> None:
    """A caregiver works on so many days in a row at most."""
    for g, dates in worked(variables, variables.used).items():
        person = variables.world.scenario.caregivers[g]
        if person.consecutive_days is not None:
            _limit_runs(variables, dates, person.consecutive_days, person.consecutive_days_worked)


def nights(variables: Variables) -> None:
    """A caregiver works on so many nights at most, of a week and in a row."""
    world = variables.world
    late = (r for r in variables.used if world.days[r].is_night)
    start = world.scenario.horizon.start
    opening = start - dt.timedelta(days=start.weekday())
    for g, dates in worked(variables, late).items():
        person = world.scenario.caregivers[g]
        if person.consecutive_nights is not None:
            before = person.consecutive_nights_worked
            _limit_runs(variables, dates, person.consecutive_nights, before)
        if person.week_nights is None:
            continue
        weeks = grouped((date - dt.timedelta(days=date.weekday()), n) for date, n in dates.items())
        for monday, of_week in weeks.items():
            before = person.week_nights_worked if monday == opening else 0
            left = max(0, person.week_nights - before)
            variables.model.add(cp_model.LinearExpr.sum(list(of_week)) <= left)


def worked(
    variables: Variables, routes: Iterable[int]
) -> Mapping[int, Mapping[dt.date, cp_model.IntVar]]:
    """Return per caregiver and date a literal that holds if one of the routes is used."""
    found: dict[int, dict[dt.date, cp_model.IntVar]] = defaultdict(dict)
    for r in routes:
        day = variables.world.days[r]
        dates = found[day.caregiver_idx]
        if day.date not in dates:
            dates[day.date] = variables.model.new_bool_var(f"works {day.caregiver_idx} {day.date}")
        variables.model.add_implication(variables.used[r], dates[day.date])
    return found


def _limit_runs(
    variables: Variables, dates: Mapping[dt.date, cp_model.IntVar], most: int, before: int
) -> None:
    """Of each `most` + 1 dates in a row one at least is not worked; `before` lead to the first."""
    start, days = variables.world.scenario.horizon.start, variables.world.scenario.horizon.days
    for n in range(-before, days - most):
        window = [start + dt.timedelta(days=d) for d in range(max(0, n), n + most + 1)]
        if window and all(date in dates for date in window):
            # A run that is too long before it is planned ends there.
            left = max(0, most - max(0, -n))
            variables.model.add(cp_model.LinearExpr.sum([dates[date] for date in window]) <= left)


def month_overtime(variables: Variables) -> None:
    """Overtime of a calendar month stays within the limit, what was before counted."""
    world = variables.world
    for (g, first), routes in by_month(variables).items():
        limit = world.scenario.caregivers[g].month_overtime_limit
        if limit is not None:
            left = world.ticks(limit) - overtime_before(world, g, first)
            variables.model.add(overtime_of_days(variables, routes) <= max(0, left))


def by_month(variables: Variables) -> dict[tuple[int, dt.date], tuple[int, ...]]:
    """Return the routes of each caregiver's calendar months, by the first day of the month."""
    days = variables.world.days
    return grouped(
        ((days[r].caregiver_idx, days[r].date.replace(day=1)), r) for r in variables.used
    )


def overtime_before(world: World, g: int, first: dt.date) -> int:
    """Return the overtime of a month that a caregiver has worked before the horizon, in ticks."""
    if first != world.scenario.horizon.start.replace(day=1):
        return 0
    return world.ticks(world.scenario.caregivers[g].month_overtime_worked)


def overtime_of_days(variables: Variables, routes: Iterable[int]) -> cp_model.LinearExpr:
    """Return at least the work of some routes of a caregiver above the daily minutes, in ticks."""
    world, wanted = variables.world, set(routes)
    parts: list[cp_model.IntVar] = []
    for (g, _), of_day in by_date(variables).items():
        agreed = world.scenario.caregivers[g].day_minutes
        if agreed is not None and wanted.issuperset(of_day):
            over = variables.model.new_int_var(0, world.last_tick * len(of_day), "")
            variables.model.add(over >= work(variables, of_day) - world.ticks(agreed))
            parts.append(over)
    return cp_model.LinearExpr.sum(parts)


BINDS: Binds = MappingProxyType(
    {
        Rule.CONSECUTIVE_DAYS: consecutive_days,
        Rule.MONTH_OVERTIME: month_overtime,
        Rule.NIGHTS: nights,
    }
)
