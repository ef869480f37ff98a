"""``homecare import``: the workbook of an office as a scenario, and the names apart from it."""

from __future__ import annotations

import datetime
from pathlib import Path

from rich.table import Table
from rich.text import Text

from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs, check_writable
from optimizer.commands.terminal import answer, answer_json, tell_warnings
from optimizer.domain.scenario import Scenario
from optimizer.errors import UsageError
from optimizer.formats import write_scenario
from optimizer.formats.names import NOBODY, Names, read_names, write_names
from optimizer.i18n import Lang, say, sentence
from optimizer.report.writing import scenario_form
from optimizer.spreadsheets import (
    Asked,
    Datum,
    FoundTable,
    Geocoder,
    Office,
    OfficeMapping,
    add_places,
    insist_on_own,
    mapping_beside,
    read_mapping,
    read_office,
    read_places,
    refuse_faults,
    write_mapping,
)


def import_office(
    source: Path,
    *,
    output: Path | None,
    names: Path | None,
    dry_run: bool,
    mapping: Path | None,
    write_mapping_to: Path | None,
    start: str | None,
    days: int | None,
    datum: str | None,
    places: Path | None,
    geocoder: str | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Read a workbook, show what was understood, write scenario and names; return the exit code.

    Parameters
    ----------
    source
        Workbook, CSV file or folder of these.
    output
        Scenario to write; not needed for a dry run.
    names
        Names file, to read where there is one and to write; names are dropped without one.
    dry_run
        Whether nothing but the mapping is written.
    mapping
        Mapping to read by; the one beside the source where there is one.
    write_mapping_to
        Mapping to write, to be corrected.
    start, days, datum
        As the user says, instead of the workbook.
    places
        File of addresses with their coordinates.
    geocoder
        Service, or file of its settings, that is asked for other addresses; nobody if None.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    UsageError
        If an output is missing or cannot be written, the date is none, or the geocoder is none.
    InputError
        If the workbook cannot be read or has faults.
    """
    _check(source, output, names, dry_run=dry_run)
    _check_places(places, geocoder)
    asked = Asked(
        today=datetime.datetime.now().astimezone().date(),
        known=read_names(names) if names is not None and names.exists() else NOBODY,
        mapping=_mapping(source, mapping),
        start=_date(start),
        days=days,
        datum=None if datum is None else Datum(datum),
        # A file that a geocoder fills need not be there yet.
        places=() if places is None or (geocoder and not places.exists()) else read_places(places),
        geocoder=None if geocoder is None or dry_run else _geocoder(geocoder),
    )
    office = read_office(source, asked)
    if places is not None and office.geocoded:
        add_places(places, office.geocoded)
    if write_mapping_to is not None:
        write_mapping(office.found, office.unread, office.datum, write_mapping_to)
    if dry_run and not as_json:
        answer(_table(office, lang))
    tell_warnings(office.notes, source.name, lang=lang)
    scenario = refuse_faults(office, source.name)
    if not dry_run and output is not None:
        write_scenario(scenario, output)
        if names is not None:
            write_names(office.names, names)
    written = [one for one in (output, names) if one is not None and not dry_run]
    if as_json:
        answer_json(_document(office, scenario, written))
        return ExitCode.OK
    answer(Text(_summary(scenario, lang)))
    for path in written:
        answer(Text(sentence(lang, "cli.written", path=path)))
    if names is None and not dry_run and any(entry.name for entry in office.names):
        answer(Text(sentence(lang, "sheets.names_dropped")))
    return ExitCode.OK


def _check(source: Path, output: Path | None, names: Path | None, *, dry_run: bool) -> None:
    if output is None and not dry_run:
        raise UsageError(say("usage.import_output"))
    if names is not None and names.suffix.lower() != ".csv":
        raise UsageError(say("usage.names_ending", path=names))
    written = [one for one in (output, names) if one is not None]
    if not dry_run:
        check_outputs(written, inputs=[None if source.is_dir() else source])
        if output is not None:
            scenario_form(output)


def _check_places(places: Path | None, geocoder: str | None) -> None:
    if geocoder is None:
        return
    if places is None or places.suffix.lower() != ".csv":
        raise UsageError(say("usage.geocoder_needs_places"))
    check_writable(places)
    insist_on_own(places)


def _geocoder(told: str) -> Geocoder:
    """Return the service that is asked; geopy is loaded only here."""
    from optimizer.travel.geocoding import geocoder_settings, lookup_of  # noqa: PLC0415

    settings = geocoder_settings(told)
    return Geocoder(lookup_of(settings), Datum(settings.datum))


def _mapping(source: Path, told: Path | None) -> OfficeMapping:
    if told is not None:
        return read_mapping(told)
    beside = mapping_beside(source)
    return read_mapping(beside) if beside.exists() else OfficeMapping()


def _date(text: str | None) -> datetime.date | None:
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(say("usage.no_date", value=text)) from error


def _table(office: Office, lang: Lang) -> Table:
    """Return which sheet was taken for what, column by column."""
    table = Table(title=sentence(lang, "sheets.mapping_title"), show_lines=True)
    for key in ("sheets.column.sheet", "sheets.column.table", "sheets.column.columns"):
        table.add_column(sentence(lang, key))
    for found in office.found:
        title = found.table.titles[lang]
        rows = sentence(lang, "sheets.rows", count=len(found.rows))
        table.add_row(found.sheet.name, f"{title}\n{rows}", _columns(found, lang))
    for sheet in office.unread:
        table.add_row(sheet.name, "–", sentence(lang, "sheets.not_read"))
    return table


def _columns(found: FoundTable, lang: Lang) -> Text:
    text = Text()
    for column in found.columns:
        if column.field is None:
            continue
        text.append(f"{column.heading} → {column.field.headings[lang]}")
        text.append(" ?\n" if column.how == "guessed" else "\n")
    unread = [column.heading for column in found.columns if column.field is None]
    if unread:
        text.append(sentence(lang, "sheets.unread_columns", columns=", ".join(unread)))
    return text


def _summary(scenario: Scenario, lang: Lang) -> str:
    return sentence(
        lang,
        "sheets.imported",
        clients=len(scenario.clients),
        caregivers=len(scenario.caregivers),
        shifts=sum(len(one.shifts) for one in scenario.caregivers),
        visits=len(scenario.visits),
        start=scenario.horizon.start.isoformat(),
        days=scenario.horizon.days,
    )


def _document(office: Office, scenario: Scenario, written: list[Path]) -> dict[str, object]:
    return {
        "scenario": scenario.id,
        "written": [str(path) for path in written],
        "clients": len(scenario.clients),
        "caregivers": len(scenario.caregivers),
        "visits": len(scenario.visits),
        "names": _num_names(office.names),
        "tables": [
            {
                "sheet": found.sheet.name,
                "table": found.table.name,
                "heading_row": found.heading_row,
                "columns": {
                    column.heading: None if column.field is None else column.field.name
                    for column in found.columns
                },
            }
            for found in office.found
        ],
        "unread": [sheet.name for sheet in office.unread],
        "notes": [note.model_dump(exclude_none=True) for note in office.notes],
    }


def _num_names(names: Names) -> int:
    return sum(bool(entry.name) for entry in names)
