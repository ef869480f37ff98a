"""Room for bodies: all that are held at a time have one limit, whoever sent them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from service.api.faults import TooBusy


class Place:
    """The part of a room that one body takes."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._bytes = 0

    def take(self, size: int) -> None:
        """Take so many bytes more.

        Raises
        ------
        TooBusy
            If there are no more.
        """
        self._room.take(size)
        self._bytes += size

    def leave(self) -> None:
        """Give everything back."""
        self._room.take(-self._bytes)
        self._bytes = 0


class Room:
    """A number of bytes that bodies share; all calls come from one event loop.

    Parameters
    ----------
    size
        Bytes.
    """

    def __init__(self, size: int) -> None:
        self._left = size

    @contextmanager
    def place(self) -> Iterator[Place]:
        """Give a place for one body, as long as it is needed."""
        place = Place(self)
        try:
            yield place
        finally:
            place.leave()

    def take(self, size: int) -> None:
        """Take bytes, or, where there are less than none, give some back.

        Raises
        ------
        TooBusy
            If there are not so many.
        """
        if size > self._left:
            raise TooBusy("Too many large documents are held; try again in a moment.")
        self._left -= size
