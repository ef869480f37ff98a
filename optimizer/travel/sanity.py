"""Is the travel believable? Warnings, never refusals."""

from __future__ import annotations

from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.travel.matrix import TravelMatrices


def check_travel(matrices: TravelMatrices, scenario: Scenario) -> tuple[Fault, ...]:
    """Return warnings about suspicious travel."""
    del matrices, scenario
    return ()
