"""Pools and waiting list in words: what is left, who waits at which place and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.i18n import Lang, listed, sentence
from optimizer.purchase import (
    WARN_AT,
    Admission,
    Commitment,
    Funding,
    FundingState,
    PoolUse,
    Urgency,
)
from optimizer.report.cascade_text import category_name, yuan

_COLUMNS = ("pool", "tier", "until", "amount", "spent", "committed", "free", "used", "dry")
_WORDS = frozenset({"pool", "tier", "until", "dry"})


def funding_text(
    admission: Admission, *, lang: Lang, clients: Collection[str] = ()
) -> RenderableType:
    """Return the pools and the waiting list for printing with rich.

    Parameters
    ----------
    admission
        With pools.
    lang
        Language of all words.
    clients
        Only the lines of these; all that are not served yet if empty.
    """
    office, funding = admission.office, admission.funding
    if office is None or funding is None:
        return Text(sentence(lang, "office.purses.none"))
    head = sentence(
        lang,
        "office.purses.heading",
        office=office.id,
        day=admission.scenario.horizon.start,
        last=max(pool.end for pool in office.pools),
    )
    return Group(
        Text(head, style="bold"),
        _pools(funding, lang),
        *(Text(line) for line in _sentences(admission, funding, lang, clients)),
    )


def _pools(funding: Funding, lang: Lang) -> Table:
    table = Table()
    for name in _COLUMNS:
        table.add_column(
            sentence(lang, f"office.purses.{name}"), justify="left" if name in _WORDS else "right"
        )
    for use in funding.pools:
        pool = use.pool
        table.add_row(
            pool.id,
            sentence(lang, f"office.tier.{pool.tier}"),
            str(pool.end),
            yuan(pool.amount_fen),
            yuan(pool.spent_fen),
            yuan(use.committed),
            yuan(use.free),
            f"{use.used}%",
            "" if use.dry_on is None else str(use.dry_on),
        )
    return table


def _sentences(
    admission: Admission, funding: Funding, lang: Lang, clients: Collection[str]
) -> Iterator[str]:
    for use in funding.pools:
        if use.used >= WARN_AT[0]:
            level = "nearly" if use.used < WARN_AT[1] else "out"
            yield sentence(lang, f"office.purses.{level}", pool=use.pool.id, used=use.used)
    if funding.uncovered:
        people = sum(one.uncovered > 0 for one in funding.commitments)
        yield sentence(
            lang, "office.purses.uncovered", yuan=yuan(funding.uncovered), clients=people
        )
    counted = Counter(one.standing for one in funding.commitments)
    yield sentence(
        lang,
        "office.purses.sum",
        served=counted[FundingState.SERVED],
        admitted=counted[FundingState.ADMITTED],
        waiting=counted[FundingState.WAITING],
    )
    for one in funding.commitments:
        if one.client in clients or (not clients and one.place is not None):
            yield _line(admission, one, lang)
    yield from _price_of_rank(admission, funding, lang)


def _line(admission: Admission, one: Commitment, lang: Lang) -> str:
    manner = str(one.standing)
    if one.is_behind:
        manner = "behind"
    elif one.uncovered:
        manner = "uncovered"
    return sentence(
        lang,
        f"office.purses.line.{manner}",
        place=one.place or "",
        client=one.client,
        category=category_name(admission.office, one.category, lang),
        why=place_words(one, lang),
        yuan=yuan(one.four_weeks_fen),
        copay=""
        if not one.copay_fen
        else sentence(lang, "office.purses.copay", yuan=yuan(one.copay_fen)),
        pools=listed(lang, [f"{pool} {yuan(fen)}" for pool, fen in one.paid.items()]) or "–",
        month="" if one.short_in is None else f"{one.short_in:%Y-%m}",
        uncovered=yuan(one.uncovered),
    )


def place_words(one: Commitment, lang: Lang) -> str:
    """Return what decides somebody's place on the waiting list."""
    return listed(lang, list(_reasons(one.urgency, lang)))


def _reasons(urgency: Urgency, lang: Lang) -> Iterator[str]:
    """Yield what decides a place, in the order in which it is asked."""
    if urgency.is_urgent:
        yield sentence(lang, "office.urgency.urgent")
    yield sentence(lang, "office.urgency.tier", tier=urgency.tier)
    if urgency.is_alone:
        yield sentence(lang, "office.urgency.alone")
    yield sentence(lang, "office.urgency.rank", rank=urgency.rank)
    yield sentence(lang, "office.urgency.months", months=urgency.months)
    yield sentence(lang, "office.urgency.drawn", drawn=urgency.drawn + 1)


def _price_of_rank(admission: Admission, funding: Funding, lang: Lang) -> Iterator[str]:
    """Yield how many of each category wait, with the rank of categories and without it."""
    office, unranked = admission.office, admission.unranked
    if office is None or unranked is None:
        return
    new = Counter(one.category for one in funding.commitments if one.place is not None)
    waits, otherwise = _waiting(funding), _waiting(unranked)
    if not waits and not otherwise:
        return
    yield sentence(lang, "office.purses.rank")
    for category in office.categories:
        if new[category.code]:
            yield sentence(
                lang,
                "office.purses.rank_of",
                category=category_name(office, category.code, lang),
                new=new[category.code],
                waiting=waits[category.code],
                without=otherwise[category.code],
            )


def _waiting(funding: Funding) -> Counter[str]:
    return Counter(
        one.category for one in funding.commitments if one.standing is FundingState.WAITING
    )


def funding_document(admission: Admission) -> dict[str, Any]:
    """Return pools and list as they are written with ``--json``: fen, codes and days."""
    funding, unranked = admission.funding, admission.unranked
    if funding is None or unranked is None:
        return {"pools": [], "clients": [], "uncovered_fen": 0, "waiting": {}}
    return {
        "pools": [_pool_document(use) for use in funding.pools],
        "clients": [_client_document(one) for one in funding.commitments],
        "uncovered_fen": funding.uncovered,
        "waiting": {"by_rank": dict(_waiting(funding)), "without_rank": dict(_waiting(unranked))},
    }


def _pool_document(use: PoolUse) -> dict[str, Any]:
    pool = use.pool
    return {
        "pool": pool.id,
        "tier": str(pool.tier),
        "amount_fen": pool.amount_fen,
        "spent_fen": pool.spent_fen,
        "committed_fen": use.committed,
        "free_fen": use.free,
        "used_percent": use.used,
        "dry_on": None if use.dry_on is None else str(use.dry_on),
    }


def _client_document(one: Commitment) -> dict[str, Any]:
    urgency = one.urgency
    return {
        "client": one.client,
        "category": one.category,
        "standing": str(one.standing),
        "place": one.place,
        "urgent": urgency.is_urgent,
        "tier": urgency.tier,
        "alone": urgency.is_alone,
        "rank": urgency.rank,
        "months": urgency.months,
        "drawn": urgency.drawn + 1,
        "four_weeks_fen": one.four_weeks_fen,
        "copay_fen": one.copay_fen,
        "paid_fen": dict(one.paid),
        "uncovered_fen": one.uncovered,
        "behind": one.is_behind,
        "short_in": None if one.short_in is None else f"{one.short_in:%Y-%m}",
    }
