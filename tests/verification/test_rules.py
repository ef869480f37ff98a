"""The tables of checks and quantities are complete."""

from __future__ import annotations

from optimizer.domain.policy import COUNTED, IN_FEN, Rule, Term, Weights
from optimizer.verification.rules import CHECKS
from optimizer.verification.terms import QUANTITIES


def test_every_rule_has_its_own_check() -> None:
    """All rules are checked, each by the function of its name, in the order of `Rule`."""
    assert list(CHECKS) == list(Rule)
    names = [rule.value if rule is not Rule.BREAK else "pause" for rule in Rule]
    assert [check.__name__ for check in CHECKS.values()] == names


def test_every_term_has_its_own_quantity() -> None:
    """All terms are measured, each by the function of its name, in the order of `Term`."""
    assert list(QUANTITIES) == list(Term)
    assert [quantity.__name__ for quantity in QUANTITIES.values()] == [term.value for term in Term]


def test_every_term_has_a_weight() -> None:
    """Each term finds its weight by its own name."""
    assert {term.value for term in Term} == set(Weights.model_fields)
    assert set(Term) > COUNTED | IN_FEN
    assert not COUNTED & IN_FEN
