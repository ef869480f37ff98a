"""What differs between two plans: cost terms, and the stops that somebody notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.explanation.plan_state import PlanState
from optimizer.verification import Verdict


@dataclass(frozen=True, slots=True)
class Move:
    """A visit that two plans make differently.

    Attributes
    ----------
    visit, carer
        Which stop.
    before, after
        Ids of the caregivers.
    start_before, start_after
        When it begins, in milliseconds since midnight; dates are not told.
    """

    visit: str
    carer: int
    before: str
    after: str
    start_before: int
    start_after: int


def terms_between(before: Verdict, after: Verdict) -> dict[Term, int]:
    """Return the cost terms that differ, after minus before, in ticks of travel."""
    both = {term: after.cost_breakdown[term] - before.cost_breakdown[term] for term in Term}
    return {term: amount for term, amount in both.items() if amount}


def moves(state: PlanState, plan: Plan) -> tuple[Move, ...]:
    """Return the stops of the plan that another plan gives to somebody else or moves.

    A start that moves by no more than the scenario's tolerance is none that anybody is called
    about, and not told.
    """
    tolerance = state.scenario.policy.disruption_tolerance
    then = _stops(plan)
    found = []
    for stop, (day, person, start) in _stops(state.plan).items():
        if stop in then:
            new_day, new_person, new_start = then[stop]
            if new_person != person or new_day != day or abs(new_start - start) > tolerance:
                found.append(Move(*stop, person, new_person, start, new_start))
    return tuple(found)


def _stops(plan: Plan) -> Mapping[tuple[str, int], tuple[object, str, int]]:
    return {
        (stop.visit, stop.carer): (route.date, route.caregiver, stop.start)
        for route in plan.routes
        for stop in route.stops
    }
