"""A session cannot leave its organisation, whatever is asked of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import (
    column,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
    true,
    union,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased, load_only

from optimizer.errors import UsageError
from service.auth.tables import KeyRow
from service.database.engine import Database
from service.database.faults import NotFound, ScopeBreach, StoreRefused
from service.database.scope import SYSTEM
from service.database.tables import Base
from service.database.tenancy import TenantSession, made_once
from service.jobs import store as jobs
from service.jobs.tables import BlobRow, JobEventRow, JobRow
from tests.service.work import accept

JOBS = Base.metadata.tables["jobs"]
BLOBS = Base.metadata.tables["blobs"]
KEYS = Base.metadata.tables["api_keys"]
OTHER = aliased(JobRow)

BOUND: dict[str, Callable[[], Any]] = {
    "rows": lambda: select(JobRow),
    "a column": lambda: select(JobRow.id),
    "an alias": lambda: select(OTHER.id),
    "a count": lambda: select(func.count()).select_from(JobRow),
    "a join": lambda: select(BlobRow.digest).join(JobRow, true()),
    "a self-join": lambda: select(OTHER.id).join(JobRow, true()),
    "a subquery": lambda: select(select(JobRow.id).subquery()),
    "a common table": lambda: select(select(JobRow.id).cte()),
    "a union": lambda: union(select(JobRow.id), select(KeyRow.id)),
    "an exists": lambda: select(literal(1)).where(exists(select(JobRow.id))),
    "a scalar": lambda: select(select(func.count(JobRow.id)).scalar_subquery()),
    "a list of options": lambda: select(JobRow).options(load_only(JobRow.state)),
    "no entity": lambda: select(literal(1)).select_from(JobRow),
}

REFUSED: dict[str, Callable[[], Any]] = {
    "text": lambda: text("SELECT id FROM jobs"),
    "text in a condition": lambda: select(JobRow).where(text("1 = 1")),
    "text as a source": lambda: select(JobRow).from_statement(text("SELECT * FROM jobs")),
    "a bare table": lambda: select(JOBS),
    "a bare column": lambda: select(JobRow.id, BLOBS.c.digest),
    "a bare join": lambda: select(JobRow.id).join(BLOBS, true()),
    "a bare source": lambda: select(JobRow.id).select_from(JOBS),
    "a bare exists": lambda: select(JobRow.id).where(exists().where(BLOBS.c.size > 0)),
    "a bare order": lambda: select(JobRow.id).order_by(select(BLOBS.c.size).scalar_subquery()),
    "a bare aggregate": lambda: select(func.max(BLOBS.c.size)),
    "a named table": lambda: select(column("id")).select_from(table("jobs")),
    "a literal column": lambda: select(JobRow.id, literal_column("(SELECT id FROM jobs)")),
    "an insertion": lambda: insert(KeyRow).values(id="k"),
    "a bare insertion": lambda: insert(KEYS).values(id="k"),
    "a bare update": lambda: update(JOBS).values(state="failed"),
    "a bare deletion": lambda: delete(JOBS),
}


@pytest.mark.parametrize("name", BOUND)
def test_statements_are_bound(database: Database, name: str) -> None:
    """However a table is reached, its rows of other organisations are not."""
    job = accept(database, "B", document=b"secret of B", created_by="key of B")
    accept(database, "A", document=b"of A")
    with database.session("A", read_only=True) as session:
        for row in session.execute(BOUND[name]()):
            values = [row[0].id] if isinstance(row[0], JobRow) else list(row)
            assert job.id not in values
            assert job.document not in values
    with database.session(SYSTEM, read_only=True) as session:
        every = session.execute(select(func.count()).select_from(JobRow)).scalar_one()
    with database.session("A", read_only=True) as session:
        own = session.execute(select(func.count()).select_from(JobRow)).scalar_one()
    assert (every, own) == (2, 1)


def test_a_statement_that_is_made_once_is_bound_for_each(database: Database) -> None:
    """What is kept bound for one organisation shows another one nothing, nor the service less."""
    statement = made_once(select(JobRow.id))
    own = {name: accept(database, name).id for name in ("A", "B")}
    for name in ("A", "B", "A", "B"):
        with database.session(name, read_only=True) as session:
            assert session.scalars(statement).all() == [own[name]]
        with database.session(SYSTEM, read_only=True) as session:
            assert set(session.scalars(statement)) == set(own.values())


def test_a_statement_that_is_made_once_is_checked(sqlite_database: Database) -> None:
    """What cannot be bound is refused each time."""
    statement = made_once(REFUSED["a bare join"]())
    for _ in range(2):
        with sqlite_database.session("A") as session, pytest.raises(ScopeBreach):
            session.execute(statement)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_bound_is_refused(sqlite_database: Database, name: str) -> None:
    """Statements that the filter would miss do not reach the database."""
    with sqlite_database.session("A") as session, pytest.raises(ScopeBreach):
        session.execute(REFUSED[name]())


def test_updates_and_deletions_are_bound(database: Database) -> None:
    """A change of all rows is a change of the organisation's own."""
    job = accept(database, "B")
    with database.session("A") as session:
        session.execute(update(JobRow).values(owner="A"))
        session.execute(delete(JobEventRow))
    with database.session("B", read_only=True) as session:
        assert jobs.read_job(session, job.id).owner is None
        assert len(jobs.read_events(session, job.id)) == 1


