"""What a scenario is, in one row of a catalogue."""

from __future__ import annotations

from optimizer.domain.scenario import Scenario
from optimizer.generate.recipe import Recipe


def summary(recipe: Recipe, scenario: Scenario) -> dict[str, str | int]:
    """Return the catalogue's row of a scenario made from a recipe's own seed."""
    return {
        "name": recipe.name,
        "file": recipe.file_name,
        "clients": len(scenario.clients),
        "visits": len(scenario.visits),
        "caregivers": sum(not caregiver.volunteer for caregiver in scenario.caregivers),
        "volunteers": sum(caregiver.volunteer for caregiver in scenario.caregivers),
        "two_carer_visits": sum(len(visit.carers) == 2 for visit in scenario.visits),
        "couplings": len(scenario.couplings),
        "seed": recipe.seed,
        "purpose": recipe.purpose,
    }
