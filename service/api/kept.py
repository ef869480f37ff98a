"""Answers that were worked out once and are given again; those asked for least lately go first."""

from __future__ import annotations

import asyncio
import zlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from weakref import WeakValueDictionary

MOST_BYTES = 8_000_000
"Bytes of all that is kept, packed: to about a tenth."
ENTRY_BYTES = 500
"Bytes that an answer takes beside its own: its question, and places in tables."
QUICK_BYTES = 100_000
"Bytes that are packed or unpacked within a millisecond or two; more would hold up everybody."

Answer = bytes | None


class Kept:
    """Keeps answers by what was asked; all calls come from one event loop.

    Whoever asks while an answer is being worked out waits for it. An answer that fails is not
    kept: each of those who wait then works it out for itself, one after the other.

    Parameters
    ----------
    most_bytes
        Of all answers together, as they are packed.
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
                packed = self._answers[question]
                return await _aside(zlib.decompress, packed, 10 * len(packed))
            made = await work_out()
            if made is not None:
                self._keep(question, await _aside(partial(zlib.compress, level=1), made, len(made)))
            return made

    def _keep(self, question: Hashable, packed: bytes) -> None:
        self._answers[question] = packed
        self._bytes += len(packed) + ENTRY_BYTES
        while self._bytes > self._most_bytes:
            _, oldest = self._answers.popitem(last=False)
            self._bytes -= len(oldest) + ENTRY_BYTES


async def _aside(change: Callable[[bytes], bytes], given: bytes, size: int) -> bytes:
    """Return what becomes of bytes, in a thread if they are many."""
    if size <= QUICK_BYTES:
        return change(given)
    return await asyncio.to_thread(change, given)
