"""One run of CP-SAT, watched from outside: progress is told, and a stop is obeyed."""

from __future__ import annotations

import math
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from ortools.sat.python import cp_model

from optimizer.exact.variables import Variables
from optimizer.progress import Observer, Progress
from optimizer.stop import StoppingCriterion

SECONDS_BETWEEN = 0.5
"How often progress is told while nothing happens."
EXACT_FLOAT = 2**53
"CP-SAT tells bounds as floating point numbers, which count exactly up to here."


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, from which seed and with how many threads to solve."""

    seconds: float
    seed: int
    workers: int


def new_solver(limits: Limits) -> cp_model.CpSolver:
    """Return a solver with these limits."""
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limits.seconds
    solver.parameters.random_seed = limits.seed
    solver.parameters.num_workers = limits.workers
    # Small days that take a single thread seconds without the fuller linear relaxation take
    # it a tenth of one with it; larger days need about the same time either way.
    solver.parameters.linearization_level = 2
    return solver


def proven_bound(solver: cp_model.CpSolver, status: cp_model.CpSolverStatus) -> int | None:
    """Return the lower bound that a run has proven, or None if it proves nothing."""
    bound = solver.best_objective_bound
    found = status in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    if not found or not math.isfinite(bound) or not 0 <= bound < EXACT_FLOAT:
        return None
    return math.ceil(bound - 1e-6)


class Watch(cp_model.CpSolverSolutionCallback):
    """Takes note of solutions and bounds, and tells them to an observer."""

    def __init__(self, variables: Variables, observer: Observer, began: float) -> None:
        super().__init__()
        self._variables = variables
        self._observer = observer
        self._began = began
        self._improved_at = began
        self._cost: int | None = None
        self._bound: int | None = None
        self._unserved = len(variables.served)
        self._news = threading.Event()

    def on_solution_callback(self) -> None:
        """Take note of an improvement; called by the solver's threads."""
        self._cost = round(self.objective_value)
        self._unserved = sum(not self.boolean_value(each) for each in self._variables.served)
        self._improved_at = time.perf_counter()
        self._news.set()

    def note_bound(self, bound: float) -> None:
        """Take note of a better bound; called by the solver's threads."""
        if math.isfinite(bound) and bound >= 0:
            self._bound = math.ceil(bound - 1e-6)

    def progress(self) -> Progress:
        """Return where the run stands."""
        now = time.perf_counter()
        return Progress(
            phase="exact",
            elapsed=now - self._began,
            since_best=now - self._improved_at,
            cost=self._cost,
            unserved=self._unserved,
            bound=self._bound,
            ticks_per_minute=self._variables.world.scenario.ticks_per_minute,
        )

    def follow(
        self,
        solver: cp_model.CpSolver,
        run: Future[cp_model.CpSolverStatus],
        stop: StoppingCriterion | None,
    ) -> cp_model.CpSolverStatus:
        """Tell progress until a run ends or is told to."""
        run.add_done_callback(lambda _: self._news.set())
        while not run.done():
            self._news.wait(SECONDS_BETWEEN)
            self._news.clear()
            progress = self.progress()
            self._observer(progress)
            if stop is not None and stop(progress) is not None:
                solver.stop_search()
        return run.result()


def run(
    variables: Variables, solver: cp_model.CpSolver, watch: Watch, stop: StoppingCriterion | None
) -> cp_model.CpSolverStatus:
    """Solve in a thread of its own, so that observer and stop are asked in the caller's."""
    solver.best_bound_callback = watch.note_bound
    with ThreadPoolExecutor(max_workers=1) as pool:
        running = pool.submit(solver.solve, variables.model, watch)
        try:
            return watch.follow(solver, running, stop)
        except BaseException:
            solver.stop_search()
            raise
