"""Days and nights in a row, and whether a day of work more is allowed."""

from __future__ import annotations

from numpy import int64

from optimizer.problem.layout import (
    DAYS_BEFORE,
    ENOUGH_DAYS,
    ENOUGH_NIGHTS,
    MOST_DAYS,
    MOST_NIGHTS,
    NIGHTS_BEFORE,
)
from optimizer.search.kernels.compiled import kernel, leaf
from optimizer.search.kernels.world import (
    BIG,
    HAS_DAY_LIMITS,
    HAS_STREAKS,
    NIGHT_ACCOUNTS,
    W_STREAKS,
    WEEK_NIGHT_ACCOUNTS,
)


@kernel
def _before(w, v, first, before):
    """Return how many days in a row are worked up to the one before that of route `v`.

    A day is worked if its account has stops: `first` is that of the first day in the table.
    So many days as `before` were worked in a row before the first date.
    """
    caregiver, date = w.route[v].caregiver, int64(w.route[v].date)
    run, d = int64(0), date - 1
    while d >= 0 and w.calendar[caregiver, d] >= 0:
        if w.account[first + w.calendar[caregiver, d]].value == 0:
            break
        run += 1
        d -= 1
    return run + before if d < 0 else run


@kernel
def _behind(w, v, first):
    """Return how many days in a row are worked from the one after that of route `v` on."""
    caregiver, date = w.route[v].caregiver, int64(w.route[v].date)
    run, d = int64(0), date + 1
    while d < w.calendar.shape[1] and w.calendar[caregiver, d] >= 0:
        if w.account[first + w.calendar[caregiver, d]].value == 0:
            break
        run += 1
        d += 1
    return run


@kernel
def _run(w, v, first, before):
    """Return how many days in a row are worked if that of route `v` is."""
    return _before(w, v, first, before) + 1 + _behind(w, v, first)


@kernel
def more_in_a_row(w, v, night):
    """Return how many days, or nights, more are worked after enough in a row with that of `v`."""
    streak = w.streak[w.route[v].caregiver]
    enough = streak[ENOUGH_NIGHTS] if night else streak[ENOUGH_DAYS]
    if enough >= BIG:
        return int64(0)
    before = streak[NIGHTS_BEFORE] if night else streak[DAYS_BEFORE]
    first = int64(w.route[v].stop_account) - int64(w.route[v].day)
    if night:
        first = w.g[NIGHT_ACCOUNTS]
    ahead, behind = _before(w, v, first, before), _behind(w, v, first)
    joined = max(int64(0), ahead + 1 + behind - enough)
    return joined - max(int64(0), ahead - enough) - max(int64(0), behind - enough)


@kernel
def streak_price(w, v):
    """Return what `streaks` costs more with a stop on route `v`."""
    more = int64(0)
    if w.account[w.route[v].stop_account].value == 0:
        more = more_in_a_row(w, v, False)
    nights = w.g[NIGHT_ACCOUNTS]
    is_night = nights > 0 and w.route[v].night == 1
    if is_night and w.account[nights + w.route[v].day].value == 0:
        more += more_in_a_row(w, v, True)
    return w.g[W_STREAKS] * more


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
