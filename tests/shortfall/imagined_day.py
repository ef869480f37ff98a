"""A day with organisations, contracts, couplings and volunteers, on which edits are tried."""

from __future__ import annotations

from functools import cache

from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Pin
from optimizer.generate import RECIPES, generate_scenario
from optimizer.needs import derive, for_engine


@cache
def given_day() -> Scenario:
    """Return the middle-sized day as it is read, with health records."""
    return generate_scenario(RECIPES["zhenhai-day-m"], 1)


@cache
def ordinary_day() -> Scenario:
    """Return the same with its visits; one is pinned, and two caregivers are volunteers."""
    scenario = for_engine(derive(given_day()).scenario)
    first, *others = scenario.visits
    pinned = first.model_copy(update={"pin": Pin(caregivers=(scenario.caregivers[0].id,))})
    people = tuple(
        one.model_copy(update={"volunteer": True}) if n >= len(scenario.caregivers) - 2 else one
        for n, one in enumerate(scenario.caregivers)
    )
    return scenario.model_copy(update={"visits": (pinned, *others), "caregivers": people})
