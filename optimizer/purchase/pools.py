"""Which pool pays how much of a client's care, month by month, and never more than it has."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from optimizer.allocation.rotation import parts
from optimizer.domain.pool import Pool, PoolMode, Tier

_TIERS = tuple(Tier)
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Month:
    """The days of one calendar month that care is committed for, first and last."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


def months_until(first: dt.date, last: dt.date) -> tuple[Month, ...]:
    """Return the months between two days, the first and last one perhaps in part."""
    months = []
    while first <= last:
        end = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        months.append(Month(first, min(end, last)))
        first = end + dt.timedelta(days=1)
    return tuple(months)


def in_order(pools: Iterable[Pool]) -> tuple[Pool, ...]:
    """Return pools in the order in which they are used, so that free money lasts longest.

    The narrowest purpose first, then what expires first, then the tier (given money before
    public, the district's own last), then the rank, then the id.
    """
    return tuple(sorted(pools, key=_narrowest_first))


def _narrowest_first(pool: Pool) -> tuple[object, ...]:
    restricted = bool(pool.towns) + bool(pool.categories)
    listed = len(pool.towns) + len(pool.categories)
    return -restricted, listed, pool.end, _TIERS.index(pool.tier), pool.rank, pool.id


def pays(pool: Pool, town: str | None, category: str) -> bool:
    """Return whether a pool is for clients of a town and category."""
    return (not pool.towns or town in pool.towns) and (
        not pool.categories or category in pool.categories
    )


def is_open(pool: Pool, month: Month) -> bool:
    """Return whether a pool can be spent in a month: it has begun, and is not over."""
    return pool.start <= month.last and (pool.carry_over or month.first <= pool.end)


@dataclass(frozen=True, slots=True)
class Payment:
    """Who pays an amount.

    Attributes
    ----------
    taken
        Fen by pool; pools that pay nothing are absent.
    asked
        Fen that each pool was asked for, also where it has less.
    left
        Fen that nobody pays.
    """

    taken: Mapping[str, int]
    asked: Mapping[str, int]
    left: int


def paid_by(fen: int, visits: int, pools: Sequence[Pool], free: Mapping[str, int]) -> Payment:
    """Return what each pool pays of an amount, and what nobody pays.

    Fixed amounts per visit come first, then percentages of what is left, then one pool after the
    other. A pool that has too little pays what it has; the next takes the rest.

    Parameters
    ----------
    fen, visits
        What is to be paid, and for how many visits.
    pools
        Those that may be spent, in order.
    free
        What each has left.
    """
    left = fen
    taken: dict[str, int] = {}
    asked: dict[str, int] = {}

    def take(pool: Pool, amount: int) -> None:
        nonlocal left
        wanted = min(amount, left)
        given = min(wanted, free[pool.id])
        if wanted > 0:
            asked[pool.id] = wanted
        if given > 0:
            taken[pool.id] = given
            left -= given

    for pool in pools:
        if pool.mode is PoolMode.PER_UNIT:
            take(pool, (pool.fen_per_visit or 0) * visits)
    split = [pool for pool in pools if pool.mode is PoolMode.SPLIT]
    if split:
        percents = [pool.percent or 0 for pool in split]
        # What is missing to the whole, because a pool is over, stays with those behind.
        shares = parts(left, [*percents, max(0, _WHOLE - sum(percents))])
        for pool, share in zip(split, shares, strict=False):
            take(pool, share)
    for pool in pools:
        if pool.mode is PoolMode.ORDER:
            take(pool, left)
    return Payment(taken, asked, left)
