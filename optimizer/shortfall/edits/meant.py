"""Who is meant by an edit, and who of them is drawn by lot."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client
from optimizer.domain.edit import Caregivers, Clients
from optimizer.domain.place import Place
from optimizer.domain.scenario import Scenario
from optimizer.shortfall.edits.lot import Lot

NEIGHBOURS = 5
"Nearest clients by whose towns it is decided in which one a caregiver lives."

_T = TypeVar("_T", Caregiver, Client)


def town_of_caregivers(scenario: Scenario) -> dict[str, str | None]:
    """Return the town in which each caregiver lives: that of most of the five nearest clients.

    None for everybody where no client has a town. The nearest one decides between two towns.
    """
    clients = [client for client in scenario.clients if client.town is not None]
    if not clients or not scenario.caregivers:
        return dict.fromkeys((person.id for person in scenario.caregivers), None)
    homes = points([client.home for client in clients])
    found: dict[str, str | None] = {}
    for person in scenario.caregivers:
        away = ((homes - points([person.home])) ** 2).sum(axis=1)
        near = np.argsort(away, kind="stable")[:NEIGHBOURS]
        # Of towns that are as frequent, `most_common` keeps the one that came first.
        towns = Counter(clients[n].town for n in near.tolist())
        found[person.id] = towns.most_common(1)[0][0]
    return found


def points(places: Sequence[Place]) -> NDArray[np.float64]:
    """Return places as points of a plane, in degrees of latitude, shape ``(places, 2)``."""
    lat = np.array([place.lat for place in places])
    lon = np.array([place.lon for place in places])
    return np.column_stack([lat, lon * np.cos(np.radians(lat))])


def caregivers_meant(scenario: Scenario, of: Caregivers) -> tuple[Caregiver, ...]:
    """Return the caregivers of whom everything is true, in file order."""
    towns = town_of_caregivers(scenario) if of.town is not None else {}
    ids = frozenset(of.ids)
    wanted: list[tuple[object, Callable[[Caregiver], object]]] = [
        (of.origin, lambda one: one.origin),
        (of.town, lambda one: towns.get(one.id)),
        (of.organisation, lambda one: one.organisation),
        (of.mode, lambda one: one.mode),
        (of.volunteer, lambda one: one.volunteer),
    ]
    return tuple(
        one
        for one in _all_true(scenario.caregivers, wanted)
        if (not ids or one.id in ids) and _holds(one, of)
    )


def clients_meant(scenario: Scenario, of: Clients) -> tuple[Client, ...]:
    """Return the clients of whom everything is true, in file order."""
    ids = frozenset(of.ids)
    wanted: list[tuple[object, Callable[[Client], object]]] = [
        (of.town, lambda one: one.town),
        (of.category, lambda one: one.category),
        (of.need_tier, lambda one: one.need_tier),
        (of.organisation, lambda one: one.organisation),
    ]
    return tuple(
        one
        for one in _all_true(scenario.clients, wanted)
        if (not ids or one.id in ids)
        and (of.flag is None or of.flag in one.flags)
        and (of.other_category is None or one.category != of.other_category)
    )


def drawn(
    people: Sequence[_T],
    number: int,
    lot: Lot,
    kind: str,
    rank: Callable[[_T], int] | None = None,
) -> tuple[_T, ...]:
    """Return so many of some people, drawn by lot, in the order in which they were drawn.

    Whoever is among the first five is among the first six too, so that half the caregivers
    contain a third of them, in every arm alike.

    Parameters
    ----------
    people
        From whom.
    number
        How many; at most all of them.
    lot
        The draws.
    kind
        What they are drawn for; other kinds are other draws.
    rank
        Whoever ranks lower is drawn first.
    """
    order = sorted(
        people,
        key=lambda one: (rank(one) if rank is not None else 0, lot.number(kind, one.id), one.id),
    )
    return tuple(order[:number])


def whole(share: float, number: int) -> int:
    """Return a share, per cent, of whole people; a half is one."""
    return math.floor(share / 100 * number + 0.5 + 1e-9)


def _all_true(
    people: Sequence[_T], wanted: Sequence[tuple[object, Callable[[_T], object]]]
) -> list[_T]:
    asked = [(value, of) for value, of in wanted if value is not None]
    return [one for one in people if all(of(one) == value for value, of in asked)]


def _holds(person: Caregiver, of: Caregivers) -> bool:
    if of.qualification is None:
        return True
    return any(
        one.code == of.qualification and of.level in {None, one.level}
        for one in person.qualifications
    )
