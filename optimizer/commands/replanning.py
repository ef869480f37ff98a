"""What a planner does to a roster that was told: the arguments of `replan` and its like.

As in `optimizer.cli`, nothing heavy is imported before it is needed.
"""
# ruff: noqa: PLC0415 (see above)

# No `from __future__ import annotations`, as in `optimizer.cli`.
from pathlib import Path
from typing import Annotated

import typer

from optimizer.commands import replan_options as told
from optimizer.commands.language import chosen_language
from optimizer.commands.options import (
    CatalogueOption,
    Input,
    JsonOption,
    LangOption,
    RulesOption,
    SeedOption,
)


def replan(
    scenario: Annotated[Path, Input(metavar="SCENARIO", help="Scenario.")],
    plan: Annotated[Path, Input(metavar="PLAN", help="Roster that everybody was told.")],
    *,
    absent: told.Absentees = None,
    late: told.Latecomers = None,
    leaves: told.Leavers = None,
    away: told.AwayClients = None,
    hospital: told.HospitalStays = None,
    shift: told.NewShifts = None,
    actual: told.ActualTimes = None,
    road: told.ClosedRoads = None,
    refuses: told.Refusals = None,
    cancel: told.Cancellations = None,
    longer: told.LongerVisits = None,
    add: told.NewVisits = None,
    events: told.EventsFile = None,
    now: told.Now = None,
    date: told.Date = None,
    freeze: told.Freeze = None,
    proposal: told.ProposalNumber = 1,
    accept: told.Accepted = None,
    refuse: told.Refused = None,
    output: told.Outputs = None,
    day: told.DayFile = None,
    people: told.PeopleFile = None,
    iterations: told.Iterations = None,
    seed: SeedOption = 1,
    catalogue: CatalogueOption = None,
    rules: RulesOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Mend a roster after something has happened, with whom to call and what to say."""
    from optimizer.commands.replan import Choice, Mended, Told, replan_files

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
        Choice(proposal, accept or (), refuse or (), freeze, iterations, seed),
        Mended(output or (), day, people, catalogue, rules, chosen_language(lang), as_json),
    )


ScenarioInput = Annotated[Path, Input(metavar="SCENARIO", help="Scenario.")]
PlanInput = Annotated[Path, Input(metavar="PLAN", help="Its roster.")]
VisitId = Annotated[str | None, typer.Option(metavar="VISIT", help="Visit to be changed.")]
Day = Annotated[
    Path | None,
    typer.Option("--day", metavar="FILE", help="Write the scenario where it has changed."),
]


def recommend(
    scenario: ScenarioInput,
    plan: PlanInput,
    *,
    visit: Annotated[
        str | None,
        typer.Option(metavar="ID|FILE", help="Visit that is left out, or file of a new one."),
    ] = None,
    series: Annotated[
        str | None,
        typer.Option(
            metavar="ID|FILE", help="Instead: series of which visits are left out, or a new one."
        ),
    ] = None,
    most: Annotated[
        int | None, typer.Option(min=1, help="Caregivers told at most; of a series, ways.")
    ] = None,
    now: Annotated[
        str | None, typer.Option(metavar="TIME", help="The visit begins no earlier.")
    ] = None,
    move_one: Annotated[
        bool, typer.Option("--move-one", help="One other visit may go elsewhere to make room.")
    ] = False,
    take: Annotated[int, typer.Option(min=1, help="Number of the one to be written.")] = 1,
    output: told.Outputs = None,
    day: Day = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say who could take a visit or a series, when, at what cost, and what bars the others."""
    from optimizer.commands.by_hand import Asked
    from optimizer.commands.recommend import Sought, recommend_files

    asked = Asked(scenario, plan, output or (), chosen_language(lang), as_json, day)
    return recommend_files(asked, Sought(visit, series, most, now, move_one, take))


def move(
    scenario: ScenarioInput,
    plan: PlanInput,
    *,
    visit: VisitId = None,
    to: Annotated[str | None, typer.Option(metavar="CAREGIVER", help="Who is to make it.")] = None,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it is to begin; the best time if not.")
    ] = None,
    carer: Annotated[
        int | None, typer.Option(min=1, max=2, help="Which of two carers is replaced.")
    ] = None,
    swap: Annotated[
        str | None, typer.Option(metavar="VISIT", help="Instead: exchange caregivers with it.")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Instead: take it off the roster.")] = False,
    pin: Annotated[
        bool, typer.Option("--pin", help="Instead: fix its carers and its time as they are.")
    ] = False,
    unpin: Annotated[bool, typer.Option("--unpin", help="Instead: fix nothing of it.")] = False,
    shift: Annotated[
        str | None,
        typer.Option(
            metavar="CAREGIVER[/N]=TIME-TIME",
            help="Instead of a visit: other hours of a shift, the first of its day without N.",
        ),
    ] = None,
    date: Annotated[
        str | None, typer.Option(metavar="DAY", help="Day of the shift; the first if not given.")
    ] = None,
    output: told.Outputs = None,
    day: Day = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Change one visit or one shift by hand, and tell cost and broken rules."""
    from optimizer.commands.by_hand import Asked, Wanted, move_files

    asked = Asked(scenario, plan, output or (), chosen_language(lang), as_json, day)
    return move_files(asked, Wanted(visit, to, at, carer, swap, off, pin, unpin, shift, date))


def retime(
    scenario: ScenarioInput,
    plan: PlanInput,
    *,
    output: told.Outputs = None,
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