def test_a_foreign_id_is_no_id(database: Database) -> None:
    """Whoever asks for another's job hears the same as for one that never was."""
    job = accept(database, "B")
    with database.session("A") as session:
        for wanted in (job.id, "job_never"):
            for ask in (jobs.read_job, jobs.request_stop, jobs.request_cancel):
                with pytest.raises(NotFound, match=r"^There is no such job\.$"):
                    ask(session, wanted)
            assert jobs.read_events(session, wanted) == []
            assert session.find(JobRow, wanted) is None


def test_rows_of_others_cannot_be_written(database: Database) -> None:
    """A new row bears the session's organisation, or is refused."""
    with pytest.raises(ScopeBreach), database.session("A") as session:
        session.add(_blob("B"))
    with database.session("A") as session:
        blob = _blob(None)
        session.add(blob)
        session.flush()
        assert blob.organisation == "A"


def test_rows_cannot_be_given_away(database: Database) -> None:
    """A row that is loaded cannot be moved to another organisation."""
    job = accept(database, "A")

    def give_away() -> None:
        with database.session("A") as session:
            row = session.find(JobRow, job.id)
            assert row is not None
            row.organisation = "B"

    with pytest.raises(ScopeBreach):
        give_away()


def test_a_row_of_the_service_needs_an_owner(database: Database) -> None:
    """In the service's own scope nothing is filled in: a row without owner is a fault."""
    with pytest.raises(ScopeBreach), database.session(SYSTEM) as session:
        session.add(_blob(None))


def test_a_session_without_a_scope_does_nothing() -> None:
    """Whoever makes a session by hand has one that reads and writes nothing."""
    session = TenantSession()
    with pytest.raises(ScopeBreach):
        session.execute(select(JobRow))
    session.add(_blob("A"))
    with pytest.raises(ScopeBreach):
        session.flush()


@pytest.mark.parametrize(
    "way", ["connection", "bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"]
)
def test_ways_around_the_filter_are_closed(sqlite_database: Database, way: str) -> None:
    """Bare connections and bulk operations are not to be had from a session."""
    with sqlite_database.session("A") as session, pytest.raises(ScopeBreach):
        getattr(session, way)()


def test_the_librarys_own_get_is_refused(sqlite_database: Database) -> None:
    """`find` stands for `get`."""
    job = accept(sqlite_database, "A")
    with sqlite_database.session("A") as session, pytest.raises(ScopeBreach):
        session.get(JobRow, job.id)


@pytest.mark.parametrize("scope", ["", "system", "a b", "*system*", "x" * 65, "é"])
def test_a_scope_is_an_organisations_id(sqlite_database: Database, scope: str) -> None:
    """No text from outside can become the service's own scope."""
    with pytest.raises(UsageError), sqlite_database.session(scope):
        pass


def test_the_database_itself_refuses_references_across_organisations(database: Database) -> None:
    """A job of A cannot refer to a document of B, even where the service's scope would let it."""
    job = accept(database, "B")

    def refer() -> None:
        with database.session(SYSTEM) as session:
            row = session.find(JobRow, job.id)
            assert row is not None
            row.organisation = "A"
            session.flush()

    with pytest.raises(StoreRefused) as caught:
        refer()
    assert isinstance(caught.value.__cause__, IntegrityError)


def test_every_table_is_owned_or_listed() -> None:
    """A table without an organisation stands in a list, with the reason."""
    from service.database.tables import SHARED, Owned

    owned = {
        mapper.local_table.name  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Owned)
    }
    assert owned | SHARED.keys() == set(Base.metadata.tables)
    assert owned & SHARED.keys() == set()


def _blob(organisation: str | None) -> BlobRow:
    from service.database.clock import utc_now

    row = BlobRow(digest="d", size=1, content=b"c", created_at=utc_now())
    if organisation is not None:
        row.organisation = organisation
    return row
