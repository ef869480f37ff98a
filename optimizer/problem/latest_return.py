"""When a caregiver must be back: written once for the engine's bound and all that read a plan."""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.domain.caregiver import Shift
from optimizer.units import MS_PER_DAY


def latest_return(shifts: Sequence[Shift], number: int, overtime_limit: int) -> int:
    """Return when a route must have ended, in milliseconds since midnight.

    Overtime goes on to the next shift of the day at the latest, and to midnight after the last
    one. The night's rest, which ties days to each other, may demand an earlier return.

    Parameters
    ----------
    shifts
        All shifts of one caregiver on one day, in order of time.
    number
        Which of them, from 0.
    overtime_limit
        Permitted overtime in milliseconds.
    """
    shift = shifts[number]
    is_last = number + 1 == len(shifts)
    following = max(MS_PER_DAY, shift.end) if is_last else shifts[number + 1].start
    return min(shift.end + overtime_limit, following)
