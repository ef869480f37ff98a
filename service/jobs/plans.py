"""Which plan is in force for a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from optimizer.errors import HomecareError
from service.audit_log import append_entry
from service.database.clock import utc_now
from service.database.faults import Conflict, NotFound
from service.database.tenancy import TenantSession
from service.jobs.store import Job, Page
from service.jobs.tables import PublishedRow
from service.webhooks import outbox

PUBLISHED_EVENT = "roster.published"
CHANGED_EVENT = "visit.changed"
VISITS_PER_MESSAGE = 100
"A roster planned anew changes hundreds; a message has a length that any receiver takes."


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
    session: TenantSession,
    scenario: str,
    job: Job,
    *,
    by: str,
    over: int | None = None,
    changes: Sequence[Mapping[str, str]] = (),
) -> Published:
    """Put a job's plan in force for a scenario, write that into the audit log, and tell webhooks.

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
    changes
        What becomes of visits that differ from the version before: `visit` and `change` of each.

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
    _tell(session, row, changes)
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


def list_published(
    session: TenantSession, *, limit: int, after: str | None = None
) -> Page[Published]:
    """Return all plans in force, by the ids of their jobs, the newest first.

    Parameters
    ----------
    session
        Whose.
    limit
        Length of the page.
    after
        `Page.next` of the page before.
    """
    query = (
        select(PublishedRow)
        .order_by(PublishedRow.job.desc(), PublishedRow.scenario)
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(PublishedRow.job < after)
    rows = session.scalars(query).all()
    page = rows[:limit]
    more = page[-1].job if len(rows) > limit else None
    return Page([_published(row) for row in page], more)


def _tell(session: TenantSession, row: PublishedRow, changes: Sequence[Mapping[str, str]]) -> None:
    """Put into the outbox that a roster was published, and which visits it changes."""
    about = {"scenario": row.scenario, "version": row.version}
    data = {**about, "job": row.job}
    outbox.post(session, row.organisation, PUBLISHED_EVENT, data, row.published_at)
    for begin in range(0, len(changes), VISITS_PER_MESSAGE):
        some = changes[begin : begin + VISITS_PER_MESSAGE]
        data = {**about, "visits": [dict(one) for one in some]}
        outbox.post(session, row.organisation, CHANGED_EVENT, data, row.published_at)


def _row(session: TenantSession, scenario: str, *, lock: bool = False) -> PublishedRow | None:
    query = select(PublishedRow).where(PublishedRow.scenario == scenario)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def _published(row: PublishedRow) -> Published:
    return Published(row.scenario, row.job, row.version, row.published_by, row.published_at)
