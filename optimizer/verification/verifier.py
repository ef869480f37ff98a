"""The last gate before a plan is shown: replay it, check every rule, count every term."""

from __future__ import annotations

from optimizer.domain.index import ScenarioIndex
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.travel import TravelMatrices, travel_matrices
from optimizer.verification.charging import fen_charged
from optimizer.verification.replay import replay
from optimizer.verification.rules import CHECKS
from optimizer.verification.terms import QUANTITIES, cost, visits_unserved
from optimizer.verification.verdict import Verdict


def verify(scenario: Scenario, plan: Plan, matrices: TravelMatrices | None = None) -> Verdict:
    """Return all violations and the whole cost of a plan, whoever made it.

    Parameters
    ----------
    scenario
        A scenario without faults.
    plan
        Any plan; a strange one has violations, it never raises.
    matrices
        Travel matrices of `scenario`; made from it if not given.
    """
    roads = travel_matrices(scenario) if matrices is None else matrices
    played = replay(ScenarioIndex.of(scenario), scenario, plan, roads)
    quantities = {term: measure(played) for term, measure in QUANTITIES.items()}
    breakdown = {term: cost(played, term, amount) for term, amount in quantities.items()}
    tpm = scenario.ticks_per_minute
    price = {contract.id: contract for contract in scenario.contracts}
    left = tuple(visit.id for visit in visits_unserved(played))
    return Verdict(
        violations=tuple(found for check in CHECKS.values() for found in check(played)),
        cost=sum(breakdown.values()),
        cost_breakdown=breakdown,
        quantities=quantities,
        served=len(scenario.visits) - len(left),
        unserved=left,
        charged={
            contract: sum(stop.care for stop in stops)
            for contract, stops in played.charged_to.items()
        },
        charged_fen={
            contract: sum(fen_charged(stop, price[contract], tpm) for stop in stops)
            for contract, stops in played.charged_to.items()
        },
    )
