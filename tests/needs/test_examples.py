"""Examples of rules: each is a client for whom the rule holds, and says what it does."""

from __future__ import annotations

import pytest

from optimizer.needs.conditions import all_hold
from optimizer.needs.examples import DAY, client_for, examples_of
from optimizer.needs.facts import facts_of
from optimizer.needs.rules import NeedRule
from tests.needs.worlds import BOOK, all_tests

RULES = BOOK.rules.rules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_holds_for_its_examples(rule: NeedRule) -> None:
    """Rule and condition of each service hold for some example, and only what it asks follows."""
    examples = list(examples_of(rule, BOOK))
    facts = [facts_of(one.client, DAY) for one in examples]
    assert all(all_hold(rule.when, one) is not None for one in facts)
    for add in rule.adds:
        assert any(all_hold(add.when, one) is not None for one in facts)
    asked = {add.service for add in rule.adds}
    for one in examples:
        assert {demand.service for demand in one.required.demands} <= asked
        assert [code for code, _ in one.required.alerts] == [rule.alert] * (rule.alert is not None)


def test_each_kind_of_test_has_an_example() -> None:
    """Every test of the package that is not made of others holds for the client made for it."""
    asked = [
        *(t for r in RULES for t in r.when),
        *(t for r in RULES for a in r.adds for t in a.when),
    ]
    for test in all_tests(asked):
        if not (test.any_of or test.all_of or test.none_of):
            assert all_hold((test,), facts_of(client_for([test]), DAY)) is not None, test
