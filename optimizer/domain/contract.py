"""Organisations and what a purchaser has contracted them for."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from optimizer.domain.client import ServicePrice
from optimizer.domain.record import Code, Id, Record
from optimizer.units import Clock, Minutes


class Lending(Record):
    """Terms on which an organisation lends caregivers to clients of another one."""

    fen_per_hour: Annotated[int, Field(ge=0)]


class Organisation(Record):
    """A body that employs caregivers."""

    id: Id
    lending: Lending | None = None
    "None: its caregivers never serve a client who has chosen another organisation."


Weekday = Annotated[int, Field(ge=1, le=7)]
"1 is Monday."


class Surcharge(Record):
    """What makes care dearer: a time of the week, a holiday, the hours of a night, a far town.

    A visit carries it where all that is given applies. Surcharges of different kinds add up; of
    one kind a visit carries at most one.
    """

    kind: Code
    weekdays: tuple[Weekday, ...] = ()
    dates: tuple[date, ...] = ()
    "Further days, such as holidays; with neither weekdays nor dates, every day."
    start: Clock | None = None
    "The hours in which the visit has to begin; with neither `start` nor `end`, all of them."
    end: Clock | None = None
    "Of the next day, where it is not after `start`."
    towns: tuple[Code, ...] = ()
    "None listed means all."
    services: tuple[Code, ...] = ()
    "One of them is enough; none listed means all."
    percent: Annotated[int, Field(ge=0, le=1_000)] = 0
    "Of the price, on top of it."
    fen_per_visit: Annotated[int, Field(ge=0, le=100_000_000)] = 0
    "Once for a visit, on top of it."


class Contract(Record):
    """What a purchaser buys from one organisation."""

    id: Id
    purchaser: Code
    organisation: Id
    towns: tuple[Code, ...] = ()
    "Towns covered; none listed means all."
    services: tuple[Code, ...] = ()
    "Services covered; none listed means all."
    start: date
    end: date
    cap: Minutes | None = None
    "Care that may be given, what is `used` included."
    cap_visits: Annotated[int, Field(ge=0)] | None = None
    cap_fen: Annotated[int, Field(ge=0)] | None = None
    used: Minutes = 0
    "Care charged to it since `start`, before the first day planned; so the next two."
    used_visits: Annotated[int, Field(ge=0)] = 0
    used_fen: Annotated[int, Field(ge=0)] = 0
    fen_per_hour: Annotated[int, Field(ge=0)] = 0
    "For an hour of each carer, where `prices` does not say otherwise."
    prices: tuple[ServicePrice, ...] = ()
    "The price book: what single services cost."
    surcharges: tuple[Surcharge, ...] = ()
    min_share: Annotated[int, Field(ge=0, le=100)] = 0
    "Least percentage of the care covered by this contract that it is promised."
    owed: Minutes = 0
    "Care by which it has been given less than promised before the first day planned."
    funding: tuple[Code, ...] = ()

    @property
    def left(self) -> int | None:
        """Care that may still be given, in milliseconds; None for any amount."""
        return None if self.cap is None else max(0, self.cap - self.used)

    @property
    def left_visits(self) -> int | None:
        """Visits that may still be made; None for any number."""
        return None if self.cap_visits is None else max(0, self.cap_visits - self.used_visits)

    @property
    def left_fen(self) -> int | None:
        """Money that may still be charged, in fen; None for any amount."""
        return None if self.cap_fen is None else max(0, self.cap_fen - self.used_fen)

    @property
    def is_counted(self) -> bool:
        """Whether it matters what is charged to it: it has a cap or is owed a share."""
        caps = (self.cap, self.cap_visits, self.cap_fen)
        return self.min_share > 0 or self.owed > 0 or any(cap is not None for cap in caps)
