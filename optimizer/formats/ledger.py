"""Read, check and lengthen a ledger: a line per entry, each tied to the one before by its hash."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pydantic import JsonValue, ValidationError

from optimizer.domain.ledger import Entry, EntryBody, EntryKind
from optimizer.errors import Fault, InvalidDocument, UnreadableFile, UsageError
from optimizer.formats.codes import FaultCode, WarningCode
from optimizer.formats.files import read_bytes
from optimizer.formats.findings import finding
from optimizer.i18n import cause_of_refusal, say

FIRST = 64 * "0"
"What the first entry names as the hash before it."


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be entered.

    Attributes
    ----------
    kind, subject, period
        What is decided, and about what.
    inputs
        Hash of each file that it follows from.
    claims
        What was decided.
    """

    kind: EntryKind
    subject: str
    period: str | None
    inputs: Mapping[str, str]
    claims: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The entries of a ledger, checked.

    Attributes
    ----------
    entries
        In order.
    warnings
        A last line that was torn off: its entry was never made.
    """

    entries: tuple[Entry, ...]
    warnings: tuple[Fault, ...] = ()

    def standing(self) -> tuple[Entry, ...]:
        """Return the entries that no later one corrects."""
        corrected = {one.body.corrects for one in self.entries}
        return tuple(one for one in self.entries if one.body.number not in corrected)


def canonical(content: Any) -> str:
    """Return JSON with sorted keys and no blanks: the same content, the same text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def content_hash(raw: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(raw).hexdigest()


def entry_hash(previous: str, body: EntryBody) -> str:
    """Return the hash of an entry: of the hash before it and its body, one behind the other."""
    return content_hash((previous + canonical(_document(body))).encode("utf-8"))


def _document(record: EntryBody | Entry) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_none=True)


def read_ledger(path: Path) -> Ledger:
    """Read a ledger and check its chain.

    Raises
    ------
    UnreadableFile
        If the file cannot be read or unpacked.
    InvalidDocument
        With all its faults, each with the entry that it is about.
    """
    return parse_ledger(read_bytes(path), path.name)


def parse_ledger(raw: bytes, source: str = "ledger") -> Ledger:
    """Return the entries in a ledger's bytes; a torn last line is told and passed over.

    Raises
    ------
    InvalidDocument
        With all its faults, each with the entry that it is about.
    """
    lines = raw.split(b"\n")
    tail = lines.pop()
    entries: list[Entry] = []
    faults: list[Fault] = []
    for n, line in enumerate(lines):
        entry = _entry(line)
        if entry is None:
            message = say("fault.ledger-line", line=n + 1)
            faults.append(finding(_place(n), FaultCode.LEDGER_LINE, message))
        else:
            faults += _faults(n, entry, entries)
            entries.append(entry)
    if faults:
        raise InvalidDocument(faults, source)
    warnings = []
    if tail:
        message = say("fault.ledger-torn", line=len(lines) + 1)
        warnings.append(finding(_place(len(lines)), WarningCode.LEDGER_TORN, message))
    return Ledger(tuple(entries), tuple(warnings))


def _place(n: int) -> str:
    return f"entries[{n}]"


def _entry(line: bytes) -> Entry | None:
    try:
        return Entry.model_validate_json(line)
    except ValidationError:
        return None


def _faults(n: int, entry: Entry, before: Sequence[Entry]) -> Iterator[Fault]:
    """Yield what is wrong with an entry: edited, moved, or correcting what is not there."""
    body = entry.body
    if entry.hash != entry_hash(entry.previous, body):
        message = say("fault.ledger-edited", number=body.number)
        yield finding(_place(n), FaultCode.LEDGER_EDITED, message)
    previous = before[-1].hash if before else FIRST
    if entry.previous != previous or body.number != len(before) + 1:
        message = say("fault.ledger-broken", number=body.number, line=n + 1)
        yield finding(_place(n), FaultCode.LEDGER_BROKEN, message)
    if body.corrects is not None:
        old = next((one.body for one in before if one.body.number == body.corrects), None)
        if old is None or (old.kind, old.subject) != (body.kind, body.subject):
            message = say("fault.correction-of-nothing", number=body.number, corrects=body.corrects)
            yield finding(f"{_place(n)}.body.corrects", FaultCode.CORRECTION_OF_NOTHING, message)


def check_same_history(one: Ledger, other: Ledger, source: str, beside: str) -> int:
    """Make sure that a ledger tells all that a copy of it tells, and nothing else.

    Parameters
    ----------
    one, other
        The ledger, and the copy, which may end earlier.
    source, beside
        What their files are called.

    Returns
    -------
    int
        How many entries the copy lacks.

    Raises
    ------
    InvalidDocument
        If they fork, with the first entry in which they differ, or the ledger ends earlier: then
        entries have been cut off.
    """
    for n, (entry, twin) in enumerate(zip(one.entries, other.entries, strict=False)):
        if entry.hash != twin.hash:
            message = say("fault.ledger-forked", number=n + 1, other=beside)
            raise InvalidDocument(
                [finding(_place(n), FaultCode.LEDGER_FORKED, message)], source
            )  # fmt: skip
    own, told = len(one.entries), len(other.entries)
    if own < told:
        message = say("fault.ledger-shorter", entries=own, other=beside, told=told)
        raise InvalidDocument([finding(_place(own), FaultCode.LEDGER_SHORTER, message)], source)
    return own - told


