"""A scenario as our own workbook, from which it can be read again unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.client import Client
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.record import Record
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.errors import InternalError
from optimizer.formats.names import Names
from optimizer.i18n import Lang
from optimizer.needs import derive
from optimizer.spreadsheets.columns import MORE, MORE_HEADING, Field, Table, tables
from optimizer.spreadsheets.draft import more_of
from optimizer.spreadsheets.office import Asked, draft_of
from optimizer.spreadsheets.office_settings import MORE_KEY, TEMPLATE_VERSION, VERSION_KEY
from optimizer.spreadsheets.record_cells import (
    Cells,
    Wording,
    caregiver_cells,
    client_cells,
    contract_cells,
    organisation_cells,
    shift_cells,
    visit_cells,
)
from optimizer.spreadsheets.sheets import Sheet, SheetRow, Value
from optimizer.spreadsheets.words import document

LONGEST_CELL = 32_000
"Signs in a cell; spreadsheets keep 32,767."

_MODELS: Mapping[str, type[Record]] = {
    "clients": Client,
    "caregivers": Caregiver,
    "organisations": Organisation,
    "contracts": Contract,
    "visits": Visit,
}


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A sheet of our own workbook.

    Attributes
    ----------
    table
        What it is.
    title
        Name of the sheet.
    fields
        Its columns.
    rows
        Cells by field.
    """

    table: Table
    title: str
    fields: tuple[Field, ...]
    rows: tuple[Cells, ...] = ()

    def sheet(self, lang: Lang) -> Sheet:
        """Return it as it would be read again."""
        headings = tuple(heading_of(field, lang) for field in self.fields)
        rows = [SheetRow(1, headings)]
        for number, cells in enumerate(self.rows, 2):
            rows.append(SheetRow(number, tuple(cells.get(field.name) for field in self.fields)))
        return Sheet(self.title, tuple(rows))


def heading_of(field: Field, lang: Lang) -> str:
    """Return the heading of a column; that of the hidden one is the same in all languages."""
    return MORE_HEADING if field.name == MORE else field.headings[lang]


def own_table(name: str, lang: Lang, rows: Iterable[Cells] = ()) -> OwnTable:
    """Return a sheet of our own workbook with the columns that it shows."""
    table = tables()[name]
    shown = tuple(field for field in table.fields.values() if not field.is_hidden)
    return OwnTable(table, table.titles[lang], shown, tuple(rows))


def scenario_tables(scenario: Scenario, names: Names, lang: Lang) -> tuple[OwnTable, ...]:
    """Return a scenario as sheets.

    Visits that follow from health records and care plans are written as visits; the records
    themselves are not written.

    Parameters
    ----------
    scenario
        The scenario.
    names
        Who is behind its pseudonyms.
    lang
        Language of headings and words.
    """
    planned = derive(scenario).scenario
    told = planned.model_dump(mode="json", exclude_defaults=True)
    if "travel" in told:
        told["travel"] = {"kind": planned.travel.kind, **told["travel"]}
    wording = Wording(names, lang)
    shown = [
        own_table("settings", lang, _settings(planned, names, lang)),
        own_table("clients", lang, (client_cells(one, wording) for one in told["clients"])),
        own_table(
            "caregivers", lang, (caregiver_cells(one, wording) for one in told["caregivers"])
        ),
        own_table("shifts", lang, _shifts(told, wording)),
        own_table("visits", lang, (visit_cells(one, wording) for one in told.get("visits", ()))),
        own_table(
            "organisations", lang,
            (organisation_cells(one, wording) for one in told.get("organisations", ())),
        ),
        own_table(
            "contracts", lang, (contract_cells(one, wording) for one in told.get("contracts", ()))
        ),
    ]  # fmt: skip
    return _with_more(shown, told, planned, names, lang)


