"""From a scenario to a verified plan: this file only wires."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import get_args

from optimizer.coverage.certificate import Coverage
from optimizer.coverage.certify import certify
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.engines import (
    DEFAULT_SECONDS,
    SHARE_OF_PROOF,
    Engine,
    Made,
    Run,
    is_ready,
    make,
    make_ready,
)
from optimizer.errors import Disagreement, EngineDisagreement, UsageError
from optimizer.needs.derive import derive
from optimizer.needs.privacy import for_engine
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.progress import Observer, Progress, silent
from optimizer.result import Result, Status
from optimizer.search.parameters import SearchParameters
from optimizer.stop import Stop, Termination
from optimizer.verification.verdict import Verdict
from optimizer.verification.verifier import verify

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
    run = Run(
        seconds,
        iterations,
        seed,
        workers,
        observer,
        stop,
        keep,
        parameters or SearchParameters(),
        recount,
        proof,
        time.perf_counter(),
    )
    observer(Progress("prepare", ticks_per_minute=scenario.ticks_per_minute))
    scenario = derive(scenario).scenario
    data = compile_problem(for_engine(scenario))
    made = make(data, run, engine, start)
    observer(Progress("verify", run.elapsed()))
    verdict = verify(data.scenario, made.plan, data.matrices)
    certifying = proof > 0 and len(verdict.unserved) > 0
    coverage = _certify(data, made, run) if certifying else None
    _insist_on_agreement(verdict, made, coverage)
    return _result(scenario, verdict, made, coverage, run)


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


def _certify(data: ProblemData, made: Made, run: Run) -> Coverage:
    """Return what is proven of visits that must stay unserved, within a second."""
    seconds = CERTIFY_SECONDS_WHEN_STOPPED if made.is_interrupted else CERTIFY_SECONDS
    if run.seconds is not None:
        seconds = min(seconds, run.seconds / 10)
    return certify(data.scenario, data.matrices, plan=made.plan, seconds=seconds)


def _insist_on_agreement(verdict: Verdict, made: Made, coverage: Coverage | None) -> None:
    """Refuse the plan if the verifier finds a breach or another cost than the engine."""
    differences = [
        Disagreement(v.rule.value, "kept", f"{v.place}: {v.detail}") for v in verdict.violations
    ]
    if made.cost is not None and made.cost != verdict.cost:
        differences.append(Disagreement("cost", str(made.cost), str(verdict.cost)))
    if made.bound is not None and made.bound > verdict.cost:
        differences.append(Disagreement("lower bound", str(made.bound), str(verdict.cost)))
    if coverage is not None and coverage.least_unserved > len(verdict.unserved):
        least = str(coverage.least_unserved)
        differences.append(Disagreement("unserved at least", least, str(len(verdict.unserved))))
    if differences:
        raise EngineDisagreement(differences)


def _result(
    scenario: Scenario, verdict: Verdict, made: Made, coverage: Coverage | None, run: Run
) -> Result:
    proven = made.bound is not None and made.bound == verdict.cost
    found = made.search
    termination = Termination.TIME if found is None else found.termination
    return Result(
        scenario=scenario,
        plan=made.plan,
        status=Status.OPTIMAL if proven else Status.FEASIBLE,
        cost=verdict.cost,
        cost_breakdown=verdict.cost_breakdown,
        quantities=verdict.quantities,
        lower_bound=made.bound,
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
