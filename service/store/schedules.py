"""Work that is to be done again and again, at a set time of day."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from optimizer.errors import UsageError
from service.jobs.states import Lane
from service.store.acceptance import add_job
from service.store.blobs import get_blob, put_blob
from service.store.clock import utc_now
from service.store.faults import NotFound
from service.store.identifiers import new_id
from service.store.jobs import Job
from service.store.models import ScheduleRow
from service.store.tenancy import TenantSession

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

SET_BACK = timedelta(hours=1)
"A clock that is set back by less lets no schedule fire a second time."

_SHORTEST_DAY = timedelta(hours=22)
"Between two times of a schedule lies at least a day, less what a clock skips in spring."

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A standing order for work.

    Attributes
    ----------
    id, organisation, name
        What it is and whose.
    kind, lane, parameters
        What is to be done.
    document
        Digest of the document that it is done with.
    at, weekdays, time_zone
        When: ``05:30`` on the days named (all if none is), by that zone's clock.
    enabled
        Whether it fires.
    next_at
        When it fires next, in UTC.
    last_job
        Id of the job that it led to last.
    created_by, created_at
        Key and moment.
    """

    id: str
    organisation: str
    name: str
    kind: str
    lane: Lane
    parameters: Mapping[str, Any]
    document: str
    at: str
    weekdays: Sequence[str]
    time_zone: str
    enabled: bool
    next_at: datetime
    last_job: str | None
    created_by: str
    created_at: datetime


def next_firing(
    at: str, *, weekdays: Collection[str] = (), time_zone: str, after: datetime
) -> datetime:
    """Return the first moment after `after` at which a clock shows `at`, in UTC.

    A time that the clock skips in spring counts an hour later; one that it shows twice in
    autumn counts once, the first time.

    Parameters
    ----------
    at
        ``05:30``.
    weekdays
        ``mon`` to ``sun``; empty for all.
    time_zone
        Such as ``Asia/Shanghai``.
    after
        A moment with its zone.

    Raises
    ------
    UsageError
        If the time, a day or the zone is not one.
    """
    clock = _CLOCK.fullmatch(at)
    if clock is None:
        raise UsageError('A schedule\'s time reads "05:30", from 00:00 to 23:59.')
    if not set(weekdays) <= set(WEEKDAYS):
        raise UsageError(f"Days are {', '.join(WEEKDAYS)}.")
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError("The time zone is not a known one, such as Asia/Shanghai.") from error
    today = after.astimezone(zone).date()
    for days in range(9):
        date = today + timedelta(days=days)
        local = datetime(date.year, date.month, date.day, int(clock[1]), int(clock[2]), tzinfo=zone)
        moment = local.astimezone(after.tzinfo)
        if moment > after and (not weekdays or WEEKDAYS[date.weekday()] in weekdays):
            return moment
    raise UsageError("A schedule needs a day on which it fires.")


