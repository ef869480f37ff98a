"""What a district officer asks: the arguments of `simulate`.

As in `optimizer.cli`, nothing heavy is imported before it is needed.
"""
# ruff: noqa: PLC0415 (see above)

# No `from __future__ import annotations`, as in `optimizer.cli`.
from pathlib import Path
from typing import Annotated, Literal

import typer

from optimizer.commands.language import chosen_language
from optimizer.commands.options import (
    CatalogueOption,
    Input,
    JsonOption,
    LangOption,
    RulesOption,
)
from optimizer.commands.question_options import (
    AwayOption,
    ClientsAwayOption,
    DemandOption,
    DropOption,
    EntitlementOption,
    GradeOption,
    LongerOption,
    MoreOption,
    OriginOption,
    PriceOption,
    RuleOffOption,
    ShockOption,
    TownOption,
    TravelOption,
)

Place = Literal["processes", "here", "ray"]


def simulate(
    scenario: Annotated[
        Path | None, Input(metavar="SCENARIO", help="Scenario.", show_default=False)
    ] = None,
    study: Annotated[
        Path | None,
        Input(
            metavar="[STUDY]", help="File of the study; or ask by the options.", show_default=False
        ),
    ] = None,
    *,
    drop_organisation: DropOption = None,
    add_organisation: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="This organisation begins; those whom --hire finds are its own."
        ),
    ] = None,
    away: AwayOption = None,
    demand: DemandOption = None,
    hire: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="So many caregivers more.")
    ] = None,
    hire_grade: Annotated[
        str | None,
        typer.Option(
            metavar="CODE[/LEVEL]", help="Qualification of those whom --hire finds, such as N."
        ),
    ] = None,
    hire_town: Annotated[
        str | None, typer.Option(metavar="CODE", help="Town of those whom --hire finds.")
    ] = None,
    more_caregivers: MoreOption = None,
    clients_away: ClientsAwayOption = None,
    longer_shifts: LongerOption = None,
    travel: TravelOption = None,
    wage: Annotated[
        str | None, typer.Option(metavar="CHANGE", help="Wages rise or fall; costs only.")
    ] = None,
    entitlement: EntitlementOption = None,
    price: PriceOption = None,
    rule_off: RuleOffOption = None,
    shock: ShockOption = None,
    origin: OriginOption = None,
    town: TownOption = None,
    grade: GradeOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FOLDER",
            help="Keep every future there; begun again, it goes on where it ended.",
        ),
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Page (.html) or tables (.xlsx, .zip, .parquet.zip); may be repeated.",
        ),
    ] = None,
    executor: Annotated[
        Place, typer.Option(help="Where futures are solved: processes, this one, or a Ray cluster.")
    ] = "processes",
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; all processors if not given.")
    ] = None,
    replications: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="Most drawn days of each arm.")
    ] = None,
    iterations: Annotated[
        int | None, typer.Option(min=0, help="Steps of the search per future.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of everything drawn.")] = None,
    vary: Annotated[
        bool,
        typer.Option("--vary", help="Also try each assumption at both ends of its range."),
    ] = False,
    draw: Annotated[
        Literal["no", "triangular", "uniform"] | None,
        typer.Option(help="Draw assumptions from their ranges for each day, and how."),
    ] = None,
    list_shocks: Annotated[
        bool, typer.Option("--list-shocks", help="Show all shocks and assumptions, and end.")
    ] = False,
    catalogue: CatalogueOption = None,
    rules: RulesOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say what happens when hands are short: a study, or a question asked by options.

    Ctrl-C ends early with what is there; a second one aborts.
    """
    from optimizer.commands.inline_study import Question
    from optimizer.commands.simulate import Conduct, list_shocks_and_assumptions, simulate_files

    language = chosen_language(lang)
    if list_shocks:
        return list_shocks_and_assumptions(lang=language, as_json=as_json)
    question = Question(
        drop_organisation=drop_organisation or (),
        add_organisation=add_organisation,
        more_caregivers=more_caregivers,
        clients_away=clients_away,
        longer_shifts=longer_shifts,
        travel=travel,
        wage=wage,
        away=away,
        demand=demand,
        hire=hire,
        entitlement=entitlement,
        price=price,
        rule_off=rule_off or (),
        shock=shock or (),
        origin=origin,
        town=town,
        grade=grade,
        hire_grade=hire_grade,
        hire_town=hire_town,
    )
    return simulate_files(
        scenario,
        study,
        question,
        Conduct(
            folder=output,
            reports=tuple(report or ()),
            executor=executor,
            workers=workers,
            replications=replications,
            iterations=iterations,
            seed=seed,
            vary=vary,
            draw=draw,
        ),
        catalogue=catalogue,
        rules=rules,
        lang=language,
        as_json=as_json,
    )
