"""What goes in from an office and out to it: the arguments of `import`, `template`, `export`.

As in `optimizer.cli`, nothing heavy is imported before it is needed.
"""
# ruff: noqa: PLC0415 (see above)

# No `from __future__ import annotations`, as in `optimizer.cli`.
from pathlib import Path
from typing import Annotated, Literal

import typer

from optimizer.commands.language import chosen_language
from optimizer.commands.options import Input, JsonOption, LangOption


def import_(
    source: Annotated[
        Path, Input(metavar="SOURCE", help="Workbook (.xlsx, .xls, .ods), CSV, or folder of these.")
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Scenario to write (.json)."),
    ] = None,
    names: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Names, addresses and telephones to write (.csv); pseudonyms in it are kept.",
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Only show what is understood; write no scenario."),
    ] = False,
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Which column is which; else SOURCE.mapping.toml."),
    ] = None,
    write_mapping: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write what was understood, to be corrected (.toml)."),
    ] = None,
    start: Annotated[
        str | None, typer.Option(metavar="DATE", help="First day to plan, such as 2026-03-02.")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, max=31, help="Days to plan.")] = None,
    datum: Annotated[
        Literal["wgs84", "gcj02", "bd09"] | None,
        typer.Option(help="Datum of the coordinates: GPS, Amap and Tencent, or Baidu."),
    ] = None,
    places: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Addresses with their coordinates, as a table."),
    ] = None,
    geocoder: Annotated[
        str | None,
        typer.Option(
            metavar="SERVICE|FILE",
            help="Ask this service of geopy for other addresses and keep them in --places; "
            "nothing but the address is sent.",
        ),
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Read the workbook of an office as a scenario.

    Names go to a file of their own; the scenario holds pseudonyms.
    """
    from optimizer.commands.office_import import import_office

    return import_office(
        source,
        output=output,
        names=names,
        dry_run=dry_run,
        mapping=mapping,
        write_mapping_to=write_mapping,
        start=start,
        days=days,
        datum=datum,
        places=places,
        geocoder=geocoder,
        lang=chosen_language(lang),
        as_json=as_json,
    )


def template(
    *,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Workbook to write (.xlsx).")
    ],
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write the empty workbook that an office fills in."""
    from optimizer.commands.office_template import write_template

    return write_template(output, lang=chosen_language(lang), as_json=as_json)


def export(
    scenario: Annotated[Path, Input(metavar="SCENARIO", help="Scenario or benchmark instance.")],
    plan: Annotated[
        Path | None,
        Input(metavar="PLAN", help="Its plan; without one the scenario is written as a workbook."),
    ] = None,
    *,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="File to write: .xlsx, sheets.html, letters.html, .ics, .ics.zip, .geojson, or "
            "as for solve; may be repeated.",
        ),
    ] = None,
    people: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Names file, to print names; else pseudonyms."),
    ] = None,
    caregiver: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Only this caregiver; may be repeated."),
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write a roster for people, with their names: workbook, day sheets, letters, calendars.

    Without a plan the scenario is written as a workbook that can be imported again.
    """
    from optimizer.commands.office_export import export_files

    return export_files(
        scenario,
        plan,
        outputs=output or [],
        people=people,
        caregivers=caregiver or [],
        lang=chosen_language(lang),
        as_json=as_json,
    )
