"""Setting money aside for people: those served first, then the list, never more than there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from optimizer.domain.cascade import Loss
from optimizer.domain.client import Client
from optimizer.domain.eligibility import Track
from optimizer.domain.office import Office
from optimizer.domain.pool import Pool
from optimizer.purchase.eligibility import Eligibility
from optimizer.purchase.pools import Month, in_order, is_open, months_until, paid_by, pays
from optimizer.purchase.prices import DAYS, Cost
from optimizer.purchase.waiting import Urgency

_WHOLE = 100
WARN_AT = (80, 95)
"Per cent of a pool spent or committed at which somebody should look."


class FundingState(StrEnum):
    """How somebody stands to the money."""

    SERVED = "served"
    ADMITTED = "admitted"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Commitment:
    """What is set aside for one client until the pools end.

    Attributes
    ----------
    client, category
        Ids.
    standing
        Served before, admitted now, or waiting.
    place
        On the waiting list among those who were not served before, from 1; None of the others.
    urgency
        What decided the place.
    four_weeks_fen, copay_fen
        What four weeks cost, and what of it the client pays.
    paid
        Fen by pool, until the pools end; nothing for who waits.
    uncovered
        Fen of somebody served that no pool has; the care goes on, somebody has to find the money.
    short_in
        The first month for which the money does not reach; None if it does.
    is_behind
        Whether somebody before waits for the same money, so that none of it is given.
    """

    client: str
    category: str
    standing: FundingState
    place: int | None
    urgency: Urgency
    four_weeks_fen: int
    copay_fen: int
    paid: Mapping[str, int]
    uncovered: int
    short_in: dt.date | None
    is_behind: bool = False


@dataclass(frozen=True, slots=True)
class PoolUse:
    """How far a pool has been used.

    Attributes
    ----------
    pool
        The pool.
    committed
        Fen set aside for people until it ends.
    free
        Fen neither spent nor set aside; never below 0.
    used
        Per cent spent or set aside, rounded down.
    dry_on
        The day on which it is empty, if all goes on as in the next four weeks; None if that is
        after its end.
    """

    pool: Pool
    committed: int
    free: int
    used: int
    dry_on: dt.date | None


@dataclass(frozen=True)
class Funding:
    """Who is paid for, and from which pool.

    Attributes
    ----------
    commitments
        Everybody who is eligible: served before by id, then by place.
    pools
        In the order in which they are used.
    """

    commitments: tuple[Commitment, ...]
    pools: tuple[PoolUse, ...]

    @property
    def waiting(self) -> frozenset[str]:
        """Ids of those for whom the money does not reach."""
        return frozenset(
            one.client for one in self.commitments if one.standing is FundingState.WAITING
        )

    @property
    def uncovered(self) -> int:
        """Fen of those served that no pool has."""
        return sum(one.uncovered for one in self.commitments)


@dataclass
class _Accounts:
    """The pools while money is set aside."""

    office: Office
    months: tuple[Month, ...]
    pools: tuple[Pool, ...]
    free: dict[str, int]
    four_weeks: dict[str, int]
    blocked: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, office: Office, first: dt.date) -> _Accounts:
        last = max(pool.end for pool in office.pools)
        pools = in_order(office.pools)
        free = {pool.id: max(0, pool.amount_fen - pool.spent_fen) for pool in pools}
        return cls(office, months_until(first, last), pools, free, dict.fromkeys(free, 0))


def commit(
    office: Office,
    clients: Sequence[Client],
    found: Mapping[str, Eligibility],
    costs: Mapping[str, Cost],
    urgency: Mapping[str, Urgency],
    first: dt.date,
    *,
    with_rank: bool = True,
) -> Funding:
    """Set money aside, from the first day planned to the last of the pools.

    Whoever was served before keeps the care, also where no pool has the money: nobody is cut in
    silence. The others follow by urgency; for whom the money does not reach until the end of the
    pools waits, and nobody overtakes on the same money, unless the office allows it.

    Parameters
    ----------
    office
        Pools, applications and co-payment; at least one pool.
    clients, found, costs, urgency
        What is known of people; the last two of those who are eligible.
    first
        The first day planned.
    with_rank
        Whether the rank of the category counts.
    """
    accounts = _Accounts.of(office, first)
    served_since = {
        one.client: one.served_since for one in office.applications if one.served_since is not None
    }
    applied = {one.client for one in office.applications}

    def is_served(client: str) -> bool:
        if client not in applied:
            return True  # Recorded before; only who has applied can wait.
        return client in served_since and served_since[client] <= first

    bought = [one for one in clients if _is_bought(found[one.id], first)]
    before = sorted((one for one in bought if is_served(one.id)), key=lambda one: one.id)
    new = sorted(
        (one for one in bought if not is_served(one.id)),
        key=lambda one: urgency[one.id].key(with_rank=with_rank),
    )
    made = [
        _commitment(accounts, one, found[one.id], costs[one.id], urgency[one.id], None)
        for one in before
    ]
    made += [
        _commitment(accounts, one, found[one.id], costs[one.id], urgency[one.id], place)
        for place, one in enumerate(new, 1)
    ]
    return Funding(tuple(made), tuple(_uses(accounts, first)))


def _is_bought(found: Eligibility, first: dt.date) -> bool:
    return found.category is not None and found.loss_on(first) is not Loss.ENDED


def _commitment(
    accounts: _Accounts,
    client: Client,
    found: Eligibility,
    cost: Cost,
    urgency: Urgency,
    place: int | None,
) -> Commitment:
    """Set money aside for one client; nothing for somebody new for whom it does not reach."""
    office, category = accounts.office, found.category
    if category is None:
        raise ValueError(f"{client.id} is eligible for nothing")
    copay = copay_of(office, category.track, cost.fen, DAYS)
    pools = [pool for pool in accounts.pools if pays(pool, client.town, category.code)]
    purpose = {pool.id for pool in pools}
    is_behind = False
    if place is not None and not office.overtaking:
        is_behind = not purpose.isdisjoint(accounts.blocked)
        pools = [pool for pool in pools if pool.id not in accounts.blocked]
    free = dict(accounts.free)
    soon = dict.fromkeys(free, 0)
    paid: dict[str, int] = {}
    uncovered, short_in = 0, None
    starts = found.starts or accounts.months[0].first
    for month in _bought_months(accounts.months, starts, category.end):
        fen = cost.fen * month.days // DAYS
        fen -= copay_of(office, category.track, fen, month.days)
        visits = cost.visits * month.days // DAYS
        made = paid_by(fen, visits, [one for one in pools if is_open(one, month)], free)
        for pool, amount in made.taken.items():
            free[pool] -= amount
            paid[pool] = paid.get(pool, 0) + amount
        days_soon = _overlap(month, accounts.months[0].first)
        for pool, amount in made.asked.items():
            soon[pool] += amount * days_soon // month.days
        if made.left and short_in is None:
            short_in = month.first
        uncovered += made.left
    standing = FundingState.SERVED if place is None else FundingState.ADMITTED
    if place is not None and uncovered:
        standing, paid, uncovered = FundingState.WAITING, {}, 0
        # Nobody behind overtakes on the money that did not reach.
        accounts.blocked |= purpose
    else:
        accounts.free, is_behind = free, False
        for pool, amount in soon.items():
            accounts.four_weeks[pool] += amount
    return Commitment(
        client=client.id,
        category=category.code,
        standing=standing,
        place=place,
        urgency=urgency,
        four_weeks_fen=cost.fen,
        copay_fen=copay,
        paid=paid,
        uncovered=uncovered,
        short_in=short_in,
        is_behind=is_behind,
    )


def _bought_months(
    months: Sequence[Month], starts: dt.date, ends: dt.date | None
) -> Iterator[Month]:
    """Yield the days of each month on which care is bought."""
    for month in months:
        first, last = (
            max(month.first, starts),
            month.last if ends is None else min(month.last, ends),
        )
        if first <= last:
            yield Month(first, last)


def _overlap(month: Month, first: dt.date) -> int:
    """Return how many days of a month lie in the four weeks that begin on a day."""
    last = first + dt.timedelta(days=DAYS - 1)
    return max(0, (min(month.last, last) - max(month.first, first)).days + 1)


def copay_of(office: Office, track: Track, fen: int, days: int) -> int:
    """Return what a client pays of some days' care: a percentage, rounded down, up to a limit.

    Parameters
    ----------
    office
        Percentage and the most in a month.
    track
        Free care costs the client nothing.
    fen
        What the care costs.
    days
        On how many days it is given; the limit of a month counts for up to 31.
    """
    if track is Track.FREE:
        return 0
    part = fen * office.copay_percent // _WHOLE
    most = office.copay_monthly_max_fen
    if most is None:
        return part
    months = -(-days // 31)
    return min(part, most * months)


def _uses(accounts: _Accounts, first: dt.date) -> Iterator[PoolUse]:
    for pool in accounts.pools:
        free = accounts.free[pool.id]
        committed = max(0, pool.amount_fen - pool.spent_fen) - free
        gone = min(pool.amount_fen, pool.spent_fen) + committed
        used = _WHOLE * gone // pool.amount_fen if pool.amount_fen else _WHOLE
        yield PoolUse(pool, committed, free, used, _dry_on(accounts, pool, first, free + committed))


def _dry_on(accounts: _Accounts, pool: Pool, first: dt.date, left: int) -> dt.date | None:
    """Return when a pool is empty, if it is spent as in the first four weeks; None if later."""
    spent = accounts.four_weeks[pool.id]
    if left == 0:
        return first
    if spent == 0:
        return None
    days = left * DAYS // spent
    if days > (pool.end - first).days and not pool.carry_over:
        return None
    horizon = accounts.months[-1].last
    day = first + dt.timedelta(days=min(days, (horizon - first).days + 1))
    return None if day > horizon else day
