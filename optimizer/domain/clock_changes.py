"""Local clock times against real time: on days when clocks are changed the two differ."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from functools import cache

from optimizer.units import MS_PER_DAY, MS_PER_MINUTE


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A change of clocks on one day, in milliseconds since its midnight.

    Attributes
    ----------
    before
        What clocks show when they are changed.
    after
        What they show then: more if they are put forward, less if they are put back.
    """

    before: int
    after: int

    def skips(self, clock: int) -> bool:
        """Return whether no clock ever shows this time: it lies in the hour left out."""
        return self.before <= clock < self.after


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks of a time zone.

    A time that is shown twice, when clocks are put back, is read as the first one.

    Attributes
    ----------
    zone
        Name in the tz database; an unknown one is read as one where clocks are never changed.
    """

    zone: str

    def offset(self, day: dt.date, clock: int) -> int:
        """Return by how much local time is ahead of UTC, in milliseconds.

        Parameters
        ----------
        clock
            Local time in milliseconds since the midnight of the day; it may lie after the next.
        """
        return _offset(self.zone, day, clock)

    def change_on(self, day: dt.date) -> ClockChange | None:
        """Return how clocks are changed on a day, or None."""
        first, last = self.offset(day, 0), self.offset(day, MS_PER_DAY)
        if first == last:
            return None
        # Real minutes since midnight: the old offset holds at the one, no longer at the other.
        low, high = -1, (MS_PER_DAY + first - last) // MS_PER_MINUTE
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset_after(day, middle * MS_PER_MINUTE) == first:
                low = middle
            else:
                high = middle
        before = high * MS_PER_MINUTE
        return ClockChange(before, before + last - first)

    def _offset_after(self, day: dt.date, real: int) -> int:
        """Return the offset so many real milliseconds after midnight."""
        zone = _zone(self.zone)
        if zone is None:
            return 0
        midnight = dt.datetime.combine(day, dt.time(), dt.UTC)
        moment = midnight + dt.timedelta(milliseconds=real - self.offset(day, 0))
        return _milliseconds(moment.astimezone(zone).utcoffset())


@cache
def _zone(name: str) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


@cache
def _offset(name: str, day: dt.date, clock: int) -> int:
    zone = _zone(name)
    if zone is None:
        return 0
    local = dt.datetime.combine(day, dt.time()) + dt.timedelta(milliseconds=clock)
    return _milliseconds(local.replace(tzinfo=zone).utcoffset())


def _milliseconds(offset: dt.timedelta | None) -> int:
    return 0 if offset is None else offset // dt.timedelta(milliseconds=1)
