"""Writing a roster to files; the name's ending says as what."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from optimizer.errors import UsageError
from optimizer.formats import write_plan, write_plan_csv
from optimizer.formats.files import write_bytes
from optimizer.formats.hhcrsp import HhcrspInstance
from optimizer.formats.hhcrsp_solution import write_hhcrsp_solution
from optimizer.i18n.catalogue import Lang
from optimizer.report.page import roster_page, roster_picture
from optimizer.report.roster import Roster


class OutputKind(StrEnum):
    """What a roster can be written as."""

    PLAN = "plan"
    TABLE = "table"
    PAGE = "page"
    PICTURE = "picture"
    SOLUTION = "solution"


_ENDINGS = {
    ".hhcrsp.json": OutputKind.SOLUTION,
    ".hhcrsp.json.gz": OutputKind.SOLUTION,
    ".hhcrsp.json.xz": OutputKind.SOLUTION,
    ".json": OutputKind.PLAN,
    ".json.gz": OutputKind.PLAN,
    ".json.xz": OutputKind.PLAN,
    ".csv": OutputKind.TABLE,
    ".html": OutputKind.PAGE,
    ".svg": OutputKind.PICTURE,
}


def output_kind(path: Path) -> OutputKind:
    """Return what the ending of a file's name asks for; the longest ending counts.

    Raises
    ------
    UsageError
        If the ending is none that is known.
    """
    for ending, kind in _ENDINGS.items():
        if path.name.lower().endswith(ending):
            return kind
    known = ", ".join(ending for ending in _ENDINGS if ".hhcrsp.json." not in ending)
    raise UsageError(f"{path}: the name must end in one of {known} (json also with .gz or .xz).")


def check_outputs(paths: Iterable[Path], *, is_instance: bool) -> None:
    """Make sure before long work that its results can be written.

    Parameters
    ----------
    paths
        Files to be written.
    is_instance
        Whether the problem is an instance of the public benchmark, the only ones whose
        plans can be written in the benchmark's format.

    Raises
    ------
    UsageError
        If a file cannot be written, or not in the form that its name asks for.
    """
    for path in paths:
        if output_kind(path) is OutputKind.SOLUTION and not is_instance:
            raise UsageError(f"{path}: only plans of benchmark instances have this format.")
        if path.is_dir():
            raise UsageError(f"{path} is a folder; name a file.")
        if not path.parent.is_dir():
            raise UsageError(f"{path}: the folder {path.parent} does not exist.")


def check_record(path: Path) -> None:
    """Make sure before long work that a record in JSON can be written.

    Raises
    ------
    UsageError
        If the name does not end in .json, .json.gz or .json.xz, or there is no such folder.
    """
    if output_kind(path) is not OutputKind.PLAN:
        raise UsageError(f"{path}: the name must end in .json (also with .gz or .xz).")
    check_outputs([path], is_instance=False)


def write_text(path: Path, text: str) -> None:
    """Write a record in JSON to a file, already checked by `check_record`.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    try:
        write_bytes(path, text.encode("utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error


def write_output(
    path: Path, roster: Roster, *, lang: Lang, instance: HhcrspInstance | None = None
) -> None:
    """Write a roster in the form that the file's name asks for.

    Parameters
    ----------
    path
        File to write, already checked by `check_outputs`.
    roster
        The roster.
    lang
        Language of a page or picture.
    instance
        The benchmark instance, for its solution format.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    try:
        _write(path, roster, lang, instance)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error


def _write(path: Path, roster: Roster, lang: Lang, instance: HhcrspInstance | None) -> None:
    match output_kind(path):
        case OutputKind.PLAN:
            write_plan(roster.plan, path)
        case OutputKind.TABLE:
            write_plan_csv(roster.plan, roster.scenario, path)
        case OutputKind.PAGE:
            path.write_text(roster_page(roster, lang=lang), encoding="utf-8")
        case OutputKind.PICTURE:
            if not roster.routes:
                raise UsageError(f"{path}: a plan without routes has no picture.")
            path.write_text(roster_picture(roster, lang=lang), encoding="utf-8")
        case OutputKind.SOLUTION:
            if instance is None:
                raise UsageError(f"{path}: only plans of benchmark instances have this format.")
            write_hhcrsp_solution(instance, roster.plan, path)
