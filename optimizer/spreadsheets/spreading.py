"""On which days something recurrent takes place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from optimizer.spreadsheets.day_cells import EVERY_DAY, Recurrence

_MONDAY_TO_FRIDAY = (1, 2, 3, 4, 5)
_WEEKLY: dict[int, tuple[tuple[int, ...], ...]] = {
    1: ((1,), (2,), (3,), (4,), (5,)),
    2: ((1, 4), (2, 5)),
    3: ((1, 3, 5),),
    4: ((1, 2, 4, 5), (1, 2, 3, 5), (1, 3, 4, 5)),
    5: (_MONDAY_TO_FRIDAY,),
    6: ((1, 2, 3, 4, 5, 6),),
    7: (EVERY_DAY,),
}
"Days of the week by their number, as far from each other as they can be, in turn."


def days_of(
    recurrence: Recurrence, horizon: Iterable[date], turn: int, among: Sequence[int] = ()
) -> tuple[date, ...]:
    """Return the days of a horizon on which something takes place.

    Days that nobody has fixed lie as far apart as they can, from Monday to Friday where these are
    enough, and are dealt out in turn, so that not everybody comes on Mondays. Whatever the days
    planned, the same day of the calendar always gives the same answer.

    Parameters
    ----------
    recurrence
        How often.
    horizon
        The days planned.
    turn
        Number of the recurrent service, from 0.
    among
        Days of the week to choose from; none given means any.
    """
    return tuple(day for day in horizon if takes_place(recurrence, day, turn, among))


def takes_place(recurrence: Recurrence, day: date, turn: int, among: Sequence[int] = ()) -> bool:
    """Return whether something recurrent takes place on a day; arguments as of `days_of`."""
    if recurrence.every:
        return (day.toordinal() + turn) % recurrence.every == 0
    week = (day.toordinal() - 1) // 7
    if recurrence.weekdays:
        # Of two clients every other week, one comes in each.
        return day.isoweekday() in recurrence.weekdays and (week + turn) % recurrence.weeks == 0
    days = tuple(among) or _usual_days(recurrence)
    if recurrence.weeks == 1 and not among:
        patterns = _WEEKLY[min(7, recurrence.days)]
        return day.isoweekday() in patterns[turn % len(patterns)]
    if day.isoweekday() not in days:
        return False
    length = len(days) * recurrence.weeks
    here = week % recurrence.weeks * len(days) + days.index(day.isoweekday())
    count = min(recurrence.days, length)
    return any((turn + number * length // count) % length == here for number in range(count))


def _usual_days(recurrence: Recurrence) -> tuple[int, ...]:
    fits = recurrence.days <= len(_MONDAY_TO_FRIDAY) * recurrence.weeks
    return _MONDAY_TO_FRIDAY if fits else EVERY_DAY
