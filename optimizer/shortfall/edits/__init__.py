"""Edits of a scenario: what somebody imagines, applied so that the scenario stays whole."""

from __future__ import annotations

from optimizer.shortfall.edits.applying import (
    apply,
    asks_for_needs,
    is_relaxing,
    with_visits,
    without_money,
)
from optimizer.shortfall.edits.meant import (
    caregivers_meant,
    clients_meant,
    town_of_caregivers,
)
from optimizer.shortfall.edits.repair import Edited

__all__ = [
    "Edited",
    "apply",
    "asks_for_needs",
    "caregivers_meant",
    "clients_meant",
    "is_relaxing",
    "town_of_caregivers",
    "with_visits",
    "without_money",
]
