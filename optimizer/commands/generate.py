"""``homecare generate``: make a scenario from a recipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs
from optimizer.commands.terminal import answer, answer_json
from optimizer.domain.scenario import Scenario
from optimizer.errors import UsageError
from optimizer.formats import format_scenario, write_scenario
from optimizer.generate import RECIPES, Figure, Recipe, figures, generate_scenario
from optimizer.i18n import Lang, say, sentence
from optimizer.needs import derive
from optimizer.report.writing import scenario_form


def recipe_named(name: str) -> Recipe:
    """Return a recipe.

    Raises
    ------
    UsageError
        If there is no such recipe.
    """
    if name not in RECIPES:
        raise UsageError(say("usage.no_recipe", name=name, known=tuple(RECIPES)))
    return RECIPES[name]


def generate_file(
    recipe: str, *, seed: int | None, output: Path | None, report: bool, lang: Lang, as_json: bool
) -> int:
    """Make a scenario, write it, print it or report on it, and return the exit code.

    Parameters
    ----------
    recipe
        Name of a recipe.
    seed
        Seed of everything drawn; the recipe's own if None.
    output
        File to write; standard output if None.
    report
        Whether to show targets and drawn values; then the scenario itself is not printed.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document instead of words, where a file is written
        or a report asked for.
    """
    made = recipe_named(recipe)
    if output is not None:
        check_outputs([output])
        scenario_form(output)
    used = made.seed if seed is None else seed
    scenario = generate_scenario(made, used)
    if output is not None:
        write_scenario(scenario, output)
    elif not report:
        sys.stdout.write(format_scenario(scenario))
        return ExitCode.OK
    told = figures(made, scenario) if report else ()
    if as_json:
        answer_json(_document(scenario, used, output, told))
        return ExitCode.OK
    if report:
        answer(_table(scenario, used, told, lang))
    if output is not None:
        answer(Text(sentence(lang, "cli.written", path=output)))
    return ExitCode.OK


def _document(
    scenario: Scenario, seed: int, output: Path | None, told: Sequence[Figure]
) -> dict[str, object]:
    document: dict[str, object] = {
        "scenario": scenario.id,
        "seed": seed,
        "clients": len(scenario.clients),
        "caregivers": len(scenario.caregivers),
        "visits": len(derive(scenario).scenario.visits),
    }
    if told:
        document["figures"] = [
            {
                "figure": figure.code,
                "target": figure.target,
                "drawn": round(figure.drawn, figure.decimals),
            }
            for figure in told
        ]
    if output is not None:
        document["written"] = str(output)
    return document


def _table(scenario: Scenario, seed: int, told: Sequence[Figure], lang: Lang) -> Table:
    """Return targets and drawn values side by side."""
    table = Table(title=sentence(lang, "generate.title", scenario=scenario.id, seed=seed))
    table.add_column(sentence(lang, "generate.figure"))
    table.add_column(sentence(lang, "generate.target"), justify="right")
    table.add_column(sentence(lang, "generate.drawn"), justify="right")
    for figure in told:
        table.add_row(
            sentence(lang, f"generate.{figure.code}"),
            "" if figure.target is None else f"{figure.target:,.{figure.decimals}f}",
            f"{figure.drawn:,.{figure.decimals}f}",
        )
    return table
