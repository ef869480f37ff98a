"""Connections of the server: so many, and none that is held open without asking anything.

Uvicorn has a time limit between two requests only. Beside it, a request's head has a time in
which to come, from the moment of the connection or of its own first byte, and there is a cap:
descriptors that half a request holds are nobody's any more.
"""

from __future__ import annotations

import asyncio
import resource
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

SPARE_DESCRIPTORS = 200
"Descriptors that are left for the database, children and whatever else."


class LimitedProtocol(H11Protocol):
    """One connection. `limited` makes the class for a server's limits."""

    most = 1_000
    header_seconds = 10.0
    waiting: ClassVar[dict[LimitedProtocol, None]] = {}
    "Connections of one server whose head has not come, the oldest first."

    _heads: asyncio.TimerHandle | None = None
    _is_refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection; where there are too many, instead of one that has said nothing yet."""
        if len(self.connections) >= self.most:
            oldest = next(iter(self.waiting), None)
            if oldest is None:
                self._is_refused = True
                transport.abort()
                return
            oldest.give_up()
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Read on; the first byte of a further request begins the time of its head."""
        if self._is_refused:
            return
        if self._heads is None and self.conn.their_state is h11.IDLE:
            self._wait_for_head()
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._forget_head()

    def on_response_complete(self) -> None:
        """Wait for the next request, of which a part may be here already."""
        super().on_response_complete()
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection that is over."""
        if self._is_refused:
            return
        self._forget_head()
        super().connection_lost(exc)

    def give_up(self) -> None:
        """End a connection whose head has not come."""
        self._forget_head()
        self.transport.abort()

    def _wait_for_head(self) -> None:
        self._forget_head()
        self.waiting[self] = None
        self._heads = self.loop.call_later(self.header_seconds, self.give_up)

    def _forget_head(self) -> None:
        self.waiting.pop(self, None)
        if self._heads is not None:
            self._heads.cancel()
            self._heads = None


def limited(*, most: int, header_seconds: float) -> type[LimitedProtocol]:
    """Return the protocol of a server.

    Parameters
    ----------
    most
        Connections at once.
    header_seconds
        Time in which the head of a request has to come.
    """
    limits: dict[str, object] = {
        "most": min(most, _descriptors()),
        "header_seconds": header_seconds,
        "waiting": {},
    }
    return type("Limited", (LimitedProtocol,), limits)


def _descriptors() -> int:
    """Return how many connections this process may hold, once it may hold all it is allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard not in (soft, resource.RLIM_INFINITY):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    return max(soft - SPARE_DESCRIPTORS, 1) if soft != resource.RLIM_INFINITY else 10**6
