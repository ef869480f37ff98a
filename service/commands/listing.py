"""Rows for the eye or as JSON: what the commands that list things answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.table import Table

from optimizer.commands import ExitCode
from optimizer.commands.terminal import answer, answer_json
from optimizer.i18n import Lang, sentence


def moment(when: datetime | None) -> str | None:
    """Return a moment as it is shown, to the second; None where there is none."""
    return None if when is None else f"{when:%Y-%m-%dT%H:%M:%SZ}"


def show(name: str, rows: Sequence[Mapping[str, object]], *, lang: Lang, as_json: bool) -> int:
    """Show rows of equal keys; return the exit code.

    Parameters
    ----------
    name
        Key of the rows in the JSON document.
    rows
        What to show; the keys name the columns.
    lang
        Language of the headings.
    as_json
        Whether to answer with one JSON document.
    """
    if as_json:
        answer_json({name: list(rows)})
        return ExitCode.OK
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for column in rows[0] if rows else ():
        table.add_column(sentence(lang, f"service.column.{column}"))
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    answer(table)
    return ExitCode.OK
