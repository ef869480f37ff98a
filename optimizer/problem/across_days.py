"""Limits across days: days and nights in a row, nights of a week, overtime of a month.

A limit is written down only where the shifts could break it, so that the search counts nothing
that cannot matter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from itertools import pairwise

import numpy as np
from numpy import int32, int64
from numpy.typing import NDArray

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.scenario import Scenario
from optimizer.problem import layout as at
from optimizer.units import to_ticks

NO_LIMIT = 1 << 40


def streaks(scenario: Scenario, route: NDArray[int64]) -> tuple[NDArray[int64], NDArray[int32]]:
    """Return the limits on days and nights in a row, and each caregiver's days by date.

    Beside the limits stand the numbers after which each day more counts for `streaks`.

    Parameters
    ----------
    scenario
        Whose caregivers have the limits.
    route
        The table of routes.
    """
    people = scenario.caregivers
    policy = scenario.policy
    counts = policy.weights.streaks > 0
    streak = np.full((len(people), 6), NO_LIMIT, int64)
    streak[:, at.DAYS_BEFORE] = [one.consecutive_days_worked for one in people]
    streak[:, at.NIGHTS_BEFORE] = [one.consecutive_nights_worked for one in people]
    for g, person in enumerate(people):
        if person.consecutive_days is None and person.consecutive_nights is None and not counts:
            continue
        own = route[route[:, at.CAREGIVER] == g]
        days, nights = own[:, at.DATE], own[own[:, at.NIGHT] == 1, at.DATE]
        for limit, soft, most, enough, dates in (
            (
                at.MOST_DAYS,
                at.ENOUGH_DAYS,
                person.consecutive_days,
                policy.preferred_consecutive_days,
                days,
            ),
            (
                at.MOST_NIGHTS,
                at.ENOUGH_NIGHTS,
                person.consecutive_nights,
                policy.preferred_consecutive_nights,
                nights,
            ),
        ):
            longest = _longest_run(set(dates.tolist()), int(streak[g, limit + 1]))
            if most is not None and longest > most:
                streak[g, limit] = most
            if counts and longest > enough:
                streak[g, soft] = enough
    columns = [at.MOST_DAYS, at.MOST_NIGHTS, at.ENOUGH_DAYS, at.ENOUGH_NIGHTS]
    if (streak[:, columns] == NO_LIMIT).all():
        return streak, np.full((1, 1), -1, int32)
    calendar = np.full((len(people), scenario.horizon.days), -1, int32)
    calendar[route[:, at.CAREGIVER], route[:, at.DATE]] = route[:, at.DAY]
    return streak, calendar


def _longest_run(dates: Collection[int], before: int) -> int:
    """Return the most dates in a row; those before the first date count as `before`."""
    longest = run = 0
    days = sorted(dates)
    for yesterday, day in pairwise([-1, *days]):
        run = run + 1 if day == yesterday + 1 else 1
        run += before if day == 0 else 0
        longest = max(longest, run)
    return longest


def nights_left(
    caregiver: Caregiver, nights: Iterable[dt.date], day: dt.date, first: dt.date
) -> int:
    """Return how many nights of the week of a day a caregiver may work.

    Parameters
    ----------
    nights
        Dates of all night shifts of the caregiver.
    first
        The first day planned, before which `week_nights_worked` were worked.
    """
    if caregiver.week_nights is None:
        return NO_LIMIT
    monday = day - dt.timedelta(days=day.weekday())
    week = {night for night in nights if 0 <= (night - monday).days < 7}
    before = caregiver.week_nights_worked if monday <= first else 0
    left = max(0, caregiver.week_nights - before)
    return left if left < len(week) else NO_LIMIT


def month_limits(
    scenario: Scenario, route: NDArray[int64], day_limit: NDArray[int64]
) -> tuple[NDArray[int64], NDArray[int64]]:
    """Return the limits on the overtime of months, and which one each route is counted for.

    Overtime of a month is what its days are worked above the limit from which overtime counts.
    Where no limit can be reached there are none, and all routes say 0.
    """
    dates, tpm = scenario.horizon.dates(), scenario.ticks_per_minute
    months = np.array([date.year * 12 + date.month for date in dates], int64)
    key = route[:, at.CAREGIVER] * (1 << 20) + months[route[:, at.DATE]]
    keys, of_route = np.unique(key, return_inverse=True)
    hours = np.bincount(
        route[:, at.DAY],
        np.maximum(0, route[:, at.CLOSE_HARD] - route[:, at.OPEN]),
        len(day_limit),
    ).astype(int64)
    most = np.maximum(0, np.minimum(hours, day_limit[:, at.HARD]) - day_limit[:, at.SOFT])
    month_of_day = np.zeros(len(day_limit), int64)
    month_of_day[route[:, at.DAY]] = of_route
    possible = np.bincount(month_of_day, most, len(keys)).astype(int64)
    limits = np.full((len(keys), 2), NO_LIMIT, int64)
    for n, one in enumerate(keys.tolist()):
        person = scenario.caregivers[one >> 20]
        begun = one & ((1 << 20) - 1) == months[0]
        worked = to_ticks(person.month_overtime_worked, tpm) if begun else 0
        for column, limit in (
            (at.SOFT, person.month_overtime),
            (at.HARD, person.month_overtime_limit),
        ):
            left = NO_LIMIT if limit is None else max(0, to_ticks(limit, tpm) - worked)
            limits[n, column] = left if left < possible[n] else NO_LIMIT
    if (limits == NO_LIMIT).all():
        return np.zeros((0, 2), int64), np.zeros(len(route), int64)
    return limits, of_route.astype(int64)
