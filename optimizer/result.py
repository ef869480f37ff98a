"""What a solve returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from optimizer.certificate.certificate import UnservedProof
from optimizer.certificate.least import Least
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.domain.scenario import Scenario
from optimizer.gap import gap_to, is_loose
from optimizer.prepare import Prepared
from optimizer.stop import Termination
from optimizer.verification.verdict import Verdict, Violation


class Status(StrEnum):
    """How much is known about a returned plan."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A verified plan and what is known about it.

    Attributes
    ----------
    prepared
        What was planned, with the visits derived from health records.
    plan
        The roster; it breaks no rule.
    verdict
        What the verifier says of it; cost and counts below are the verifier's.
    status
        ``optimal`` if proven so, else ``feasible``.
    lower_bound
        Proven lower bound of the cost in ticks of travel, or None if nothing is known.
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
    unserved_proof
        What is proven of visits that must stay unserved; None if nobody has looked.
    least
        Least travel and fewest caregivers per client of any roster that serves the same visits;
        None of a single day, or if nobody has looked.
    """

    prepared: Prepared
    plan: Plan
    verdict: Verdict
    status: Status
    lower_bound: int | None
    iterations: int
    seconds: float
    seed: int
    termination: Termination
    curve: tuple[tuple[float, int], ...]
    unserved_proof: UnservedProof | None = None
    least: Least | None = None

    @property
    def scenario(self) -> Scenario:
        """The scenario with its visits, without health records and care plans."""
        return self.prepared.scenario

    @property
    def cost(self) -> int:
        """Cost in ticks of travel."""
        return self.verdict.cost

    @property
    def cost_breakdown(self) -> Mapping[Term, int]:
        """Weighted cost of every term, in ticks of travel."""
        return self.verdict.cost_breakdown

    @property
    def quantities(self) -> Mapping[Term, int]:
        """Bare quantity of every term, in the units of ``docs/problem.md``."""
        return self.verdict.quantities

    @property
    def served(self) -> int:
        """Number of visits that all their carers attend."""
        return self.verdict.served

    @property
    def unserved(self) -> int:
        """Number of all other visits."""
        return len(self.verdict.unserved)

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Always empty; kept so that a result and a verdict read alike."""
        return self.verdict.violations

    @property
    def least_unserved(self) -> int | None:
        """Visits that must stay unserved whatever anyone does; None if nobody has looked."""
        return None if self.unserved_proof is None else self.unserved_proof.least_unserved

    @property
    def gap(self) -> float | None:
        """Return (cost - bound) / cost, or None while no bound is known."""
        return gap_to(self.lower_bound, self.cost)

    @property
    def gap_is_loose(self) -> bool | None:
        """Whether the gap says more of the proof's time than of the roster; None without a gap."""
        return None if self.gap is None else is_loose(self.gap)
