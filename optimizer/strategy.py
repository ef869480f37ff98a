"""Which engine works when: search, proof, plans made of the proof, exact model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from optimizer.certificate.certify import certify
from optimizer.domain.plan import Plan, Unserved
from optimizer.domain.reason import UnservedReason
from optimizer.heuristic import Run, searched
from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes
from optimizer.problem.translate import from_plan
from optimizer.progress import Observer, Progress
from optimizer.search.search import SearchResult
from optimizer.stop import Termination

if TYPE_CHECKING:
    from optimizer.bound.cost_bound import CostBound
    from optimizer.bound.lower_bound import Proof

SMALL = 15
"Visits up to which ``auto`` solves a day exactly as well."
SHARE_OF_SEARCH = 0.25
"Part of the time that the search gets on such a day before the exact model takes over."
PAIRS_PER_SECOND = 2_500
"Pairs of a task and a route per second of proof up to which a proof tells something."
DIVE_PAIRS_PER_SECOND = 700
"Pairs per second up to which the proof's routes are complete enough to make a plan of."
SHARE_BEFORE_DIVE, SHARE_OF_DIVE = 0.1, 0.2
"Parts of the time: for a first plan, and the limit for making one of the proof's routes."

SHARE_BESIDE_WEIGHTS, MOST_WEIGHTS_SECONDS = 0.5, 20.0
"""Where visits stay unserved, the part of the proof's time that is its own, unless what is left is
more than so many seconds; the rest is for dual weights, which prove that they must."""
GLANCE_SECONDS = 0.2
"Seconds for finding out whether simpler certificates prove as much."


@dataclass(frozen=True, slots=True)
class Made:
    """What the engines have made.

    Attributes
    ----------
    plan
        The best plan.
    cost
        Its cost as the engine has counted it, in ticks; None where no engine vouches for it.
    bounds
        What every plan costs at least, by each proof that there is.
    search
        What the search says of itself, or None.
    """

    plan: Plan
    cost: int | None
    bounds: tuple[CostBound, ...]
    search: SearchResult | None

    @property
    def is_interrupted(self) -> bool:
        """Return whether somebody has ended the search."""
        return self.search is not None and self.search.termination is Termination.INTERRUPTED


def make_plan(run: Run, start: Plan | None) -> Made:
    """Make the best plan that the engines find in the time.

    Parameters
    ----------
    run
        Problem, limits and observers.
    start
        A plan to start from.
    """
    engine = run.options.engine
    if engine == "cp-sat":
        return _solve_exactly(run, None, start)
    begin = _published(run) if start is None else from_plan(run.data, start)
    if engine == "auto" and _is_small(run):
        found = searched(run, run.seconds * SHARE_OF_SEARCH, begin)
        if found.termination is Termination.INTERRUPTED:
            return _made(run, found)
        return _solve_exactly(run, found, run.plan_of(found.routes))
    share = run.options.share_of_proof
    pairs = run.data.num_tasks * run.data.num_routes
    if share == 0 or pairs > PAIRS_PER_SECOND * share * run.seconds:
        return _made(run, searched(run, run.limit, begin))
    dives = pairs <= DIVE_PAIRS_PER_SECOND * share * run.seconds and _are_independent(run)
    before = SHARE_BEFORE_DIVE if dives else 1.0 - share
    found = searched(run, run.seconds * before, begin)
    if found.termination is Termination.INTERRUPTED:
        return _made(run, found)
    proof = _begun_proof(run, found)
    rest = run.left()
    if not dives and _needs_weights(run, found):
        rest = max(SHARE_BESIDE_WEIGHTS * rest, rest - MOST_WEIGHTS_SECONDS)
    bound = _bound(run, found, proof, share * run.seconds if dives else rest)
    if run.stop is not None and run.stop(Progress("bound", run.elapsed())) is not None:
        return _made(run, replace(found, termination=Termination.INTERRUPTED), bound)
    if dives and bound.value != found.cost:
        found = _improve(run, found, proof, bound.value)
    return _made(run, found, bound)


def _published(run: Run) -> Routes | None:
    """Return the published roster to start from where keeping to it is worth something.

    Few visits are searched from random starts instead; `searched` looks at the roster as well.
    """
    scenario = run.data.scenario
    few = run.data.num_tasks <= run.parameters.few
    if scenario.published is None or few or not run.data.arrays.weight[at.W_DISRUPTION]:
        return None
    return from_plan(run.data, scenario.published)


def _is_small(run: Run) -> bool:
    """Return whether the exact model has a chance, and no steps end the run."""
    return len(run.data.scenario.visits) <= SMALL and run.options.iterations is None


def _are_independent(run: Run) -> bool:
    """Return whether no visit's start depends on another's, which the proof's routes neglect."""
    return len(run.data.arrays.tie_to) == 0 and len(run.data.arrays.rest) == 0


