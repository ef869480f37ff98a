"""All proofs that visits must stay unserved: readable certificates, then dual weights."""

from __future__ import annotations

from optimizer.certificate.certificate import UnservedProof
from optimizer.certificate.certify import certify
from optimizer.certificate.relaxation import Relaxation
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.stop import StoppingCriterion
from optimizer.travel import TravelMatrices, travel_matrices


def prove_scarcity(
    scenario: Scenario,
    plan: Plan | None = None,
    *,
    matrices: TravelMatrices | None = None,
    seconds: float = 1.0,
    weights_seconds: float = 0.0,
    threads: int = 1,
    stop: StoppingCriterion | None = None,
) -> UnservedProof:
    """Return the strongest proof found that visits must stay unserved, whatever anyone does.

    Parameters
    ----------
    scenario
        A scenario without faults, its visits derived.
    plan
        The best plan known: no more can be proven than it leaves out.
    matrices
        Its travel matrices; made from it if not given.
    seconds
        How long certificates that a person can follow are looked for (positive).
    weights_seconds
        How long dual weights are looked for after that, which prove more where it is travel and
        order that are scarce; 0: not at all.
    threads
        For the dual weights, at least 1.
    stop
        Reason to end the search for them early.
    """
    roads = travel_matrices(scenario) if matrices is None else matrices
    readable = certify(scenario, roads, plan=plan, seconds=seconds)
    unserved = None if plan is None else len(scenario.visits) - _served(scenario, plan)
    if weights_seconds <= 0 or readable.least_unserved == unserved:
        return readable
    # Here, for HiGHS comes with it, which only dual weights are to wait for.
    from optimizer.certificate.weights_search import weighed  # noqa: PLC0415

    relaxation = Relaxation.of(scenario, roads)
    found = weighed(
        relaxation, weights_seconds, plan=plan, unserved=unserved, threads=threads, stop=stop
    )
    by_weights = UnservedProof.of(scenario.id, () if found is None else (found,))
    return max(readable, by_weights, key=lambda proof: proof.least_unserved)


def _served(scenario: Scenario, plan: Plan) -> int:
    stops = {(stop.visit, stop.carer) for route in plan.routes for stop in route.stops}
    return sum(
        all((visit.id, carer) in stops for carer in range(1, len(visit.carers) + 1))
        for visit in scenario.visits
    )
