"""When a caregiver must be back: written once for the engine's bound and all that read a plan."""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.domain.caregiver import Shift


def latest_return(shifts: Sequence[Shift], number: int, overtime_limit: int) -> int:
    """Return when a route must have ended, in milliseconds since midnight.

    Overtime goes on to the next shift of the day at the latest. The rest, which ties days to each
    other, may demand an earlier return.

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
    latest = shift.end + overtime_limit
    return latest if number + 1 == len(shifts) else min(latest, shifts[number + 1].start)
