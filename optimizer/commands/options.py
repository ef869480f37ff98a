"""Arguments that several commands share."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from optimizer.commands.language import choose_for_group

Input = typer.Argument
LangOption = Annotated[
    Literal["en", "zh"] | None, typer.Option(help="Language; default: that of the shell.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Answer with one JSON document on standard output.")
]
SecondsOption = Annotated[
    float | None, typer.Option(min=0.01, help="End after so many seconds (30 if nothing is said).")
]
SeedOption = Annotated[int, typer.Option(min=0, help="Same seed and iterations, same roster.")]
CatalogueOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Services of the district, instead of ours.")
]
RulesOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Rules of the district, instead of ours.")
]
WorkersOption = Annotated[int, typer.Option(min=1, help="Searches side by side.")]
LedgerOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Ledger to enter this in, begun if there is none."),
]
CorrectOption = Annotated[
    str | None,
    typer.Option(
        metavar="REASON", help="Why an earlier entry about the same is corrected in the ledger."
    ),
]


def speak(*, lang: LangOption = None) -> None:
    """Take the language for a whole group of commands; a command's own says otherwise."""
    if lang is not None:
        choose_for_group(lang)
