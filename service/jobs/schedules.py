"""Starting the jobs that are to be done every day at their time."""

from __future__ import annotations

import logging

from optimizer.errors import HomecareError
from service.store.database import Database
from service.store.faults import StoreFull, StoreUnavailable
from service.store.schedules import call_back, due_schedules, fire, late_schedules
from service.store.scope import SYSTEM

log = logging.getLogger(__name__)


def fire_schedules(database: Database) -> None:
    """Accept a job for every schedule whose time has come: a duty of the coordinator.

    Those that fired while the clock was ahead are called back from where they wait.

    Raises
    ------
    StoreUnavailable, StoreFull
        If the database does not take it; what is due stays due.
    """
    with database.session(SYSTEM, read_only=True) as session:
        due = due_schedules(session)
        late = late_schedules(session)
    if late:
        with database.session(SYSTEM) as session:
            for schedule in late:
                call_back(session, schedule)
        log.warning("schedule.clock_set_back", extra={"action": "fire", "schedules": len(late)})
    for schedule in due:
        try:
            with database.session(SYSTEM) as session:
                job = fire(session, schedule)
        except (StoreUnavailable, StoreFull):
            raise
        except HomecareError as fault:
            # One that cannot be fired keeps none of the others from their time.
            extra = {"action": "fire", "schedule": schedule.id, "code": fault.code}
            log.exception("schedule.fault", extra=extra)
            continue
        if job is not None:
            log.info("schedule.fired", extra={"action": "fire", "job": job.id})
