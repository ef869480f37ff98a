"""Two rosters side by side, perhaps of two scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.domain.scenario import Scenario
from optimizer.explanation.comparison import terms_between
from optimizer.replan.changes import Change, differences
from optimizer.verification import Verdict, verify


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two rosters cost, and what differs.

    Attributes
    ----------
    first, second
        What the verifier says of each.
    difference, terms
        Cost of the second minus that of the first, in ticks of travel: in all, and per term that
        differs.
    changes
        Every visit that the second makes otherwise.
    """

    first: Verdict
    second: Verdict
    difference: int
    terms: Mapping[Term, int]
    changes: tuple[Change, ...]


def compared(
    scenario: Scenario, plan: Plan, other: Plan, other_scenario: Scenario | None = None
) -> Comparison:
    """Compare two rosters.

    Parameters
    ----------
    scenario, plan
        A scenario with its visits, and a roster of it.
    other, other_scenario
        Another roster, and its scenario where that is another one.
    """
    second_day = other_scenario or scenario
    first, second = verify(scenario, plan), verify(second_day, other)
    return Comparison(
        first=first,
        second=second,
        difference=second.cost - first.cost,
        terms=terms_between(first, second),
        changes=differences(scenario, second_day, plan, other),
    )
