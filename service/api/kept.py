"""Answers that were worked out once and are given again; those asked for least lately go first."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from weakref import WeakValueDictionary

MOST_BYTES = 32_000_000
"Bytes of all that is kept."

Answer = bytes | None


class Kept:
    """Keeps answers by what was asked; all calls come from one event loop.

    Whoever asks while an answer is being worked out waits for it. An answer that fails is not
    kept: each of those who wait then works it out for itself, one after the other.

    Parameters
    ----------
    most_bytes
        Of all answers together.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._answers: OrderedDict[Hashable, bytes] = OrderedDict()
        # A lock is there as long as somebody works or waits.
        self._working: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    async def answer(self, question: Hashable, work_out: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return the answer to a question, worked out if it is not known; None is not kept."""
        lock = self._working.setdefault(question, asyncio.Lock())
        async with lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                return self._answers[question]
            made = await work_out()
            if made is not None:
                self._keep(question, made)
            return made

    def _keep(self, question: Hashable, answer: bytes) -> None:
        self._answers[question] = answer
        self._bytes += len(answer)
        while self._bytes > self._most_bytes:
            _, oldest = self._answers.popitem(last=False)
            self._bytes -= len(oldest)
