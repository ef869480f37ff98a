"""From a scenario to a verified plan: this file only wires."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import TYPE_CHECKING, Literal, get_args

from optimizer.coverage.certificate import Coverage
from optimizer.coverage.certify import certify
from optimizer.domain.plan import Plan, Unserved
from optimizer.domain.scenario import Scenario
from optimizer.errors import Disagreement, EngineDisagreement, UsageError
from optimizer.needs.derive import derive
from optimizer.needs.privacy import for_engine
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.first_reason import first_reason
from optimizer.problem.routes import Routes
from optimizer.problem.translate import from_plan, to_plan
from optimizer.progress import Observer, Progress, silent
from optimizer.result import Result, Status
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Budget, Search, SearchResult
from optimizer.search.warm_up import is_compiled, warm_up
from optimizer.stop import AfterIterations, AfterSeconds, FirstOf, Stop, Termination
from optimizer.verify.verdict import Verdict
from optimizer.verify.verifier import verify

if TYPE_CHECKING:
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
CERTIFY_SECONDS = 1.0
"At most so long it is looked for why visits must stay unserved, and a tenth of the time."
CERTIFY_SECONDS_WHEN_STOPPED = 0.2
"The same where somebody waits for the search to end."


def solve(
    scenario: Scenario,
    *,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 1,
    workers: int = 1,
    engine: Engine = "auto",
    start: Plan | None = None,
    observer: Observer = silent,
    stop: Stop | None = None,
    keep: Callable[[Plan], None] | None = None,
    parameters: SearchParameters | None = None,
    recount: bool = False,
    proof: float = SHARE_OF_PROOF,
) -> Result:
    """Make a roster, verify it, and return it with what is known about it.

    Parameters
    ----------
    scenario
        A scenario without faults. Visits that follow from health records and care plans are
        derived first, by the rules of the package; derive them before with
        `optimizer.needs.derive` to apply other ones.
    seconds
        Time limit (positive); 10 seconds if neither it nor `iterations` is given. Compiling
        the kernels, once per machine, is not counted.
    iterations
        Number of search steps (at least 0); with it, seed and workers fix the plan.
    seed
        Random seed (at least 0).
    workers
        Threads (at least 1).
    engine
        ``search``, ``cp-sat`` (the exact model), or ``auto``: search, and on days of up to
        15 visits without an iteration limit the exact model from the search's plan on.
    start
        A plan to start from; what this scenario does not know of it is left out.
    observer
        Hears of progress.
    stop
        A further reason to end, for instance a signal.
    keep
        Receives the best plan of the search so far every few seconds, not verified: a place to
        `start` from if this solve is lost.
    parameters
        Parameters of the search.
    recount
        Count every roster of the search from scratch, after each step; slow, to find defects.
    proof
        Part of the time, from 0 (none) to 0.9, for a lower bound of every plan's cost, where
        the day is not too large for that (the search has all the time then); and
        whether it is looked for why visits must stay unserved. A run that steps end has neither,
        as they would depend on the speed of the machine.

    Raises
    ------
    UsageError
        If a limit is out of range.
    InternalError
        If a recount finds another cost than the search has kept; a defect.
    EngineDisagreement
        If verifier and engine do not agree about the plan; a defect.
    """
    seconds = _checked_limits(seconds, iterations, workers, seed, proof)
    if engine not in get_args(Engine):
        raise UsageError(f"engine must be one of {', '.join(get_args(Engine))}, not {engine!r}")
    if engine == "cp-sat" or iterations is not None:
        proof = 0.0
    if engine != "cp-sat":
        # Before the clock starts: compiling happens once on a machine, solving every day.
        if not is_ready(proof=proof > 0):
            observer(Progress("compile"))
        make_ready(proof=proof > 0)
    run = _Run(seconds, iterations, seed, workers, observer, stop, time.perf_counter())
    observer(Progress("prepare", ticks_per_minute=scenario.ticks_per_minute))
    scenario = derive(scenario).scenario
    data = compile_problem(for_engine(scenario))
    small = len(scenario.visits) <= SMALL and iterations is None
    exactly = engine == "cp-sat" or (engine == "auto" and small)
    found: SearchResult | None = None
    plan = start
    bound: int | None = None
    if engine != "cp-sat":
        proving = not exactly and _is_worth_proving(data, run, proof)
        share = SHARE_OF_SEARCH if exactly else 1.0 - proof * proving
        found = _search(data, run, share, start, parameters or SearchParameters(), recount, keep)
        plan = _plan_of(data, found.routes)
        if proving and found.termination is not Termination.INTERRUPTED:
            bound = _prove(data, run, found)
    exact: ExactResult | None = None
    if exactly and (found is None or found.termination is not Termination.INTERRUPTED):
        exact = _solve_exactly(data, run, plan)
        bound = exact.lower_bound
        if exact.plan is not None and (
            found is None or exact.cost is None or exact.cost <= found.cost
        ):
            plan = _with_reasons(data, exact.plan)
    if plan is None:
        plan = _with_reasons(data, Plan(scenario=scenario.id))
    observer(Progress("verify", run.elapsed()))
    verdict = verify(data.scenario, plan, data.matrices)
    stopped = found is not None and found.termination is Termination.INTERRUPTED
    certifying = proof > 0 and len(verdict.unserved) > 0
    coverage = _certify(data, plan, run, stopped) if certifying else None
    _insist_on_agreement(verdict, plan, found, exact, bound, coverage)
    return _result(scenario, plan, verdict, found, bound, coverage, run)


@dataclass(frozen=True, slots=True)
class _Run:
    """What all steps of one solve have in common; `began` is a moment of the clock."""

    seconds: float | None
    iterations: int | None
    seed: int
    workers: int
    observer: Observer
    stop: Stop | None
    began: float

    def elapsed(self) -> float:
        """Return the seconds since the solve began."""
        return time.perf_counter() - self.began

    def left(self) -> float:
        """Return the seconds that are left, at least a tenth of one."""
        seconds = DEFAULT_SECONDS if self.seconds is None else self.seconds
        return max(0.1, seconds - self.elapsed())


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


def _checked_limits(
    seconds: float | None, iterations: int | None, workers: int, seed: int, proof: float
) -> float | None:
    if seconds is not None and not seconds > 0:
        raise UsageError(f"seconds must be positive, not {seconds:g}")
    if iterations is not None and iterations < 0:
        raise UsageError(f"iterations must be 0 or more, not {iterations}")
    if workers < 1:
        raise UsageError(f"workers must be 1 or more, not {workers}")
    if seed < 0:
        raise UsageError(f"seed must be 0 or more, not {seed}")
    if not 0 <= proof <= 0.9:
        raise UsageError(f"proof must be from 0 to 0.9, not {proof:g}")
    return DEFAULT_SECONDS if seconds is None and iterations is None else seconds


def _search(
    data: ProblemData,
    run: _Run,
    share: float,
    start: Plan | None,
    parameters: SearchParameters,
    recount: bool,
    keep: Callable[[Plan], None] | None,
) -> SearchResult:
    seconds = None if run.seconds is None else run.seconds * share
    stops: list[Stop] = [] if run.stop is None else [run.stop]
    if run.iterations is not None:
        stops.append(AfterIterations(run.iterations))
    if seconds is not None:
        stops.append(AfterSeconds(seconds))
    search = Search(data, parameters, seed=run.seed, workers=run.workers, recount=recount)
    return search.run(
        Budget(seconds, run.iterations),
        FirstOf(tuple(stops)),
        start=None if start is None else from_plan(data, start),
        observer=run.observer,
        keep=None if keep is None else lambda routes: keep(_plan_of(data, routes)),
        began=run.began,
    )


def _plan_of(data: ProblemData, routes: Routes) -> Plan:
    return to_plan(data, routes, first_reason(data))


def _is_worth_proving(data: ProblemData, run: _Run, proof: float) -> bool:
    """Return whether a share of the time is enough to prove something of a day of this size."""
    seconds = 0.0 if run.seconds is None else run.seconds * proof
    return data.num_tasks * data.num_routes <= PAIRS_PER_SECOND * seconds and proof > 0


def _prove(data: ProblemData, run: _Run, found: SearchResult) -> int | None:
    """Return what every plan costs at least, as far as the time that is left proves anything."""
    from optimizer.bound.lower_bound import lower_bound

    served = {data.tasks[k].visit for k in found.routes.tasks.tolist()}
    unserved = len(data.scenario.visits) - len(served)

    def observer(progress: Progress) -> None:
        run.observer(
            replace(
                progress,
                iterations=found.iterations,
                cost=found.cost,
                unserved=unserved,
                ticks_per_minute=data.scenario.ticks_per_minute,
            )
        )

    proven = lower_bound(
        data,
        run.left(),
        routes=found.routes,
        known_cost=found.cost,
        threads=run.workers,
        observer=observer,
        stop=run.stop,
        began=run.began,
    ).value
    return proven if proven > 0 or found.cost == 0 else None


def _certify(data: ProblemData, plan: Plan, run: _Run, stopped: bool) -> Coverage:
    """Return what is proven of visits that must stay unserved, within a second."""
    seconds = CERTIFY_SECONDS_WHEN_STOPPED if stopped else CERTIFY_SECONDS
    if run.seconds is not None:
        seconds = min(seconds, run.seconds / 10)
    return certify(data.scenario, data.matrices, plan=plan, seconds=seconds)


def _solve_exactly(data: ProblemData, run: _Run, hint: Plan | None) -> ExactResult:
    # Importing OR-Tools takes half a second, which larger days need not pay.
    from optimizer.exact.model import solve_exact

    return solve_exact(
        data.scenario,
        seconds=run.left(),
        seed=run.seed,
        workers=run.workers,
        hint=hint,
        observer=run.observer,
        stop=run.stop,
    )


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


def _insist_on_agreement(
    verdict: Verdict,
    plan: Plan,
    found: SearchResult | None,
    exact: ExactResult | None,
    bound: int | None,
    coverage: Coverage | None,
) -> None:
    """Refuse the plan if the verifier finds a breach or another cost than the engine."""
    differences = [
        Disagreement(v.rule.value, "kept", f"{v.place}: {v.detail}") for v in verdict.violations
    ]
    claimed: int | None = None
    if exact is not None and exact.plan is not None and plan.routes == exact.plan.routes:
        claimed = exact.cost
    elif found is not None:
        claimed = found.cost
    if claimed is not None and claimed != verdict.cost:
        differences.append(Disagreement("cost", str(claimed), str(verdict.cost)))
    if bound is not None and bound > verdict.cost:
        differences.append(Disagreement("lower bound", str(bound), str(verdict.cost)))
    if coverage is not None and coverage.least_unserved > len(verdict.unserved):
        least = str(coverage.least_unserved)
        differences.append(Disagreement("unserved at least", least, str(len(verdict.unserved))))
    if differences:
        raise EngineDisagreement(differences)


def _result(
    scenario: Scenario,
    plan: Plan,
    verdict: Verdict,
    found: SearchResult | None,
    bound: int | None,
    coverage: Coverage | None,
    run: _Run,
) -> Result:
    proven = bound is not None and bound == verdict.cost
    termination = Termination.TIME if found is None else found.termination
    return Result(
        scenario=scenario,
        plan=plan,
        status=Status.OPTIMAL if proven else Status.FEASIBLE,
        cost=verdict.cost,
        cost_breakdown=verdict.cost_breakdown,
        quantities=verdict.quantities,
        lower_bound=bound,
        served=verdict.served,
        unserved=len(verdict.unserved),
        violations=verdict.violations,
        iterations=0 if found is None else found.iterations,
        seconds=run.elapsed(),
        seed=run.seed,
        termination=Termination.OPTIMAL if proven else termination,
        curve=() if found is None else found.curve,
        coverage=coverage,
    )
