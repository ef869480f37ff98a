"""Running the engines one after the other: search, proof, plans made of the proof, exact model."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import TYPE_CHECKING, Literal

from optimizer.domain.plan import Plan, Unserved
from optimizer.problem.data import ProblemData
from optimizer.problem.first_reason import first_reason
from optimizer.problem.routes import Routes
from optimizer.problem.translate import from_plan, to_plan
from optimizer.progress import Observer, Progress
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Budget, Search, SearchResult
from optimizer.search.warm_up import is_compiled, warm_up
from optimizer.stop import AfterIterations, AfterSeconds, FirstOf, Stop, Termination

if TYPE_CHECKING:
    from optimizer.bound.lower_bound import Proof
    from optimizer.exact.model import ExactResult

Engine = Literal["auto", "search", "cp-sat"]

SMALL = 15
"Days of at most so many visits are also solved exactly in ``auto``."
SHARE_OF_SEARCH = 0.25
"Part of the time that the search gets on such a day before the exact model takes over."
DEFAULT_SECONDS = 10.0
SHARE_OF_PROOF = 0.15
"Part of the time that goes into proving how good any plan can be at best."
PAIRS_PER_SECOND = 2_500
"A proof begins to tell something at so many pairs of a task and a route per second of it."
DIVE_PAIRS_PER_SECOND = 700
"At so many, its routes are complete enough to make a plan of."
SHARE_BEFORE_DIVE, SHARE_OF_DIVE = 0.1, 0.2
"Parts of the time for a first plan, and at most for making one of the proof's routes."


@dataclass(frozen=True, slots=True)
class Run:
    """What all steps of one solve have in common; `began` is a moment of the clock."""

    seconds: float | None
    iterations: int | None
    seed: int
    workers: int
    observer: Observer
    stop: Stop | None
    keep: Callable[[Plan], None] | None
    parameters: SearchParameters
    recount: bool
    proof: float
    began: float

    def elapsed(self) -> float:
        """Return the seconds since the solve began."""
        return time.perf_counter() - self.began

    def left(self) -> float:
        """Return the seconds that are left, at least a tenth of one."""
        seconds = DEFAULT_SECONDS if self.seconds is None else self.seconds
        return max(0.1, seconds - self.elapsed())


@dataclass(frozen=True, slots=True)
class Made:
    """What the engines have made.

    Attributes
    ----------
    plan
        The best plan.
    cost
        Its cost as the engine has counted it, in ticks; None where no engine vouches for it.
    bound
        What every plan costs at least, or None.
    search
        What the search says of itself, or None.
    """

    plan: Plan
    cost: int | None
    bound: int | None
    search: SearchResult | None

    @property
    def is_interrupted(self) -> bool:
        """Return whether somebody has ended the search."""
        return self.search is not None and self.search.termination is Termination.INTERRUPTED


def make(data: ProblemData, run: Run, engine: Engine, start: Plan | None) -> Made:
    """Make the best plan that the engines find in the time.

    Parameters
    ----------
    data
        The compiled problem.
    run
        Limits and observers.
    engine
        As of `optimizer.solve`.
    start
        A plan to start from.
    """
    if engine == "cp-sat":
        return _made_exactly(data, run, None, start)
    begin = None if start is None else from_plan(data, start)
    small = len(data.scenario.visits) <= SMALL and run.iterations is None
    if engine == "auto" and small:
        found = _search(data, run, SHARE_OF_SEARCH, begin)
        if found.termination is Termination.INTERRUPTED:
            return _made(data, found, None)
        return _made_exactly(data, run, found, _plan_of(data, found.routes))
    pairs = data.num_tasks * data.num_routes
    seconds = 0.0 if run.seconds is None else run.seconds * run.proof
    if pairs > PAIRS_PER_SECOND * seconds or run.proof == 0:
        return _made(data, _search(data, run, 1.0, begin), None)
    dives = pairs <= DIVE_PAIRS_PER_SECOND * seconds and _are_independent(data)
    found = _search(data, run, SHARE_BEFORE_DIVE if dives else 1.0 - run.proof, begin)
    if found.termination is Termination.INTERRUPTED:
        return _made(data, found, None)
    proof = _begun_proof(data, run, found)
    bound = _prove(data, run, found, proof, run.proof if dives else None)
    if run.stop is not None and run.stop(Progress("bound", run.elapsed())) is not None:
        return _made(data, replace(found, termination=Termination.INTERRUPTED), bound)
    if dives and bound != found.cost:
        found = _improved(data, run, found, proof, bound)
    return _made(data, found, bound)


def is_ready(*, proof: bool) -> bool:
    """Return whether this machine has compiled the kernels of the search, and of the bound."""
    return is_compiled() and (not proof or _bound().is_compiled())


def make_ready(*, proof: bool) -> None:
    """Compile or load the kernels of the search and, for a proof, of the bound."""
    warm_up()
    if proof:
        _bound().warm_up()


def _bound() -> ModuleType:
    # The linear-programming library takes its time to load, which runs without proof need not.
    from optimizer.bound import warm_up as of_bound

    return of_bound


def _are_independent(data: ProblemData) -> bool:
    """Return whether no visit's start depends on another's, which the proof's routes neglect."""
    return len(data.arrays.tie_to) == 0


def _search(data: ProblemData, run: Run, share: float, start: Routes | None) -> SearchResult:
    """Search for a share of the time, or to the last step."""
    seconds = None if run.seconds is None else run.seconds * share
    return _search_for(data, run, seconds, start, run.observer)


