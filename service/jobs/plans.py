"""Which plan is in force for a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from optimizer.errors import HomecareError
from service.audit_log import append_entry
from service.database.clock import utc_now
from service.database.faults import Conflict, NotFound
from service.database.tenancy import TenantSession
from service.jobs.store import Job
from service.jobs.tables import PublishedRow


class Outdated(HomecareError):
    """Somebody else has published a plan in the meantime; look at it first."""

    code = "outdated"
    exit_code = 2
    http_status = 412


@dataclass(frozen=True, slots=True)
class Published:
    """A plan in force.

    Attributes
    ----------
    scenario
        Id of the scenario.
    job
        The job whose plan it is.
    version
        1, 2, 3 ... with every plan published for the scenario.
    published_by, published_at
        Key and moment.
    """

    scenario: str
    job: str
    version: int
    published_by: str
    published_at: datetime


def publish(
    session: TenantSession, scenario: str, job: Job, *, by: str, over: int | None = None
) -> Published:
    """Put a job's plan in force for a scenario, and write that into the audit log.

    Parameters
    ----------
    session
        Of the organisation whose job it is.
    scenario
        Id of the scenario.
    job
        A job with a result.
    by
        Key of whoever publishes.
    over
        Version that the caller believes to be in force: 0 for none, None not to ask.

    Raises
    ------
    Conflict
        If the job has no result.
    Outdated
        If another version is in force.
    """
    if "\x00" in scenario:
        raise Conflict("The scenario's id holds a byte that is none of any text: 0.")
    if not job.has_result:
        raise Conflict(f"The job is {job.state} and has no plan.")
    row = _row(session, scenario, lock=True)
    if over is not None and over != (0 if row is None else row.version):
        raise Outdated
    if row is None:
        row = PublishedRow(organisation=session.organisation, scenario=scenario, version=0)
        session.add(row)
    row.job, row.version = job.id, row.version + 1
    row.published_by, row.published_at = by, utc_now()
    session.flush()
    append_entry(
        session,
        actor=by,
        action="plans.publish",
        subject=job.id,
        details={"scenario": scenario, "version": row.version},
    )
    return _published(row)


def read_published(session: TenantSession, scenario: str) -> Published:
    """Return which plan is in force.

    Raises
    ------
    NotFound
        If none is in the session's scope.
    """
    row = _row(session, scenario)
    if row is None:
        raise NotFound("published plan")
    return _published(row)


def _row(session: TenantSession, scenario: str, *, lock: bool = False) -> PublishedRow | None:
    query = select(PublishedRow).where(PublishedRow.scenario == scenario)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def _published(row: PublishedRow) -> Published:
    return Published(row.scenario, row.job, row.version, row.published_by, row.published_at)
