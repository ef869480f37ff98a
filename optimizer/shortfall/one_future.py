"""One future solved for real: searched from two starts, verified, explained, and proven at times.

Never a ratio of totals: hours that are enough in sum may lie at the wrong end of the district.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from optimizer.certificate.certify import certify_relaxation
from optimizer.certificate.relaxation import Relaxation
from optimizer.domain.place import Travel
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Priority, Term
from optimizer.domain.reason import UnservedReason
from optimizer.domain.scenario import Scenario
from optimizer.errors import Disagreement, EngineDisagreement
from optimizer.explanation.first_reason import with_first_reasons
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes
from optimizer.problem.translate import from_plan, to_plan
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search
from optimizer.shortfall.rows import by_priority
from optimizer.stop import AfterIterations
from optimizer.travel.matrix import TravelMatrices, travel_matrices
from optimizer.units import to_ms
from optimizer.verification.verdict import Verdict
from optimizer.verification.verifier import verify

SHORT_STEPS = 10_000
"Steps of every future: of the least unserved by 0.9 visits on average on a day of 145."
LONG_STEPS = 100_000
"Steps of every tenth one: within half a visit."
COLD_SHARE = 0.2
"Part of the steps that begins from nothing: where many are away, the usual roster misleads."
PROOF_LOOKS = 100
"How often the search for certificates may go on: a count, for a clock would not repeat."


@dataclass(frozen=True, slots=True)
class Solved:
    """A future with the best plan found for it.

    Attributes
    ----------
    data
        The future, compiled.
    routes, plan
        The best found.
    verdict
        What the verifier says of it: clean.
    steps
        Steps of all searches.
    """

    data: ProblemData = field(repr=False)
    routes: Routes = field(repr=False)
    plan: Plan = field(repr=False)
    verdict: Verdict = field(repr=False)
    steps: int

    @property
    def unserved(self) -> Mapping[str, int]:
        """Visits left out by priority."""
        left = set(self.verdict.unserved)
        return by_priority(one for one in self.data.scenario.visits if one.id in left)

    @property
    def value(self) -> tuple[int, ...]:
        """Sort key by which a better plan is smaller: critical visits first, cost last."""
        counts = self.unserved
        return (*(counts[one.value] for one in Priority), self.verdict.cost)

    @property
    def shortened(self) -> int:
        """Minutes taken off visits that are made."""
        ticks = self.verdict.quantities.get(Term.SHORTENED, 0)
        return round(to_ms(ticks, self.data.scenario.ticks_per_minute) / 60_000)


def solve_future(
    scenario: Scenario, matrices: TravelMatrices, start: Plan | None, *, seed: int, steps: int
) -> Solved:
    """Return the better of two plans: from a start, and, with a fifth of the steps, from nothing.

    Parameters
    ----------
    scenario
        The future; nothing of it is published, so no change of a roster costs anything.
    matrices
        Travel between all its places, and maybe more.
    start
        A plan of the usual day; what the future does not know of it is left out.
    seed
        Random seed of the search (at least 0).
    steps
        Of both searches together (at least 5).

    Raises
    ------
    EngineDisagreement
        If verifier and search do not agree; a defect.
    """
    data = compile_problem(scenario, matrices)
    if start is None:
        return _searched(data, None, seed, steps)
    cold = max(1, round(COLD_SHARE * steps))
    warm = _searched(data, from_plan(data, start), seed, steps - cold)
    if not warm.verdict.unserved:
        return warm
    fresh = _searched(data, None, seed, cold)
    return _better(warm, fresh, warm.steps + fresh.steps)


def adopted(own: Solved, other: Plan) -> Solved:
    """Return a future with a plan of another arm, if that may be followed here and is better.

    So an arm that only permits more never comes out worse by the luck of its search.
    """
    search = Search(own.data, SearchParameters(), seed=1, workers=1)
    routes, cost = search.taken(from_plan(own.data, other))
    return _better(own, _judged(own.data, routes, cost, 0), own.steps)


def causes_of(solved: Solved) -> Mapping[str, str]:
    """Return the first reason why each visit is left out, as the explanation gives it."""
    data = solved.data
    plan = with_first_reasons(data.scenario, solved.plan, data.matrices)
    return {one.visit: one.reason for one in plan.unserved}


def proven_unserved(solved: Solved) -> int:
    """Return how many visits are proven to stay out; the search for it ends by a count."""
    left = set(solved.verdict.unserved)
    if not left:
        return 0
    data = solved.data
    positions = [number for number, one in enumerate(data.scenario.visits) if one.id in left]
    looks = iter(range(PROOF_LOOKS))
    proof = certify_relaxation(
        Relaxation.of(data.scenario, data.matrices), positions, lambda: next(looks, None) is None
    )
    if proof.least_unserved > len(left):
        least = str(proof.least_unserved)
        raise EngineDisagreement([Disagreement("unserved at least", least, str(len(left)))])
    return proof.least_unserved


def matrices_for(scenario: Scenario, known: TravelMatrices, travel: Travel) -> TravelMatrices:
    """Return travel for a scenario: what is known if that is enough, else worked out anew.

    Parameters
    ----------
    scenario
        The future.
    known
        Travel between the places of the base scenario, and maybe more.
    travel
        How that was told; where journeys take longer, none of it holds.
    """
    places = set(known.places)
    people = scenario.caregivers
    enough = (
        scenario.travel == travel
        and {one.mode for one in people} <= set(known.modes)
        and all(one.home in places for one in scenario.clients)
        and all(one.home in places for one in people)
        and all(one.end_place is None or one.end_place in places for one in people)
        and (known.metres is not None or not any(one.fen_per_km for one in people))
    )
    return known if enough else travel_matrices(scenario)


def _searched(data: ProblemData, start: Routes | None, seed: int, steps: int) -> Solved:
    search = Search(data, SearchParameters(), seed=seed, workers=1)
    found = search.run(Budget(None, steps), AfterIterations(steps), start=start)
    return _judged(data, found.routes, found.cost, found.iterations)


def _judged(data: ProblemData, routes: Routes, cost: int, steps: int) -> Solved:
    """Return routes with the verifier's word on them."""
    plan = to_plan(data, routes, lambda _: UnservedReason.NOBODY_FOUND)
    verdict = verify(data.scenario, plan, data.matrices)
    differences = [
        Disagreement(one.rule.value, "kept", f"{one.place}: {one.detail}")
        for one in verdict.violations
    ]
    if cost != verdict.cost:
        differences.append(Disagreement("cost", str(cost), str(verdict.cost)))
    if differences:
        raise EngineDisagreement(differences)
    return Solved(data, routes, plan, verdict, steps)


def _better(one: Solved, other: Solved, steps: int) -> Solved:
    best = min(one, other, key=lambda each: each.value)
    return Solved(best.data, best.routes, best.plan, best.verdict, steps)
