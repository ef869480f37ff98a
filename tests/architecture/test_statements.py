"""Statements that no session binds to an organisation live in one module of the service."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.source import Module, project

ALLOWED = ("service.database.raw", "service.database.migrations.")
"The module for such statements, and the tables' history, which holds no rows."

BARE = {
    "Table",
    "column",
    "exec_driver_sql",
    "insert",
    "literal_column",
    "table",
    "text",
}
"Names of SQLAlchemy that lead around the classes that tables are mapped to."

WAYS = {
    "__table__",
    "bulk_insert_mappings",
    "bulk_save_objects",
    "bulk_update_mappings",
    "connection",
    "exec_driver_sql",
    "get_bind",
}
"Attributes that lead to a bare connection or table."

HAND_ON = {
    "service.administration.backup",
    "service.administration.schema",
    "service.database.tenancy",
}
"Modules that hand tables and connections to `raw` and name their types in annotations."

OPENERS = {"Session", "sessionmaker", "create_engine", "Engine", "Connection"}
"Names of SQLAlchemy that open a session or a connection."


def service() -> list[str]:
    """Return the names of the service's modules."""
    return sorted(name for name in project() if name.startswith("service"))


def breaches(module: Module) -> Iterator[str]:
    """Return the places where a module leaves the ORM."""
    for node in module.nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            for alias in node.names:
                if alias.name in BARE:
                    yield f"{module.place}:{node.lineno} imports {alias.name}"
        elif isinstance(node, ast.Attribute) and node.attr in WAYS:
            yield f"{module.place}:{node.lineno} uses {node.attr}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                is_driver = alias.name.split(".")[0] in {"psycopg", "sqlite3"}
                if is_driver and module.name != "service.database.engine":
                    yield f"{module.place}:{node.lineno} imports {alias.name}"


def test_bare_statements_live_in_one_module() -> None:
    """Text, Core statements and bare connections are for `service.database.raw` only."""
    found = [
        breach
        for name in service()
        if not name.startswith(ALLOWED)
        for breach in breaches(project()[name])
        if not (name in HAND_ON and breach.endswith("imports Table"))
    ]
    assert not found, "\n".join(found)


def test_the_check_finds_what_it_looks_for() -> None:
    """The module that may do so does, so that a renamed thing would be noticed."""
    found = " ".join(breaches(project()["service.database.raw"]))
    for name in ("imports text", "imports insert", "imports Table", "uses connection"):
        assert name in found


def test_only_the_store_opens_sessions_of_its_own() -> None:
    """Sessions come from `Database.session`, where a scope must be given."""
    found = [
        f"{project()[name].place}:{node.lineno} imports {alias.name}"
        for name in service()
        if not name.startswith("service.database.")
        for node in project()[name].nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
        if alias.name in OPENERS and not (name in HAND_ON and alias.name == "Connection")
    ]
    assert not found, "\n".join(found)
