"""The whole database in one file, and back, from either kind of database into either.

The file is packed JSON, one row a line, with the revision of the tables in front and counts and
a digest at the end. Sealed values stay sealed: without the installation's secrets, which are
*not* in it, a backup can be restored by nobody.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table

from optimizer.errors import InputError, UnreadableFile, UsageError
from service.administration import schema
from service.audit_log import INSTALLATION, AuditEntry, append_entry, verify_entries
from service.auth.installation import check_secrets
from service.database import raw, revisions
from service.database.clock import utc_now
from service.database.columns import UtcTime
from service.database.engine import Database
from service.database.faults import Conflict, SecretsMismatch
from service.database.scope import SYSTEM
from service.database.secrets import Secrets

FORMAT = "homecare-backup"
VERSION = 1

_BATCH = 200
_REPLACED = "audit_head"  # The one table that has a row in a new database.


class DamagedBackup(InputError):
    """The file is no whole backup: it was cut off, altered, or is something else."""

    code = "damaged-backup"


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds.

    Attributes
    ----------
    revision
        Revision of the tables.
    rows
        Number of rows of each table.
    """

    revision: str
    rows: Mapping[str, int]

    @property
    def total(self) -> int:
        """Number of all rows."""
        return sum(self.rows.values())


def back_up(database: Database, file: Path, *, actor: str) -> BackupReport:
    """Write the whole database, as it is at one moment, to a new file.

    Work goes on meanwhile. The file appears when it is whole, and only its owner can read it.

    Parameters
    ----------
    database
        Its tables must be at the newest revision.
    file
        Must not exist.
    actor
        Who takes everything along; the audit log says so, in the backup too.

    Raises
    ------
    UsageError
        If the file exists or cannot be written, or the tables are not up to date.
    """
    if file.exists():
        raise UsageError(f"{file}: the file exists already.")
    if not database.is_migrated():
        raise UsageError("The tables are not at the newest revision; migrate them first.")
    with database.session(SYSTEM) as session:
        append_entry(
            session,
            actor=actor,
            action="backup.write",
            subject=file.name,
            organisation=INSTALLATION,
        )
    partial = file.with_name(f"{file.name}.part")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=3, mtime=0) as packed:
                report = _write(database, packed)
            stream.flush()
            os.fsync(stream.fileno())
        partial.rename(file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UsageError(f"{file}: the backup cannot be written there.") from error
    return report


def restore(database: Database, file: Path) -> BackupReport:
    """Put a backup into an empty database, all or nothing.

    Parameters
    ----------
    database
        Migrated to the revision of the backup and otherwise empty; opened with the secrets of
        the installation that the backup is from.
    file
        A file that `back_up` wrote.

    Raises
    ------
    DamagedBackup
        If the file is not whole.
    Conflict
        If the database is not empty.
    UsageError
        If the backup is of another revision of the tables.
    SecretsMismatch
        If the secrets are others than the backup's, or its audit log was altered.
    """
    report = _check(file)
    if report.revision != revisions.newest():
        raise UsageError("The backup is of another version of this program.")
    _check_secrets(file, database.secrets)
    with database.bare_connection() as connection:
        for table in schema.tables():
            if table.name != _REPLACED and raw.count_rows(connection, table):
                raise Conflict("The database is not empty.")
        _insert(connection, file)
    return report


def _write(database: Database, stream: gzip.GzipFile) -> BackupReport:
    digest = hashlib.sha256()
    rows: Counter[str] = Counter()

    def put(line: Mapping[str, Any]) -> None:
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        digest.update(text)
        stream.write(text)

    revision = revisions.newest()
    put(
        {
            "format": FORMAT,
            "version": VERSION,
            "revision": revision,
            "created_at": utc_now().isoformat(),
        }
    )
    with database.bare_connection(read_only=True) as connection:
        for table in schema.tables():
            for row in raw.read_rows(connection, table):
                put({"table": table.name, "row": {k: _plain(v) for k, v in row.items()}})
                rows[table.name] += 1
    put({"rows": dict(rows)})
    stream.write(json.dumps({"sha256": digest.hexdigest()}).encode() + b"\n")
    return BackupReport(revision, dict(rows))


def _check(file: Path) -> BackupReport:
    """Read a whole file once, without believing anything of it."""
    digest, before = hashlib.sha256(), hashlib.sha256()
    rows: Counter[str] = Counter()
    header: dict[str, Any] = {}
    lines: list[dict[str, Any]] = [{}, {}]
    with _opened(file) as stream:
        for number, text in enumerate(stream):
            before = digest.copy()
            digest.update(text)
            line = _parsed(text)
            if number == 0:
                header = line
            if "table" in line:
                rows[line["table"]] += 1
            lines = [lines[1], line]
    counted, end = lines
    if header.get("format") != FORMAT or header.get("version") != VERSION:
        raise DamagedBackup
    if end.get("sha256") != before.hexdigest() or counted.get("rows") != dict(rows):
        raise DamagedBackup
    return BackupReport(str(header.get("revision")), dict(rows))


def _check_secrets(file: Path, secrets: Secrets) -> None:
    """See whether the secrets at hand can read a backup, and whether its log is genuine."""
    for row in _rows(file, schema.table("installation")):
        check_secrets(row["secrets_check"], secrets)
    entries = (AuditEntry(**row) for row in _rows(file, schema.table("audit_log")))
    check = verify_entries(entries, secrets, is_whole=True)
    heads = [(row["number"], row["link"]) for row in _rows(file, schema.table(_REPLACED))]
    if not check.holds or heads != [(check.entries, check.head)]:
        raise SecretsMismatch("The audit log of the backup is not as it was written.")


def _insert(connection: Connection, file: Path) -> None:
    tables = {table.name: table for table in schema.tables()}
    pending: list[dict[str, Any]] = []
    current: Table | None = None

    def flush() -> None:
        if current is not None:
            put = raw.replace_rows if current.name == _REPLACED else raw.write_rows
            put(connection, current, pending)
        pending.clear()

    with _opened(file) as stream:
        for text in stream:
            line = _parsed(text)
            if "table" not in line:
                continue
            table = tables[line["table"]]
            if table is not current or len(pending) >= _BATCH:
                flush()
                current = table
            pending.append(_typed(table, line["row"]))
        flush()


def _rows(file: Path, table: Table) -> Iterator[dict[str, Any]]:
    with _opened(file) as stream:
        for text in stream:
            line = _parsed(text)
            if line.get("table") == table.name:
                yield _typed(table, line["row"])


@contextmanager
def _opened(file: Path) -> Iterator[gzip.GzipFile]:
    try:
        with gzip.open(file, "rb") as stream:
            yield stream
    except (EOFError, gzip.BadGzipFile) as error:
        raise DamagedBackup from error
    except OSError as error:
        raise UnreadableFile(f"{file}: the backup cannot be read.") from error


def _parsed(text: bytes) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except ValueError as error:
        raise DamagedBackup from error
    if not isinstance(line, dict):
        raise DamagedBackup
    return line


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    typed = {}
    for column in table.columns:
        value = row[column.name]
        if value is not None and isinstance(column.type, LargeBinary):
            value = base64.b64decode(value)
        elif value is not None and isinstance(column.type, UtcTime):
            value = datetime.fromisoformat(value)
        typed[column.name] = value
    return typed
