"""A lower bound of the cost, raised by what is proven to stay unserved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from optimizer.certificate.certificate import Certificate, least_of


def raised(
    value: int, reduced_prices: Mapping[str, int], certificates: Iterable[Certificate]
) -> int:
    """Return a lower bound that counts the visits which certificates prove to stay unserved.

    Parameters
    ----------
    value, reduced_prices
        A plan costs at least `value` and the reduced prices, at least 0, of all visits that it
        leaves out, by id, in ticks of travel.
    certificates
        Proofs about different visits.

    Notes
    -----
    Let U be the visits that a plan leaves out. It costs at least `value` and the reduced prices of
    U; these are at least the reduced prices of U in each certificate, as no two share a visit and
    none is negative. A certificate says that the amounts of its visits in U reach what is missing.
    Of all sets that do, `least_of` gives the least sum of reduced prices, or less. So the sum of
    `value` and these is at most the cost of any plan. They are whole, so that a value that
    was rounded up before stays valid.
    """
    return value + sum(
        least_of(
            [(one.amount, reduced_prices.get(one.visit, 0)) for one in part.visits], part.missing
        ).weight
        for part in certificates
    )
