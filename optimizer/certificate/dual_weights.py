"""Certificates by dual weights, which come from elsewhere, as from the duals of a bound."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy import int64

from optimizer.certificate.balance import Balance, certificate_of
from optimizer.certificate.certificate import Certificate
from optimizer.certificate.form import Form
from optimizer.certificate.relaxation import Relaxation
from optimizer.certificate.route_limits import most_of_routes
from optimizer.certificate.routes import RouteCaps


def certificate_of_weights(
    relaxation: Relaxation,
    weights: Mapping[str, int],
    scale: int,
    *,
    caps: Mapping[tuple[str, str, int], int] | None = None,
) -> Certificate | None:
    """Return the certificate that dual weights prove; None if they prove nothing.

    Parameters
    ----------
    relaxation
        The scenario.
    weights
        Dual weight per id of a visit, 0 to `scale`; larger ones are cut to it.
    scale
        Weight of a whole visit (at least 1).
    caps
        Most weight that one route can collect, as far as known, per id of a caregiver, day as
        ``2025-03-03`` and shift. They save time; none is believed, and too small ones are raised.

    Raises
    ------
    KeyError
        If `weights` names a visit that the scenario does not have.
    """
    position = {visit: number for number, visit in enumerate(relaxation.visit_ids)}
    counted = RouteCaps(relaxation).counted
    amounts = {position[v]: min(scale, p) for v, p in weights.items() if p > 0}
    stops = np.array([counted[visit] for visit in amounts], int64)
    worth = np.array(list(amounts.values()), int64)
    known = {}
    for number in np.flatnonzero(relaxation.allowed[stops].any(axis=0)) if len(stops) else ():
        day = relaxation.days[number]
        key = day.caregiver, day.date.isoformat(), day.shift
        known[int(number)] = 0 if caps is None else caps.get(key, 0)
    given = most_of_routes(relaxation, stops, worth, known)
    balance = Balance({visit: (counted[visit],) for visit in amounts}, amounts, given)
    if balance.missing <= 0:
        return None
    return certificate_of(relaxation, Form.DUAL_WEIGHTS, balance, scale=scale)
