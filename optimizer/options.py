"""How hard to try, and how: the options of a solve, one record for library, command and service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypedDict, get_args

Engine = Literal["auto", "search", "cp-sat"]
"Search, the exact model, or chosen by the size of the problem."

DEFAULT_SECONDS = 10.0
"Time limit in seconds where neither time nor steps are limited."
SHARE_OF_PROOF = 0.15
"Part of the time that goes into proving how good any plan can be at best."
LARGEST_SHARE_OF_PROOF = 0.9


@dataclass(frozen=True, kw_only=True, slots=True)
class SolveOptions:
    """The options of a solve; its limits hold whichever is reached first.

    Attributes
    ----------
    seconds
        Time limit (positive), or None; 10 seconds if `iterations` is not given either. What
        follows the search comes out of it: verifying, reasons, certificates. Compiling the
        kernels, once per machine, and loading them are not counted.
    iterations
        Number of search steps (at least 0); with it, seed and workers fix the plan.
    patience
        End after so many seconds (positive) without a better plan; None: never for that.
    seed
        Random seed (at least 0).
    workers
        Threads (at least 1).
    engine
        ``search``, ``cp-sat`` (the exact model), or ``auto``: search, and on days of up to
        15 visits without an iteration limit the exact model from the search's plan on.
    recount
        Count every roster of the search from scratch, after each step; slow, to find defects.
    proof
        Part of the time, from 0 (none) to 0.9, for a lower bound of every plan's cost, where
        the day is not too large for that (the search has all the time then, and the bound is
        what the cheapest legs cost); and whether it is looked for why visits must stay
        unserved. A run that steps end has neither, as they would depend on the speed of the
        machine.

    Raises
    ------
    UsageError
        If one of them is out of range.
    """

    seconds: float | None = None
    iterations: int | None = None
    patience: float | None = None
    seed: int = 1
    workers: int = 1
    engine: Engine = "auto"
    recount: bool = False
    proof: float = SHARE_OF_PROOF

    def __post_init__(self) -> None:
        for message in self._out_of_range():
            # Here, for errors load pydantic, which `homecare --help` is not to wait for.
            from optimizer.errors import UsageError  # noqa: PLC0415

            raise UsageError(message)

    def _out_of_range(self) -> Iterator[str]:
        if self.seconds is not None and not self.seconds > 0:
            yield f"seconds must be positive, not {self.seconds:g}"
        if self.iterations is not None and self.iterations < 0:
            yield f"iterations must be 0 or more, not {self.iterations}"
        if self.patience is not None and not self.patience > 0:
            yield f"patience must be positive, not {self.patience:g}"
        if self.workers < 1:
            yield f"workers must be 1 or more, not {self.workers}"
        if self.seed < 0:
            yield f"seed must be 0 or more, not {self.seed}"
        if not 0 <= self.proof <= LARGEST_SHARE_OF_PROOF:
            yield f"proof must be from 0 to 0.9, not {self.proof:g}"
        if self.engine not in get_args(Engine):
            known = ", ".join(get_args(Engine))
            yield f"engine must be one of {known}, not {self.engine!r}"

    @property
    def limit(self) -> float | None:
        """Seconds after which the solve ends, if time ends it."""
        if self.seconds is None and self.iterations is None:
            return DEFAULT_SECONDS
        return self.seconds

    @property
    def needs_kernels(self) -> bool:
        """Whether anything is searched; the exact model alone needs nothing compiled."""
        return self.engine != "cp-sat"

    @property
    def share_of_proof(self) -> float:
        """Part of the time for a lower bound; 0 where steps or the exact model end the run."""
        return self.proof if self.needs_kernels and self.iterations is None else 0.0


class SolveKeywords(TypedDict, total=False):
    """The same options as keywords of a call, ``solve(scenario, seconds=10, seed=1)``."""

    seconds: float | None
    iterations: int | None
    patience: float | None
    seed: int
    workers: int
    engine: Engine
    recount: bool
    proof: float
