"""What a rule costs: the same day planned with and without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.domain.relaxed_rule import RelaxedRule
from optimizer.domain.scenario import Scenario
from optimizer.explanation.comparison import terms_between
from optimizer.explanation.plan_state import PlanState
from optimizer.progress import Observer, silent
from optimizer.shortfall.relaxation import relaxed
from optimizer.solving import solve
from optimizer.stop import StoppingCriterion, Termination
from optimizer.verification import Verdict, verify

MINUTES = 30
"Minutes of overtime, or by which windows are wider, if nothing else is said."


@dataclass(frozen=True, slots=True)
class Price:
    """What was found with a rule and without it, in the same time from the same plan.

    Both are found by searching: so much better was found, and neither more nor less is proven.

    Attributes
    ----------
    rule, minutes
        The rule that is relaxed, and by how much; None where it is lifted.
    seconds
        Time of each of the two searches.
    difference, terms
        Cost without the rule minus cost with it, in ticks of travel, in all and per cost term
        that differs; never positive, as the plan with the rule also counts without it.
    unserved_with, unserved_without
        Visits left out in each.
    is_complete
        Whether both searches had their time.
    is_bound
        Whether the rule binds anybody in this scenario; otherwise nothing was searched.
    scenario, plan
        Without the rule.
    """

    rule: RelaxedRule
    minutes: int | None
    seconds: float
    difference: int
    terms: Mapping[Term, int]
    unserved_with: int
    unserved_without: int
    is_complete: bool
    is_bound: bool
    scenario: Scenario = field(repr=False)
    plan: Plan = field(repr=False)


def price_of(
    state: PlanState,
    rule: RelaxedRule,
    *,
    minutes: int = MINUTES,
    seconds: float,
    seed: int = 1,
    stop: StoppingCriterion | None = None,
    observer: Observer = silent,
) -> Price:
    """Plan a day with a rule and without it, both from the plan as it is.

    Parameters
    ----------
    state
        The scenario and the plan to begin from.
    rule
        The rule. The wishes of a client that are insisted on, and qualifications, have no price.
    minutes
        Permitted overtime of everybody, or by which each window is wider at both ends (at
        least 1); of no meaning for the other rules.
    seconds
        Time of both searches together (positive).
    seed
        Random seed of both.
    stop
        A reason to end early.
    observer
        Hears of the progress of both.
    """
    scenario = state.scenario
    loose = relaxed(scenario, rule, minutes)
    by_minutes = rule in {RelaxedRule.OVERTIME, RelaxedRule.WINDOW}
    if loose == scenario:
        return _free(state, rule)
    each = seconds / 2
    kept, lifted = (
        solve(
            one,
            seconds=each,
            seed=seed,
            engine="search",
            proof=0.0,
            start=state.plan,
            observer=observer,
            stop=stop,
        )
        for one in (scenario, loose)
    )
    before = verify(scenario, kept.plan, state.matrices)
    plan, after = better(loose, (kept.plan, lifted.plan), state)
    terms = terms_between(before, after)
    return Price(
        rule=rule,
        minutes=minutes if by_minutes else None,
        seconds=each,
        difference=after.cost - before.cost,
        terms=terms,
        unserved_with=len(before.unserved),
        unserved_without=len(after.unserved),
        is_complete=Termination.INTERRUPTED not in {kept.termination, lifted.termination},
        is_bound=True,
        scenario=loose,
        plan=plan,
    )


def _free(state: PlanState, rule: RelaxedRule) -> Price:
    """Return the price of a rule by which nobody is bound; any difference would be luck."""
    left = len(verify(state.scenario, state.plan, state.matrices).unserved)
    return Price(
        rule=rule,
        minutes=None,
        seconds=0.0,
        difference=0,
        terms={},
        unserved_with=left,
        unserved_without=left,
        is_complete=True,
        is_bound=False,
        scenario=state.scenario,
        plan=state.plan,
    )


def better(scenario: Scenario, plans: tuple[Plan, Plan], state: PlanState) -> tuple[Plan, Verdict]:
    """Return the cheaper one of two plans that keeps every rule of a scenario."""
    judged = [(plan, verify(scenario, plan, state.matrices)) for plan in plans]
    clean = [one for one in judged if one[1].feasible]
    return min(clean, key=lambda one: one[1].cost)
