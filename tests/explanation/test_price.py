"""What a rule costs: never less than nothing, by the verifier's figures."""

from __future__ import annotations

import pytest

from optimizer.explanation import Relaxation, price_of
from optimizer.explanation.price import relaxed
from optimizer.units import MS_PER_MINUTE
from optimizer.verification import verify
from tests.explanation.days import planned

SECONDS = 0.4


@pytest.mark.parametrize("relaxation", list(Relaxation))
def test_a_rule_less_never_costs_more(relaxation: Relaxation) -> None:
    """The plan without the rule is clean there, and its cost is below or equal."""
    board = planned(1).board
    price = price_of(board, relaxation, seconds=SECONDS)
    after = verify(price.scenario, price.plan)
    assert after.feasible
    assert price.difference <= 0
    assert price.difference == sum(price.terms.values())
    assert price.unserved_without == len(after.unserved)


@pytest.mark.parametrize("relaxation", list(Relaxation))
def test_a_plan_of_the_rules_keeps_the_relaxed_ones(relaxation: Relaxation) -> None:
    """Relaxing only permits more: what was clean stays so."""
    board = planned(2).board
    assert verify(relaxed(board.scenario, relaxation, 30), board.plan).feasible


def test_a_rule_that_binds_nobody_is_not_searched() -> None:
    """Where the relaxed scenario is the same, luck is not called a price."""
    board = planned(1).board
    people = tuple(
        one.model_copy(update={"visits_per_day": None}) for one in board.scenario.caregivers
    )
    scenario = board.scenario.model_copy(update={"caregivers": people})
    price = price_of(type(board).of(scenario, board.plan, board.matrices),
                     Relaxation.VISITS_PER_DAY, seconds=60.0)  # fmt: skip
    assert not price.is_bound
    assert price.difference == 0


def test_windows_are_wider_at_both_ends() -> None:
    """Half an hour more before and after, within the day."""
    scenario = planned(1).board.scenario
    for old, new in zip(scenario.visits, relaxed(scenario, Relaxation.WINDOW, 30).visits,
                        strict=True):  # fmt: skip
        assert new.window.earliest == max(0, old.window.earliest - 30 * MS_PER_MINUTE)
        assert new.window.latest == old.window.latest + 30 * MS_PER_MINUTE
