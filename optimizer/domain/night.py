"""When it is night, and which shifts are night shifts."""

from __future__ import annotations

from optimizer.domain.caregiver import Shift
from optimizer.domain.record import Record
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE, Clock, Minutes


class NightHours(Record):
    """The hours of the night, by the clock, and how much of a shift makes it a night shift."""

    start: Clock = 22 * 60 * MS_PER_MINUTE
    end: Clock = 6 * 60 * MS_PER_MINUTE
    "Of the next day, where it is not after `start`."
    least: Minutes = 2 * 60 * MS_PER_MINUTE
    "A shift with so much of it in the night is a night shift."

    def is_night(self, shift: Shift) -> bool:
        """Return whether a shift is a night shift; of two nights that it touches both count."""
        if shift.night is not None:
            return shift.night
        length = self.end - self.start
        length += MS_PER_DAY if length <= 0 else 0
        inside = 0
        for days in range(-1, 1 + shift.end // MS_PER_DAY):
            start = self.start + days * MS_PER_DAY
            inside += max(0, min(shift.end, start + length) - max(shift.start, start))
        return inside > 0 and inside >= self.least
