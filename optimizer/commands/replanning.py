"""What a planner does to a roster that was told: the arguments of `replan` and its like.

As in `optimizer.cli`, nothing heavy is imported before it is needed.
"""
# ruff: noqa: PLC0415 (see above)

# No `from __future__ import annotations`, as in `optimizer.cli`.
from pathlib import Path
from typing import Annotated

import typer

from optimizer.commands.language import chosen_language
from optimizer.commands.options import (
    CatalogueOption,
    Input,
    JsonOption,
    LangOption,
    RulesOption,
    SeedOption,
)

Words = list[str] | None


def replan(
    scenario: Annotated[Path, Input(metavar="SCENARIO", help="Scenario.")],
    plan: Annotated[Path, Input(metavar="PLAN", help="Roster that everybody was told.")],
    *,
    absent: Annotated[
        Words,
        typer.Option(metavar="CAREGIVER", help="Does not come, or goes home now; may be repeated."),
    ] = None,
    late: Annotated[
        Words,
        typer.Option(metavar="CAREGIVER=MIN", help="Comes so many minutes late; may be repeated."),
    ] = None,
    leaves: Annotated[
        Words,
        typer.Option(metavar="CAREGIVER=TIME", help="Has to be back by then; may be repeated."),
    ] = None,
    away: Annotated[
        Words,
        typer.Option(metavar="CLIENT", help="Is not at home that day; may be repeated."),
    ] = None,
    hospital: Annotated[
        Words,
        typer.Option(
            metavar="CLIENT[=DAY]",
            help="Is in hospital, to that last day if it is given; may be repeated.",
        ),
    ] = None,
    shift: Annotated[
        Words,
        typer.Option(metavar="CAREGIVER=TIME-TIME", help="Works at these hours; may be repeated."),
    ] = None,
    actual: Annotated[
        Words,
        typer.Option(
            metavar="VISIT=TIME[-TIME]",
            help="When a visit really began, and ended; may be repeated.",
        ),
    ] = None,
    road: Annotated[
        Words,
        typer.Option(
            metavar="TOWN=FACTOR",
            help="Ways to the town take so many times as long; may be repeated.",
        ),
    ] = None,
    refuses: Annotated[
        Words,
        typer.Option(
            metavar="CLIENT=CAREGIVER", help="Does not want to be visited by; may be repeated."
        ),
    ] = None,
    cancel: Annotated[
        Words, typer.Option(metavar="VISIT", help="Is not wanted; may be repeated.")
    ] = None,
    longer: Annotated[
        Words,
        typer.Option(metavar="VISIT=MIN", help="Takes so many minutes more; may be repeated."),
    ] = None,
    add: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A new visit; may be repeated.")
    ] = None,
    events: Annotated[
        Path | None, typer.Option(metavar="FILE", help="All that has happened, as one file.")
    ] = None,
    now: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="What begins until then has begun and stays as it is."),
    ] = None,
    date: Annotated[
        str | None, typer.Option(metavar="DAY", help="Day it happens on; the first if not given.")
    ] = None,
    freeze: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Minutes after now in which visits move only if they must; "
            "as the scenario says if not given.",
        ),
    ] = None,
    proposal: Annotated[
        int, typer.Option(min=1, help="Number of the proposal to take and to write.")
    ] = 1,
    accept: Annotated[
        Words,
        typer.Option(metavar="GROUP", help="Take this group or visit only; may be repeated."),
    ] = None,
    refuse: Annotated[
        Words,
        typer.Option(metavar="GROUP", help="Take all but this group or visit; may be repeated."),
    ] = None,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="File to write the roster to; may be repeated."
        ),
    ] = None,
    day: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the scenario as it is now, for the next replan."),
    ] = None,
    people: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Names file, to print names; else pseudonyms."),
    ] = None,
    iterations: Annotated[
        int | None, typer.Option(min=0, help="Steps of the search per proposal.")
    ] = None,
    seed: SeedOption = 1,
    catalogue: CatalogueOption = None,
    rules: RulesOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Mend a roster after something has happened, with whom to call and what to say."""
    from optimizer.commands.replan import Choice, Told, replan_files
    from optimizer.replan import USUAL_ITERATIONS

    return replan_files(
        scenario,
        plan,
        Told(
            absent=absent or (),
            late=late or (),
            leaves=leaves or (),
            away=away or (),
            hospital=hospital or (),
            shift=shift or (),
            actual=actual or (),
            road=road or (),
            refuses=refuses or (),
            cancel=cancel or (),
            longer=longer or (),
            add=add or (),
            events=events,
            now=now,
            date=date,
        ),
        Choice(proposal, accept or (), refuse or ()),
        freeze=freeze,
        iterations=USUAL_ITERATIONS if iterations is None else iterations,
        seed=seed,
        outputs=output or (),
        day=day,
        people=people,
        catalogue=catalogue,
        rules=rules,
        lang=chosen_language(lang),
        as_json=as_json,
    )


ScenarioInput = Annotated[Path, Input(metavar="SCENARIO", help="Scenario.")]
PlanInput = Annotated[Path, Input(metavar="PLAN", help="Its roster.")]
OutputOption = Annotated[
    list[Path] | None,
    typer.Option(
        "-o", "--output", metavar="FILE", help="File to write the roster to; may be repeated."
    ),
]


def recommend(
    scenario: ScenarioInput,
    plan: PlanInput,
    *,
    visit: Annotated[
        str, typer.Option(metavar="ID|FILE", help="Visit that is left out, or file of a new one.")
    ],
    most: Annotated[int, typer.Option(min=1, help="Caregivers told at most.")] = 5,
    now: Annotated[
        str | None, typer.Option(metavar="TIME", help="The visit begins no earlier.")
    ] = None,
    move_one: Annotated[
        bool, typer.Option("--move-one", help="One other visit may go elsewhere to make room.")
    ] = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say who could take a visit, when, at what cost, and what bars the others."""
    from optimizer.commands.by_hand import Asked, recommend_files

    asked = Asked(scenario, plan, (), chosen_language(lang), as_json)
    return recommend_files(asked, visit, most=most, now=now, move_one=move_one)


