"""Checking before long work that its results can be written, and writing records."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from optimizer.errors import UsageError
from optimizer.formats.files import write_bytes
from optimizer.formats.registry import PLAN, Origin
from optimizer.i18n import say
from optimizer.report.writing import insist_on_form, output_form


def check_outputs(paths: Iterable[Path], *, inputs: Iterable[Path | None] = ()) -> None:
    """Make sure before anything is read that the results can be written, and destroy nothing.

    Parameters
    ----------
    paths
        Files to be written.
    inputs
        Files that the command reads; None is passed over.

    Raises
    ------
    UsageError
        If a file cannot be written, its name asks for no known form, or it is an input or
        another output, by whatever name.
    """
    read = [path for path in inputs if path is not None]
    written: list[Path] = []
    for path in paths:
        output_form(path)
        check_writable(path)
        if any(_is_same_file(path, one) for one in read):
            raise UsageError(say("usage.onto_input", path=path))
        for other in written:
            if _is_same_file(path, other):
                raise UsageError(say("usage.same_output", path=path, other=other))
        written.append(path)


def check_folder(folder: Path) -> None:
    """Make sure before long work that files can be written to a folder, perhaps a new one.

    Raises
    ------
    UsageError
        If it is a file, or cannot be made or written.
    """
    there = next((one for one in (folder, *folder.absolute().parents) if one.exists()), folder)
    if not there.is_dir():
        raise UsageError(say("usage.no_folder_but_file", path=folder, file=there))
    if not os.access(there, os.W_OK):
        raise UsageError(say("usage.unwritable", path=folder, why=say("cause.no-right")))


def check_writable(path: Path) -> None:
    """Make sure before long work that a file can be written, whatever its form.

    Raises
    ------
    UsageError
        If it is a folder, its folder is not there, or it must not be written.
    """
    if path.is_dir():
        raise UsageError(say("usage.folder", path=path))
    if not path.parent.is_dir():
        raise UsageError(say("usage.no_folder", path=path, folder=path.parent))
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise UsageError(say("usage.unwritable", path=path, why=say("cause.no-right")))


def _is_same_file(one: Path, other: Path) -> bool:
    """Return whether two names lead to one file, also by links, also before it is written."""
    if one.exists() and other.exists():
        return one.samefile(other)
    return os.path.realpath(one) == os.path.realpath(other)


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


def check_record_name(path: Path) -> None:
    """Make sure that a file is named as a record in JSON.

    Raises
    ------
    UsageError
        If the name does not end in .json, .json.gz or .json.xz.
    """
    if output_form(path) is not PLAN:
        raise UsageError(say("usage.ending_json", path=path))


def write_text(path: Path, text: str) -> None:
    """Write a record in JSON to a file, already checked by `check_outputs`.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    write_bytes(path, text.encode("utf-8"))
