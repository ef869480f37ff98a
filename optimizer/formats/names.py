"""The names file: who is behind each pseudonym, kept apart from scenarios and only used to print.

A CSV file with a line per person, organisation and office. It holds what scenarios must not:
names, addresses, telephone numbers, how to get in, and what to beware of.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path

from optimizer.errors import InvalidDocument, UsageError
from optimizer.formats.codes import FaultCode
from optimizer.formats.files import read_bytes
from optimizer.formats.findings import finding
from optimizer.i18n import cause_of_refusal, say


class Kind(StrEnum):
    """Whom a line of the names file is about."""

    CLIENT = "client"
    CAREGIVER = "caregiver"
    ORGANISATION = "organisation"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Name:
    """Who is behind a pseudonym.

    Attributes
    ----------
    kind, id
        Whose pseudonym it is; that of the office is empty.
    name
        As people write it.
    phone, address
        As people write them.
    contact, contact_phone
        Whom to call in an emergency.
    door
        How to get in.
    caution
        What to beware of.
    source_id
        Number of the person in the office's own lists, where it differs from the pseudonym.
    """

    kind: Kind
    id: str
    name: str = ""
    phone: str = ""
    address: str = ""
    contact: str = ""
    contact_phone: str = ""
    door: str = ""
    caution: str = ""
    source_id: str = ""


COLUMNS = tuple(each.name for each in fields(Name))


@dataclass(frozen=True, slots=True)
class Names:
    """All lines of a names file.

    Attributes
    ----------
    entries
        Lines by kind and pseudonym.
    """

    entries: Mapping[tuple[Kind, str], Name] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Name]) -> Names:
        """Return the names of these lines; of two about one person the later counts."""
        return cls({(entry.kind, entry.id): entry for entry in entries})

    def get(self, kind: Kind, pseudonym: str) -> Name:
        """Return what is known of a person; an empty entry where nothing is."""
        return self.entries.get((kind, pseudonym), Name(kind, pseudonym))

    def called(self, kind: Kind, pseudonym: str) -> str:
        """Return a person's name; the pseudonym where there is none."""
        return self.get(kind, pseudonym).name or pseudonym

    def ids_of(self, kind: Kind, name: str) -> tuple[str, ...]:
        """Return the pseudonyms of all who are called so."""
        return tuple(entry.id for entry in self if entry.kind is kind and entry.name == name)

    @property
    def office(self) -> Name:
        """The office: its name and telephone."""
        return self.get(Kind.OFFICE, "")

    def with_more(self, entries: Iterable[Name]) -> Names:
        """Return these names with others added; what they leave empty stays as it was."""
        merged = dict(self.entries)
        for entry in entries:
            before = merged.get((entry.kind, entry.id))
            merged[entry.kind, entry.id] = entry if before is None else _over(before, entry)
        return Names(merged)

    def __iter__(self) -> Iterator[Name]:
        return iter(self.entries.values())


def _over(before: Name, after: Name) -> Name:
    told = {name: value for name in COLUMNS if (value := getattr(after, name))}
    return replace(before, **told)


NOBODY = Names()
"""No names: everybody is printed by pseudonym."""


def read_names(path: Path) -> Names:
    """Read a names file.

    Raises
    ------
    UnreadableFile
        If the file cannot be read.
    InvalidDocument
        If it is no names file.
    """
    raw = read_bytes(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Spreadsheets in China save CSV files so.
        text = raw.decode("gb18030", errors="replace")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if not {"kind", "id", "name"} <= set(rows.fieldnames or ()):
        message = say("names.no_names_file", columns=COLUMNS[:3])
        raise InvalidDocument([finding("", FaultCode.WRONG_FORMAT, message)], path.name)
    entries = []
    for row in rows:
        told = {name: _unguarded((row.get(name) or "").strip()) for name in COLUMNS[1:]}
        kind = (row["kind"] or "").strip().lower()
        if kind not in set(Kind):
            place = f"{path.stem}!A{rows.line_num}"
            message = say("names.no_kind", known=tuple(Kind))
            raise InvalidDocument([finding(place, FaultCode.WRONG_CHOICE, message)], path.name)
        entries.append(Name(Kind(kind), **told))
    return Names.of(entries)


def write_names(names: Names, path: Path) -> None:
    """Write a names file that only its owner may read.

    The file is UTF-8 with a byte order mark, so that spreadsheets show Chinese text, and no cell
    can be taken for a formula.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in names:
        writer.writerow([_guarded(str(value)) for value in astuple(entry)])
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.getvalue().encode("utf-8-sig"))
    except OSError as error:
        raise UsageError(say("usage.unwritable", path=path, why=cause_of_refusal(error))) from error


_FORMULA = ("=", "+", "-", "@")


def _guarded(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def _unguarded(value: str) -> str:
    return value[1:] if value.startswith("'") and value[1:2] in _FORMULA else value
