"""What a purchaser of care decides: the arguments of `allocate`.

As in `optimizer.cli`, nothing heavy is imported before it is needed.
"""
# ruff: noqa: PLC0415 (see above)

# No `from __future__ import annotations`, as in `optimizer.cli`.
from pathlib import Path
from typing import Annotated

import typer

from optimizer.commands.language import chosen_language
from optimizer.commands.options import Input, JsonOption, LangOption


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
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Allocate clients to organisations by published rules, with a line that anybody can redo."""
    from optimizer.commands.allocate import Files, allocate_files

    return allocate_files(
        Files(scenario, rules, before, output, log),
        clients=client or (),
        lang=chosen_language(lang),
        as_json=as_json,
    )
