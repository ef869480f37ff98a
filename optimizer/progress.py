"""What long work tells while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Compiling:
    """How far compiling the engine has come.

    Attributes
    ----------
    kernel
        The kernel that is being compiled, empty between two.
    done, kernels
        Kernels compiled, and all that this run needs.
    share
        Part of the work that is done, 0 to 1.
    """

    kernel: str
    done: int
    kernels: int
    share: float


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a running solve.

    Attributes
    ----------
    phase
        ``prepare``, ``compile``, ``search``, ``bound``, ``exact``, ``replan`` or ``verify``.
    elapsed
        Seconds since the solve began.
    iterations
        Iterations done, over all workers.
    since_best
        Seconds since the best plan last improved.
    cost
        Cost of the best plan, in ticks of travel; None while there is none.
    unserved
        Visits that the best plan leaves unserved.
    bound
        Proven lower bound of the cost, or None.
    ticks_per_minute
        Cost units per minute of travel.
    compiling
        Only in the phase ``compile``: how far that has come.
    """

    phase: str
    elapsed: float = 0.0
    iterations: int = 0
    since_best: float = 0.0
    cost: int | None = None
    unserved: int = 0
    bound: int | None = None
    ticks_per_minute: int = 60
    compiling: Compiling | None = None


class Observer(Protocol):
    """Somebody who wants to hear of progress."""

    def __call__(self, progress: Progress, /) -> None:
        """Take note of `progress`; called about twice a second."""


def silent(progress: Progress, /) -> None:
    """Take no note: the default observer."""
