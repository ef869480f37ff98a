"""Solving: from a scenario to a verified plan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from optimizer.domain import Plan, Scenario
from optimizer.formats import format_plan, parse_scenario
from optimizer.options import SolveOptions
from optimizer.parallel import Limits, Link
from optimizer.report import result_document
from optimizer.solving import solve
from optimizer.stop import Termination, WhenSet
from service.jobs.kind import Assignment, Kind, Outcome
from service.jobs.states import Lane

GRACE_SECONDS = 600.0
"Time beyond a solve's limit to compile, read, prove and verify; after it the worker is killed."
UNLIMITED_SECONDS = 3_600.0
"Time limit of a solve that is limited by its number of iterations only."


PARAMETERS = ("seconds", "iterations", "seed", "workers", "engine")
"The options of a solve that a job may have; all others are as usual."


def parameters_of(options: SolveOptions) -> dict[str, Any]:
    """Return the options as the parameters of a job."""
    return {name: getattr(options, name) for name in PARAMETERS}


def options_of(parameters: Mapping[str, Any]) -> SolveOptions:
    """Return the parameters of a job as options.

    Raises
    ------
    UsageError
        If one of them is out of range.
    """
    return SolveOptions(**{name: parameters[name] for name in PARAMETERS if name in parameters})


def work(assignment: Assignment, link: Link) -> Outcome:
    """Solve a scenario; the best plan so far is kept every few seconds.

    Raises
    ------
    InvalidDocument
        If the scenario has faults.
    EngineDisagreement
        If engine and verifier do not agree about the plan; a defect.
    """
    result = solve(
        scenario_in(assignment.document),
        options_of(assignment.parameters),
        start=None if assignment.start is None else plan_in(assignment.start),
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


def plan_in(document: bytes) -> Plan:
    """Return the plan of an earlier result, or the plan that a document is."""
    content = json.loads(document)
    return Plan.model_validate(content.get("plan", content))


def _limits(parameters: Mapping[str, Any], memory_bytes: int) -> Limits:
    options = options_of(parameters)
    seconds = (UNLIMITED_SECONDS if options.limit is None else options.limit) + GRACE_SECONDS
    # Every thread of the solve may use a processor all the time.
    return Limits(seconds, int(seconds * (options.workers + 1)) + 1, memory_bytes)


KIND = Kind(name="solve", lane=Lane.ROSTER, work=work, limits=_limits, collection="solves")
