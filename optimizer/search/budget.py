"""How long a search takes: by the clock, by steps, or both."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.progress import Progress


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to search: by the clock, by steps, or both.

    Attributes
    ----------
    seconds
        Seconds, or None for no limit by the clock.
    iterations
        Steps over all workers, or None.
    sooner
        Whether what is used up sooner counts where both are limited, not the steps alone.
    """

    seconds: float | None
    iterations: int | None
    sooner: bool = False

    def fraction(self, elapsed: float, iterations: int) -> float:
        """Return how much of the budget is used, 0 to 1 (by steps, if they are limited)."""
        used = []
        if self.iterations is not None:
            used.append(iterations / max(1, self.iterations))
        if self.seconds is not None and (self.sooner or not used):
            used.append(elapsed / max(1e-9, self.seconds))
        return min(1.0, max(used, default=0.5))

    def for_part(self, steps: int, share: float) -> Budget:
        """Return at most so many steps, and at most a share of this budget.

        Where steps limit this budget they alone limit the part, so that it can be repeated.
        """
        if self.iterations is not None:
            return Budget(None, min(steps, int(share * self.iterations)))
        return Budget(None if self.seconds is None else share * self.seconds, steps, sooner=True)

    def has_steps(self, steps: int) -> bool:
        """Return whether it is enough for so many steps."""
        return self.iterations is None or self.iterations >= steps

    def is_used(self, progress: Progress) -> bool:
        """Return whether nothing is left of the budget."""
        return self.fraction(progress.elapsed, progress.iterations) >= 1.0
