"""Calls from the event loop to a thread and back, as cheap as they can be.

Every accepted job goes to a thread twice. The executor of the standard library makes a future of
each side and chains them, which costs twice as much, and that of anyio four times.
"""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

from optimizer.errors import InternalError

Made = TypeVar("Made")


class Threads:
    """A few threads that do what one event loop gives them; they end with this object.

    Parameters
    ----------
    most
        How many (at least 1). They are started when they are needed.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._started = 0
        self._at_work = 0
        self._errands: SimpleQueue[_Errand | None] = SimpleQueue()
        weakref.finalize(self, _dismiss, self._errands, most)

    async def run(self, function: Callable[[], Made]) -> Made:
        """Return what a function returns in a thread, or raise what it raises.

        Whoever is cancelled meanwhile leaves the thread at its work.
        """
        loop = asyncio.get_running_loop()
        errand = _Errand(function, loop, loop.create_future())
        self._at_work += 1
        try:
            if self._at_work > self._started and self._started < self._most:
                self._started += 1
                worker = threading.Thread(
                    target=_work, args=(self._errands,), name="bulkhead", daemon=True
                )
                worker.start()
            self._errands.put(errand)
            made: Made = await errand.answer
        finally:
            self._at_work -= 1
        return made


class _Errand:
    """A call, and who waits for its answer."""

    __slots__ = ("answer", "function", "loop")

    def __init__(
        self,
        function: Callable[[], Any],
        loop: asyncio.AbstractEventLoop,
        answer: asyncio.Future[Any],
    ) -> None:
        self.function = function
        self.loop = loop
        self.answer = answer

    def do(self) -> None:
        try:
            made = self.function()
        except StopIteration as error:  # No future takes it: whoever waits would do so for ever.
            self._tell(_raise, InternalError(str(error)))
        except BaseException as error:  # noqa: BLE001 (whoever waits is told)
            self._tell(_raise, error)
        else:
            self._tell(_return, made)

    def _tell(self, how: Callable[[asyncio.Future[Any], Any], None], what: object) -> None:
        with suppress(RuntimeError):  # The loop is closed: nobody waits any more.
            self.loop.call_soon_threadsafe(how, self.answer, what)


def _return(answer: asyncio.Future[Any], made: object) -> None:
    if not answer.done():
        answer.set_result(made)


def _raise(answer: asyncio.Future[Any], error: BaseException) -> None:
    if not answer.done():
        answer.set_exception(error)


def _work(errands: SimpleQueue[_Errand | None]) -> None:
    while (errand := errands.get()) is not None:
        errand.do()
        del errand  # What it held is not kept until the next one comes.


def _dismiss(errands: SimpleQueue[_Errand | None], most: int) -> None:
    for _ in range(most):
        errands.put(None)
