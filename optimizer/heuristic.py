"""A search and what belongs to it: limits, the roster there is already, the best starts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from optimizer.domain.plan import Plan
from optimizer.domain.reason import UnservedReason
from optimizer.exact.retiming import retime
from optimizer.options import DEFAULT_SECONDS, SolveOptions
from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes
from optimizer.problem.translate import from_plan, to_plan
from optimizer.progress import Observer, Progress, silent
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search, SearchResult
from optimizer.stop import AfterIterations, AfterSeconds, FirstOf, StoppingCriterion, Termination

SHARE_WITHOUT_WAITING = 0.25
"Part of the search that counts no idle time, on days of few visits where partners share it."


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


def searched(
    run: Run,
    seconds: float | None,
    start: Routes | None,
    *,
    since: float = 0.0,
    observer: Observer | None = None,
    known_cost: int | None = None,
) -> SearchResult:
    """Search for some seconds, or to the last step; `since` is when, in seconds of the solve."""
    tell = run.observer if observer is None else observer
    again = SHARE_WITHOUT_WAITING if _may_wait_together(run) else 0.0
    search = _search_of(run, run.data)
    budget = _budget(run, seconds, 1.0 - again)
    found = _ended(run, search, budget, tell, since=since, start=start, known_cost=known_cost)
    if _may_start_later(run):
        found = _retimed(run, found)
        known = _known(run, start)
        if known is not None:
            # What idle time is counted as while searching may be more than the least, so the plan
            # to start from may be the better one after all. Of equals the known one stays.
            found = min(_taken(run, search, found, known), found, key=lambda made: made.cost)
    if again and found.termination is not Termination.INTERRUPTED:
        free = _search_of(run, _without_waiting(run.data))
        budget = _budget(run, seconds, again)
        other = _ended(
            replace(run, keep=None), free, budget, silent, since=run.elapsed(), start=start
        )
        found = min(found, _taken(run, search, found, other.routes), key=lambda made: made.cost)
        found = replace(
            found,
            iterations=found.iterations + other.iterations,
            termination=other.termination,
        )
    return replace(found, curve=tuple((since + second, cost) for second, cost in found.curve))


def _search_of(run: Run, data: ProblemData) -> Search:
    options = run.options
    return Search(
        data,
        run.parameters,
        seed=options.seed,
        workers=options.workers,
        recount=options.recount,
    )


def _budget(run: Run, seconds: float | None, share: float) -> Budget:
    """Return a share of the seconds, and of the steps if these are limited."""
    steps = run.options.iterations
    return Budget(
        None if seconds is None else share * seconds,
        None if steps is None else max(1, round(share * steps)),
    )


def _ended(
    run: Run,
    search: Search,
    budget: Budget,
    tell: Observer,
    *,
    since: float,
    start: Routes | None,
    known_cost: int | None = None,
) -> SearchResult:
    """Return what a search ends with that began `since` seconds into the solve."""
    keep, stop = run.keep, run.stop

    def in_all(progress: Progress) -> Progress:
        return replace(progress, elapsed=since + progress.elapsed)

    stops: list[StoppingCriterion] = []
    if stop is not None:
        stops.append(lambda progress: stop(in_all(progress)))
    if budget.iterations is not None:
        stops.append(AfterIterations(budget.iterations))
    if budget.seconds is not None:
        stops.append(AfterSeconds(budget.seconds))
    return search.run(
        budget,
        FirstOf(tuple(stops)),
        start=start,
        observer=lambda progress: tell(in_all(progress)),
        keep=None if keep is None else lambda routes: keep(run.plan_of(routes)),
        known_cost=known_cost,
        began=run.began + since,
    )


def _may_wait_together(run: Run) -> bool:
    """Return whether idle time is priced on a day of few visits some of which are coupled.

    While searching, a coupled stop keeps to its partner's start, so that idle time which both would
    avoid together is counted all the same. A second search that counts none finds the rosters
    where that matters.
    """
    few = run.data.num_tasks <= run.parameters.few
    return few and bool(run.data.arrays.weight[at.W_WAIT] > 0) and len(run.data.arrays.tie_to) > 0


def _without_waiting(data: ProblemData) -> ProblemData:
    weight = data.arrays.weight.copy()
    weight[at.W_WAIT] = 0
    return replace(data, arrays=data.arrays._replace(weight=weight))


def _taken(run: Run, search: Search, found: SearchResult, known: Routes) -> SearchResult:
    """Return what was found with other routes, at their best starts and what these cost."""
    routes, cost = search.taken(known)
    return _retimed(run, replace(found, routes=routes, cost=cost), known)


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
