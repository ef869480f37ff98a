"""Who has to be in one part of a city: clients of pinned visits, and the caregivers pinned."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from optimizer.city.cutting import Floats, Ints
from optimizer.domain.scenario import Scenario


def keep_pins_whole(
    scenario: Scenario, of_client: Ints, of_person: Ints, weights: Floats, parts: int
) -> None:
    """Move clients and caregivers so that no pin crosses a border; both arrays are changed.

    Whoever is linked by pins, directly or by others, goes where most of their care lies already.

    Parameters
    ----------
    scenario
        The city.
    of_client, of_person
        Part of each client and caregiver, in the scenario's order.
    weights
        Care that each client asks for.
    parts
        How many parts there are.
    """
    clients = {one.id: number for number, one in enumerate(scenario.clients)}
    people = {one.id: number for number, one in enumerate(scenario.caregivers)}
    for group_of_clients, group_of_people in _groups(scenario):
        rows = [clients[one] for one in sorted(group_of_clients)]
        care = np.bincount(of_client[rows], weights[rows] + 1e-9, minlength=parts)
        part = int(care.argmax())
        of_client[rows] = part
        of_person[[people[one] for one in sorted(group_of_people) if one in people]] = part


def _groups(scenario: Scenario) -> list[tuple[set[str], set[str]]]:
    """Return clients and caregivers that pins link, group by group."""
    links: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for visit in scenario.visits:
        for person in () if visit.pin is None else visit.pin.caregivers:
            if person is not None:
                links["client", visit.client].add(("caregiver", person))
                links["caregiver", person].add(("client", visit.client))
    groups = []
    seen: set[tuple[str, str]] = set()
    for first in links:
        if first in seen:
            continue
        seen.add(first)
        todo, group = [first], {first}
        while todo:
            new = links[todo.pop()] - group
            group |= new
            seen |= new
            todo += new
        groups.append(
            (
                {name for kind, name in group if kind == "client"},
                {name for kind, name in group if kind == "caregiver"},
            )
        )
    return groups