def append_entry(path: Path, draft: Draft, correcting: str | None = None) -> Entry:
    """Enter a decision at the end of a ledger, which is begun if there is none.

    The same decision again changes nothing. A torn last line is cut off first; whoever else
    writes to the ledger waits meanwhile.

    Parameters
    ----------
    path
        The ledger, not packed.
    draft
        What is entered.
    correcting
        Why an earlier decision about the same is corrected; None if none may be.

    Raises
    ------
    UsageError
        If the file cannot be written, a decision about the same was entered otherwise and no
        reason is given, or one is given and there is nothing to correct.
    InvalidDocument
        If the ledger is faulty; nothing is written then.
    """
    try:
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            return _append(file, path, draft, correcting)
    except OSError as error:
        raise UsageError(say("usage.unwritable", path=path, why=cause_of_refusal(error))) from error


def _append(file: IO[bytes], path: Path, draft: Draft, correcting: str | None) -> Entry:
    file.seek(0)
    raw = file.read()
    ledger = parse_ledger(raw, path.name)
    entry = next_entry(ledger, draft, correcting, str(path))
    if entry.body.number <= len(ledger.entries):
        return entry
    whole = raw.rfind(b"\n") + 1
    if whole < len(raw):
        file.truncate(whole)
    file.seek(0, os.SEEK_END)
    file.write(entry_line(entry))
    file.flush()
    os.fsync(file.fileno())
    return entry


def entry_line(entry: Entry) -> bytes:
    """Return an entry as it stands in a ledger."""
    return (canonical(_document(entry)) + "\n").encode("utf-8")


def next_entry(ledger: Ledger, draft: Draft, correcting: str | None, source: str) -> Entry:
    """Return the entry of a decision: a new one, or, if it says the same, the one that stands.

    Parameters
    ----------
    ledger
        What was entered so far.
    draft, correcting
        As for `append_entry`.
    source
        What the ledger is called.

    Raises
    ------
    UsageError
        If a decision about the same was entered otherwise and no reason is given, or one is given
        and there is nothing to correct.
    """
    old = next(
        (
            one
            for one in ledger.standing()
            if (one.body.kind, one.body.subject, one.body.period)
            == (draft.kind, draft.subject, draft.period)
        ),
        None,
    )
    if old is not None and _says(old.body) == (dict(draft.inputs), dict(draft.claims)):
        return old
    if old is not None and correcting is None:
        raise UsageError(say("usage.ledger_contradicts", path=source, number=old.body.number))
    if old is None and correcting is not None:
        raise UsageError(say("usage.nothing_to_correct", path=source, subject=draft.subject))
    body = EntryBody(
        number=len(ledger.entries) + 1,
        kind=draft.kind,
        subject=draft.subject,
        period=draft.period,
        corrects=None if old is None else old.body.number,
        reason=correcting,
        inputs=dict(draft.inputs),
        claims=dict(draft.claims),
    )
    previous = ledger.entries[-1].hash if ledger.entries else FIRST
    return Entry(body=body, previous=previous, hash=entry_hash(previous, body))


def _says(body: EntryBody) -> tuple[dict[str, str], dict[str, JsonValue]]:
    return dict(body.inputs), dict(body.claims)


def hashes_of(paths: Mapping[str, Path | None]) -> dict[str, str]:
    """Return the hash of each file that is given, unpacked, by what it is.

    Raises
    ------
    UnreadableFile
        If one cannot be read or unpacked.
    """
    return {
        name: content_hash(read_bytes(path)) for name, path in paths.items() if path is not None
    }


def files_by_hash(paths: Sequence[Path]) -> dict[str, Path]:
    """Return files, and those in folders, by the hash of their content.

    Raises
    ------
    UnreadableFile
        If one of the files given cannot be read or unpacked.
    """
    found: dict[str, Path] = {}
    for path in paths:
        for one in _files(path):
            try:
                found.setdefault(content_hash(read_bytes(one)), one)
            except UnreadableFile:
                if one == path:
                    raise
    return found


def documents_by_hash(paths: Sequence[Path]) -> dict[str, Path]:
    """Return files of JSON, and those in folders, by the hash of their canonical form."""
    found: dict[str, Path] = {}
    for one in (each for path in paths for each in _files(path)):
        with suppress(UnreadableFile, ValueError, RecursionError):
            content = canonical(json.loads(read_bytes(one)))
            found.setdefault(content_hash(content.encode("utf-8")), one)
    return found


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    try:
        return sorted(one for one in path.iterdir() if one.is_file())
    except OSError as error:
        raise UnreadableFile(
            say("usage.unreadable", path=path, why=cause_of_refusal(error))
        ) from error  # fmt: skip
