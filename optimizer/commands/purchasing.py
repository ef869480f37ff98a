"""What a purchaser of care decides and asks: arguments of `allocate` and of `office`.

As in `optimizer.cli`, nothing heavy is imported before it is needed.
"""
# ruff: noqa: PLC0415 (see above)

# No `from __future__ import annotations`, as in `optimizer.cli`.
from pathlib import Path
from typing import Annotated

import typer

from optimizer.commands.exit_code import EXIT_CODES
from optimizer.commands.language import chosen_language
from optimizer.commands.options import (
    CorrectOption,
    Input,
    JsonOption,
    LangOption,
    LedgerOption,
    speak,
)

office_app = typer.Typer(
    name="office",
    help="The purchaser's office: who is eligible, who pays, and where care is lost on its way.",
    no_args_is_help=True,
)
office_app.callback()(speak)


def allocate(
    scenario: Annotated[Path, Input(metavar="SCENARIO", help="Scenario with its organisations.")],
    rules: Annotated[Path, Input(metavar="RULES", help="The district's rules of allocation.")],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Scenario to write, with the organisations."
        ),
    ] = None,
    log: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Log to write, .json or .csv.")
    ] = None,
    before: Annotated[
        Path | None,
        typer.Option(metavar="LOG", help="Log of the period before, where accounts begin."),
    ] = None,
    client: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Show only this client's lines; may be repeated."),
    ] = None,
    ledger: LedgerOption = None,
    correct: CorrectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Allocate clients to organisations by published rules, with a line that anybody can redo."""
    from optimizer.commands.allocate import Files, allocate_files
    from optimizer.commands.entering import Entering

    return allocate_files(
        Files(scenario, rules, before, output, log, Entering(ledger, correct)),
        clients=client or (),
        lang=chosen_language(lang),
        as_json=as_json,
    )


@office_app.command(epilog=EXIT_CODES)
def admit(
    scenario: Annotated[
        Path, Input(metavar="SCENARIO", help="Scenario with health records or visits.")
    ],
    office: Annotated[Path, Input(metavar="OFFICE", help="Categories, applications and pools.")],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Scenario to write: what is bought, no records."
        ),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option("--list", metavar="FILE", help="List of all clients to write, .csv or .xlsx."),
    ] = None,
    client: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Show only this client's lines; may be repeated."),
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Test who is cared for on public money, in which category, from when, and why not."""
    from optimizer.commands.admission import admit_files

    return admit_files(
        scenario,
        office,
        output=output,
        table=table,
        clients=client or (),
        lang=chosen_language(lang),
        as_json=as_json,
    )


@office_app.command(epilog=EXIT_CODES)
def purses(
    scenario: Annotated[
        Path, Input(metavar="SCENARIO", help="Scenario with health records or visits.")
    ],
    office: Annotated[Path, Input(metavar="OFFICE", help="Categories, applications and pools.")],
    *,
    client: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Show only this client's lines; may be repeated."),
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Set money aside: what each pool has left, when it runs dry, who waits and why."""
    from optimizer.commands.purses import purses_of_files

    return purses_of_files(
        scenario, office, clients=client or (), lang=chosen_language(lang), as_json=as_json
    )


@office_app.command(epilog=EXIT_CODES)
def directory(
    scenario: Annotated[Path, Input(metavar="SCENARIO", help="Scenario with its organisations.")],
    office: Annotated[
        Path, Input(metavar="OFFICE", help="Categories, applications, pools and directory.")
    ],
    *,
    day: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Day of the test; the first one planned if not given."),
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option(metavar="RULES", help="Rules of allocation that the directory is added to."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Where to write these rules."),
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Test organisations on a day: permits, credit, contracts, and what ends soon."""
    from optimizer.commands.directory import Files, directory_of_files

    return directory_of_files(
        Files(scenario, office, rules, output),
        day=day,
        lang=chosen_language(lang),
        as_json=as_json,
    )


@office_app.command(epilog=EXIT_CODES)
def cascade(
    scenario: Annotated[
        Path, Input(metavar="SCENARIO", help="Scenario with health records or visits.")
    ],
    plan: Annotated[
        Path | None, Input(metavar="PLAN", help="Its roster.", show_default=False)
    ] = None,
    *,
    office: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Categories, applications and pools.")
    ] = None,
    allocation: Annotated[
        Path | None, typer.Option(metavar="RULES", help="The district's rules of allocation.")
    ] = None,
    deliveries: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What took place: .json, .csv or .xlsx.")
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD",
            help="Also by town, category, purse or organisation; may be repeated.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Page or table to write: .html, .csv."),
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Follow care from need to payment: how much is lost at which step, and why."""
    from optimizer.commands.cascade import Files, cascade_files

    return cascade_files(
        Files(scenario, plan, office, allocation, deliveries, output),
        by=by or (),
        lang=chosen_language(lang),
        as_json=as_json,
    )


@office_app.command("deliveries", epilog=EXIT_CODES)
def deliveries_to_fill_in(
    scenario: Annotated[
        Path, Input(metavar="SCENARIO", help="Scenario with health records or visits.")
    ],
    plan: Annotated[Path, Input(metavar="PLAN", help="Its roster.")],
    *,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="FILE", help="Table to write: .xlsx or .csv."),
    ],
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write the table of deliveries with a row per stop of a roster, to be filled in."""
    from optimizer.commands.deliveries_form import write_deliveries_form

    return write_deliveries_form(
        scenario, plan, output, lang=chosen_language(lang), as_json=as_json
    )


