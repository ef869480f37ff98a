"""Bulkheads: each kind of work has its own few threads and its own queue; none starves another.

The queue is served organisation by organisation, and has an end: whoever comes too late, or would
wait for too long, is told to come back.

References
----------
M. T. Nygard (2018), Release It!, 2nd ed., chapter 5: the stability pattern "Bulkheads".
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from service.api.faults import TooBusy
from service.api.hops import Threads

Made = TypeVar("Made")

PATIENCE_SECONDS = 10.0
"Longest wait for a place."


class Bulkhead:
    """Lets a few threads do one kind of work; all calls come from one event loop.

    Parameters
    ----------
    places
        Threads at once (at least 1).
    waiting_each
        Requests of one organisation that may wait for one.
    working_each
        Places that one organisation may have; all of them if not given.
    patience
        Seconds that each waits.
    """

    def __init__(
        self,
        places: int,
        *,
        waiting_each: int,
        working_each: int | None = None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._free = places
        self._waiting_each = waiting_each
        self._working_each = working_each or places
        self._working: Counter[str] = Counter()
        self._patience = patience
        self._threads = Threads(places)
        self._queues: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    async def run(self, who: str, function: Callable[..., Made], *given: object) -> Made:
        """Return what a function returns, which may block its thread.

        Parameters
        ----------
        who
            The organisation for which it is done; they take turns.
        function, given
            What is called, and with what.

        Raises
        ------
        TooBusy
            If too many are waiting, or no place was free in time.
        """
        await self._enter(who)
        try:
            return await self._threads.run(partial(copy_context().run, function, *given))
        finally:
            self._leave(who)

    async def _enter(self, who: str) -> None:
        if self._free and self._may_work(who):
            self._free -= 1
            self._working[who] += 1
            return
        queue = self._queues.setdefault(who, deque())
        if len(queue) >= self._waiting_each:
            raise TooBusy(_TOO_MANY)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            async with asyncio.timeout(self._patience):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                self._leave(who)  # The turn came in the moment in which nobody waited any more.
            self._forget(who, turn)
            if isinstance(error, TimeoutError):
                raise TooBusy(_TOO_MANY) from error
            raise

    def _may_work(self, who: str) -> bool:
        return self._working[who] < self._working_each

    def _leave(self, who: str) -> None:
        """Give the place to the organisation that was served longest ago, or to nobody."""
        self._working[who] -= 1
        if not self._working[who]:
            del self._working[who]
        self._free += 1
        while (after := next(filter(self._may_work, self._queues), None)) is not None:
            queue = self._queues.pop(after)
            turn = queue.popleft()
            if queue:
                self._queues[after] = queue
            if not turn.done():
                self._free -= 1
                self._working[after] += 1
                turn.set_result(None)
                return

    def _forget(self, who: str, turn: asyncio.Future[None]) -> None:
        queue = self._queues.get(who)
        if queue is None:
            return
        with suppress(ValueError):
            queue.remove(turn)
        if not queue:
            del self._queues[who]


_TOO_MANY = "Too many requests of this kind are at work; try again in a moment."


def _head(
    places: int, waiting_each: int, working_each: int | None = None
) -> Callable[[], Bulkhead]:
    return partial(Bulkhead, places, waiting_each=waiting_each, working_each=working_each)


@dataclass(frozen=True, slots=True)
class Bulkheads:
    """The kinds of work.

    Attributes
    ----------
    callers
        Looking up who calls.
    reads, writes
        Statements of the database, and little besides.
    documents, large
        Reading what is sent: small documents, and such as are worked on in a child.
    explanations, figures
        Answers that take seconds to work out.
    desk
        Questions about rosters, which one child answers.
    names
        Asking for the addresses of machines; whoever answers for a name may take their time.
    events
        Looking for news of jobs, for those who follow them.
    """

    callers: Bulkhead = field(default_factory=_head(12, 200))
    reads: Bulkhead = field(default_factory=_head(12, 100))
    writes: Bulkhead = field(default_factory=_head(12, 100))
    documents: Bulkhead = field(default_factory=_head(4, 50))
    large: Bulkhead = field(default_factory=_head(1, 4))
    explanations: Bulkhead = field(default_factory=_head(1, 4))
    figures: Bulkhead = field(default_factory=_head(1, 4))
    desk: Bulkhead = field(default_factory=_head(1, 20))
    names: Bulkhead = field(default_factory=_head(4, 2, 1))
    events: Bulkhead = field(default_factory=_head(4, 1_000))