def add_schedule(
    session: TenantSession,
    *,
    name: str,
    kind: str,
    lane: Lane,
    document: bytes,
    parameters: Mapping[str, Any],
    at: str,
    weekdays: Collection[str] = (),
    time_zone: str,
    created_by: str,
) -> Schedule:
    """Add a schedule of the session's organisation.

    Parameters
    ----------
    session
        Of one organisation.
    name
        At most 200 signs, in its owner's words.
    kind, lane, document, parameters
        As for `add_job`.
    at, weekdays, time_zone
        As for `next_firing`.
    created_by
        Key that asked for it; its jobs bear it too.

    Raises
    ------
    UsageError
        If the time, a day or the zone is not one.
    """
    now = utc_now()
    row = ScheduleRow(
        id=new_id("sch"),
        organisation=session.organisation,
        name=name[:200],
        kind=kind,
        lane=lane.value,
        document=put_blob(session, session.organisation, document),
        parameters=dict(parameters),
        at=at,
        weekdays=sorted(weekdays, key=WEEKDAYS.index) if set(weekdays) <= set(WEEKDAYS) else [],
        time_zone=time_zone,
        enabled=True,
        next_at=next_firing(at, weekdays=weekdays, time_zone=time_zone, after=now),
        created_by=created_by,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return _schedule(row)


def list_schedules(session: TenantSession) -> Sequence[Schedule]:
    """Return the schedules in the session's scope, oldest first."""
    rows = session.scalars(select(ScheduleRow).order_by(ScheduleRow.id))
    return [_schedule(row) for row in rows]


def read_schedule(session: TenantSession, schedule: str) -> Schedule:
    """Return a schedule.

    Raises
    ------
    NotFound
        If there is none with this id in the session's scope.
    """
    return _schedule(_row(session, schedule))


def remove_schedule(session: TenantSession, schedule: str) -> None:
    """Remove a schedule; its jobs stay.

    Raises
    ------
    NotFound
        If there is none with this id in the session's scope.
    """
    session.delete(_row(session, schedule))


def due_schedules(session: TenantSession) -> Sequence[Schedule]:
    """Return the schedules whose time has come, the longest overdue first."""
    query = (
        select(ScheduleRow)
        .where(ScheduleRow.enabled.is_(True), ScheduleRow.next_at <= utc_now())
        .order_by(ScheduleRow.next_at, ScheduleRow.id)
    )
    return [_schedule(row) for row in session.scalars(query)]


def late_schedules(session: TenantSession) -> Sequence[Schedule]:
    """Return the schedules that would let a time of theirs pass, and wait for a later one.

    They fired while the clock was ahead, and it has been set back since.
    """
    now = utc_now()
    query = select(ScheduleRow).where(
        ScheduleRow.enabled.is_(True), ScheduleRow.next_at > now + _SHORTEST_DAY
    )
    found = [_schedule(row) for row in session.scalars(query)]
    return [each for each in found if each.next_at > _following(each, now + SET_BACK)]


def call_back(session: TenantSession, schedule: Schedule) -> None:
    """Let a schedule of `late_schedules` fire at its next time by the present clock.

    Nothing is done if it was changed, removed or fired in the meantime.
    """
    row = _unchanged(session, schedule)
    if row is not None:
        row.next_at = _following(row, utc_now())


def fire(session: TenantSession, schedule: Schedule) -> Job | None:
    """Accept the job that a due schedule asks for, and set its next time, in one transaction.

    However long the service was away, a schedule fires once and not for each time it missed.

    Returns
    -------
    Job | None
        The job; None if the schedule was changed, removed or fired in the meantime.
    """
    row = _unchanged(session, schedule)
    if row is None:
        return None
    job = add_job(
        session,
        kind=row.kind,
        lane=Lane(row.lane),
        document=get_blob(session, row.organisation, row.document),
        parameters=row.parameters,
        created_by=row.created_by,
        schedule=row.id,
        organisation=row.organisation,
    )
    row.last_job = job.id
    row.next_at = _following(row, utc_now())
    return job


def _following(schedule: Schedule | ScheduleRow, after: datetime) -> datetime:
    return next_firing(
        schedule.at, weekdays=schedule.weekdays, time_zone=schedule.time_zone, after=after
    )


def _unchanged(session: TenantSession, schedule: Schedule) -> ScheduleRow | None:
    """Return the locked row of a schedule if it still waits for the same time."""
    query = select(ScheduleRow).where(ScheduleRow.id == schedule.id).with_for_update()
    row = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    is_same = row is not None and row.enabled and row.next_at == schedule.next_at
    return row if is_same else None


def _row(session: TenantSession, schedule: str) -> ScheduleRow:
    row = session.find(ScheduleRow, schedule)
    if row is None:
        raise NotFound("schedule")
    return row


def _schedule(row: ScheduleRow) -> Schedule:
    return Schedule(
        id=row.id,
        organisation=row.organisation,
        name=row.name,
        kind=row.kind,
        lane=Lane(row.lane),
        parameters=row.parameters,
        document=row.document,
        at=row.at,
        weekdays=row.weekdays,
        time_zone=row.time_zone,
        enabled=row.enabled,
        next_at=row.next_at,
        last_job=row.last_job,
        created_by=row.created_by,
        created_at=row.created_at,
    )
