"""What is a burden to whoever has to do it: evenings, weekends and hard visits.

One definition for the cost term `burdens`, for the check of it and for the tables of reports.
"""

from __future__ import annotations

import datetime as dt

from optimizer.domain.client import Client, Flag
from optimizer.domain.visit import Visit
from optimizer.units import MS_PER_MINUTE

EVENING = 18 * 60 * MS_PER_MINUTE
"A visit that cannot begin before is one of the evening, in milliseconds since midnight of its day."
HARD_TIER = 3
"Need tier from which a client's visits are hard."
_SATURDAY = 5
_TEAM = 2


def is_evening(visit: Visit) -> bool:
    """Return whether a visit is one of the evening: it cannot begin before 18:00.

    What is to begin after the midnight that follows, on a night shift of that day, is one too.
    """
    return visit.window.earliest >= EVENING


def is_weekend(day: dt.date) -> bool:
    """Return whether a day is a Saturday or a Sunday."""
    return day.weekday() >= _SATURDAY


def is_hard(client: Client, visit: Visit) -> bool:
    """Return whether a visit is hard.

    It is made by two carers, or its client is infectious, aggressive or of need tier 3 or 4.

    Parameters
    ----------
    client
        Whose visit it is.
    visit
        The visit; all of its stops are hard, or none.
    """
    return (
        len(visit.carers) >= _TEAM
        or Flag.INFECTIOUS in client.flags
        or Flag.AGGRESSIVE in client.flags
        or (client.need_tier or 0) >= HARD_TIER
    )
