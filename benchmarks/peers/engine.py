"""What an engine is here: a solver, the way it is asked, and what it cannot be told."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec

from benchmarks.peers.day import RoutingDay
from optimizer.errors import UsageError


@dataclass(frozen=True, slots=True)
class Engine:
    """A solver and the way it is asked.

    Attributes
    ----------
    name
        What its cases are called.
    package, module
        What it is called by pip, and by ``import``.
    note
        One sentence: what of the day it is told in another way, or not at all.
    solve
        Takes the day, the seconds it has (positive), a seed and a number of threads;
        returns each caregiver's visits by index, in order.
    share
        The part it gets of the seconds of a run, above 0 up to 1.
    is_seeded
        Whether another seed makes another plan.
    threads
        Gives the number of threads it uses where so many workers are wanted.
    prepare
        Loads and compiles whatever there is, so that it is in nobody's time.
    """

    name: str
    package: str
    module: str
    note: str
    solve: Callable[[RoutingDay, float, int, int], list[list[int]]]
    share: float
    is_seeded: bool
    threads: Callable[[int], int]
    prepare: Callable[[], object]

    @property
    def is_installed(self) -> bool:
        """Whether the solver can be imported."""
        return find_spec(self.module) is not None

    @property
    def version(self) -> str:
        """Name and version of the installed package."""
        return f"{self.package} {version(self.package)}"

    def insist(self) -> None:
        """Check that the solver is installed.

        Raises
        ------
        UsageError
            If it is not; says what mends it.
        """
        if not self.is_installed:
            raise UsageError(
                f"{self.package} is not installed: make peers, or pip install '.[bench]', adds it."
            )


def all_cores(_workers: int) -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def one_core(_workers: int) -> int:
    """Return 1: the solver has no threads."""
    return 1
