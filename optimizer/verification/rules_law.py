"""Rules across days: days in a row, nights of a week and in a row, overtime of a month."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.policy import Rule
from optimizer.i18n import say
from optimizer.verification.replay import Checks, Replay, RouteReplay, monday_of
from optimizer.verification.verdict import Violation

DAY = dt.timedelta(days=1)


def consecutive_days(replay: Replay) -> Iterator[Violation]:
    """Check that a caregiver works on so many days in a row at most."""
    for routes in _by_caregiver(replay.routes).values():
        caregiver = routes[0].caregiver
        most, before = caregiver.consecutive_days, caregiver.consecutive_days_worked
        if most is None:
            continue
        for last, run in _runs(replay, {route.date for route in routes}, before):
            if run > most:
                detail = say(
                    "violation.consecutive_days",
                    caregiver=caregiver.id,
                    date=last,
                    days=run,
                    most=most,
                )
                yield _last_of(routes, last).breach(Rule.CONSECUTIVE_DAYS, run - most, detail)


def nights(replay: Replay) -> Iterator[Violation]:
    """Check that a caregiver works on so many nights at most, of a week and in a row."""
    for routes in _by_caregiver(filter(replay.is_night, replay.routes)).values():
        caregiver, dates = routes[0].caregiver, {route.date for route in routes}
        yield from _nights_of_weeks(replay, caregiver, routes)
        most, before = caregiver.consecutive_nights, caregiver.consecutive_nights_worked
        if most is None:
            continue
        for last, run in _runs(replay, dates, before):
            if run > most:
                detail = say(
                    "violation.nights.in_a_row",
                    caregiver=caregiver.id,
                    date=last,
                    nights=run,
                    most=most,
                )
                yield _last_of(routes, last).breach(Rule.NIGHTS, run - most, detail)


def _nights_of_weeks(
    replay: Replay, caregiver: Caregiver, routes: list[RouteReplay]
) -> Iterator[Violation]:
    """Check the nights of each calendar week."""
    most = caregiver.week_nights
    if most is None:
        return
    opening = monday_of(replay.scenario.horizon.start)
    weeks: dict[dt.date, set[dt.date]] = defaultdict(set)
    for route in routes:
        weeks[monday_of(route.date)].add(route.date)
    for monday, dates in weeks.items():
        worked = len(dates) + (caregiver.week_nights_worked if monday == opening else 0)
        if worked > most:
            detail = say(
                "violation.nights.of_a_week",
                caregiver=caregiver.id,
                date=monday,
                nights=worked,
                most=most,
            )
            yield _last_of(routes, max(dates)).breach(Rule.NIGHTS, worked - most, detail)


def month_overtime(replay: Replay) -> Iterator[Violation]:
    """Check that overtime of a calendar month stays within the limit, what was before counted."""
    for (_, first), days in overtime_of_months(replay).items():
        caregiver = next(iter(days.values()))[0].caregiver
        limit = caregiver.month_overtime_limit
        planned = sum(overtime_of_day(replay, routes) for routes in days.values())
        if limit is None or planned == 0:
            continue
        work = planned + overtime_before(replay, caregiver, first)
        over = work - replay.ticks(limit)
        if over > 0:
            detail = say(
                "violation.month_overtime",
                caregiver=caregiver.id,
                month=f"{first:%Y-%m}",
                work=replay.lasting(work),
                by=replay.lasting(over),
            )
            yield days[max(days)][-1].breach(Rule.MONTH_OVERTIME, over, detail)


def overtime_of_months(
    replay: Replay,
) -> Mapping[tuple[str, dt.date], Mapping[dt.date, tuple[RouteReplay, ...]]]:
    """Return the days of each caregiver and calendar month, by the first day of the month."""
    months: dict[tuple[str, dt.date], dict[dt.date, tuple[RouteReplay, ...]]] = defaultdict(dict)
    for (caregiver, date), routes in replay.routes_on.items():
        months[caregiver, date.replace(day=1)][date] = routes
    return months


def overtime_of_day(replay: Replay, routes: Collection[RouteReplay]) -> int:
    """Return the work of one caregiver on one day above the daily minutes, in ticks."""
    agreed = next(iter(routes)).caregiver.day_minutes
    if agreed is None:
        return 0
    return max(0, sum(route.work for route in routes) - replay.ticks(agreed))


def overtime_before(replay: Replay, caregiver: Caregiver, first: dt.date) -> int:
    """Return the overtime of a month that was worked before the horizon, in ticks."""
    is_opening = first == replay.scenario.horizon.start.replace(day=1)
    return replay.ticks(caregiver.month_overtime_worked) if is_opening else 0


def _by_caregiver(
    routes: Iterator[RouteReplay] | Collection[RouteReplay],
) -> dict[str, list[RouteReplay]]:
    found: dict[str, list[RouteReplay]] = defaultdict(list)
    for route in routes:
        found[route.caregiver.id].append(route)
    return found


def _runs(replay: Replay, dates: Collection[dt.date], before: int) -> Iterator[tuple[dt.date, int]]:
    """Yield the last date of each run of dates, and its length; `before` days lead to the first."""
    run = before
    yesterday = replay.scenario.horizon.start - DAY
    for date in sorted(dates):
        if date != yesterday + DAY:
            if yesterday in dates:
                yield yesterday, run
            run = 0
        run, yesterday = run + 1, date
    if yesterday in dates:
        yield yesterday, run


def _last_of(routes: list[RouteReplay], date: dt.date) -> RouteReplay:
    return [route for route in routes if route.date == date][-1]


CHECKS: Checks = MappingProxyType(
    {
        Rule.CONSECUTIVE_DAYS: consecutive_days,
        Rule.MONTH_OVERTIME: month_overtime,
        Rule.NIGHTS: nights,
    }
)
