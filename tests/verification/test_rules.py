"""The tables of checks and quantities are complete."""

from __future__ import annotations

from optimizer.domain.policy import Rule, Term, Weights
from optimizer.verification.rules import CHECKS
from optimizer.verification.terms import COUNTED, QUANTITIES


def test_every_rule_has_its_own_check() -> None:
    """All 17 rules are checked, each by a function of its own, in the order of `Rule`."""
    assert list(CHECKS) == list(Rule)
    assert len(set(CHECKS.values())) == len(Rule) == 17


def test_every_term_has_its_own_quantity() -> None:
    """All 15 terms are measured, each by a function of its own, in the order of `Term`."""
    assert list(QUANTITIES) == list(Term)
    assert len(set(QUANTITIES.values())) == len(Term) == 15


def test_every_term_has_a_weight() -> None:
    """Each term finds its weight by its own name."""
    assert {term.value for term in Term} == set(Weights.model_fields)
    assert set(Term) > COUNTED
