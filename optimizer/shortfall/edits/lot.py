"""The draws of one replication of a study."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.shortfall.streams import uniform


@dataclass(frozen=True, slots=True)
class Lot:
    """Numbers between 0 and 1 that belong to a person and a purpose.

    Attributes
    ----------
    seed
        Seed of the study.
    replication
        Which of its drawn days.
    """

    seed: int
    replication: int

    def number(self, kind: str, entity: str) -> float:
        """Return the number of somebody in this replication."""
        return uniform(self.seed, f"edit.{kind}", entity, 0, self.replication)

    def constant(self, kind: str, entity: str, period: int = 0) -> float:
        """Return the number of somebody that is the same in every replication."""
        return uniform(self.seed, f"edit.{kind}", entity, period)
