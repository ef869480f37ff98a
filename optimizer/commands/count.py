"""``homecare count``: how many visits a scenario has."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from optimizer.commands.documents import load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.terminal import answer, answer_json
from optimizer.i18n import Lang


def count_file(path: Path, *, lang: Lang, as_json: bool) -> int:
    """Show how many visits a scenario has and return the exit code.

    Parameters
    ----------
    path
        A problem of any format.
    lang
        Language of warnings.
    as_json
        Whether to answer with one JSON document.
    """
    visits = len(load_problem(path, lang=lang).scenario.visits)
    if as_json:
        answer_json({"visits": visits})
    else:
        answer(Text(str(visits)))
    return ExitCode.OK
