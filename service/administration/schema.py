"""All tables of the service, for what works on the whole database: each subject keeps its own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table

from service import audit_log, idempotency
from service.auth import tables as auth
from service.database import tables as database
from service.database.tables import Base
from service.drafts import tables as drafts
from service.jobs import tables as jobs
from service.office import tables as office
from service.people import tables as people
from service.webhooks import tables as webhooks

SUBJECTS = (audit_log, auth, database, drafts, idempotency, jobs, office, people, webhooks)
"The modules that hold tables. A table is known once its module is loaded, so all are loaded here."


def tables() -> Sequence[Table]:
    """Return all tables, each after those that it refers to."""
    return Base.metadata.sorted_tables


def table(name: str) -> Table:
    """Return a table by its name."""
    return Base.metadata.tables[name]
