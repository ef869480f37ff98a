"""From a scenario to a verified plan: prepare, compile, make a plan, verify, explain, return."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Unpack

from optimizer.certificate.certificate import UnservedProof
from optimizer.certificate.least import least_for
from optimizer.certificate.raised import raised
from optimizer.certificate.scarcity import prove_scarcity
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import Disagreement, EngineDisagreement
from optimizer.explanation.first_reason import with_first_reasons
from optimizer.formats.registry import Origin
from optimizer.heuristic import Run
from optimizer.options import SolveKeywords, SolveOptions
from optimizer.prepare import Prepared, given_scenario, prepare
from optimizer.problem.compile import compile_problem
from optimizer.progress import Observer, Progress, silent
from optimizer.result import Result, Status
from optimizer.search.parameters import SearchParameters
from optimizer.stop import AfterNoImprovement, FirstOf, StoppingCriterion, Termination
from optimizer.strategy import Made, make_plan
from optimizer.verification.verdict import Verdict
from optimizer.verification.verifier import verify
from optimizer.warm_up import make_ready

CERTIFY_SECONDS = 1.0
"""Time limit per day for the proof that visits must stay unserved: this, or a tenth of the run if
shorter."""
MOST_CERTIFY_DAYS = 5
"Days for which it gets that much; no more for longer horizons."
LEAST_CERTIFY_SECONDS = 0.05
"What this proof gets where nothing is left of the run."
CERTIFY_SECONDS_WHEN_STOPPED = 0.2
"Its time limit where somebody has stopped the run and waits for the end."
SHARE_OF_WEIGHTS = 0.7
"""Part of what is left of a day's run that dual weights are looked for in; the rest is for counting
again what they prove."""
READING_OVER = 0.35
"""Verifying a plan, finding its reasons and laying out the day for certificates, as a part of the
time that preparing it has taken: measured at 0.2 to 0.34 from 200 to 870 visits."""
LEAST_OVER = 9.0
"The same of what any roster of several days needs: measured at 6 to 8.5 from 770 to 3,810 visits."
LARGEST_RESERVE = 0.5
"Part of the limit that is kept at most for what follows the plan."

Keep = Callable[[Plan], None]


def solve(
    scenario: Scenario | Origin | Prepared,
    options: SolveOptions | None = None,
    *,
    start: Plan | None = None,
    observer: Observer = silent,
    stop: StoppingCriterion | None = None,
    keep: Keep | None = None,
    parameters: SearchParameters | None = None,
    **keywords: Unpack[SolveKeywords],
) -> Result:
    """Make a roster, verify it, and return it with what is known about it.

    Parameters
    ----------
    scenario
        A scenario without faults, a problem of a foreign format, or what
        `optimizer.prepare.prepare` makes of either. Visits that follow from health records and
        care plans are derived by the rules of the package; `prepare` applies other ones.
    options
        How hard to try.
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
    keywords
        Fields of `SolveOptions`, such as ``seconds=10, seed=1``, instead of `options` or to
        change some of them.

    Raises
    ------
    UsageError
        If an option is out of range.
    InternalError
        If a recount finds another cost than the search has kept; a defect.
    EngineDisagreement
        If verifier and engine do not agree about the plan; a defect.
    """
    options = replace(options or SolveOptions(), **keywords)
    if options.needs_kernels:
        # Before the clock starts: compiling happens once on a machine, solving every day.
        make_ready(proof=options.share_of_proof > 0, observer=observer)
    began = time.perf_counter()
    tpm = given_scenario(scenario).ticks_per_minute
    observer(Progress("prepare", ticks_per_minute=tpm))
    prepared = prepare(scenario)
    data = compile_problem(prepared.for_engine, prepared.matrices)
    parameters = parameters or SearchParameters()
    days = prepared.for_engine.horizon.days
    reserve = reserve_of(options, time.perf_counter() - began, days)
    patient = _with_patience(stop, options)
    run = Run(data, options, observer, patient, keep, parameters, began, reserve)
    made = make_plan(run, start)
    observer(Progress("verify", run.elapsed()))
    made, verdict = _judged(prepared, made)
    if verdict.feasible:
        plan = with_first_reasons(prepared.for_engine, made.plan, prepared.matrices)
        made = replace(made, plan=plan)
    certifying = options.share_of_proof > 0 and len(verdict.unserved) > 0
    proof = _certify(prepared, made, run) if certifying else None
    several = prepared.for_engine.horizon.days > 1 and options.share_of_proof > 0
    least = least_for(prepared.for_engine, made.plan, prepared.matrices) if several else None
    bound = _bound(run, made, proof)
    _insist_on_agreement(verdict, made, bound, proof)
    return replace(_result(prepared, verdict, made, bound, proof, run), least=least)


def reserve_of(options: SolveOptions, preparing: float, days: int = 1) -> float:
    """Return the seconds of the limit that are kept for reading the plan over and certificates.

    Parameters
    ----------
    options
        How hard to try.
    preparing
        Seconds that preparing the day has taken: how large it is for this machine at present.
    days
        Days planned.
    """
    if options.limit is None:
        return 0.0
    certifying = min(_certify_seconds(days), options.limit / 10) * (options.share_of_proof > 0)
    measures_least = days > 1 and options.share_of_proof > 0
    reading = READING_OVER + LEAST_OVER * measures_least
    return min(LARGEST_RESERVE * options.limit, reading * preparing + certifying)


def _certify_seconds(days: int) -> float:
    return CERTIFY_SECONDS * min(days, MOST_CERTIFY_DAYS)


def _judged(prepared: Prepared, made: Made) -> tuple[Made, Verdict]:
    """Verify a plan, without the names of contracts that the documented order finds as well."""
    scenario, matrices = prepared.for_engine, prepared.matrices
    verdict = verify(scenario, made.plan, matrices)
    plain = _without_contracts(made.plan)
    if plain is not made.plan:
        usual = verify(scenario, plain, matrices)
        if usual.feasible and usual.cost == verdict.cost:
            return replace(made, plan=plain), usual
    return made, verdict


def _without_contracts(plan: Plan) -> Plan:
    """Return a plan in which no stop names a contract; itself if none does."""
    if all(stop.contract is None for route in plan.routes for stop in route.stops):
        return plan
    routes = tuple(
        route.model_copy(
            update={
                "stops": tuple(stop.model_copy(update={"contract": None}) for stop in route.stops)
            }
        )
        for route in plan.routes
    )
    return plan.model_copy(update={"routes": routes})


def _with_patience(
    stop: StoppingCriterion | None, options: SolveOptions
) -> StoppingCriterion | None:
    if options.patience is None:
        return stop
    patience = AfterNoImprovement(options.patience)
    return patience if stop is None else FirstOf((stop, patience))


def _certify(prepared: Prepared, made: Made, run: Run) -> UnservedProof:
    """Return what is proven of visits that must stay unserved, within seconds."""
    seconds = _certify_seconds(prepared.for_engine.horizon.days)
    if made.is_interrupted:
        seconds = CERTIFY_SECONDS_WHEN_STOPPED
    limit = run.options.limit
    if limit is not None:
        left = max(LEAST_CERTIFY_SECONDS, limit - run.elapsed())
        seconds = min(seconds, limit / 10, left)
    return prove_scarcity(
        prepared.for_engine,
        made.plan,
        matrices=prepared.matrices,
        seconds=seconds,
        weights_seconds=_weights_seconds(run, made, seconds),
        threads=run.options.workers,
        stop=run.stop,
    )


def _weights_seconds(run: Run, made: Made, seconds: float) -> float:
    """Return how long dual weights are looked for: most of what the proof has left of the run."""
    limit = run.options.limit
    one_day = run.data.scenario.horizon.days == 1
    if limit is None or made.is_interrupted or not one_day:
        return 0.0
    return max(0.0, SHARE_OF_WEIGHTS * (limit - run.elapsed() - seconds))


def _bound(run: Run, made: Made, proof: UnservedProof | None) -> int | None:
    """Return what every plan costs at least: the best proof, raised by what is certified."""
    bounds = made.bounds
    if run.options.proof > 0 and run.options.iterations is None:
        # Here, for HiGHS comes with it, which only a bound is to wait for.
        from optimizer.bound.cost_bound import by_cheapest_legs  # noqa: PLC0415

        bounds = (*bounds, by_cheapest_legs(run.data))
    parts = () if proof is None else proof.parts
    ids = [visit.id for visit in run.data.scenario.visits]
    return max(
        (
            raised(one.value, dict(zip(ids, one.reduced_prices, strict=True)), parts)
            for one in bounds
        ),
        default=None,
    )


def _insist_on_agreement(
    verdict: Verdict, made: Made, bound: int | None, proof: UnservedProof | None
) -> None:
    """Refuse the plan if the verifier finds a breach or another cost than the engine."""
    differences = [
        Disagreement(v.rule.value, "kept", f"{v.place}: {v.detail}") for v in verdict.violations
    ]
    if made.cost is not None and made.cost != verdict.cost:
        differences.append(Disagreement("cost", str(made.cost), str(verdict.cost)))
    if bound is not None and bound > verdict.cost:
        differences.append(Disagreement("lower bound", str(bound), str(verdict.cost)))
    if proof is not None and proof.least_unserved > len(verdict.unserved):
        least = str(proof.least_unserved)
        differences.append(Disagreement("unserved at least", least, str(len(verdict.unserved))))
    if differences:
        raise EngineDisagreement(differences)


def _result(
    prepared: Prepared,
    verdict: Verdict,
    made: Made,
    bound: int | None,
    proof: UnservedProof | None,
    run: Run,
) -> Result:
    proven = bound is not None and bound == verdict.cost
    found = made.search
    termination = Termination.TIME if found is None else found.termination
    return Result(
        prepared=prepared,
        plan=made.plan,
        verdict=verdict,
        status=Status.OPTIMAL if proven else Status.FEASIBLE,
        lower_bound=bound,
        iterations=0 if found is None else found.iterations,
        seconds=run.elapsed(),
        seed=run.options.seed,
        termination=Termination.OPTIMAL if proven else termination,
        curve=() if found is None else found.curve,
        unserved_proof=proof,
    )
