"""Random days off, and days worked before the first one, drawn after all else."""

from __future__ import annotations

import random
from collections.abc import Collection

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.scenario import Scenario

FEATURES = frozenset({"days_off"})


def with_weeks(scenario: Scenario, rng: random.Random, active: Collection[str]) -> Scenario:
    """Return the scenario with days off if `active` names them, so many that they bind."""
    if "days_off" not in active:
        return scenario
    passed = scenario.horizon.start.weekday()
    people = tuple(_with_days_off(one, rng, passed) for one in scenario.caregivers)
    return scenario.model_copy(update={"caregivers": people})


def _with_days_off(caregiver: Caregiver, rng: random.Random, passed: int) -> Caregiver:
    """Return a caregiver with one or two days left in the week, now and then none."""
    left = rng.choice((0, 1, 1, 1, 2))
    worked = rng.randint(0, passed)
    return caregiver.model_copy(
        update={"days_off": max(0, 7 - left - worked), "days_worked": worked}
    )
