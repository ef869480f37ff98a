"""Connections that ask nothing are ended, and there are only so many."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import h11
import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from service.connections import LimitedProtocol, limited
from service.operations.logging import OneOfManyAlike


class Timers:
    """An event loop of which only the timers are needed: they go off when a test says so."""

    def __init__(self) -> None:
        self.set: list[tuple[float, Callable[[], object]]] = []

    def call_later(self, seconds: float, call: Callable[[], object]) -> Timers.Handle:
        """Set a timer."""
        entry = (seconds, call)
        self.set.append(entry)
        return Timers.Handle(self, entry)

    def create_task(self, coroutine: Any, **_: Any) -> Any:
        """Begin nothing: no request is answered here."""
        coroutine.close()
        return Task()

    class Handle:
        """A timer that can be put off."""

        def __init__(self, timers: Timers, entry: Any) -> None:
            self.timers, self.entry = timers, entry

        def cancel(self) -> None:
            """Put it off."""
            if self.entry in self.timers.set:
                self.timers.set.remove(self.entry)


class Task:
    """A task that nobody waits for."""

    def add_done_callback(self, _call: object) -> None:
        """Do nothing."""

    def __hash__(self) -> int:
        return id(self)


class Transport(asyncio.Transport):
    """A connection that remembers whether it was ended."""

    aborted = False

    def abort(self) -> None:
        """End it."""
        self.aborted = True

    def is_closing(self) -> bool:
        """Return whether it is ending."""
        return self.aborted

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Know nothing."""
        return default


async def _app(scope: Any, receive: Any, send: Any) -> None:
    """Answer nothing."""


@pytest.fixture
def timers() -> Timers:
    """Give timers of which none is set."""
    return Timers()


@pytest.fixture
def connect(timers: Timers) -> Callable[[], tuple[LimitedProtocol, Transport]]:
    """Give a way to connect to a server that takes two connections and gives a head 7 seconds."""
    kind = limited(most=2, header_seconds=7.0)
    config, state = Config(_app), ServerState()
    config.load()

    def connected() -> tuple[LimitedProtocol, Transport]:
        protocol = kind(config, state, {}, timers)  # type: ignore[arg-type]
        transport = Transport()
        protocol.connection_made(transport)
        return protocol, transport

    return connected


HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"

Connect = Callable[[], tuple[LimitedProtocol, Transport]]


def test_half_a_head_is_waited_for_so_long(timers: Timers, connect: Connect) -> None:
    """From the first moment on there is a timer, which further bytes of the head do not put off."""
    protocol, transport = connect()
    protocol.data_received(b"GET / HTTP/1.1\r\nHost")
    protocol.data_received(b": x\r\nX-Slow: ")
    ((seconds, go_off),) = timers.set
    assert seconds == 7.0
    go_off()
    assert transport.aborted


def test_a_whole_head_ends_the_waiting(timers: Timers, connect: Connect) -> None:
    """What the request then takes is no matter of its head."""
    protocol, _ = connect()
    protocol.data_received(HEAD[:10])
    protocol.data_received(HEAD[10:])
    assert timers.set == []


def test_the_next_head_has_its_time_too(timers: Timers, connect: Connect) -> None:
    """On a connection that was used before, half a request lives no longer than on a new one."""
    protocol, _ = connect()
    protocol.data_received(HEAD)
    protocol.conn.send(h11.Response(status_code=200, headers=[("content-length", "0")]))
    protocol.conn.send(h11.EndOfMessage())
    protocol.on_response_complete()
    ((idle, _),) = timers.set
    protocol.data_received(HEAD[:10])
    ((head, _),) = timers.set
    assert (idle, head) == (5, 7.0)


def test_one_connection_more_takes_the_place_of_one_that_says_nothing(connect: Connect) -> None:
    """Of those that are there the oldest goes whose head has not come; one that asks stays."""
    (asking, asked), (_, silent), (_, younger) = connect(), connect(), connect()
    assert silent.aborted is False
    assert asked.aborted
    asking.connection_lost(ConnectionResetError())
    assert not younger.aborted


def test_one_connection_more_is_ended(connect: Connect) -> None:
    """Where all ask something they stay; when one goes there is room again."""
    (first, _), (second, other) = connect(), connect()
    for each in (first, second):
        each.data_received(HEAD)
    refused, transport = connect()
    assert transport.aborted
    assert not other.aborted
    refused.data_received(HEAD)
    refused.connection_lost(None)
    first.connection_lost(ConnectionResetError())
    assert not connect()[1].aborted


def test_the_same_complaint_is_written_once_in_a_while() -> None:
    """Of thousands in a moment one is written; another message, and a later one, are too."""
    now = [0.0]
    filtered = OneOfManyAlike(seconds=10, clock=lambda: now[0])

    def passes(message: str) -> bool:
        return filtered.filter(logging.makeLogRecord({"msg": message}))

    assert [passes("out of system resource") for _ in range(1_000)] == [True] + [False] * 999
    assert passes("something else")
    now[0] = 10.0
    assert passes("out of system resource")
