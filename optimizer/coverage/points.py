"""Certificates by points: the numbers come from elsewhere, as from the prices of a bound."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy import int64

from optimizer.coverage.certificate import Certificate
from optimizer.coverage.form import Form
from optimizer.coverage.labels import most_points
from optimizer.coverage.members import Members, certificate_of
from optimizer.coverage.outline import Outline
from optimizer.coverage.routes import Caps


def points_certificate(
    outline: Outline,
    points: Mapping[str, int],
    scale: int,
    *,
    caps: Mapping[tuple[str, str, int], int] | None = None,
) -> Certificate | None:
    """Return the certificate that some points prove; None if they prove nothing.

    Parameters
    ----------
    outline
        The scenario.
    points
        Points per id of a visit, 0 to `scale`; larger ones are cut to it.
    scale
        So many points are a whole visit (at least 1).
    caps
        Most points that one route can collect, as far as known, per id of a caregiver, day as
        ``2025-03-03`` and shift. They save time; none is believed, and too small ones are raised.

    Raises
    ------
    KeyError
        If `points` names a visit that the scenario does not have.
    """
    position = {visit: number for number, visit in enumerate(outline.visit_ids)}
    counted = Caps(outline).counted
    amounts = {position[v]: min(scale, p) for v, p in points.items() if p > 0}
    stops = np.array([counted[visit] for visit in amounts], int64)
    worth = np.array(list(amounts.values()), int64)
    given = {}
    for number in np.flatnonzero(outline.allowed[stops].any(axis=0)) if len(stops) else ():
        duty = outline.duties[number]
        key = duty.caregiver, duty.date.isoformat(), duty.shift
        known = 0 if caps is None else caps.get(key, 0)
        given[int(number)] = most_points(outline, int(number), stops, worth, beyond=known)
    members = Members({visit: (counted[visit],) for visit in amounts}, amounts, given)
    if members.missing <= 0:
        return None
    return certificate_of(outline, Form.POINTS, members, scale=scale)
