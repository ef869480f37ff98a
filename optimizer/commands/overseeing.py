"""How a purchaser oversees organisations: arguments of `office evaluate` and what belongs to it.

As in `optimizer.cli`, nothing heavy is imported before it is needed.
"""
# ruff: noqa: PLC0415 (see above)

# No `from __future__ import annotations`, as in `optimizer.cli`.
from pathlib import Path
from typing import Annotated

import typer

from optimizer.commands.language import chosen_language
from optimizer.commands.options import (
    CorrectOption,
    Input,
    JsonOption,
    LangOption,
    LedgerOption,
)

_Scenario = Annotated[
    Path, Input(metavar="SCENARIO", help="Scenario with health records or visits.")
]
_Plan = Annotated[Path, Input(metavar="PLAN", help="Its roster.")]
_Deliveries = Annotated[
    Path, Input(metavar="DELIVERIES", help="What took place: .json, .csv or .xlsx.")
]
_Office = Annotated[
    Path, typer.Option(metavar="FILE", help="The office: categories, terms and evaluation.")
]
_Supervision = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Complaints, surveys, spot checks and objections."),
]
_Also = Annotated[
    list[str] | None,
    typer.Option(
        metavar="A,B,C",
        help="Further days: scenario, roster and deliveries in one word; may be repeated.",
    ),
]


def evaluate(
    scenario: _Scenario,
    plan: _Plan,
    deliveries: _Deliveries,
    *,
    office: _Office,
    supervision: _Supervision = None,
    also: _Also = None,
    rules: Annotated[
        Path | None,
        typer.Option(metavar="RULES", help="Rules of allocation whose shares are moved."),
    ] = None,
    next_rules: Annotated[
        Path | None,
        typer.Option("--next", metavar="FILE", help="Where to write those of the next period."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Pages (.html), workbook (.xlsx), or a page per organisation and tables (.zip).",
        ),
    ] = None,
    ledger: LedgerOption = None,
    correct: CorrectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Evaluate organisations by weighted indicators; what follows moves shares, never prices."""
    from optimizer.commands.entering import Entering
    from optimizer.commands.evaluation import Days, Files, evaluate_files, further_days

    days = (Days(scenario, plan, deliveries), *further_days(also or ()))
    return evaluate_files(
        Files(days, office, supervision, rules, next_rules, output, Entering(ledger, correct)),
        lang=chosen_language(lang),
        as_json=as_json,
    )


def bill(
    scenario: _Scenario,
    plan: _Plan,
    deliveries: _Deliveries,
    *,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Bill to write, .json.")
    ],
    office: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Categories, applications and pools.")
    ] = None,
    before: Annotated[
        Path | None,
        typer.Option(metavar="BILL", help="The bill that was paid, which this one corrects."),
    ] = None,
    tables: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Tables with a file per contract (.zip) to write."),
    ] = None,
    ledger: LedgerOption = None,
    correct: CorrectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write the bill of a roster; what an earlier one paid otherwise is reversed and paid anew."""
    from optimizer.commands.bill import Files, bill_files
    from optimizer.commands.entering import Entering

    entering = Entering(ledger, correct)
    return bill_files(
        Files(scenario, plan, deliveries, office, before, output, tables, entering),
        lang=chosen_language(lang),
        as_json=as_json,
    )


def publish(
    scenario: _Scenario,
    plan: _Plan,
    deliveries: _Deliveries,
    *,
    office: _Office,
    supervision: _Supervision = None,
    also: _Also = None,
    rules: Annotated[
        Path | None,
        typer.Option(metavar="RULES", help="Rules of allocation whose shares are moved."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Tables to write: workbook (.xlsx) or .zip."
        ),
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Publish organisations, pools, rules and people in tables that single nobody out."""
    from optimizer.commands.evaluation import further_days
    from optimizer.commands.publication import Files, publish_files

    days = further_days(also or ())
    return publish_files(
        Files(scenario, plan, deliveries, office, supervision, rules, output, days),
        lang=chosen_language(lang),
        as_json=as_json,
    )


def checks(
    scenario: _Scenario,
    plan: _Plan,
    deliveries: Annotated[
        Path | None,
        Input(
            metavar="DELIVERIES", help="What took place: .json, .csv or .xlsx.", show_default=False
        ),
    ] = None,
    *,
    office: _Office,
    period: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Period, part of the draw; the month if not given."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="List to write, .csv.")
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Draw spot checks: half by a public draw, half by what speaks against a visit."""
    from optimizer.commands.publication import Files, draw_files

    return draw_files(
        Files(scenario, plan, deliveries, office, None, None, output),
        period=period,
        lang=chosen_language(lang),
        as_json=as_json,
    )
