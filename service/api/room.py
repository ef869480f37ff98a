"""Room for bodies: all that are held at a time have one limit, and nobody may fill it alone.

References
----------
A. K. Choudhury, E. L. Hahne (1998), Dynamic queue length thresholds for shared-memory packet
switches, IEEE/ACM Transactions on Networking 6(2), 130-140: nobody may hold more than is left, so
that however many take, there is room for whoever comes next.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable

from service.api.faults import TooBusy

PATIENCE_SECONDS = 2.0
"Longest wait for room. Whoever was refused at once would be back at once."
LOOK_SECONDS = 0.1
"Time between two looks for room."
LARGE = 200_000
"Bytes of a body beyond which it is read no quicker than `BYTES_PER_SECOND`."
BYTES_PER_SECOND = 50_000_000
"Of all large bodies of one organisation: what reads them answers everybody else as well."
LEAD_SECONDS = 0.02
"How far reading may be ahead of that, so that it need not wait for every piece."


class Place:
    """The part of a room that one body takes, until it is left."""

    def __init__(self, room: Room, who: str) -> None:
        self._room = room
        self._who = who
        self._bytes = 0

    async def take(self, size: int) -> None:
        """Take so many bytes more; wait for them if there are none, without reading on.

        Raises
        ------
        TooBusy
            If there was no room for too long.
        """
        waited = 0.0
        while not self._room.has(self._who, size):
            if waited >= self._room.patience:
                raise TooBusy("Too many large documents are held; try again in a moment.")
            await asyncio.sleep(LOOK_SECONDS)
            waited += LOOK_SECONDS
        self._room.take(self._who, size)
        self._bytes += size
        if self._bytes > LARGE and (ahead := self._room.ahead(self._who, size)) > LEAD_SECONDS:
            await asyncio.sleep(ahead)

    def leave(self) -> None:
        """Give everything back."""
        self._room.take(self._who, -self._bytes)
        self._bytes = 0


class Room:
    """A number of bytes that bodies share; all calls come from one event loop.

    Parameters
    ----------
    size
        Bytes.
    each
        Bytes that an organisation may hold at any rate, where they are there: one body. More it
        may hold as long as so many are left for others.
    patience
        Seconds that a body waits for room.
    clock
        Seconds that only grow.
    """

    def __init__(
        self,
        size: int,
        each: int,
        *,
        patience: float = PATIENCE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.patience = patience
        self._clock = clock
        self._left = size
        self._each = each
        self._held: Counter[str] = Counter()
        self._read_at: dict[str, float] = {}
        "When what each organisation has sent would have been read at the highest speed."

    def place(self, who: str) -> Place:
        """Return a place for one body of an organisation; leave it when it is not needed."""
        return Place(self, who)

    def has(self, who: str, size: int) -> bool:
        """Return whether an organisation may take so many bytes."""
        left = self._left - size
        return left >= 0 and self._held[who] + size <= max(self._each, left)

    def take(self, who: str, size: int) -> None:
        """Take bytes, or, where there are less than none, give some back."""
        self._left -= size
        self._held[who] += size
        if not self._held[who]:
            del self._held[who]
            self._read_at.pop(who, None)

    def ahead(self, who: str, size: int) -> float:
        """Return by how many seconds an organisation's large bodies have come too soon.

        Parameters
        ----------
        who
            The organisation.
        size
            Bytes that have just come.
        """
        now = self._clock()
        self._read_at[who] = max(self._read_at.get(who, now), now) + size / BYTES_PER_SECOND
        return self._read_at[who] - now
