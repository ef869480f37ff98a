"""The pools of money that a district's care is paid from."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from optimizer.domain.record import Code, Id, Record

Fen = Annotated[int, Field(ge=0, le=10**15)]


class Tier(StrEnum):
    """Whose money it is; what is given for free is spent first, the district's own last."""

    SOCIAL = "social"
    LOTTERY = "lottery"
    COMMUNITY = "community"
    TOWN = "town"
    DISTRICT = "district"


class PoolMode(StrEnum):
    """How much of a client's care a pool pays."""

    ORDER = "order"
    "Whatever the pools before it have left over."
    SPLIT = "split"
    "A percentage; all percentages for a client add up to 100."
    PER_UNIT = "per_unit"
    "A fixed amount for each visit; others pay the rest."


class Pool(Record):
    """Money for some clients, towns and days."""

    id: Id
    tier: Tier
    amount_fen: Fen
    spent_fen: Fen = 0
    "Paid from it before the first day planned."
    start: datetime.date
    end: datetime.date
    carry_over: bool = False
    "What is left after the last day can still be spent."
    towns: tuple[Code, ...] = ()
    "Towns whose clients it pays for; none listed means all."
    categories: tuple[Code, ...] = ()
    "Categories that it pays for; none listed means all."
    mode: PoolMode = PoolMode.ORDER
    percent: Annotated[int, Field(ge=1, le=100)] | None = None
    "Of the care of a client, where the mode is split."
    fen_per_visit: Annotated[int, Field(ge=1)] | None = None
    "Where the mode is per unit."
    rank: Annotated[int, Field(ge=1, le=99)] = 50
    "Among pools that nothing else tells apart, 1 first."
