"""What is possible at all: tasks per caregiver-day and legs between them, before any variable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from optimizer.domain.policy import Rule
from optimizer.exact.world import HOME, World, grouped

Pair = tuple[int, int]
"""Caregiver-day and task."""
Leg = tuple[int, int, int]
"""Caregiver-day, node and node; `HOME` begins and ends a route."""


@dataclass(slots=True)
class Options:
    """Choices that the rules have left open; a rule strikes those that it forbids.

    Attributes
    ----------
    pairs
        Who may serve what, when.
    legs
        What may follow what; none before `join`.
    """

    pairs: frozenset[Pair]
    legs: frozenset[Leg] = frozenset()

    @classmethod
    def all_of(cls, world: World) -> Options:
        """Open every task on every caregiver-day."""
        return cls(
            frozenset((day.number, k) for day in world.days for k in range(len(world.tasks)))
        )

    def strike_pairs(self, forbids: Callable[[int, int], bool]) -> None:
        """Close the pairs that a rule forbids."""
        self.pairs = frozenset(pair for pair in self.pairs if not forbids(*pair))

    def join(self) -> None:
        """Open every leg between tasks that a caregiver-day may serve, and from and to home."""
        self.legs = frozenset(
            (r, i, j)
            for r, tasks in grouped(sorted(self.pairs)).items()
            for i in (HOME, *tasks)
            for j in (HOME, *tasks)
            if i != j
        )

    def strike_legs(self, forbids: Callable[[int, int, int], bool]) -> None:
        """Close the legs that a rule forbids."""
        self.legs = frozenset(leg for leg in self.legs if not forbids(*leg))


Strikes = Mapping[Rule, Callable[[World, Options], None]]
"Hard rules with the functions that close what they forbid."
