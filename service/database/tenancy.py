"""Sessions that cannot leave their organisation.

Every statement passes `_bind`, which adds ``organisation = ...`` for each table it touches,
joined, nested or reached through an alias. What cannot be bound in this way (text, Core
selects, bulk inserts) is refused, and so is a session that was not told whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import (
    Column,
    Connection,
    Executable,
    Select,
    Table,
    TextClause,
    bindparam,
    event,
    inspect,
    select,
)
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.selectable import TableClause
from sqlalchemy.sql.visitors import ExternallyTraversible

from service.database.cipher import FieldCipher
from service.database.faults import ScopeBreach
from service.database.scope import SYSTEM, Scope, System
from service.database.secrets import Secrets
from service.database.tables import Base, Owned

Mapped = TypeVar("Mapped", bound=Base)
Statement = TypeVar("Statement", bound=Executable)


class TenantSession(Session):
    """One transaction, bound to a scope; `Database.session` makes it.

    Attributes
    ----------
    scope
        Whose rows it may touch.
    cipher
        Seals and opens what is stored sealed.
    secrets
        The installation's secrets.
    """

    scope: Scope | None = None
    cipher: FieldCipher
    secrets: Secrets

    @property
    def organisation(self) -> str:
        """The organisation the session is bound to.

        Raises
        ------
        ScopeBreach
            If it is bound to none, as the service's own sessions are.
        """
        if not isinstance(self.scope, str):
            raise ScopeBreach("This can be done for one organisation only.")
        return self.scope

    def find(self, mapped: type[Mapped], *key: str | int) -> Mapped | None:
        """Return the row with a primary key, or None if the scope has none.

        It stands for `get`, which names columns in a way that cannot be told from a bare table.
        """
        statement, names = _by_key(mapped)
        return self.scalars(statement, dict(zip(names, key, strict=True))).one_or_none()

    def connection(self, *args: Any, **options: Any) -> Connection:  # noqa: ARG002 (refused)
        """Refuse: statements on a bare connection are bound to nobody."""
        raise ScopeBreach("A session's connection is not handed out.")

    def bulk_save_objects(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 (refused)
        """Refuse: bulk operations pass by the check of new rows."""
        raise ScopeBreach("Bulk operations are not bound to an organisation.")

    bulk_insert_mappings = bulk_save_objects
    bulk_update_mappings = bulk_save_objects


@cache
def _by_key(mapped: type[Mapped]) -> tuple[Select[Any], Sequence[str]]:
    """Return the statement that reads a row by its primary key, and the names of its values.

    It is made once for each class: every request reads a key, and waits for it.
    """
    mapper = inspect(mapped)
    names = [mapper.get_property_by_column(column).key for column in mapper.primary_key]
    wanted = [getattr(mapped, name) == bindparam(f"wanted_{name}") for name in names]
    return made_once(select(mapped).where(*wanted)), [f"wanted_{name}" for name in names]


_MADE_ONCE = "homecare_made_once"
MOST_BOUND = 2_000
"Statements that are kept bound, each for one organisation; they take some kilobytes each."


def made_once(statement: Statement) -> Statement:
    """Return a statement of a module, which is checked and bound once for each organisation.

    To do so takes longer than to read a row, and every accepted job would pay for it.
    """
    return statement.execution_options(**{_MADE_ONCE: True})


@event.listens_for(TenantSession, "do_orm_execute")
def _bind(state: ORMExecuteState) -> None:
    session = state.session
    scope = session.scope if isinstance(session, TenantSession) else None
    if scope is None:
        raise ScopeBreach("A session without a scope reads nothing.")
    if not state.is_orm_statement or state.is_insert:
        raise ScopeBreach("Only statements on mapped classes can be bound to an organisation.")
    statement = state.statement
    binding = _kept if statement.get_execution_options().get(_MADE_ONCE) else _bound
    state.statement = binding(statement, scope)


def _bound(statement: Executable, scope: Scope) -> Executable:
    _check_elements(visitors.iterate(cast(ExternallyTraversible, statement)))
    if isinstance(scope, System):
        return statement
    organisation = scope
    return statement.options(
        with_loader_criteria(
            Owned,
            lambda owned: owned.organisation == organisation,
            include_aliases=True,
            propagate_to_loaders=False,
        )
    )


_kept = lru_cache(maxsize=MOST_BOUND)(_bound)


@event.listens_for(TenantSession, "before_flush")
def _own(session: TenantSession, *_: object) -> None:
    if session.scope is None:
        raise ScopeBreach("A session without a scope writes nothing.")
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, Owned):
            continue
        # A new row may still be nobody's, whatever its type says.
        owner = cast(str | None, row.organisation)
        if owner is None:
            row.organisation = session.organisation
        if session.scope is not SYSTEM and row.organisation != session.scope:
            raise ScopeBreach("A row of another organisation was to be written.")


# What a statement is made of is private to the library, which offers no other way to see
# whether a part of it is known to the ORM. `tests/service/store/test_tenancy.py` would notice
# if a new release of it called these things otherwise.


def _check_elements(elements: Iterable[ExternallyTraversible]) -> None:
    for element in elements:
        if isinstance(element, TextClause) or _is_bare(element):
            raise ScopeBreach("Text and bare tables in a statement cannot be bound.")
        if isinstance(element, Select):
            if element._propagate_attrs.get("compile_state_plugin") != "orm":  # noqa: SLF001
                raise ScopeBreach("A nested statement must be one on mapped classes.")
            joined = (target for target, *_ in element._setup_joins)  # noqa: SLF001
            named = (*element._raw_columns, *element._from_obj, *joined)  # noqa: SLF001
            if any(map(_is_bare_table, named)):
                raise ScopeBreach("A table cannot be read but through its class.")


def _is_bare(element: ExternallyTraversible) -> bool:
    """Return whether an element names something without the class that it is mapped to."""
    if isinstance(element, Column):
        return "parententity" not in element._annotations  # noqa: SLF001
    if isinstance(element, ColumnClause):
        return element.is_literal and element.name != "*"
    return isinstance(element, TableClause) and not isinstance(element, Table)


def _is_bare_table(element: Any) -> bool:
    known = getattr(element, "_annotations", {})
    return isinstance(element, TableClause) and "parententity" not in known
