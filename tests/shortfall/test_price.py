"""What a rule costs: never less than nothing, by the verifier's figures."""

from __future__ import annotations

import pytest

from optimizer.shortfall import RelaxedRule, price_of
from optimizer.shortfall.relaxation import relaxed
from optimizer.units import MS_PER_MINUTE
from optimizer.verification import verify
from tests.explanation.days import planned

SECONDS = 0.4


@pytest.mark.parametrize("rule", list(RelaxedRule))
def test_a_rule_less_never_costs_more(rule: RelaxedRule) -> None:
    """The plan without the rule is clean there, and its cost is below or equal."""
    state = planned(1).state
    price = price_of(state, rule, seconds=SECONDS)
    after = verify(price.scenario, price.plan)
    assert after.feasible
    assert price.difference <= 0
    assert price.difference == sum(price.terms.values())
    assert price.unserved_without == len(after.unserved)


@pytest.mark.parametrize("rule", list(RelaxedRule))
def test_a_plan_of_the_rules_keeps_the_relaxed_ones(rule: RelaxedRule) -> None:
    """Relaxing only permits more: what was clean stays so."""
    state = planned(2).state
    assert verify(relaxed(state.scenario, rule, 30), state.plan).feasible


def test_a_rule_that_binds_nobody_is_not_searched() -> None:
    """Where the relaxed scenario is the same, luck is not called a price."""
    state = planned(1).state
    people = tuple(
        one.model_copy(update={"visits_per_day": None}) for one in state.scenario.caregivers
    )
    scenario = state.scenario.model_copy(update={"caregivers": people})
    price = price_of(type(state).of(scenario, state.plan, state.matrices),
                     RelaxedRule.VISITS_PER_DAY, seconds=60.0)  # fmt: skip
    assert not price.is_bound
    assert price.difference == 0


def test_windows_are_wider_at_both_ends() -> None:
    """Half an hour more before and after, within the day."""
    scenario = planned(1).state.scenario
    for old, new in zip(scenario.visits, relaxed(scenario, RelaxedRule.WINDOW, 30).visits,
                        strict=True):  # fmt: skip
        assert new.window.earliest == max(0, old.window.earliest - 30 * MS_PER_MINUTE)
        assert new.window.latest == old.window.latest + 30 * MS_PER_MINUTE
