"""Which of a client's wishes a caregiver leaves unmet."""

from __future__ import annotations

import numpy as np
from numpy import int8
from numpy.typing import NDArray

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client
from optimizer.domain.index import ScenarioIndex


def unmet_wishes(client: Client, caregiver: Caregiver) -> int:
    """Count the wishes of a client that a caregiver does not meet: 0 to 3.

    They are: to see one of the preferred caregivers, to see somebody of the wished (not
    insisted on) gender, and to share a language. A caregiver of unknown gender does not
    meet a wish; languages count only where both list some.
    """
    wish = client.gender_wish
    return (
        (bool(client.preferred) and caregiver.id not in client.preferred)
        + (wish is not None and not wish.hard and caregiver.gender is not wish.gender)
        + (
            bool(client.languages)
            and bool(caregiver.languages)
            and set(client.languages).isdisjoint(caregiver.languages)
        )
    )


def preference_counts(index: ScenarioIndex) -> NDArray[int8]:
    """Count the unmet wishes of every visit's client with every caregiver.

    Returns
    -------
    array of int8
        0 to 3, shape ``(visits, caregivers)``, both in file order.
    """
    scenario = index.scenario
    counts = np.zeros((len(scenario.visits), len(scenario.caregivers)), int8)
    rows: dict[str, NDArray[int8]] = {}
    for row, visit in zip(counts, scenario.visits, strict=True):
        if visit.client not in rows:
            client = index.client[visit.client]
            rows[visit.client] = np.array(
                [unmet_wishes(client, caregiver) for caregiver in scenario.caregivers], int8
            )
        row[:] = rows[visit.client]
    return counts
