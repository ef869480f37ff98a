"""What contracts were charged and are owed before the first day, drawn after all else."""

from __future__ import annotations

import random

from optimizer.domain.contract import Contract
from optimizer.domain.scenario import Scenario
from optimizer.units import MS_PER_MINUTE


def with_earlier_contracts(scenario: Scenario, rng: random.Random) -> Scenario:
    """Return the scenario whose contracts have been used in part, some beyond their caps."""
    contracts = tuple(_used(one, rng) for one in scenario.contracts)
    return scenario.model_copy(update={"contracts": contracts})


def _used(contract: Contract, rng: random.Random) -> Contract:
    return contract.model_copy(
        update={
            "used": rng.choice((0, 15, 70)) * MS_PER_MINUTE,
            "used_visits": rng.choice((0, 1, 3)),
            "used_fen": rng.choice((0, 2_000, 9_500)),
            "owed": rng.choice((0, 0, 40)) * MS_PER_MINUTE,
        }
    )
