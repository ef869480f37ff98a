"""Rosters that no engine has made: kept as a job that is complete from the beginning.

Whatever reads, exports, keeps or erases plans in force finds their job; so a roster that was made
by hand, or elsewhere, gets one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.database.clock import utc_now
from service.database.identifiers import new_id
from service.database.tenancy import TenantSession
from service.jobs.blobs import store_blob
from service.jobs.states import JobState, Lane
from service.jobs.store import STATE_EVENT, Job, as_job
from service.jobs.tables import BlobRow, JobEventRow, JobRow

ROSTER = "roster"
"What such jobs have as their kind. None is ever queued, so that no module does its work."


def keep_roster(
    session: TenantSession,
    *,
    document: BlobRow | str,
    result: BlobRow,
    by: str,
    parameters: Mapping[str, Any],
) -> Job:
    """Write a roster down as a job that is complete.

    Parameters
    ----------
    session
        Of the organisation whose roster it is.
    document
        The scenario, packed, or the digest of one that is stored.
    result
        Scenario's id, figures and plan, packed.
    by
        Key of whoever made it.
    parameters
        Where it is from, such as the draft; no personal data.
    """
    now = utc_now()
    row = JobRow(
        id=new_id("job"),
        organisation=session.organisation,
        kind=ROSTER,
        lane=Lane.ROSTER.value,
        state=JobState.COMPLETED.value,
        attempt=0,
        losses=0,
        interruptions=0,
        parameters=dict(parameters),
        created_by=by,
        created_at=now,
        finished_at=now,
        cached=False,
        document=document if isinstance(document, str) else store_blob(session, document),
        result=store_blob(session, result),
        last_event=1,
    )
    session.add(row)
    session.flush()
    session.add(
        JobEventRow(
            organisation=row.organisation,
            job=row.id,
            number=1,
            kind=STATE_EVENT,
            payload={"state": row.state, "attempt": 0},
            at=now,
        )
    )
    session.flush()
    return as_job(row)
