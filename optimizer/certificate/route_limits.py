"""The most weight that routes can collect, of few stops by labels and of many by ng-routes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.certificate.labels import MOST_LABELS, most_weight
from optimizer.certificate.relaxation import Relaxation

Ints = NDArray[int64]

FEW = 24
"Stops of one caregiver-day up to which labels that remember every stop are always few enough."
FEW_LABELS = 5_000
"Limit on such labels where ng-routes have found a limit already."


def most_of_routes(
    relaxation: Relaxation, stops: Ints, weights: Ints, known: Mapping[int, int]
) -> dict[int, int]:
    """Return no less than the most weight that one route of each caregiver-day can collect.

    Parameters
    ----------
    relaxation
        The scenario.
    stops, weights
        Stops of different visits and their weights, at least 0; shape ``(n,)``.
    known
        Caregiver-days by position, each with an amount that is of interest: where no route
        collects more, this is the answer.

    Notes
    -----
    Labels that remember every stop of a route are exact and become too many where a shift can make
    dozens of stops of all weights. Routes that may forget what lies far behind them (ng-routes)
    are a superset, and their best weight is hardly larger.
    """
    many = [day for day in known if int(relaxation.allowed[stops[weights > 0], day].sum()) > FEW]
    limits = _by_ng_routes(relaxation, stops, weights, {day: known[day] for day in many})
    found = {}
    for day, beyond in known.items():
        limit = limits.get(day)
        if limit is not None and limit <= beyond:
            found[day] = beyond
            continue
        room = MOST_LABELS if limit is None else FEW_LABELS
        most = most_weight(relaxation, day, stops, weights, beyond=beyond, most_labels=room)
        found[day] = most if limit is None else min(most, limit)
    return found


def _by_ng_routes(
    relaxation: Relaxation, stops: Ints, weights: Ints, known: Mapping[int, int]
) -> dict[int, int]:
    if not known:
        return {}
    # Here, for numba comes with it, which small certificates are not to wait for.
    from optimizer.certificate.route_network import (  # noqa: PLC0415
        limits_of_weights,
        pricing_of_stops,
    )

    kept, days = weights > 0, np.array(list(known), int64)
    pricing = pricing_of_stops(relaxation, stops[kept], days)
    limits = limits_of_weights(pricing, weights[kept], np.array(list(known.values()), int64))
    return dict(zip(known, limits.tolist(), strict=True))
