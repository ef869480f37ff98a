"""Days and nights in a row, and whether a day of work more is allowed."""

from __future__ import annotations

from numpy import int64

from optimizer.problem.layout import DAYS_BEFORE, MOST_DAYS, MOST_NIGHTS, NIGHTS_BEFORE
from optimizer.search.kernels.compiled import kernel, leaf
from optimizer.search.kernels.world import (
    BIG,
    HAS_DAY_LIMITS,
    HAS_STREAKS,
    NIGHT_ACCOUNTS,
    WEEK_NIGHT_ACCOUNTS,
)


@kernel
def _run(w, v, first, before):
    """Return how many days in a row are worked if that of route `v` is.

    A day is worked if its account has stops: `first` is that of the first day in the table.
    So many days as `before` were worked in a row before the first date.
    """
    caregiver, date = w.route[v].caregiver, int64(w.route[v].date)
    run, d = int64(1), date - 1
    while d >= 0 and w.calendar[caregiver, d] >= 0:
        if w.account[first + w.calendar[caregiver, d]].value == 0:
            break
        run += 1
        d -= 1
    if d < 0:
        run += before
    d = date + 1
    while d < w.calendar.shape[1] and w.calendar[caregiver, d] >= 0:
        if w.account[first + w.calendar[caregiver, d]].value == 0:
            break
        run += 1
        d += 1
    return run


@kernel
def exceeds_streak(w, v, night):
    """Return whether too many days, or nights, in a row are worked if that of route `v` is."""
    streak = w.streak[w.route[v].caregiver]
    if night:
        most, before = streak[MOST_NIGHTS], streak[NIGHTS_BEFORE]
        return most < BIG and _run(w, v, w.g[NIGHT_ACCOUNTS], before) > most
    most, before = streak[MOST_DAYS], streak[DAYS_BEFORE]
    first = int64(w.route[v].stop_account) - int64(w.route[v].day)
    return most < BIG and _run(w, v, first, before) > most


@kernel
def _is_too_much(w, v, stops):
    """Return whether route `v` may have no stop beside the `stops` that its day has.

    Its day would be one too many of the week or in a row, or its night.
    """
    account = w.account
    g = w.g
    if stops == 0:
        days = w.route[v].week_account + 1
        if account[days].value >= account[days].hard:
            return True
        if g[HAS_STREAKS] > 0 and exceeds_streak(w, v, False):
            return True
    if g[NIGHT_ACCOUNTS] > 0 and w.route[v].night == 1:
        if account[g[NIGHT_ACCOUNTS] + w.route[v].day].value > 0:
            return False
        nights = g[WEEK_NIGHT_ACCOUNTS] + w.route[v].week
        if account[nights].value >= account[nights].hard:
            return True
        return g[HAS_STREAKS] > 0 and exceeds_streak(w, v, True)
    return False


@leaf
def is_full(w, route, account, g, v):
    """Return whether route `v` can have no more stops, by the limits of its day and of others."""
    day = route[v].stop_account
    stops = account[day].value
    if stops >= account[day].hard:
        return True
    if g[HAS_DAY_LIMITS] == 0:
        return False
    return _is_too_much(w, v, stops)
