"""What a team of hires leaves out on drawn days."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OnFutures:
    """What an answer leaves out on drawn days.

    Attributes
    ----------
    share
        Part of the visits of each day that is wanted, in percent.
    unserved, without
        Visits left out on each day with the hires, and on the same day without them.
    allowed
        Visits of each day that may be left out.
    """

    share: float
    unserved: tuple[int, ...]
    without: tuple[int, ...]
    allowed: tuple[int, ...]

    @property
    def drawn(self) -> int:
        """Number of days."""
        return len(self.unserved)

    @property
    def reached(self) -> int:
        """Days on which the share is made with the hires."""
        return _reached(self.unserved, self.allowed)

    @property
    def reached_without(self) -> int:
        """Days on which it is made without them."""
        return _reached(self.without, self.allowed)


def _reached(unserved: tuple[int, ...], allowed: tuple[int, ...]) -> int:
    return sum(left <= most for left, most in zip(unserved, allowed, strict=True))
