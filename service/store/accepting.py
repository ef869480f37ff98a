"""Accepting jobs that are brought at the same time: one transaction for all of them.

What costs most in accepting is the end of the transaction, which waits until the disk has it;
next come its beginning and, on SQLite, the wait for the writer before. Jobs of one organisation
that come while others are being written share all that. Nobody hears that a job is accepted before
the transaction that holds it is committed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimizer.errors import HomecareError
from service.store.acceptance import NewJob, write_job
from service.store.database import Database
from service.store.faults import (
    IdempotencyConflict,
    StoreFull,
    StoreUnavailable,
    TooManyUnfinished,
)
from service.store.gathering import Gathering
from service.store.jobs import Job


class Accepting:
    """Writes jobs into the database; every thread of the process may use it.

    Parameters
    ----------
    database
        Where jobs are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._together: Gathering[NewJob, Job] = Gathering(self._write, _concerns_all)

    def accept(self, new: NewJob) -> Job:
        """Accept a job; on return it is committed and cannot be lost any more.

        Raises
        ------
        IdempotencyConflict
            If the key was used for another body.
        TooManyUnfinished
            If the caller has as many unfinished jobs as it may have.
        StoreUnavailable, StoreFull
            If the database does not take it.
        """
        return self._together.do(new.organisation, new)

    def _write(self, organisation: str, jobs: Iterator[NewJob]) -> Sequence[Job | HomecareError]:
        told: list[Job | HomecareError] = []
        with self._database.session(organisation) as session:
            for new in jobs:
                try:
                    told.append(write_job(session, new))
                except (IdempotencyConflict, TooManyUnfinished) as refusal:
                    told.append(refusal)  # It has left nothing in the transaction.
        return told


def _concerns_all(error: Exception) -> bool:
    return isinstance(error, StoreUnavailable | StoreFull)
