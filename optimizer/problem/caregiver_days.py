"""Shifts → the table of routes, with limits per day and per week."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy import int32, int64
from numpy.typing import NDArray

from optimizer.domain.caregiver import BreakRule, Caregiver, Shift
from optimizer.domain.clock_changes import Clocks
from optimizer.domain.scenario import Scenario
from optimizer.problem import layout as at
from optimizer.problem.across_days import NO_LIMIT, month_limits, nights_left, streaks
from optimizer.problem.data import CaregiverDay
from optimizer.travel.matrix import TravelMatrices
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE, to_ticks


@dataclass(frozen=True, slots=True)
class DayTables:
    """Routes and the limits of caregivers' days and weeks."""

    route: NDArray[int64]
    day_limit: NDArray[int64]
    week_limit: NDArray[int64]
    month_limit: NDArray[int64]
    streak: NDArray[int64]
    calendar: NDArray[int32]
    rest: NDArray[int64]


def compile_days(
    scenario: Scenario, matrices: TravelMatrices
) -> tuple[tuple[CaregiverDay, ...], DayTables]:
    """Return the caregiver-days inside the horizon and their tables."""
    tpm, clocks = scenario.ticks_per_minute, Clocks(scenario.time_zone)
    dates = {date: n for n, date in enumerate(scenario.horizon.dates())}
    days: list[CaregiverDay] = []
    rows: list[NDArray[int64]] = []
    day_numbers: dict[tuple[int, int], int] = {}
    week_numbers: dict[tuple[int, int, int], int] = {}
    day_limit: list[tuple[int, ...]] = []
    week_limit: list[tuple[int, ...]] = []
    rests: list[tuple[int, int, int]] = []
    for g, caregiver in enumerate(scenario.caregivers):
        shifts = sorted(
            (s for s in caregiver.shifts if s.date in dates), key=lambda s: (s.date, s.start)
        )
        opens, closes = _hours(caregiver, shifts, scenario.horizon.start, clocks)
        first = len(rows)
        nights = {shift.date for shift in shifts if scenario.policy.night.is_night(shift)}
        for number, shift in enumerate(shifts):
            date = dates[shift.date]
            if (g, date) not in day_numbers:
                day_numbers[g, date] = len(day_limit)
                day_limit.append(_day_limits(caregiver, tpm))
            week = (g, *shift.date.isocalendar()[:2])
            if week not in week_numbers:
                week_numbers[week] = len(week_limit)
                left = _days_left(caregiver, shifts, shift.date, scenario.horizon.start)
                late = nights_left(caregiver, nights, shift.date, scenario.horizon.start)
                week_limit.append((*_week_limits(caregiver, tpm), left, late))
            before = sum(s.date == shift.date for s in shifts[:number])
            days.append(CaregiverDay(g, shift.date, before))
            row = _route_row(scenario, matrices, caregiver, shift)
            row[at.OPEN] = to_ticks(opens[number], tpm)
            row[at.CLOSE_HARD] = to_ticks(closes[number], tpm)
            row[at.CLOSE] = min(row[at.CLOSE], row[at.CLOSE_HARD])
            row[at.MODE] = matrices.modes.index(caregiver.mode)
            row[at.CAREGIVER] = g
            row[at.DATE] = date
            row[at.DAY] = day_numbers[g, date]
            row[at.WEEK] = week_numbers[week]
            row[at.NIGHT] = scenario.policy.night.is_night(shift)
            rows.append(row)
        # Nobody works while clocks are changed, so all of a shift is as its beginning.
        ahead = [clocks.offset(shift.date, shift.start) * tpm // MS_PER_MINUTE for shift in shifts]
        rest = [to_ticks(caregiver.rest_after(night=late), tpm) for late in (False, True)]
        rests += _rests(rows, ahead, first, rest, to_ticks(MS_PER_DAY, tpm))
    route = np.array(rows, int64).reshape(-1, at.ROUTE_COLUMNS)
    limits = np.array(day_limit, int64).reshape(-1, 3)
    weeks = np.array(week_limit, int64).reshape(-1, 4)
    if scenario.horizon.days > 1:
        # On a single day they stay: a place for which there is no time is told early by them.
        _drop_unreachable(limits, route, at.DAY)
        _drop_unreachable(weeks, route, at.WEEK)
    of_route = [limits[route[:, at.DAY]], weeks[route[:, at.WEEK], :2]]
    route[:, at.LIMITED] = (np.hstack(of_route) < NO_LIMIT).any(axis=1)
    streak, calendar = streaks(scenario, route)
    month_limit, route[:, at.MONTH] = month_limits(scenario, route, limits)
    return tuple(days), DayTables(
        route=route,
        day_limit=limits,
        week_limit=weeks,
        month_limit=month_limit,
        streak=streak,
        calendar=calendar,
        rest=np.array(rests, int64).reshape(-1, 3),
    )


def _drop_unreachable(limits: NDArray[int64], route: NDArray[int64], key: int) -> None:
    """Take out of limits of days or weeks, in place, those on work that shifts cannot reach.

    Work lies between leaving home and coming back, so that it is never longer than the shifts.
    """
    hours = np.maximum(0, route[:, at.CLOSE_HARD] - route[:, at.OPEN])
    most = np.bincount(route[:, key], hours, len(limits)).astype(int64)
    work = limits[:, : at.HARD + 1]
    work[work >= most[:, None]] = NO_LIMIT


def _hours(
    caregiver: Caregiver, shifts: list[Shift], first: dt.date, clocks: Clocks
) -> tuple[list[int], list[int]]:
    """Return when each shift begins, after the rest before the first day, and when it must end."""
    opens = [shift.start for shift in shifts]
    closes = [shift.end + caregiver.overtime_limit for shift in shifts]
    for n in range(1, len(shifts)):
        if shifts[n].date == shifts[n - 1].date:
            closes[n - 1] = min(closes[n - 1], opens[n])
    if caregiver.last_return is not None:
        eve = first - dt.timedelta(days=1)
        rested = caregiver.last_return
        rested += caregiver.rest_after(night=caregiver.consecutive_nights_worked > 0)
        rested -= clocks.offset(eve, caregiver.last_return - 1)
        for n, shift in enumerate(shifts):
            after = rested - (shift.date - eve).days * MS_PER_DAY
            after += clocks.offset(shift.date, shift.start)
            opens[n] = min(max(opens[n], after), closes[n])
    return opens, closes


def _rests(
    rows: list[NDArray[int64]], ahead: list[int], first: int, rest: list[int], day: int
) -> list[tuple[int, int, int]]:
    """Return which routes of a caregiver hold each other up by the rest between two days.

    Per pair: the earlier route, the later one, and by how much the departure of the later one
    must exceed coming back from the earlier one. Pairs that cannot bind are left out.

    Parameters
    ----------
    rows, first
        Rows of the table of routes, and the first one of the caregiver.
    ahead
        By how much local time is ahead of UTC at each of the caregiver's routes, in ticks.
    rest
        Ticks of the rest after a shift of the day, and after one of the night.
    day
        Ticks of a whole day.
    """
    found = []
    for u in range(first, len(rows)):
        for v in range(u + 1, len(rows)):
            days = int(rows[v][at.DATE] - rows[u][at.DATE])
            gap = rest[int(rows[u][at.NIGHT])] - days * day + ahead[v - first] - ahead[u - first]
            if days > 0 and rows[u][at.CLOSE_HARD] + gap > rows[v][at.OPEN]:
                found.append((u, v, gap))
    return found


def _day_limits(caregiver: Caregiver, tpm: int) -> tuple[int, int, int]:
    soft, hard = caregiver.day_minutes, caregiver.day_minutes_limit
    return (
        NO_LIMIT if soft is None else to_ticks(soft, tpm),
        NO_LIMIT if hard is None else to_ticks(hard, tpm),
        NO_LIMIT if caregiver.visits_per_day is None else caregiver.visits_per_day,
    )


def _week_limits(caregiver: Caregiver, tpm: int) -> tuple[int, int]:
    soft, hard = caregiver.week_minutes, caregiver.week_minutes_limit
    return (
        NO_LIMIT if soft is None else to_ticks(soft, tpm),
        NO_LIMIT if hard is None else to_ticks(hard, tpm),
    )


def _days_left(caregiver: Caregiver, shifts: list[Shift], day: dt.date, first: dt.date) -> int:
    """Return on how many days of the week of a day the caregiver may work.

    There is no limit where the shifts leave the days off anyway, so that the search counts nothing.
    """
    monday = day - dt.timedelta(days=day.weekday())
    week = {shift.date for shift in shifts if 0 <= (shift.date - monday).days < 7}
    before = caregiver.days_worked if monday <= first else 0
    left = max(0, 7 - caregiver.days_off - before)
    return left if caregiver.days_off > 0 and left < len(week) else NO_LIMIT


def _route_row(
    scenario: Scenario, matrices: TravelMatrices, caregiver: Caregiver, shift: Shift
) -> NDArray[int64]:
    tpm = scenario.ticks_per_minute
    weights = scenario.policy.weights
    row = np.zeros(at.ROUTE_COLUMNS, int64)
    row[at.CLOSE] = to_ticks(shift.end, tpm)
    row[at.HOME] = matrices.index(caregiver.home)
    row[at.END] = matrices.index(caregiver.end_place or caregiver.home)
    pause = caregiver.break_of(shift)
    if pause is not None:
        _fit_break(row, pause, shift, tpm)
    longest = caregiver.longest_leg
    # One below "unreachable", so that unreachable places are barred by the same test.
    row[at.LONGEST] = at.BIG // 2 - 1 if longest is None else to_ticks(longest, tpm)
    row[at.HOME_RATE] = weights.travel
    row[at.BETWEEN_RATE] = weights.travel + weights.wage * caregiver.fen_per_minute
    row[at.MILEAGE] = caregiver.fen_per_km if weights.wage else 0
    row[at.OVERTIME_RATE] = weights.overtime + weights.wage * caregiver.fen_per_overtime_minute
    row[at.FEN_RATE] = weights.wage
    row[at.STAFF] = weights.staff_used * tpm
    return row


def _fit_break(row: NDArray[int64], pause: BreakRule, shift: Shift, tpm: int) -> None:
    """Enter the break into the route if its rule asks for one and one fits."""
    earliest = max(pause.earliest, shift.start)
    latest = min(pause.latest, shift.end - pause.duration)
    if shift.end - shift.start >= pause.after and earliest <= latest:
        row[at.BREAK_FROM] = to_ticks(earliest, tpm)
        row[at.BREAK_TO] = to_ticks(latest, tpm)
        row[at.BREAK_LENGTH] = to_ticks(pause.duration, tpm)
