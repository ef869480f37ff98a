"""The two streams of a command: answers on standard output, everything else beside it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence

from rich.console import Console, RenderableType

from optimizer.errors import MOST_TOLD, Fault
from optimizer.i18n import Lang, sentence, translated

_PLAIN_WIDTH = 120


def answer(what: RenderableType) -> None:
    """Print a readable answer on standard output; a pipe gets a fixed width."""
    width = None if sys.stdout.isatty() else _PLAIN_WIDTH
    Console(width=width, highlight=False).print(what)


def answer_json(document: Mapping[str, object]) -> None:
    """Print one JSON document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def tell(text: str) -> None:
    """Write a line beside the answer, on standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def tell_warnings(warnings: Sequence[Fault], source: str, *, lang: Lang) -> None:
    """Write what is suspicious in a document, on standard error."""
    if warnings:
        tell(sentence(lang, "fault.warning_heading", source=source, count=len(warnings)))
        tell_faults(warnings, lang=lang)


def tell_faults(faults: Sequence[Fault], *, lang: Lang) -> None:
    """Write one line per fault on standard error, and after fifty how many more there are."""
    for fault in faults[:MOST_TOLD]:
        place = fault.path or sentence(lang, "fault.document")
        if fault.record is not None:
            place = sentence(lang, "fault.place", path=place, record=fault.record)
        words = translated(lang, fault.message)
        tell("  " + sentence(lang, "list.labelled", what=place, more=words))
    if len(faults) > MOST_TOLD:
        tell("  " + sentence(lang, "fault.rest", count=len(faults) - MOST_TOLD))
