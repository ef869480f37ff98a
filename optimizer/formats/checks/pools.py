"""The pools of an office: amounts that fit their modes, shares that add up, known towns."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.domain.office import Office
from optimizer.domain.pool import Pool, PoolMode
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.checks.repeats import repeated
from optimizer.formats.codes import FaultCode, WarningCode
from optimizer.formats.findings import finding
from optimizer.i18n import say

WHOLE = 100
"Per cent."
_AMOUNT_OF = {PoolMode.SPLIT: "percent", PoolMode.PER_UNIT: "fen_per_visit"}


def check_pools(office: Office, scenario: Scenario) -> Iterator[Fault]:
    """Yield what is wrong with the pools of an office."""
    if office.pools and office.draw is None:
        yield finding("draw", FaultCode.DRAW_MISSING, say("fault.draw-missing"))
    yield from repeated("pools", (pool.id for pool in office.pools))
    towns = {client.town for client in scenario.clients}
    categories = {category.code for category in office.categories}
    for n, pool in enumerate(office.pools):
        place = f"pools[{n}]"
        if pool.end < pool.start:
            message = say("fault.period-reversed", start=pool.start, end=pool.end)
            yield finding(f"{place}.end", FaultCode.PERIOD_REVERSED, message)
        if pool.spent_fen > pool.amount_fen:
            message = say("fault.spent-over-amount", amount=pool.amount_fen)
            yield finding(f"{place}.spent_fen", FaultCode.SPENT_OVER_AMOUNT, message)
        for k, town in enumerate(pool.towns):
            if town not in towns:
                known = tuple(sorted(one for one in towns if one)) or ("–",)
                message = say("fault.unknown-town.pool", name=town, known=known)
                yield finding(f"{place}.towns[{k}]", FaultCode.UNKNOWN_TOWN, message)
        for k, code in enumerate(pool.categories):
            if code not in categories:
                message = say(
                    "fault.unknown-category.pool", name=code, known=tuple(sorted(categories))
                )
                yield finding(f"{place}.categories[{k}]", FaultCode.UNKNOWN_CATEGORY, message)
        yield from _mode(place, pool)
    yield from _splits(office, scenario)


def _mode(place: str, pool: Pool) -> Iterator[Fault]:
    """Yield an amount that the mode lacks, or one that it never reads."""
    for mode, field in _AMOUNT_OF.items():
        given = getattr(pool, field) is not None
        if given != (pool.mode is mode):
            key = "fault.mode-without-amount" + (".unread" if given else "")
            message = say(key, mode=pool.mode, field=field)
            yield finding(f"{place}.{field}", FaultCode.MODE_WITHOUT_AMOUNT, message)


def _splits(office: Office, scenario: Scenario) -> Iterator[Fault]:
    """Yield clients whose percentages do not add up to the whole, once for each kind."""
    split = [pool for pool in office.pools if pool.mode is PoolMode.SPLIT and pool.percent]
    kinds = sorted(
        {
            (client.town or "", category.code, pool.start)
            for client in scenario.clients
            for category in office.categories
            for pool in split
        }
    )
    told = set[tuple[str, ...]]()
    for town, code, day in kinds:
        meant = [
            pool
            for pool in split
            if pool.start <= day <= pool.end
            and (not pool.towns or town in pool.towns)
            and (not pool.categories or code in pool.categories)
        ]
        total = sum(pool.percent or 0 for pool in meant)
        names = tuple(pool.id for pool in meant)
        if meant and total != WHOLE and names not in told:
            told.add(names)
            message = say(
                "fault.split-not-whole",
                total=total, names=names, town=town or "–", category=code, day=day,
            )  # fmt: skip
            yield finding("pools", FaultCode.SPLIT_NOT_WHOLE, message)


def odd_pools(office: Office, scenario: Scenario) -> Iterator[Fault]:
    """Yield pools that pay nothing, and care that costs nothing."""
    first = scenario.horizon.start
    for n, pool in enumerate(office.pools):
        if pool.end < first and not pool.carry_over:
            message = say("fault.pool-over", end=pool.end, first=first)
            yield finding(f"pools[{n}].end", WarningCode.POOL_OVER, message)
    if office.pools and office.price_book is None:
        priced = all(
            one.price_book is not None
            for client in scenario.clients
            for one in client.entitlements
            if one.payer == office.payer
        ) and all(
            any(one.payer == office.payer for one in client.entitlements)
            for client in scenario.clients
        )
        if not priced:
            message = say("fault.pools-without-price", payer=office.payer)
            yield finding("price_book", WarningCode.POOLS_WITHOUT_PRICE, message)
