"""What a planner types for weeks: the arguments of `pattern`, `carry_over`, `labour_rules`.

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
    Input,
    JsonOption,
    LangOption,
    speak,
)

app = typer.Typer(
    name="pattern",
    help="The master pattern: who comes to whom on which weekday, week after week.",
    no_args_is_help=True,
)
app.callback()(speak)

ScenarioInput = Annotated[Path, Input(metavar="SCENARIO", help="Scenario of the days.")]
PlanInput = Annotated[Path, Input(metavar="PLAN", help="Roster of these days.")]
PatternInput = Annotated[Path, Input(metavar="PATTERN", help="Pattern to use.")]


@app.command(epilog=EXIT_CODES)
def learn(
    scenario: ScenarioInput,
    plan: PlanInput,
    *,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Pattern to write, .json.")
    ],
    cycle: Annotated[
        int, typer.Option(min=1, max=8, help="Weeks after which the pattern begins anew.")
    ] = 1,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Learn from a roster who comes to whom on which weekday, and when."""
    from optimizer.commands.pattern import Told, learn_files

    told = Told(chosen_language(lang), as_json)
    return learn_files(scenario, plan, output, cycle=cycle, told=told)


@app.command("lay-out", epilog=EXIT_CODES)
def lay_out(
    scenario: ScenarioInput,
    pattern: PatternInput,
    *,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="FILE", help="Scenario to write, ready to solve."),
    ],
    weight: Annotated[
        int,
        typer.Option(
            min=0, max=1_000_000, help="What leaving the pattern costs, in minutes of travel."
        ),
    ] = 60,
    leave_out_gone: Annotated[
        bool,
        typer.Option("--leave-out-gone", help="People of the pattern may have left."),
    ] = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Lay a pattern out over later days, for a search that keeps to it."""
    from optimizer.commands.pattern import Told, lay_out_files

    return lay_out_files(
        scenario,
        pattern,
        output,
        weight=weight,
        leave_out_gone=leave_out_gone,
        told=Told(chosen_language(lang), as_json),
    )


@app.command(epilog=EXIT_CODES)
def deviations(
    scenario: ScenarioInput,
    plan: PlanInput,
    pattern: PatternInput,
    *,
    most: Annotated[
        int, typer.Option(min=0, help="Visits of which it is tried why they deviate.")
    ] = 100,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Tell how much of a pattern a roster keeps, which visits leave it, and why."""
    from optimizer.commands.pattern import Told, deviate_files

    told = Told(chosen_language(lang), as_json)
    return deviate_files(scenario, plan, pattern, most=most, told=told)


def carry_over(
    before: Annotated[Path, Input(metavar="BEFORE", help="Scenario of the days before.")],
    plan: Annotated[Path, Input(metavar="PLAN", help="Roster of the days before.")],
    scenario: Annotated[Path, Input(metavar="SCENARIO", help="Scenario of the days after.")],
    *,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="FILE", help="Scenario to write, ready to solve."),
    ],
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Tell the next period who worked, who knows whom, and what was missed."""
    from optimizer.commands.carry_over import carry_over_files

    return carry_over_files(
        before, plan, scenario, output, lang=chosen_language(lang), as_json=as_json
    )


def labour_rules(
    scenario: Annotated[Path, Input(metavar="SCENARIO", help="Scenario to look at.")],
    rules: Annotated[
        Path | None,
        Input(metavar="RULES", help="Rules of another country, to be written into it."),
    ] = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Scenario to write with RULES."),
    ] = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show the law on working time that a scenario is under, or put it under another one."""
    from optimizer.commands.labour_rules import show_labour_rules

    return show_labour_rules(scenario, rules, output, lang=chosen_language(lang), as_json=as_json)
