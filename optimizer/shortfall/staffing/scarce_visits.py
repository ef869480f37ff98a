"""The visits of a day that few of the staff may make: of them proofs are found soonest."""

from __future__ import annotations

from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from optimizer.matching import eligible

FEW = 0.2
"Part of the staff that may make a scarce visit at most."


def scarce_visits(scenario: Scenario) -> frozenset[str]:
    """Return the ids of the visits one of whose carers few of the staff may be on any day.

    Parameters
    ----------
    scenario
        A scenario without faults, its visits derived.
    """
    found = eligible(ScenarioIndex.of(scenario))
    able = found.tables.any(axis=2).sum(axis=1)[found.kind_of]
    stops = [visit.id for visit in scenario.visits for _ in visit.carers]
    most = FEW * len(scenario.caregivers)
    return frozenset(
        stop for stop, count in zip(stops, able.tolist(), strict=True) if count <= most
    )
