"""Which of a client's wishes a caregiver leaves unmet."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date

import numpy as np
from numpy import int8
from numpy.typing import NDArray

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.visit import Visit


def unmet_wishes(client: Client, caregiver: Caregiver) -> int:
    """Count the wishes of a client that a caregiver does not meet: 0 to 3.

    They are: to see one of the preferred caregivers, to see somebody of the wished (not
    insisted on) gender, and to share a language. A caregiver of unknown gender does not
    meet a wish; languages count only where both list some.
    """
    return _is_stranger(client, caregiver) + _unmet_alike(client, caregiver)


def is_other_day(visit: Visit, day: date) -> bool:
    """Return whether a day is none of those that are wished for a visit."""
    return bool(visit.preferred_dates) and day not in visit.preferred_dates


def preference_counts(index: ScenarioIndex) -> NDArray[int8]:
    """Count the unmet wishes of every visit's client with every caregiver.

    Returns
    -------
    array of int8
        0 to 3, shape ``(visits, caregivers)``, both in file order.
    """
    scenario = index.scenario
    position = {caregiver.id: number for number, caregiver in enumerate(scenario.caregivers)}
    counts = np.zeros((len(scenario.visits), len(scenario.caregivers)), int8)
    shared: dict[Hashable, NDArray[int8]] = {}
    for row, visit in zip(counts, scenario.visits, strict=True):
        client = index.client[visit.client]
        key = (client.gender_wish, client.languages)
        if key not in shared:
            shared[key] = np.array([_unmet_alike(client, g) for g in scenario.caregivers], int8)
        row[:] = shared[key]
        if client.preferred:
            known = {position[g] for g in client.preferred if g in position}
            row[:] += 1
            row[list(known)] -= 1
    return counts


def _is_stranger(client: Client, caregiver: Caregiver) -> bool:
    return bool(client.preferred) and caregiver.id not in client.preferred


def _unmet_alike(client: Client, caregiver: Caregiver) -> int:
    """Count the unmet wishes in which clients with equal wishes are alike: 0 to 2."""
    wish = client.gender_wish
    is_other_gender = wish is not None and not wish.hard and caregiver.gender is not wish.gender
    is_speechless = (
        bool(client.languages)
        and bool(caregiver.languages)
        and set(client.languages).isdisjoint(caregiver.languages)
    )
    return is_other_gender + is_speechless