def move(
    scenario: ScenarioInput,
    plan: PlanInput,
    *,
    visit: Annotated[str, typer.Option(metavar="VISIT", help="Visit to be moved.")],
    to: Annotated[str | None, typer.Option(metavar="CAREGIVER", help="Who is to make it.")] = None,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it is to begin; the best time if not.")
    ] = None,
    carer: Annotated[int, typer.Option(min=1, max=2, help="Which of two carers is replaced.")] = 1,
    swap: Annotated[
        str | None, typer.Option(metavar="VISIT", help="Instead: exchange caregivers with it.")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Instead: take it off the roster.")] = False,
    output: OutputOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Move, exchange or take off one visit by hand, and tell cost and broken rules."""
    from optimizer.commands.by_hand import Asked, move_files

    asked = Asked(scenario, plan, output or (), chosen_language(lang), as_json)
    return move_files(asked, visit, to=to, swap=swap, off=off, carer=carer, at=at)


def retime(
    scenario: ScenarioInput,
    plan: PlanInput,
    *,
    output: OutputOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Begin every visit at the best time for the order of its route."""
    from optimizer.commands.by_hand import Asked, retime_files

    return retime_files(Asked(scenario, plan, output or (), chosen_language(lang), as_json))


def compare(
    scenario: ScenarioInput,
    plan: PlanInput,
    other: Annotated[Path, Input(metavar="OTHER", help="Roster to compare with.")],
    *,
    other_scenario: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Scenario of the other, if another one.")
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Tell two rosters apart: costs side by side, and every visit that differs."""
    from optimizer.commands.by_hand import Asked, compare_files

    asked = Asked(scenario, plan, (), chosen_language(lang), as_json)
    return compare_files(asked, other, other_scenario)