def _settings(scenario: Scenario, names: Names, lang: Lang) -> list[Cells]:
    office = names.office
    values: dict[str, Value | None] = {
        "id": scenario.id,
        "start": scenario.horizon.start,
        "days": scenario.horizon.days,
        "time_zone": scenario.time_zone,
        "datum": "WGS-84",
        "office_name": office.name or None,
        "office_phone": office.phone or None,
    }
    rows: list[Cells] = [
        {"key": entry[lang], "value": values.get(name), "note": entry[f"{lang}_note"]}
        for name, entry in document("words")["settings"].items()
    ]
    return [*rows, {"key": VERSION_KEY, "value": TEMPLATE_VERSION}]


def _shifts(told: Mapping[str, Any], wording: Wording) -> list[Cells]:
    return [
        shift_cells(one["id"], shift, wording)
        for one in told["caregivers"]
        for shift in one.get("shifts", ())
    ]


def _with_more(
    shown: Sequence[OwnTable], told: Mapping[str, Any], scenario: Scenario, names: Names, lang: Lang
) -> tuple[OwnTable, ...]:
    """Return the sheets with hidden columns for what reading them would not bring back.

    Raises
    ------
    InternalError
        If a record would not be read again.
    """
    asked = Asked(today=scenario.horizon.start, known=names)
    reading, cells = draft_of([one.sheet(lang) for one in shown], asked, scenario.id)
    if reading.findings.faults:
        raise InternalError(f"a scenario written as a workbook reads {reading.findings.faults[0]}")
    return tuple(_one_with_more(one, told, cells) for one in shown)


_BEYOND_CELLS = ("break_rule", "night")
"What a shift may say and no column shows."


def _one_with_more(shown: OwnTable, told: Mapping[str, Any], cells: Mapping[str, Any]) -> OwnTable:
    name = shown.table.name
    if name == "settings":
        lists = {*_MODELS, "horizon", "time_zone"}
        rest = {key: value for key, value in told.items() if key not in lists}
        read = {key: value for key, value in cells.items() if key not in lists and key in _TOLD}
        return replace(shown, rows=(*shown.rows, *_chunks(more_of(rest, read))))
    if name == "shifts":
        of_shifts = [
            {name: [None, shift[name]] for name in _BEYOND_CELLS if name in shift}
            for one in told["caregivers"]
            for shift in one.get("shifts", ())
        ]
        return _with_hidden(shown, of_shifts)
    if name not in _MODELS:
        return shown
    read_again = {one["id"]: one for one in cells.get(name, ())}
    return _with_hidden(
        shown,
        [
            _difference(_MODELS[name], record, read_again[record["id"]])
            for record in told.get(name, ())
        ],
    )


def _with_hidden(shown: OwnTable, more: Sequence[Mapping[str, Any]]) -> OwnTable:
    """Return a sheet with a hidden column for what its rows hold beyond their cells, if any do."""
    if not any(more):
        return shown
    rows = tuple(
        {
            **row,
            MORE: json.dumps(one, ensure_ascii=False, separators=(",", ":")) if one else None,
        }
        for row, one in zip(shown.rows, more, strict=True)
    )
    return replace(shown, fields=(*shown.fields, shown.table.fields[MORE]), rows=rows)


_TOLD = {"id", "history"}
"Parts of a document that reading a workbook makes and that are no list of records with ids."


def _difference(
    model: type[Record], record: Mapping[str, Any], read: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Return what of a record its cells do not tell, beside what only looks different."""
    text = json.dumps(read, ensure_ascii=False)
    usual = model.model_validate_json(text).model_dump(mode="json", exclude_defaults=True)
    return {
        name: [read.get(name), pair[1]]
        for name, pair in more_of(record, usual).items()
        if name != "shifts"
    }


def _chunks(more: Mapping[str, Any]) -> list[Cells]:
    if not more:
        return []
    text = json.dumps(more, ensure_ascii=False, separators=(",", ":"))
    # Signs at both ends, so that no blank there is lost and nothing is taken for a number.
    return [
        {"key": MORE_KEY, "value": f"|{text[at : at + LONGEST_CELL]}|"}
        for at in range(0, len(text), LONGEST_CELL)
    ]
