"""A day too large for one process: the arguments of `city`.

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


def city(
    scenario: Annotated[
        Path,
        Input(
            metavar="SCENARIO",
            help="Scenario, benchmark instance or VROOM problem (.json, .gz, .xz).",
        ),
    ],
    *,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="File to write: .json (or .json.gz, .json.xz), .csv, .html, .svg, or another "
            "program's form; may be repeated.",
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            min=0.1,
            help="Processor seconds of all parts; 15 for each thousand visits if not given.",
        ),
    ] = None,
    iterations: Annotated[
        int | None, typer.Option(min=1, help="Steps of all parts, instead of seconds.")
    ] = None,
    seed: SeedOption = 1,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; all processors if not given.")
    ] = None,
    visits_per_part: Annotated[
        int, typer.Option(min=1, help="About how many visits a part has.")
    ] = 1_000,
    catalogue: CatalogueOption = None,
    rules: RulesOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Make the roster of a day too large for one process: in parts, cut anew in every round.

    Ctrl-C ends with the last round that is whole; a second one aborts.
    """
    from optimizer.commands.city import Effort, city_file

    return city_file(
        scenario,
        Effort(seconds, iterations, seed, workers, visits_per_part),
        outputs=output or [],
        catalogue=catalogue,
        rules=rules,
        lang=chosen_language(lang),
        as_json=as_json,
    )
