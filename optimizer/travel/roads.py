"""Roads as they are today: towns that are hard to reach, and journeys that were measured."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy import float64, int32
from numpy.typing import NDArray

from optimizer.domain.client import Client
from optimizer.domain.place import GeodesicTravel, Mode, Place, Travel
from optimizer.travel.reach import UNREACHABLE
from optimizer.units import to_ticks

ROUNDING = 1e-6
"Ticks by which a product of decimals may miss the whole number that is meant."


def as_today(
    spec: Travel,
    clients: Collection[Client],
    places: Sequence[Place],
    modes: Sequence[Mode],
    table: NDArray[int32],
    ticks_per_minute: int,
) -> NDArray[int32]:
    """Return travel with slowdowns and measured journeys.

    Parameters
    ----------
    spec, clients
        The travel specification, and the clients with their towns.
    places, modes, table
        Travel without them in ticks, shape ``(modes, places, places)``; it is not changed.
    ticks_per_minute
        Of the scenario.
    """
    if not spec.slowdowns and not spec.measured:
        return table
    row = {place: number for number, place in enumerate(places)}
    step = ticks_per_minute if isinstance(spec, GeodesicTravel) and spec.whole_minutes else 1
    factor = np.ones(len(places), float64)
    slow = {one.town: one.factor for one in sorted(spec.slowdowns, key=lambda one: one.factor)}
    for client in clients:
        if client.town in slow:
            here = row[client.home]
            factor[here] = max(factor[here], slow[client.town])
    slower = table * np.maximum.outer(factor, factor)
    ticks = np.ceil(np.ceil(slower - ROUNDING) / step) * step
    found = np.where(slower > table, np.minimum(ticks, UNREACHABLE), table).astype(int32)
    number = {mode: n for n, mode in enumerate(modes)}
    for one in spec.measured:
        if one.mode in number and one.origin in row and one.target in row:
            at = number[one.mode], row[one.origin], row[one.target]
            if at[1] != at[2]:
                found[at] = min(to_ticks(one.minutes, ticks_per_minute), UNREACHABLE)
    return found
