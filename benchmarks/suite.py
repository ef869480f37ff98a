"""What a suite is: something that measures cases one by one and shows them in tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

Figure = int | float | str | bool | None | list[list[float]]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a suite is run.

    Attributes
    ----------
    seconds, iterations
        Budget per solve; None leaves it to the suite or to the other one.
    seeds
        Seeds that every case is solved with.
    workers
        Threads or processes per solve, at least 1.
    only
        Cases to run: a part of the name, or a pattern with ``*``; empty for all.
    data
        Folder of public instances, or None for the usual place.
    out
        Folder for what the suite itself keeps (solutions), or None to keep nothing.
    scarce
        Run the days on which caregivers are missing instead of the usual ones.
    smoke
        Run in about a second on tiny cases, to see that the suite works.
    """

    seconds: float | None = None
    iterations: int | None = None
    seeds: tuple[int, ...] = (1,)
    workers: int = 1
    only: str = ""
    data: Path | None = None
    out: Path | None = None
    scarce: bool = False
    smoke: bool = False

    def wants(self, case: str) -> bool:
        """Tell whether the case called `case` is to be run."""
        pattern = self.only if "*" in self.only else f"*{self.only}*"
        return fnmatchcase(case, pattern)


@dataclass(frozen=True, slots=True)
class Measurement:
    """The figures of one case with one seed.

    Attributes
    ----------
    case
        Name of the case.
    seed
        Seed of the run, or None where there is none.
    figures
        Named figures. ``valid`` = False says that the case failed and why is in ``fault``.
    """

    case: str
    seed: int | None
    figures: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Table:
    """A table for people: a title, column heads and cells that are text already."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Suite:
    """A named set of measurements.

    Attributes
    ----------
    name
        What it is called on the command line.
    purpose
        One sentence: what it measures.
    headline
        The figure that runs are compared by; smaller is better.
    seconds
        Budget per solve where none is given, or None if the suite needs none.
    run
        Measures the cases one after the other.
    tables
        Shows the measurements of one run.
    workers
        Workers per solve where none are given.
    """

    name: str
    purpose: str
    headline: str
    seconds: float | None
    run: Callable[[Settings], Iterator[Measurement]]
    tables: Callable[[Sequence[Measurement]], list[Table]]
    workers: int = 1