@office_app.command("settle", epilog=EXIT_CODES)
def settle(
    scenario: Annotated[
        Path, Input(metavar="SCENARIO", help="Scenario with health records or visits.")
    ],
    plan: Annotated[Path, Input(metavar="PLAN", help="Its roster.")],
    deliveries: Annotated[
        Path, Input(metavar="DELIVERIES", help="What took place: .json, .csv or .xlsx.")
    ],
    *,
    office: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Categories, applications and pools.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Workbook (.xlsx), or tables with a file per contract (.zip), to write.",
        ),
    ] = None,
    ledger: LedgerOption = None,
    correct: CorrectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Settle a roster with what took place: what each contract is owed, and what is doubted."""
    from optimizer.commands.entering import Entering
    from optimizer.commands.settlement import Files, settle_files

    return settle_files(
        Files(scenario, plan, deliveries, office, output, Entering(ledger, correct)),
        lang=chosen_language(lang),
        as_json=as_json,
    )


@office_app.command("audit", epilog=EXIT_CODES)
def audit_ledger(
    ledger: Annotated[Path, Input(metavar="LEDGER", help="Ledger of the office.")],
    files: Annotated[
        list[Path] | None,
        Input(
            metavar="FILES",
            help="Files, or folders of them, that its entries follow from.",
            show_default=False,
        ),
    ] = None,
    *,
    against: Annotated[
        Path | None,
        typer.Option(metavar="LEDGER", help="Another copy, which must tell the same history."),
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Check a ledger: its chain, and each decision anew from the files that it follows from."""
    from optimizer.commands.ledger import audit_ledger

    return audit_ledger(
        ledger, files or (), against=against, lang=chosen_language(lang), as_json=as_json
    )


@office_app.command(epilog=EXIT_CODES)
def moves(
    scenario: Annotated[Path, Input(metavar="SCENARIO", help="Scenario that was allocated.")],
    log: Annotated[
        Path, Input(metavar="LOG", help="Log that `homecare allocate --log` has written.")
    ],
    *,
    office: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The office, for its holidays.")
    ] = None,
    notice: Annotated[
        int,
        typer.Option(min=0, max=60, help="Working days between telling the client and the change."),
    ] = 10,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="List to write, .csv.")
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Tell who changes the organisation by an allocation, why, from when on, and at what cost."""
    from optimizer.commands.moves import Files, moves_of_files

    return moves_of_files(
        Files(scenario, log, office, output),
        notice=notice,
        lang=chosen_language(lang),
        as_json=as_json,
    )


@office_app.command("demo", epilog=EXIT_CODES)
def demo(
    folder: Annotated[
        Path | None,
        Input(
            metavar="FOLDER",
            help="Folder with the files of each month; the example district if not given.",
            show_default=False,
        ),
    ] = None,
    *,
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="FOLDER", help="Folder to write to.")
    ] = Path("office-demo"),
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Run the whole chain over some months: admit, allocate, settle, evaluate, report."""
    from optimizer.commands.district import demo_office

    return demo_office(folder, out, lang=chosen_language(lang), as_json=as_json)
