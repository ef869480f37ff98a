"""From a plan to its audit record and file, and back."""

from __future__ import annotations

from pathlib import Path

from optimizer.audit.hashes import plan_hash, scenario_hash
from optimizer.audit.record import Audit, How, WhyUnserved
from optimizer.certificate import certify, tabled
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import InvalidDocument
from optimizer.explanation import Insertions, PlanState, unserved_visits, visit_reasons
from optimizer.formats.files import read_bytes, write_bytes
from optimizer.formats.findings import in_document_order
from optimizer.formats.layout import layout
from optimizer.formats.reading import read_record
from optimizer.result import Result
from optimizer.travel import TravelMatrices, travel_matrices
from optimizer.verification import verify

SECONDS = 1.0
"How long certificates are looked for."


def how_of(result: Result, *, workers: int, engine: str) -> How:
    """Return how a result came about; `workers` and `engine` are what was asked for."""
    return How(
        seed=result.seed,
        iterations=result.iterations,
        workers=workers,
        engine=engine,
        seconds=round(result.seconds, 3),
        status=result.status.value,
        termination=result.termination.value,
    )


def audit_of(
    scenario: Scenario,
    plan: Plan,
    *,
    program: str,
    how: How | None = None,
    lower_bound: int | None = None,
    seconds: float = SECONDS,
    matrices: TravelMatrices | None = None,
) -> Audit:
    """Return the audit record of a plan.

    Parameters
    ----------
    scenario
        The scenario, its visits derived.
    plan
        The plan, whoever made it.
    program
        Version of this program.
    how, lower_bound
        What is known of its making, and a proven bound in ticks of travel.
    seconds
        How long certificates are looked for (positive).
    matrices
        Travel matrices of `scenario`; made from it if not given.
    """
    roads = travel_matrices(scenario) if matrices is None else matrices
    verdict = verify(scenario, plan, roads)
    return Audit(
        program=program,
        scenario=scenario.id,
        scenario_hash=scenario_hash(scenario),
        plan_hash=plan_hash(plan),
        policy=scenario.policy,
        how=how,
        cost=verdict.cost,
        cost_breakdown=dict(verdict.cost_breakdown),
        lower_bound=lower_bound,
        unserved=why_unserved(scenario, plan, roads),
        coverage=tabled(scenario, certify(scenario, roads, plan=plan, seconds=seconds), roads),
    )


def why_unserved(
    scenario: Scenario, plan: Plan, matrices: TravelMatrices
) -> tuple[WhyUnserved, ...]:
    """Return of each visit that a plan leaves out how firm that is and what stands against it."""
    insertions = Insertions(PlanState.of(scenario, plan, matrices))
    found = [visit_reasons(insertions, visit) for visit in unserved_visits(insertions.state)]
    return tuple(
        WhyUnserved(visit=one.visit, standing=one.standing, obstacle=one.obstacle) for one in found
    )


def read_audit(path: Path) -> Audit:
    """Read an audit record from a ``.json``, ``.json.gz`` or ``.json.xz`` file.

    Raises
    ------
    UnreadableFile
        If the file cannot be read or unpacked.
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all its faults.
    """
    audit, raw, located = read_record(Audit, read_bytes(path), path.name)
    if audit is None:
        faults = [fault.fault() for fault in located]
        ordered = in_document_order(faults, tuple(Audit.model_fields), raw.content)
        raise InvalidDocument(ordered, path.name)
    return audit


def write_audit(audit: Audit, path: Path) -> None:
    """Write an audit record to a ``.json``, ``.json.gz`` or ``.json.xz`` file.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    write_bytes(path, format_audit(audit).encode("utf-8"))


def format_audit(audit: Audit) -> str:
    """Return an audit record as JSON, with every field that is not empty."""
    return layout(audit.model_dump(mode="json", exclude_none=True)) + "\n"
