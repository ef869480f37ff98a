"""Solving: from a scenario to a verified plan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from optimizer.domain import Plan, Scenario, Term
from optimizer.engines import DEFAULT_SECONDS, Engine
from optimizer.formats import format_plan, parse_scenario
from optimizer.parallel import Limits, Link
from optimizer.result import Result
from optimizer.solving import solve
from optimizer.stop import Termination, WhenSet
from service.jobs.kind import Assignment, Kind, Outcome
from service.jobs.states import Lane

GRACE_SECONDS = 600.0
"A solve is killed so long after its time: it may have to compile, read, prove and verify."
UNLIMITED_SECONDS = 3_600.0
"Time of a solve that is limited by steps only."


class SolveOptions(BaseModel):
    """How a scenario is to be solved."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False
    )

    seconds: Annotated[float, Field(gt=0)] | None = None
    "Time limit in seconds; 10 if neither it nor a number of iterations is given."
    iterations: Annotated[int, Field(ge=0, le=10**9)] | None = None
    "Steps of the search; with it, seed and workers fix the plan."
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    "Random seed."
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    "Threads of the solve."
    engine: Engine = "auto"
    "`search`, `cp-sat` (the exact model), or `auto`: chosen by the size of the problem."

    def wall_seconds(self) -> float:
        """Return for how long a solve may run at most, in seconds."""
        if self.seconds is not None:
            return self.seconds + GRACE_SECONDS
        limit = DEFAULT_SECONDS if self.iterations is None else UNLIMITED_SECONDS
        return limit + GRACE_SECONDS


def work(assignment: Assignment, link: Link) -> Outcome:
    """Solve a scenario; the best plan so far is kept every few seconds.

    Raises
    ------
    InvalidDocument
        If the scenario has faults.
    EngineDisagreement
        If engine and verifier do not agree about the plan; a defect.
    """
    options = SolveOptions.model_validate(dict(assignment.parameters))
    result = solve(
        scenario_in(assignment.document),
        **options.model_dump(),
        start=_plan_in(assignment.start),
        observer=link.report,
        stop=WhenSet(link.stopped),
        keep=lambda plan: link.keep(format_plan(plan).encode()),
    )
    # One that was proven optimal in the same moment is complete all the same.
    cut_short = link.stopped.is_set() and result.termination in {
        Termination.INTERRUPTED,
        Termination.TIME,
    }
    document = json.dumps(result_document(result)).encode()
    return Outcome(document, not cut_short, result.gap)


def scenario_in(document: bytes) -> Scenario:
    """Return the scenario in a document that was checked when the job was accepted.

    It is not checked against the rules for files once more: a routing problem, for instance, may
    have visits of no duration.

    Raises
    ------
    InvalidDocument
        If it is no scenario at all.
    """
    try:
        return Scenario.model_validate_json(document)
    except ValidationError:
        return parse_scenario(document, "scenario")


def result_document(result: Result) -> dict[str, Any]:
    """Return the result as it is stored and answered; costs are in ticks of travel."""
    return {
        "scenario": result.scenario.id,
        "status": result.status.value,
        "cost": result.cost,
        "cost_breakdown": _by_term(result.cost_breakdown),
        "quantities": _by_term(result.quantities),
        "ticks_per_minute": result.scenario.ticks_per_minute,
        "served": result.served,
        "unserved": result.unserved,
        "lower_bound": result.lower_bound,
        "gap": result.gap,
        "termination": result.termination.value,
        "iterations": result.iterations,
        "seconds": round(result.seconds, 3),
        "seed": result.seed,
        "curve": [[round(seconds, 3), cost] for seconds, cost in result.curve],
        "plan": result.plan.model_dump(mode="json", exclude_none=True),
    }


def _by_term(values: Mapping[Term, int]) -> dict[str, int]:
    return {term.value: int(values.get(term, 0)) for term in Term}


def _plan_in(start: bytes | None) -> Plan | None:
    """Return the plan of an earlier result, or the plan that a checkpoint is."""
    if start is None:
        return None
    content = json.loads(start)
    return Plan.model_validate(content.get("plan", content))


def _limits(parameters: Mapping[str, Any], memory_bytes: int) -> Limits:
    options = SolveOptions.model_validate(dict(parameters))
    seconds = options.wall_seconds()
    # Every thread of the solve may use a processor all the time.
    return Limits(seconds, int(seconds * (options.workers + 1)) + 1, memory_bytes)


KIND = Kind(name="solve", lane=Lane.ROSTER, work=work, limits=_limits, collection="solves")
