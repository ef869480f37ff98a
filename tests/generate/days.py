"""Generated days that several modules of tests look at, each made once."""

from __future__ import annotations

from functools import cache

from optimizer.domain.scenario import Scenario
from optimizer.generate import RECIPES, generate_scenario
from optimizer.needs import derive


@cache
def generated(name: str, seed: int) -> Scenario:
    """Return a day with the records that were drawn."""
    return generate_scenario(RECIPES[name], seed)


@cache
def planned(name: str, seed: int) -> Scenario:
    """Return a day with the visits that follow from its records."""
    return derive(generated(name, seed)).scenario
