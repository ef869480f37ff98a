"""Checking before long work that its results can be written, and writing records."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from optimizer.errors import UsageError
from optimizer.formats.files import write_bytes
from optimizer.formats.registry import PLAN, Origin
from optimizer.i18n import say
from optimizer.report.writing import insist_on_form, output_form


def check_outputs(paths: Iterable[Path]) -> None:
    """Make sure before anything is read that the results can be written.

    Parameters
    ----------
    paths
        Files to be written.

    Raises
    ------
    UsageError
        If a file cannot be written, or its name asks for no known form.
    """
    for path in paths:
        output_form(path)
        if path.is_dir():
            raise UsageError(say("usage.folder", path=path))
        if not path.parent.is_dir():
            raise UsageError(say("usage.no_folder", path=path, folder=path.parent))


def check_forms(paths: Iterable[Path], origin: Origin | None) -> None:
    """Make sure before long work that plans of a problem can take the forms asked for.

    Parameters
    ----------
    paths
        Files to be written, already checked by `check_outputs`.
    origin
        The problem as its foreign format says it, or None.

    Raises
    ------
    UsageError
        If a form is one for plans of other problems only.
    """
    for path in paths:
        insist_on_form(path, origin)


def check_record(path: Path) -> None:
    """Make sure before long work that a record in JSON can be written.

    Raises
    ------
    UsageError
        If the name does not end in .json, .json.gz or .json.xz, or there is no such folder.
    """
    if output_form(path) is not PLAN:
        raise UsageError(say("usage.ending_json", path=path))
    check_outputs([path])


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
        raise UsageError(say("usage.unwritable", path=path, why=error.strerror or error)) from error
