"""What the readers of single tables share while a workbook is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from optimizer.formats.names import Kind, Name, Names
from optimizer.spreadsheets.codes import Assumption, CellFault
from optimizer.spreadsheets.directory import Directory
from optimizer.spreadsheets.draft import Draft
from optimizer.spreadsheets.office_settings import OfficeSettings
from optimizer.spreadsheets.places import Geocoder, Places
from optimizer.spreadsheets.rows import Findings, Row
from optimizer.spreadsheets.unreadable import UnreadableCell
from optimizer.spreadsheets.word_cells import read_active, read_list, text_of


@dataclass(slots=True)
class Reading:
    """A workbook that is being read.

    Attributes
    ----------
    rows
        Rows by table.
    settings
        What holds for all of it.
    days
        The days that are planned, in order.
    findings
        Faults and notes.
    places
        Where people live.
    directories
        Who is who.
    draft
        The scenario in the making.
    names
        Lines of the names file.
    """

    rows: Mapping[str, tuple[Row, ...]]
    settings: OfficeSettings
    days: tuple[date, ...]
    findings: Findings
    places: Places
    directories: Mapping[Kind, Directory]
    draft: Draft = field(default_factory=Draft)
    names: list[Name] = field(default_factory=list)

    def active(self, table: str) -> tuple[Row, ...]:
        """Return the rows of a table that are not switched off."""
        return tuple(row for row in self.rows.get(table, ()) if self._is_active(row))

    def _is_active(self, row: Row) -> bool:
        is_active = row.read("active", read_active)
        if is_active is False:
            self.findings.note(
                row.place_of("active"), Assumption.SWITCHED_OFF, "sheets.switched_off"
            )
        return is_active is not False

    def find(self, kind: Kind, row: Row, field_: str) -> str | None:
        """Return the pseudonym of whom a cell names; None if empty, or at fault, which is noted."""
        text = row.read(field_, text_of)
        return None if text is None else self.named(kind, row, field_, text)

    def find_all(self, kind: Kind, row: Row, field_: str) -> tuple[str, ...]:
        """Return the pseudonyms of all whom a cell names."""
        texts = row.read(field_, read_list) or ()
        found = (self.named(kind, row, field_, text) for text in texts)
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def find_wished(self, row: Row, field_: str) -> tuple[str, ...]:
        """Return the pseudonyms of the caregivers whom a client prefers or refuses.

        Whoever is not listed any more keeps a pseudonym, so that the wish holds again if they come
        back; a name that is nearly that of somebody listed is a slip of the pen, now noted.
        """
        directory, found = self.directories[Kind.CAREGIVER], list[str | None]()
        for text in row.read(field_, read_list) or ():
            is_gone = "caregivers" in self.rows and directory.is_gone(text)
            if not is_gone:
                found.append(self.named(Kind.CAREGIVER, row, field_, text))
                continue
            pseudonym = directory.gone(text)
            found.append(pseudonym)
            if pseudonym != text and all(
                (one.kind, one.id) != (Kind.CAREGIVER, pseudonym) for one in self.names
            ):
                self.names.append(Name(Kind.CAREGIVER, pseudonym, name=text))
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def named(self, kind: Kind, row: Row, field_: str, text: str) -> str | None:
        """Return the pseudonym behind a name or number; None where that is a fault, now noted."""
        directory = self.directories[kind]
        try:
            found = directory.find(text)
        except UnreadableCell as error:
            self.findings.fault(
                row.place_of(field_), error.fault, "sheets.ambiguous_name", **error.fields
            )
            return None
        if found is None:
            self._tell_unknown(kind, row, field_, text)
        return found

    def _tell_unknown(self, kind: Kind, row: Row, field_: str, text: str) -> None:
        if kind is Kind.CAREGIVER and "caregivers" not in self.rows:
            self.findings.note(
                row.place_of(field_), Assumption.NOT_IMPORTED, "sheets.unlisted_caregiver"
            )
            return
        near = self.directories[kind].near(text)
        if near:
            self.findings.fault(
                row.place_of(field_), CellFault.UNKNOWN_NAME, "sheets.unknown_name_near", near=near
            )
        else:
            self.findings.fault(row.place_of(field_), CellFault.UNKNOWN_NAME, "sheets.unknown_name")


def reading_of(
    rows: Mapping[str, tuple[Row, ...]],
    settings: OfficeSettings,
    days: Iterable[date],
    findings: Findings,
    known: Names,
    geocoder: Geocoder | None = None,
) -> Reading:
    """Return a workbook of which nothing but the settings and addresses has been read yet."""
    places = Places(settings.datum, findings, geocoder)
    places.learn(rows.get("addresses", ()))
    is_ours = settings.version is not None
    directories = {
        kind: Directory(kind, known, is_ours=is_ours)
        for kind in (Kind.CLIENT, Kind.CAREGIVER, Kind.ORGANISATION)
    }
    return Reading(rows, settings, tuple(days), findings, places, directories)
