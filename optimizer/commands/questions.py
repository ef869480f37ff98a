"""What a person asks of a roster: the arguments of `explain`, `certify` and `audit`.

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
    WorkersOption,
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


def explain(
    scenario: Annotated[Path, Input(metavar="SCENARIO", help="Scenario or benchmark instance.")],
    plan: Annotated[Path, Input(metavar="PLAN", help="Plan to explain.")],
    *,
    visit: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Only this visit, served or not; may be repeated."),
    ] = None,
    replan: Annotated[
        float | None,
        typer.Option(
            min=0.5,
            metavar="SECONDS",
            help="Also plan everybody anew for so long, for smaller changes.",
        ),
    ] = None,
    price_of: Annotated[
        Literal[
            "overtime",
            "window",
            "organisation",
            "longest_leg",
            "visits_per_day",
            "break",
            "contract_area",
            "contract_cap",
        ]
        | None,
        typer.Option(help="Instead: what would be better without this rule."),
    ] = None,
    minutes: Annotated[
        int, typer.Option(min=1, help="Overtime, or wider windows, for --price-of.")
    ] = 30,
    one_more: Annotated[
        bool,
        typer.Option("--one-more", help="Instead: what one caregiver more is worth, by town."),
    ] = False,
    seconds: Annotated[
        float, typer.Option(min=0.5, help="Time of all searches for --price-of or --one-more.")
    ] = 30.0,
    seed: Annotated[int, typer.Option(min=0, help="Random seed of the searches.")] = 1,
    catalogue: CatalogueOption = None,
    rules: RulesOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say why visits are left out and what would help, or why a carer was chosen."""
    if price_of is not None or one_more:
        from optimizer.commands.what_if import what_if_files

        if one_more and price_of is not None:
            raise typer.BadParameter("--price-of and --one-more exclude each other.")
        return what_if_files(
            scenario,
            plan,
            rule=price_of,
            minutes=minutes,
            seconds=seconds,
            seed=seed,
            catalogue=catalogue,
            rules=rules,
            lang=chosen_language(lang),
            as_json=as_json,
        )
    from optimizer.commands.explain import explain_files

    return explain_files(
        scenario,
        plan,
        visits=visit or [],
        replan=replan,
        seed=seed,
        catalogue=catalogue,
        rules=rules,
        lang=chosen_language(lang),
        as_json=as_json,
    )


def certify(
    scenario: Annotated[Path, Input(metavar="SCENARIO", help="Scenario or benchmark instance.")],
    plan: Annotated[
        Path | None, Input(metavar="[PLAN]", help="Plan; look around what it leaves out.")
    ] = None,
    *,
    seconds: Annotated[float, typer.Option(min=0.01, help="Look for so many seconds.")] = 1.0,
    points: Annotated[
        float,
        typer.Option(
            min=0, help="Then look for dual weights, which prove more, for this long (s)."
        ),
    ] = 0.0,
    workers: WorkersOption = 1,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write the certificates (.json)."),
    ] = None,
    catalogue: CatalogueOption = None,
    rules: RulesOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Prove how many visits must stay unserved, whatever anyone does."""
    from optimizer.commands.certify import certify_files

    return certify_files(
        scenario,
        plan,
        seconds=seconds,
        points=points,
        workers=workers,
        output=output,
        catalogue=catalogue,
        rules=rules,
        lang=chosen_language(lang),
        as_json=as_json,
    )


def staffing(
    scenario: Annotated[Path, Input(metavar="SCENARIO", help="Scenario or benchmark instance.")],
    *,
    cover: Annotated[
        float | None,
        typer.Option(metavar="PERCENT", help="Share of the visits to be made (100 if not said)."),
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option(metavar="YUAN", help="Instead: the best use of so much money for wages."),
    ] = None,
    wage: Annotated[
        float | None,
        typer.Option(metavar="YUAN", help="Wage of an hour; that of the scenario if not given."),
    ] = None,
    like: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Scenario whose caregivers show further grades and shifts."
        ),
    ] = None,
    drop_organisation: DropOption = None,
    away: AwayOption = None,
    demand: DemandOption = None,
    more_caregivers: MoreOption = None,
    clients_away: ClientsAwayOption = None,
    longer_shifts: LongerOption = None,
    travel: TravelOption = None,
    entitlement: EntitlementOption = None,
    price: PriceOption = None,
    rule_off: RuleOffOption = None,
    shock: ShockOption = None,
    origin: OriginOption = None,
    town: TownOption = None,
    grade: GradeOption = None,
    seed: Annotated[
        int, typer.Option(min=0, help="Random seed of the searches, and of who is away.")
    ] = 1,
    seconds: Annotated[
        float | None,
        typer.Option(min=0.01, help="End after so many seconds with what is found by then."),
    ] = None,
    prove: Annotated[
        bool, typer.Option("--proof/--no-proof", help="Prove how many are too few.")
    ] = True,
    futures: Annotated[
        int,
        typer.Option(min=0, max=10_000, metavar="N", help="Try the answer on so many drawn days."),
    ] = 0,
    folder: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="FOLDER",
            help="Write the day with hires, its roster, the proofs and a record to check.",
        ),
    ] = None,
    catalogue: CatalogueOption = None,
    rules: RulesOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Find the fewest further caregivers by whom visits are made, and prove how few are too few.

    Ctrl-C ends early with the best team so far; a second one aborts.
    """
    from optimizer.commands.inline_study import Question
    from optimizer.commands.staffing import Asked, staffing_file

    question = Question(
        drop_organisation=drop_organisation or (),
        away=away,
        demand=demand,
        more_caregivers=more_caregivers,
        clients_away=clients_away,
        longer_shifts=longer_shifts,
        travel=travel,
        entitlement=entitlement,
        price=price,
        rule_off=rule_off or (),
        shock=shock or (),
        origin=origin,
        town=town,
        grade=grade,
    )
    return staffing_file(
        scenario,
        Asked(
            cover=cover,
            budget=budget,
            wage=wage,
            like=like,
            seed=seed,
            prove=prove,
            futures=futures,
            seconds=seconds,
            folder=folder,
        ),
        question,
        catalogue=catalogue,
        rules=rules,
        lang=chosen_language(lang),
        as_json=as_json,
    )


def audit(
    scenario: Annotated[Path, Input(metavar="SCENARIO", help="Scenario or benchmark instance.")],
    plan: Annotated[Path, Input(metavar="PLAN", help="Its plan.")],
    record: Annotated[Path, Input(metavar="AUDIT", help="Record that solve --audit wrote.")],
    *,
    catalogue: CatalogueOption = None,
    rules: RulesOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Check every claim of an audit record anew, line by line."""
    from optimizer.commands.audit import audit_files

    return audit_files(
        scenario,
        plan,
        record,
        catalogue=catalogue,
        rules=rules,
        lang=chosen_language(lang),
        as_json=as_json,
    )