def _search_for(
    data: ProblemData,
    run: Run,
    seconds: float | None,
    start: Routes | None,
    observer: Observer,
    *,
    later: bool = False,
    known_cost: int | None = None,
) -> SearchResult:
    """Search; `later` than at the beginning of the solve, the time counts from now."""
    since = run.elapsed() if later else 0.0
    keep, stop = run.keep, run.stop

    def in_all(progress: Progress) -> Progress:
        return replace(progress, elapsed=since + progress.elapsed)

    stops: list[Stop] = []
    if stop is not None:
        stops.append(lambda progress: stop(in_all(progress)))
    if run.iterations is not None:
        stops.append(AfterIterations(run.iterations))
    if seconds is not None:
        stops.append(AfterSeconds(seconds))
    search = Search(data, run.parameters, seed=run.seed, workers=run.workers, recount=run.recount)
    found = search.run(
        Budget(seconds, run.iterations),
        FirstOf(tuple(stops)),
        start=start,
        observer=lambda progress: observer(in_all(progress)),
        keep=None if keep is None else lambda routes: keep(_plan_of(data, routes)),
        known_cost=known_cost,
        began=run.began + since,
    )
    return replace(found, curve=tuple((since + second, cost) for second, cost in found.curve))


def _begun_proof(data: ProblemData, run: Run, found: SearchResult) -> Proof:
    from optimizer.bound.lower_bound import Proof

    return Proof(data, found.routes, threads=run.workers)


def _prove(
    data: ProblemData, run: Run, found: SearchResult, proof: Proof, share: float | None
) -> int | None:
    """Return what every plan costs at least, as far as the time given proves anything.

    Without a share of the time, all that is left of it is given.
    """
    seconds = run.left()
    if share is not None and run.seconds is not None:
        seconds = min(seconds, share * run.seconds)
    proven = proof.bound(
        seconds,
        known_cost=found.cost,
        observer=_beside(data, run, found),
        stop=run.stop,
        began=run.began,
    ).value
    return proven if proven > 0 or found.cost == 0 else None


def _improved(
    data: ProblemData, run: Run, found: SearchResult, proof: Proof, bound: int | None
) -> SearchResult:
    """Search on from a plan made of the proof's routes, or else from the best one."""
    seconds = DEFAULT_SECONDS if run.seconds is None else run.seconds
    dived = proof.dive(
        SHARE_OF_DIVE * seconds,
        observer=_beside(data, run, found, bound),
        stop=run.stop,
        began=run.began,
    )
    start = found.routes if dived is None else dived
    observer = _beside(data, run, found, bound)
    again = _search_for(data, run, run.left(), start, observer, later=True, known_cost=found.cost)
    best = min(found, again, key=lambda result: result.cost)
    better = tuple(point for point in again.curve if point[1] < found.cost)
    return replace(
        again,
        routes=best.routes,
        cost=best.cost,
        iterations=found.iterations + again.iterations,
        curve=(*found.curve, *better),
    )


def _beside(data: ProblemData, run: Run, found: SearchResult, bound: int | None = None) -> Observer:
    """Return an observer that adds to every moment what is known of the best plan."""
    served = {data.tasks[k].visit for k in found.routes.tasks.tolist()}
    unserved = len(data.scenario.visits) - len(served)

    def observer(progress: Progress) -> None:
        if progress.cost is None or progress.cost >= found.cost:
            progress = replace(progress, cost=found.cost, unserved=unserved)
        run.observer(
            replace(
                progress,
                iterations=found.iterations + progress.iterations,
                bound=progress.bound if bound is None else bound,
                ticks_per_minute=data.scenario.ticks_per_minute,
            )
        )

    return observer


def _made(data: ProblemData, found: SearchResult, bound: int | None) -> Made:
    return Made(_plan_of(data, found.routes), found.cost, bound, found)


def _made_exactly(
    data: ProblemData, run: Run, found: SearchResult | None, hint: Plan | None
) -> Made:
    """Return the exact model's plan where it is as good as the search's."""
    # Importing OR-Tools takes half a second, which larger days need not pay.
    from optimizer.exact.model import solve_exact

    exact: ExactResult = solve_exact(
        data.scenario,
        seconds=run.left(),
        seed=run.seed,
        workers=run.workers,
        hint=hint,
        observer=run.observer,
        stop=run.stop,
    )
    bound = exact.lower_bound
    if exact.plan is not None and (found is None or exact.cost is None or exact.cost <= found.cost):
        return Made(_with_reasons(data, exact.plan), exact.cost, bound, found)
    if found is not None:
        return _made(data, found, bound)
    plan = hint or _with_reasons(data, Plan(scenario=data.scenario.id))
    return Made(plan, None, bound, None)


def _plan_of(data: ProblemData, routes: Routes) -> Plan:
    return to_plan(data, routes, first_reason(data))


def _with_reasons(data: ProblemData, plan: Plan) -> Plan:
    """Return the plan with the first reason for each visit that it leaves out."""
    reason = first_reason(data)
    served = {stop.visit for route in plan.routes for stop in route.stops}
    unserved = tuple(
        Unserved(visit=visit.id, reason=reason(number))
        for number, visit in enumerate(data.scenario.visits)
        if visit.id not in served
    )
    return plan.model_copy(update={"unserved": unserved})
