"""All proofs that visits must stay unserved: readable certificates, then dual weights."""

from __future__ import annotations

import time

from optimizer.bound.lower_bound import dual_weights
from optimizer.certificate.certificate import UnservedProof
from optimizer.certificate.certify import certify
from optimizer.certificate.dual_weights import certificate_of_weights
from optimizer.certificate.relaxation import Relaxation
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.needs.privacy import for_engine
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.translate import from_plan
from optimizer.travel import TravelMatrices, travel_matrices

SCALE = 10_000
"Dual weight of a whole visit, in tables."


def prove_scarcity(
    scenario: Scenario,
    plan: Plan | None = None,
    *,
    matrices: TravelMatrices | None = None,
    seconds: float = 1.0,
    weights_seconds: float = 0.0,
    threads: int = 1,
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
    """
    roads = travel_matrices(scenario) if matrices is None else matrices
    readable = certify(scenario, roads, plan=plan, seconds=seconds)
    unserved = None if plan is None else len(scenario.visits) - _served(scenario, plan)
    if weights_seconds <= 0 or readable.least_unserved == unserved:
        return readable
    data = compile_problem(for_engine(scenario), roads)
    by_weights = _by_weights(data, plan, unserved, weights_seconds, threads)
    return max(readable, by_weights, key=lambda proof: proof.least_unserved)


def _served(scenario: Scenario, plan: Plan) -> int:
    stops = {(stop.visit, stop.carer) for route in plan.routes for stop in route.stops}
    return sum(
        all((visit.id, carer) in stops for carer in range(1, len(visit.carers) + 1))
        for visit in scenario.visits
    )


def _by_weights(
    data: ProblemData, plan: Plan | None, unserved: int | None, seconds: float, threads: int
) -> UnservedProof:
    began = time.perf_counter()
    relaxation = Relaxation.of(data.scenario, data.matrices)
    found = dual_weights(
        data,
        max(0.1, seconds - (time.perf_counter() - began)),
        routes=None if plan is None else from_plan(data, plan),
        unserved=unserved,
        threads=threads,
    )
    weights: dict[str, int] = {}
    for task, worth in zip(data.tasks, found.weights, strict=True):
        # One carer's weight stands for the visit; the other's only make the limits larger.
        visit = data.scenario.visits[task.visit].id
        weights[visit] = max(weights.get(visit, 0), worth * SCALE // found.unit)
    caps = {
        (data.scenario.caregivers[day.caregiver].id, day.date.isoformat(), day.shift): limit
        * SCALE
        // found.unit
        for day, limit in zip(data.days, found.limits, strict=True)
    }
    certificate = certificate_of_weights(relaxation, weights, SCALE, caps=caps)
    return UnservedProof.of(data.scenario.id, () if certificate is None else (certificate,))
