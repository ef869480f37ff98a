"""Copies of people: never fractions of them, under new ids, near those whom they resemble."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeVar

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client
from optimizer.domain.place import Place
from optimizer.shortfall.edits.lot import Lot
from optimizer.shortfall.edits.meant import drawn

SPREAD_KM = 0.3
"Farthest that the home of a copy lies from the original's, north and east."
KM_PER_DEGREE = 111.2

_T = TypeVar("_T", Caregiver, Client)


def copies(
    people: Sequence[_T], number: int, taken: AbstractSet[str], lot: Lot, kind: str
) -> Iterator[tuple[_T, str]]:
    """Yield who is copied, and the new id: everybody once before anybody twice.

    Parameters
    ----------
    people
        Who may be copied.
    number
        How many copies.
    taken
        Ids that are in use.
    lot, kind
        The draws, and what for.
    """
    used = set(taken)
    while number > 0 and people:
        for person in drawn(people, number, lot, kind):
            name = _free(person.id, used)
            used.add(name)
            yield person, name
        number -= len(people)


def near(home: Place, name: str, lot: Lot) -> Place:
    """Return a home near another one, the same in every replication.

    Where travel is given by matrices, a place that is in none cannot be reached: then it is
    the same home.
    """
    if home.matrix_index is not None:
        return home
    north, east = ((2 * lot.constant("home", name, period) - 1) * SPREAD_KM for period in (0, 1))
    width = KM_PER_DEGREE * max(0.01, math.cos(math.radians(home.lat)))
    return Place(
        lat=round(min(90.0, max(-90.0, home.lat + north / KM_PER_DEGREE)), 3),
        lon=round(min(180.0, max(-180.0, home.lon + east / width)), 3),
    )


def _free(name: str, used: AbstractSet[str]) -> str:
    return next(each for n in range(1, len(used) + 2) if (each := f"{name}+{n}") not in used)
