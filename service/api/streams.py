"""How many event streams a key has open: each one looks for news again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request

from service.api.faults import TooManyRequests
from service.auth.permissions import Principal


class Streams:
    """Counts open streams; all calls come from one event loop.

    Parameters
    ----------
    per_key
        Streams that one key may have open.
    """

    def __init__(self, per_key: int) -> None:
        self._per_key = per_key
        self._open: Counter[str] = Counter()

    @contextmanager
    def one(self, key_id: str) -> Iterator[None]:
        """Count a stream of a key as long as it is open.

        Raises
        ------
        TooManyRequests
            If the key has too many.
        """
        if self._open[key_id] >= self._per_key:
            raise TooManyRequests(
                f"This key may have {self._per_key} event streams open.",
                limit="streams_per_key",
                value=self._per_key,
                retry_after=5,
            )
        self._open[key_id] += 1
        try:
            yield
        finally:
            self._open[key_id] -= 1
            if not self._open[key_id]:
                del self._open[key_id]


async def _stream(request: Request) -> AsyncIterator[None]:
    caller: Principal = request.state.caller
    streams: Streams = request.app.state.parts.streams
    with streams.one(caller.key_id):
        yield


OneStream = Annotated[None, Depends(_stream)]
"A stream of the caller, for a route; put it behind the caller."
