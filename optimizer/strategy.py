"""Which engine works when: search, proof, plans made of the proof, exact model."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from optimizer.domain.plan import Plan, Unserved
from optimizer.domain.reason import UnservedReason
from optimizer.exact.retiming import retime
from optimizer.options import DEFAULT_SECONDS, SolveOptions
from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes
from optimizer.problem.translate import from_plan, to_plan
from optimizer.progress import Observer, Progress
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Budget, Search, SearchResult
from optimizer.stop import AfterIterations, AfterSeconds, FirstOf, StoppingCriterion, Termination

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


@dataclass(frozen=True, slots=True)
class Run:
    """One solve: the problem, its options, who listens, and when it began.

    Attributes
    ----------
    data
        The compiled problem.
    options
        How hard to try.
    observer
        Hears of progress.
    stop
        A further reason to end, or None.
    keep
        Receives the best plan of the search so far every few seconds, or None.
    parameters
        Parameters of the search.
    began
        `time.perf_counter` at the start of the solve.
    reserve
        Seconds of the limit that are kept for what follows the plan.
    """

    data: ProblemData
    options: SolveOptions
    observer: Observer
    stop: StoppingCriterion | None
    keep: Callable[[Plan], None] | None
    parameters: SearchParameters
    began: float
    reserve: float = 0.0

    @property
    def limit(self) -> float | None:
        """Seconds after which the plan is to be there, if time ends the solve."""
        return None if self.options.limit is None else self.options.limit - self.reserve

    @property
    def seconds(self) -> float:
        """The same; where steps end the search, the usual limit for all other work."""
        return DEFAULT_SECONDS if self.limit is None else self.limit

    def elapsed(self) -> float:
        """Return the seconds since the solve began."""
        return time.perf_counter() - self.began

    def left(self) -> float:
        """Return the seconds that are left, at least a tenth of one."""
        return max(0.1, self.seconds - self.elapsed())

    def plan_of(self, routes: Routes) -> Plan:
        """Return routes as a plan; why visits are left out has yet to be looked into."""
        return to_plan(self.data, routes, lambda _: UnservedReason.NOBODY_FOUND)


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
        found = _search(run, run.seconds * SHARE_OF_SEARCH, begin)
        if found.termination is Termination.INTERRUPTED:
            return _made(run, found)
        return _solve_exactly(run, found, run.plan_of(found.routes))
    share = run.options.share_of_proof
    pairs = run.data.num_tasks * run.data.num_routes
    if share == 0 or pairs > PAIRS_PER_SECOND * share * run.seconds:
        return _made(run, _search(run, run.limit, begin))
    dives = pairs <= DIVE_PAIRS_PER_SECOND * share * run.seconds and _are_independent(run)
    before = SHARE_BEFORE_DIVE if dives else 1.0 - share
    found = _search(run, run.seconds * before, begin)
    if found.termination is Termination.INTERRUPTED:
        return _made(run, found)
    proof = _begun_proof(run, found)
    bound = _bound(run, found, proof, share * run.seconds if dives else run.left())
    if run.stop is not None and run.stop(Progress("bound", run.elapsed())) is not None:
        return _made(run, replace(found, termination=Termination.INTERRUPTED), bound)
    if dives and bound.value != found.cost:
        found = _improve(run, found, proof, bound.value)
    return _made(run, found, bound)


def _published(run: Run) -> Routes | None:
    """Return the published roster to start from where keeping to it is worth something.

    Few visits are searched from random starts instead; `_search` looks at the roster as well.
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


def _search(
    run: Run,
    seconds: float | None,
    start: Routes | None,
    *,
    since: float = 0.0,
    observer: Observer | None = None,
    known_cost: int | None = None,
) -> SearchResult:
    """Search for some seconds, or to the last step; `since` is when, in seconds of the solve."""
    options, keep, stop = run.options, run.keep, run.stop
    tell = run.observer if observer is None else observer

    def in_all(progress: Progress) -> Progress:
        return replace(progress, elapsed=since + progress.elapsed)

    stops: list[StoppingCriterion] = []
    if stop is not None:
        stops.append(lambda progress: stop(in_all(progress)))
    if options.iterations is not None:
        stops.append(AfterIterations(options.iterations))
    if seconds is not None:
        stops.append(AfterSeconds(seconds))
    search = Search(
        run.data,
        run.parameters,
        seed=options.seed,
        workers=options.workers,
        recount=options.recount,
    )
    found = search.run(
        Budget(seconds, options.iterations),
        FirstOf(tuple(stops)),
        start=start,
        observer=lambda progress: tell(in_all(progress)),
        keep=None if keep is None else lambda routes: keep(run.plan_of(routes)),
        known_cost=known_cost,
        began=run.began + since,
    )
    if _may_start_later(run):
        found = _retimed(run, found)
        known = _known(run, start)
        if known is not None:
            # What idle time is counted as while searching may be more than the least, so the plan
            # to start from may be the better one after all. Of equals the known one stays.
            routes, cost = search.taken(known)
            begun = _retimed(run, replace(found, routes=routes, cost=cost), known)
            found = min(begun, found, key=lambda made: made.cost)
    return replace(found, curve=tuple((since + second, cost) for second, cost in found.curve))


def _known(run: Run, start: Routes | None) -> Routes | None:
    """Return the roster that there is already: the one to start from, or the published one."""
    published = run.data.scenario.published
    return from_plan(run.data, published) if start is None and published is not None else start


def _may_start_later(run: Run) -> bool:
    """Return whether a visit that starts later than it could may make the plan cheaper."""
    weight, task = run.data.arrays.weight, run.data.arrays.task
    published = bool((task[:, at.PUBLISHED] >= 0).any())
    return bool(weight[at.W_WAIT] > 0 or (weight[at.W_DISRUPTION] > 0 and published))


def _retimed(run: Run, found: SearchResult, known: Routes | None = None) -> SearchResult:
    """Return what was found at the best starts for its order, `known` ones among equals."""
    liked = None if known is None or not found.routes.has_order_of(known) else known.starts
    routes, saved = retime(run.data, found.routes, liked)
    best = replace(found, routes=routes, cost=found.cost - saved)
    return best if saved == 0 else replace(best, curve=(*best.curve, (run.elapsed(), best.cost)))


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
    again = _search(
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
