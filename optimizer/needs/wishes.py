"""What has been asked for of each service so far, by rules and care plans together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from optimizer.domain.visit import Trace
from optimizer.needs.book import Book
from optimizer.needs.catalogue import DayWindow, Service
from optimizer.needs.cycle import DAYS


@dataclass(slots=True)
class Wish:
    """What has been asked for of one service so far.

    Times of day that a rule names are all of them kept; beyond that the one that asks for most
    times a day decides. Times that the record itself says (`timed`) stand in place of both. If
    what decides on the number of days is an order that holds on some days of the cycle only, its
    days are among these (`only`).
    """

    service: Service
    phase: int
    days: int = 0
    times: int = 0
    named: tuple[DayWindow, ...] = ()
    timed: tuple[DayWindow, ...] = ()
    least: int = 0
    minutes: int | None = None
    weekdays: tuple[int, ...] = ()
    only: frozenset[int] | None = None
    traces: list[Trace] = field(default_factory=list)

    def add(
        self,
        days: int,
        times: int,
        trace: Trace,
        windows: tuple[str, ...] = (),
        weekdays: tuple[int, ...] = (),
        minutes: int | None = None,
        only: frozenset[int] | None = None,
    ) -> None:
        """Note what a rule or a plan asks for."""
        if days > self.days:
            self.days, self.only = days, only
        self.times = max(self.times, times)
        self.named += tuple(
            window
            for name in windows[:times]
            for window in self.service.windows
            if window.name == name and window not in self.named
        )
        self.weekdays += tuple(day for day in weekdays if day not in self.weekdays)
        if minutes is not None:
            self.minutes = max(self.minutes or 0, minutes)
        if trace not in self.traces:
            self.traces.append(trace)

    def add_timed(self, windows: Iterable[DayWindow], least: int = 0) -> None:
        """Note moments that the record says, and how long each is at least, in minutes."""
        self.timed += tuple(window for window in windows if window not in self.timed)
        self.least = max(self.least, least)

    @property
    def days_held(self) -> int:
        """Return the days in four weeks; of an order that holds on some only, its part of them."""
        return self.days if self.only is None else -(-self.days * len(self.only) // DAYS)

    @property
    def windows(self) -> tuple[DayWindow, ...]:
        """Return the times of a day, those that are named first."""
        if self.timed:
            return self.timed
        windows = self.service.windows
        first = self.phase % len(windows) if self.service.spread else 0
        others = [w for w in (*windows[first:], *windows[:first]) if w not in self.named]
        return (*self.named, *others)[: max(self.times, len(self.named))]


class Wishes(dict[str, Wish]):
    """What has been asked for of one client, by service."""

    def __init__(self, book: Book, phase: int) -> None:
        super().__init__()
        self._book = book
        self._phase = phase

    def __missing__(self, service: str) -> Wish:
        self[service] = Wish(self._book.catalogue.services[service], self._phase)
        return self[service]