def _needs_weights(run: Run, found: SearchResult) -> bool:
    """Return whether a plan of one day leaves out more than certificates soon prove it has to."""
    scenario = run.data.scenario
    if scenario.horizon.days > 1 or len(found.routes.tasks) == run.data.num_tasks:
        return False
    plan = run.plan_of(found.routes)
    seconds = min(GLANCE_SECONDS, GLANCE_SECONDS * run.left())
    proof = certify(scenario, run.data.matrices, plan=plan, seconds=seconds)
    return proof.least_unserved < len(plan.unserved)


def _begun_proof(run: Run, found: SearchResult) -> Proof:
    from optimizer.bound.lower_bound import Proof

    return Proof(run.data, found.routes, threads=run.options.workers)


def _bound(run: Run, found: SearchResult, proof: Proof, seconds: float) -> CostBound:
    """Return what every plan costs at least, as far as the time given proves anything."""
    proven = proof.bound(
        min(run.left(), seconds),
        known_cost=found.cost,
        observer=_beside(run, found),
        stop=run.stop,
        began=run.began,
    )
    return proof.cost_bound(proven)


def _improve(run: Run, found: SearchResult, proof: Proof, bound: int) -> SearchResult:
    """Search on from a plan made of the proof's routes, or else from the best one."""
    observer = _beside(run, found, bound)
    dived = proof.dive(
        SHARE_OF_DIVE * run.seconds, observer=observer, stop=run.stop, began=run.began
    )
    again = searched(
        run,
        run.left(),
        found.routes if dived is None else dived,
        since=run.elapsed(),
        observer=observer,
        known_cost=found.cost,
    )
    best = min(found, again, key=lambda result: result.cost)
    better = tuple(point for point in again.curve if point[1] < found.cost)
    return replace(
        again,
        routes=best.routes,
        cost=best.cost,
        iterations=found.iterations + again.iterations,
        curve=(*found.curve, *better),
    )


def _beside(run: Run, found: SearchResult, bound: int | None = None) -> Observer:
    """Return an observer that adds to every moment what is known of the best plan."""
    scenario = run.data.scenario
    served = {run.data.tasks[k].visit for k in found.routes.tasks.tolist()}
    unserved = len(scenario.visits) - len(served)

    def observer(progress: Progress) -> None:
        if progress.cost is None or progress.cost >= found.cost:
            progress = replace(progress, cost=found.cost, unserved=unserved)
        run.observer(
            replace(
                progress,
                iterations=found.iterations + progress.iterations,
                bound=progress.bound if bound is None else bound,
                ticks_per_minute=scenario.ticks_per_minute,
            )
        )

    return observer


def _made(run: Run, found: SearchResult, *bounds: CostBound) -> Made:
    return Made(run.plan_of(found.routes), found.cost, bounds, found)


def _solve_exactly(run: Run, found: SearchResult | None, hint: Plan | None) -> Made:
    """Return the exact model's plan where it is better than the search's."""
    # Importing OR-Tools takes half a second, which larger days need not pay.
    from optimizer.bound.cost_bound import CostBound
    from optimizer.exact.model import solve_exact

    exact = solve_exact(
        run.data.scenario,
        run.data.matrices,
        seconds=run.left(),
        seed=run.options.seed,
        workers=run.options.workers,
        hint=hint,
        observer=run.observer,
        stop=run.stop,
    )
    bounds: tuple[CostBound, ...] = ()
    if exact.lower_bound is not None:
        bounds = (CostBound(exact.lower_bound, (0,) * len(run.data.scenario.visits)),)
    if exact.plan is not None and (found is None or exact.cost is None or exact.cost < found.cost):
        return Made(_with_unserved(run.data, exact.plan), exact.cost, bounds, found)
    if found is not None:
        return _made(run, found, *bounds)
    plan = hint or _with_unserved(run.data, Plan(scenario=run.data.scenario.id))
    return Made(plan, None, bounds, None)


def _with_unserved(data: ProblemData, plan: Plan) -> Plan:
    """Return the plan with every visit that it leaves out, not yet explained."""
    served = {stop.visit for route in plan.routes for stop in route.stops}
    unserved = tuple(
        Unserved(visit=visit.id, reason=UnservedReason.NOBODY_FOUND)
        for visit in data.scenario.visits
        if visit.id not in served
    )
    return plan.model_copy(update={"unserved": unserved})
