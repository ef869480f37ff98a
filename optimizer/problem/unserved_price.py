"""What leaving a visit unserved costs: written once for the engine and all that build on it."""

from __future__ import annotations

from optimizer.domain.client import MISSED_THAT_COUNT, Flag
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.visit import Visit
from optimizer.units import to_ticks


def price_unserved(index: ScenarioIndex, visit: Visit) -> int:
    """Return what leaving a visit unserved costs, in ticks of travel.

    Exact model and verifier each have their own reading of the same definition
    (docs/problem.md), so that one finds the other's mistake.

    Parameters
    ----------
    index
        The scenario, whose policy says the weights.
    visit
        One of its visits.
    """
    scenario = index.scenario
    weights = scenario.policy.weights.unserved
    usual: int = getattr(weights, visit.priority.value)
    base = usual if visit.unserved_price is None else visit.unserved_price
    if visit.mandatory or scenario.policy.serve_everything:
        base += weights.mandatory
    client = index.client[visit.client]
    if Flag.ALONE in client.flags:
        base += weights.alone
    base += weights.missed * min(MISSED_THAT_COUNT, client.missed)
    tpm = scenario.ticks_per_minute
    care = sum(to_ticks(need.minutes, tpm) for need in visit.carers)
    return base * tpm + weights.per_minute * care
