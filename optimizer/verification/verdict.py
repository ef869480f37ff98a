"""What the verifier says of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from optimizer.domain.policy import Rule, Term


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach of one hard rule.

    Attributes
    ----------
    rule
        The rule that is broken.
    caregiver, visit
        Ids of those concerned, or None where the rule is not about them.
    date
        The day, or None where the breach belongs to no single day.
    amount
        By how much: ticks for times and care, a count for everything counted (stops,
        visits, days, fen), None where "more" and "less" mean nothing.
    place
        Path in the plan, such as ``routes[2].stops[1]``; ``plan`` for the whole plan.
    detail
        One English sentence for a person.
    """

    rule: Rule
    caregiver: str | None
    visit: str | None
    date: date | None
    amount: int | None
    place: str
    detail: str

    def __str__(self) -> str:
        return f"{self.place}: {self.rule}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything the verifier found out about one plan.

    Attributes
    ----------
    violations
        All breaches, rule by rule in the order of `Rule`.
    cost
        Sum of the cost breakdown, in ticks of travel.
    cost_breakdown
        Weighted cost of every term, in ticks of travel.
    quantities
        Unweighted quantity of every term in the unit that ``docs/problem.md`` gives;
        for ``unserved`` the number of visits.
    served
        Number of visits that all their carers attend.
    unserved
        Ids of all other visits, in the scenario's order, listed in the plan or not.
    charged
        Ticks of care charged to each contract, by its id; a contract without is absent.
    charged_fen
        What that costs its purchaser, in fen rounded down per stop.
    """

    violations: tuple[Violation, ...]
    cost: int
    cost_breakdown: Mapping[Term, int]
    quantities: Mapping[Term, int]
    served: int
    unserved: tuple[str, ...]
    charged: Mapping[str, int] = field(default_factory=dict)
    charged_fen: Mapping[str, int] = field(default_factory=dict)

    @property
    def feasible(self) -> bool:
        """Whether no hard rule is broken."""
        return not self.violations
