"""What the database itself says of the jobs that were accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from service.database.engine import Database
from service.database.scope import SYSTEM
from service.database.secrets import Secrets
from service.jobs.states import TERMINAL, JobState
from service.jobs.tables import JobEventRow, JobRow


@dataclass(frozen=True, slots=True)
class Count:
    """What became of jobs.

    Attributes
    ----------
    lost
        Accepted jobs that have no row, or none of the states that end one.
    double
        Jobs with more than one end, and rows beyond one for each request.
    failed
        Jobs that failed, for instance because they were lost three times.
    attempts
        How often jobs were begun, in all.
    losses, interruptions
        How often they lost a worker of their own, and how often their coordinator died.
    """

    lost: int
    double: int
    failed: int
    attempts: int
    losses: int
    interruptions: int


@contextmanager
def opened(url: str, secrets_file: Path) -> Iterator[Database]:
    """Open the database of a service beside it."""
    database = Database.open(url, secrets=Secrets.load(secrets_file, {}))
    try:
        yield database
    finally:
        database.close()


def counted(database: Database, accepted: Collection[str], requests: int) -> Count:
    """Count what became of the jobs that were accepted.

    Parameters
    ----------
    database
        Where they are.
    accepted
        Ids that the service has given out.
    requests
        How many different requests there were: there may be no more rows than that.
    """
    with database.session(SYSTEM, read_only=True) as session:
        columns = JobRow.id, JobRow.state, JobRow.attempt, JobRow.losses, JobRow.interruptions
        rows = list(session.execute(select(*columns)))
        events = list(
            session.execute(
                select(JobEventRow.job, JobEventRow.payload).where(JobEventRow.kind == "state")
            )
        )
    states = {row.id: JobState(row.state) for row in rows}
    ends = Counter(job for job, payload in events if payload["state"] in TERMINAL)
    return Count(
        lost=sum(states.get(job) not in TERMINAL for job in set(accepted)),
        double=sum(number > 1 for number in ends.values()) + max(0, len(rows) - requests),
        failed=sum(state is JobState.FAILED for state in states.values()),
        attempts=sum(row.attempt for row in rows),
        losses=sum(row.losses for row in rows),
        interruptions=sum(row.interruptions for row in rows),
    )
