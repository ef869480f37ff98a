"""Writing down what runs tell while they last: how far they are, and the best they have."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from service.database.engine import Database
from service.database.faults import StoreFull, StoreUnavailable
from service.database.scope import SYSTEM
from service.jobs import queue
from service.jobs.run import Run, progress_payload

log = logging.getLogger(__name__)

MOST_REFUSALS = 3
"How often what a run tells is written down again that the database refuses."


def write_told(database: Database, runs: Sequence[Run]) -> None:
    """Store the latest that runs have told.

    What the database refuses stays with its run and is tried again the next time, a few times:
    a run that tells something once would otherwise be silent for ever.

    Raises
    ------
    StoreUnavailable, StoreFull
        If the database takes nothing at present; nothing is forgotten.
    """
    told = [run for run in runs if run.progress is not None or run.checkpoint is not None]
    if not told or _are_stored(database, told):
        return
    # One of them may be at fault: none of the others is to wait for it.
    for run in told:
        if not _are_stored(database, [run]):
            run.refusals += 1
            if run.refusals >= MOST_REFUSALS:
                run.forget_told()


def _are_stored(database: Database, told: Sequence[Run]) -> bool:
    try:
        with database.session(SYSTEM) as session:
            for run in told:
                job = run.job
                if run.progress is not None:
                    payload = progress_payload(run.progress)
                    queue.record_progress(session, job.id, job.attempt, payload)
                if run.checkpoint is not None:
                    queue.store_checkpoint(session, job.id, job.attempt, run.checkpoint)
    except (StoreUnavailable, StoreFull):
        raise
    except Exception:
        # Nobody needs it so much that a job should wait for it.
        log.exception("coordinator.fault", extra={"action": "progress"})
        return False
    for run in told:
        run.forget_told()
    return True
