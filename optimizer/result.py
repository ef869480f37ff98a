"""What a solve returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from optimizer.coverage.certificate import Coverage
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.domain.scenario import Scenario
from optimizer.stop import Termination
from optimizer.verification.verdict import Violation


class Status(StrEnum):
    """How much is known about a returned plan."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"


@dataclass(frozen=True, slots=True)
class Result:
    """A verified plan and what is known about it.

    Attributes
    ----------
    scenario
        What was planned: the scenario with the visits derived from health records.
    plan
        The roster; it breaks no rule.
    status
        ``optimal`` if proven so, else ``feasible``.
    cost
        Cost in ticks of travel, as counted by the verifier.
    cost_breakdown, quantities
        Weighted cost and bare quantity of each term.
    lower_bound
        Proven lower bound of the cost, or None if nothing is known.
    served, unserved
        Number of visits.
    violations
        Always empty; kept so that a result and a verdict read alike.
    iterations
        Steps of the search.
    seconds
        Wall time of the whole solve.
    seed
        Random seed.
    termination
        Why the solve ended.
    curve
        Seconds and best cost each time the search improved.
    coverage
        What is proven of visits that must stay unserved; None if nobody has looked.
    """

    scenario: Scenario
    plan: Plan
    status: Status
    cost: int
    cost_breakdown: Mapping[Term, int]
    quantities: Mapping[Term, int]
    lower_bound: int | None
    served: int
    unserved: int
    violations: tuple[Violation, ...]
    iterations: int
    seconds: float
    seed: int
    termination: Termination
    curve: tuple[tuple[float, int], ...]
    coverage: Coverage | None = None

    @property
    def gap(self) -> float | None:
        """Return (cost - bound) / cost, or None while no bound is known."""
        if self.lower_bound is None:
            return None
        return 0.0 if self.cost == 0 else (self.cost - self.lower_bound) / self.cost
