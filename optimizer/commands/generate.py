"""``homecare generate``: make a scenario from a recipe."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.text import Text

from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import OutputKind, check_outputs, output_kind
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import UsageError
from optimizer.formats import format_scenario, write_scenario
from optimizer.generate import RECIPES, Recipe, generate_scenario
from optimizer.i18n.catalogue import Lang, sentence


def recipe_named(name: str) -> Recipe:
    """Return a recipe.

    Raises
    ------
    UsageError
        If there is no such recipe.
    """
    if name not in RECIPES:
        raise UsageError(f"There is no recipe {name}; known are {', '.join(RECIPES)}.")
    return RECIPES[name]


def generate_file(
    recipe: str, *, seed: int | None, output: Path | None, lang: Lang, as_json: bool
) -> int:
    """Make a scenario, write it or print it, and return the exit code.

    Parameters
    ----------
    recipe
        Name of a recipe.
    seed
        Seed of everything drawn; the recipe's own if None.
    output
        File to write; standard output if None.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document instead of words, where a file is written.
    """
    made = recipe_named(recipe)
    if output is not None:
        check_outputs([output], is_instance=True)
        if output_kind(output) is not OutputKind.PLAN:
            raise UsageError(f"{output}: a scenario can be written as .json, .json.gz or .json.xz.")
    used = made.seed if seed is None else seed
    scenario = generate_scenario(made, used)
    if output is None:
        sys.stdout.write(format_scenario(scenario))
        return ExitCode.OK
    write_scenario(scenario, output)
    if as_json:
        answer_json(
            {
                "scenario": scenario.id,
                "seed": used,
                "clients": len(scenario.clients),
                "caregivers": len(scenario.caregivers),
                "visits": len(scenario.visits),
                "written": str(output),
            }
        )
    else:
        answer(Text(sentence(lang, "cli.written", path=output)))
    return ExitCode.OK
