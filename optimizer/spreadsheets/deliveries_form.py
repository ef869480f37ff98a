"""The table of what took place before anything has: a row per stop of a roster, to be filled in."""

from __future__ import annotations

import csv
import datetime
import io

from optimizer.domain.index import ScenarioIndex
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.formats.names import Names
from optimizer.i18n import Lang
from optimizer.spreadsheets.columns import deliveries_table
from optimizer.spreadsheets.exporting import OwnTable, heading_of
from optimizer.spreadsheets.record_cells import Cells, Wording, clock_cell
from optimizer.spreadsheets.sheets import Value
from optimizer.spreadsheets.workbook_writing import workbook_bytes
from optimizer.units import format_clock


def deliveries_form(scenario: Scenario, plan: Plan, lang: Lang) -> OwnTable:
    """Return the table of deliveries with what the roster knows filled in, in order of time.

    Visit, carer and date say which stop a row is about; what is planned stands beside it and is
    not read again. As long as the other columns are empty a row says nothing.

    Parameters
    ----------
    scenario
        With all visits of the roster.
    plan
        The roster.
    lang
        Language of headings and names of services.
    """
    index = ScenarioIndex.of(scenario)
    wording = Wording(Names(), lang)
    stops = sorted(
        ((route.date, stop.start, stop.visit, stop.carer, route.caregiver, stop.end)
         for route in plan.routes for stop in route.stops),
    )  # fmt: skip
    rows: list[Cells] = [
        {
            "visit": visit,
            "carer": carer,
            "date": date,
            "client": index.visit[visit].client,
            "services": wording.services(index.visit[visit].services),
            "planned": caregiver,
            "planned_start": clock_cell(format_clock(start)),
            "planned_end": clock_cell(format_clock(end)),
        }
        for date, start, visit, carer, caregiver, end in stops
    ]
    table = deliveries_table()
    shown = tuple(field for field in table.fields.values() if not field.is_hidden)
    return OwnTable(table, table.titles[lang], shown, tuple(rows))


def form_as_workbook(form: OwnTable, lang: Lang) -> bytes:
    """Return the table as a workbook with drop-downs."""
    return workbook_bytes([form], lang)


def form_as_text(form: OwnTable, lang: Lang) -> bytes:
    """Return the table as comma-separated values, so marked that spreadsheets read its signs."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([heading_of(field, lang) for field in form.fields])
    for cells in form.rows:
        table.writerow([_text_of(cells.get(one.name)) for one in form.fields])
    return text.getvalue().encode("utf-8-sig")


def _text_of(cell: Value | None) -> str:
    if isinstance(cell, datetime.time):
        return cell.isoformat("seconds" if cell.second else "minutes")
    return "" if cell is None else str(cell)


WRITERS = {".xlsx": form_as_workbook, ".csv": form_as_text}
"By the ending of a file's name."
