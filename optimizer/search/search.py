"""The search: workers anneal side by side and share what the best of them has found."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from numpy import int64
from numpy.typing import NDArray

from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes
from optimizer.progress import Observer, Progress, silent
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.scarce_first import parameters_of_part, scarce_parts
from optimizer.search.warm_start import fitting
from optimizer.search.worker import Worker
from optimizer.stop import StoppingCriterion, Termination

CHUNK_SECONDS = 0.1
"Time between two looks at the clock; a stop takes effect within twice that."
PROBE_STEPS = 20
"Steps of the first chunk, which tells how many fit between two looks at the clock."
FORGET_AT = 0.7
"Part of a run after which unserved visits are weighed by their price alone."
PLAN_AT = 0.05
"Part of a run after which its speed tells how many steps there will be: for starts, for memory."
KEEP_SECONDS = 3.0
"Time between two hand-overs of the best routes so far."
SHARE_AT = 10
"Times in a run that workers take over the best routes; in between each searches by itself."


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search ends with.

    Attributes
    ----------
    routes
        The best routes found.
    cost
        Their cost in ticks of travel.
    iterations
        Steps done by all workers.
    termination
        Why the search ended.
    curve
        Seconds and best cost each time it had improved.
    """

    routes: Routes
    cost: int
    iterations: int
    termination: Termination
    curve: tuple[tuple[float, int], ...]


