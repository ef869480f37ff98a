"""Commands that other packages of the installation add to the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, distribution

import typer

GROUP = "homecare.commands"
"Group of entry points; each names a function that is given the command line to add to."

_DISTRIBUTION = "homecare-optimizer"

Mount = Callable[[typer.Typer], None]


def mounts() -> Iterator[Mount]:
    """Return the functions that add commands, in the order of ``pyproject.toml``.

    Only this distribution is asked: to read through all that are installed takes a tenth of
    the time of ``homecare --help``. A source tree that nobody installed has no entry points.
    """
    try:
        entries = distribution(_DISTRIBUTION).entry_points
    except PackageNotFoundError:
        return
    for entry in entries.select(group=GROUP):
        yield entry.load()
