"""What payers grant each client a month."""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.domain.client import Entitlement, EntitlementUnit, Period
from optimizer.generate.district import CivilPurse, InsurancePurse, Purses
from optimizer.generate.draw import stream
from optimizer.generate.records import Health
from optimizer.needs.catalogue import Catalogue

_MINUTES_PER_HOUR = 60


def grant(
    purses: Purses,
    catalogue: Catalogue,
    categories: Sequence[str],
    health: Sequence[Health],
    seed: int,
) -> list[tuple[Entitlement, ...]]:
    """Return each client's entitlements, in the order in which they are used.

    Everybody has the purse of the civil-affairs bureau; those whom a nurse visits daily,
    and then those with the highest need, have long-term care insurance as well. It is used
    first, because what it pays the bureau need not pay.

    Parameters
    ----------
    purses
        What the payers grant.
    catalogue
        Says what insurance pays for: the services in its price book.
    categories, health
        Of each client.
    seed
        Any integer; decides who is insured among those alike.
    """
    rng = stream(seed, "insured")
    ranks = [(not one.is_nursed, -one.tier, rng.random()) for one in health]
    order = sorted(range(len(ranks)), key=ranks.__getitem__)
    insured = set(order[: round(len(ranks) * purses.ltci.share / 100)])
    return [
        (*((_insurance(purses.ltci, catalogue),) if n in insured else ()), civil)
        for n, civil in enumerate(_civil(purses.civil, category) for category in categories)
    ]


def _civil(purse: CivilPurse, category: str) -> Entitlement:
    return Entitlement(
        payer=purse.payer,
        unit=EntitlementUnit.MINUTES,
        cap=purse.hours[category] * _MINUTES_PER_HOUR,
        period=Period.MONTH,
        price_book=purse.price_book,
    )


def _insurance(purse: InsurancePurse, catalogue: Catalogue) -> Entitlement:
    return Entitlement(
        payer=purse.payer,
        unit=EntitlementUnit.MINUTES,
        cap=purse.hours * _MINUTES_PER_HOUR,
        period=Period.MONTH,
        price_book=purse.price_book,
        services=tuple(
            code
            for code, service in catalogue.services.items()
            if purse.price_book in service.prices
        ),
        max_visit=purse.max_visit,
        max_items=purse.max_items,
    )