class Search:
    """Large-neighbourhood search with simulated annealing over one or more workers.

    Parameters
    ----------
    data
        The compiled problem.
    parameters
        Parameters of the search.
    seed
        Random seed; same seed, workers and number of steps give the same routes.
    workers
        Threads to use, at least 1.
    recount
        Whether to count every roster from scratch, after each step; slow, to find defects.
    focus
        Tasks around which visits are taken out, int64; all if not given. What lies far from them
        stays as it is, so that a small part of a large day is soon searched through.
    """

    def __init__(
        self,
        data: ProblemData,
        parameters: SearchParameters,
        *,
        seed: int = 1,
        workers: int = 1,
        recount: bool = False,
        focus: NDArray[int64] | None = None,
    ) -> None:
        self._data = data
        self._parameters = parameters
        self._seed, self._recount = seed, recount
        self._before = 0
        self._planned = data.num_tasks <= parameters.few
        self._restarts = parameters.restarts(data.num_tasks, 0)
        self._has_tasks = bool(data.num_tasks if focus is None else len(focus))
        several = len(data.scenario.horizon.dates()) > 1
        returning = several and data.arrays.weight[at.W_CONTINUITY] > 0
        parameters = parameters.fitted(data.num_tasks, returning=bool(returning))
        self._workers = [
            Worker(data, parameters, seed, number, recount, focus) for number in range(workers)
        ]

    def run(
        self,
        budget: Budget,
        stop: StoppingCriterion,
        *,
        start: Routes | None = None,
        observer: Observer = silent,
        keep: Callable[[Routes], None] | None = None,
        known_cost: int | None = None,
        began: float | None = None,
    ) -> SearchResult:
        """Search until `stop` says so.

        Parameters
        ----------
        budget
            Shapes the cooling; `stop` ends the run.
        stop
            Reason to end.
        start
            Routes to start from; what they leave out is inserted.
        observer
            Hears of progress about twice a second.
        keep
            Receives the best routes so far every few seconds, if they are better than before.
        known_cost
            Cost of the best plan known, which may lie below that of `start`: `keep` receives
            better ones only.
        began
            `time.perf_counter` at the start of the solve, for the elapsed time.
        """
        clock = _Clock(time.perf_counter() if began is None else began, known_cost)
        warm_start = start is not None
        if start is not None:
            routes = fitting(self._data, start, self._workers[0].load)
            for worker in self._workers:
                worker.load(routes)
        with ThreadPoolExecutor(len(self._workers)) as pool:
            list(pool.map(Worker.construct, self._workers))
            reason = None
            if not warm_start and not self._planned:
                reason = self._plan_scarce(budget, stop, clock, observer)
            clock.note(self._best().best)
            shared, restarted, forgotten = 0, 0, False
            steps = PROBE_STEPS
            idle = None if self._has_tasks else Termination.NO_IMPROVEMENT
            reason = reason or idle or stop(self._progress(clock))
            while reason is None:
                done = budget.fraction(clock.elapsed(), self._iterations())
                steps = self._cap_steps(steps, budget)
                ahead = self._ahead(steps, budget, clock)
                chunk = time.perf_counter()
                if done >= PLAN_AT and not self._planned and not warm_start:
                    self._plan(done)
                restarted = self._restart_if_due(restarted, done, warm_start)
                last = warm_start or restarted == self._restarts
                if done >= FORGET_AT and last and not forgotten:
                    forgotten = True
                    for worker in self._workers:
                        worker.forget()
                gently = warm_start or (last and restarted > 0)
                self._advance(pool, steps, done, ahead, gently)
                if budget.iterations is None:
                    steps = _next_steps(steps, time.perf_counter() - chunk)
                else:
                    steps = max(1, budget.iterations // (100 * len(self._workers)))
                clock.note(self._best().best)
                if int(ahead * SHARE_AT) > shared and len(self._workers) > 1:
                    shared = int(ahead * SHARE_AT)
                    # Starts that took over the best routes would not be starts any more.
                    if last:
                        self._share()
                progress = self._progress(clock)
                clock.tell(observer, progress)
                if keep is not None and clock.is_to_keep(self._best().best):
                    keep(self._best().packed_routes()[0])
                reason = stop(progress)
        best = self._best()
        routes, cost = best.packed_routes()
        clock.note(cost)
        return SearchResult(routes, cost, self._iterations(), reason, tuple(clock.curve))

    def _plan_scarce(
        self, budget: Budget, stop: StoppingCriterion, clock: _Clock, observer: Observer
    ) -> Termination | None:
        """Plan the visits that few may make first, and let all workers begin from there.

        Returns why the whole search is over, if it is.
        """
        given, workers = self._parameters, len(self._workers)
        routes: Routes | None = None
        reason: Termination | None = None
        for part in scarce_parts(self._data, given, self._workers[0].unserved_tasks()):
            units = len(part.data.arrays.unit) * workers
            own = budget.for_part(given.scarce_steps * units, given.scarce_time)
            if reason is not None or not own.has_steps(units):
                break
            search = Search(
                part.data,
                parameters_of_part(given),
                seed=self._seed,
                workers=workers,
                recount=self._recount,
            )

            def until(progress: Progress, own: Budget = own) -> Termination | None:
                now = self._progress(clock)
                iterations = now.iterations + progress.iterations
                now = replace(now, iterations=iterations, since_best=progress.since_best)
                clock.tell(observer, now)
                return stop(now) or (Termination.ITERATIONS if own.is_used(progress) else None)

            start = None if routes is None else part.from_whole(routes)
            found = search.run(own, until, start=start)
            routes = part.into_whole(found.routes)
            self._before += found.iterations
            if found.termination is not Termination.ITERATIONS:
                reason = found.termination
        if routes is not None:
            for worker in self._workers:
                worker.load(routes)
                worker.construct()
        return reason

    def taken(self, start: Routes) -> tuple[Routes, int]:
        """Return what a search from `start` begins with, and what that costs."""
        worker = Worker(self._data, self._parameters, 1, 0)
        worker.load(fitting(self._data, start, worker.load))
        return worker.packed_routes()

    def _best(self) -> Worker:
        return min(self._workers, key=lambda worker: worker.best)

    def _iterations(self) -> int:
        return self._before + sum(worker.iterations for worker in self._workers)

    def _cap_steps(self, steps: int, budget: Budget) -> int:
        if budget.iterations is None:
            return steps
        left = budget.iterations - self._iterations()
        return max(1, min(steps, -(-left // len(self._workers))))

    def _ahead(self, steps: int, budget: Budget, clock: _Clock) -> float:
        """Return the fraction of the budget used once the next chunk is done."""
        iterations = self._iterations() + steps * len(self._workers)
        return budget.fraction(clock.elapsed() + CHUNK_SECONDS, iterations)

    def _plan(self, done: float) -> None:
        """Choose restarts and memory on a larger day, once, by the steps it will take in all.

        Where visits are unserved, one start is best: the memory of unserved visits takes time.
        A small problem of scarce visits is another matter.
        """
        self._planned = True
        steps = int(self._iterations() / (done * len(self._workers)))
        if self._best().num_unserved() == 0 or self._parameters.starts_unserved:
            self._restarts = self._parameters.restarts(self._data.num_tasks, steps)
        for worker in self._workers:
            worker.remember_for(steps)

    def _restarts_due(self, done: float) -> int:
        """Return how many restarts are due at a fraction of the budget; all take equal shares."""
        return min(self._restarts, int(done * (self._restarts + 1)))

    def _restart_if_due(self, restarted: int, done: float, warm_start: bool) -> int:
        """Start anew, or finally take up the best routes, when the next restart is due.

        Returns how many restarts there have been, of which there were `restarted` before.
        """
        due = 0 if warm_start else self._restarts_due(done)
        if due != restarted:
            best = self._best().best_routes()
            for worker in self._workers:
                if due == self._restarts:
                    worker.load(best)
                else:
                    worker.restart()
        return due

    def _advance(
        self, pool: ThreadPoolExecutor, steps: int, done: float, ahead: float, gently: bool
    ) -> None:
        """Let all workers do the next chunk of steps."""
        restarted = self._restarts_due(done)
        shares = self._restarts + 1
        begin = done * shares - restarted
        end = min(1.0, ahead * shares - restarted)

        def run(worker: Worker) -> None:
            worker.run(steps, worker.temperature(begin, gently), worker.temperature(end, gently))

        list(pool.map(run, self._workers))

    def _share(self) -> None:
        """Let workers that are behind continue from the best routes."""
        best = self._best()
        routes = best.best_routes()
        for worker in self._workers:
            if worker is not best and worker.best > best.best:
                worker.load(routes)

    def _progress(self, clock: _Clock) -> Progress:
        best = self._best()
        return Progress(
            phase="search",
            elapsed=clock.elapsed(),
            iterations=self._iterations(),
            since_best=clock.since_best(),
            cost=best.best,
            unserved=best.num_unserved(),
            ticks_per_minute=self._data.scenario.ticks_per_minute,
        )


def _next_steps(steps: int, seconds: float) -> int:
    """Return how many steps fit into the next chunk."""
    return max(2, min(4 * steps, int(steps * CHUNK_SECONDS / max(seconds, 1e-6))))


class _Clock:
    """The time, the curve, and when the observer was last told."""

    def __init__(self, began: float, known_cost: int | None) -> None:
        self._began = began
        self._told = began
        self._kept = began
        self._kept_cost = sys.maxsize if known_cost is None else known_cost
        self._best_at = time.perf_counter()
        self.curve: list[tuple[float, int]] = []

    def elapsed(self) -> float:
        return time.perf_counter() - self._began

    def since_best(self) -> float:
        return time.perf_counter() - self._best_at

    def note(self, cost: int) -> None:
        if not self.curve or cost < self.curve[-1][1]:
            self.curve.append((self.elapsed(), cost))
            self._best_at = time.perf_counter()

    def tell(self, observer: Observer, progress: Progress) -> None:
        now = time.perf_counter()
        if now - self._told >= 0.4:
            self._told = now
            observer(progress)

    def is_to_keep(self, cost: int) -> bool:
        """Return whether it is time to hand over the best routes and there are better ones."""
        now = time.perf_counter()
        if now - self._kept < KEEP_SECONDS or cost >= self._kept_cost:
            return False
        self._kept = now
        self._kept_cost = cost
        return True
