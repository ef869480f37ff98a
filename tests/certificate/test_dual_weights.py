"""Certificates by points, with points made up by hand."""

from __future__ import annotations

import pytest

from optimizer.certificate import (
    Form,
    Relaxation,
    UnservedProof,
    certificate_of_weights,
    objections,
)
from optimizer.domain.scenario import Scenario
from tests.certificate.oracle import fewest_unserved
from tests.verification.worlds import caregiver, lane, visit


def narrow() -> Scenario:
    """Return three visits at the same time in three places, and one caregiver."""
    window = {"earliest": "09:00", "latest": "09:10"}
    visits = tuple(visit(f"V{n}", f"C{n}", 30, window=window) for n in (1, 2, 3))
    return lane(caregivers=(caregiver("N1"),), visits=visits)


def test_points_prove_what_routes_cannot_collect() -> None:
    """Three visits of four points each, and a route collects four: two visits must stay."""
    relaxation = Relaxation.of(narrow())
    found = certificate_of_weights(relaxation, {"V1": 4, "V2": 4, "V3": 4}, 4)
    assert found is not None
    assert (found.form, found.asked, found.given) == (Form.DUAL_WEIGHTS, 12, 4)
    assert found.least_unserved == fewest_unserved(narrow()) == 2
    assert objections(narrow(), UnservedProof.of("lane", [found])) == ()


@pytest.mark.parametrize("points", [{"V1": 4}, {}], ids=["one-visit", "none"])
def test_points_that_fit_prove_nothing(points: dict[str, int]) -> None:
    """Where a route collects everything, there is no certificate."""
    assert certificate_of_weights(Relaxation.of(narrow()), points, 4) is None


@pytest.mark.parametrize(("cap", "given"), [(3, 4), (4, 4), (5, 5)])
def test_caps_from_elsewhere_are_not_believed(cap: int, given: int) -> None:
    """A cap below what a route can collect is raised to that; a larger one only proves less."""
    caps = {("N1", "2025-03-03", 0): cap}
    found = certificate_of_weights(Relaxation.of(narrow()), {"V1": 4, "V2": 4}, 4, caps=caps)
    assert found is not None
    assert found.given == given
    assert objections(narrow(), UnservedProof.of("lane", [found])) == ()


def test_caps_that_are_too_small_are_found_out() -> None:
    """Whoever lets a shift give less than it can is contradicted by the check."""
    found = certificate_of_weights(Relaxation.of(narrow()), {"V1": 4, "V2": 4}, 4)
    assert found is not None
    less = found.caregivers[0].model_copy(update={"amount": 3})
    false = found.model_copy(update={"caregivers": (less,)})
    claims = objections(narrow(), UnservedProof.of("lane", [false]))
    assert claims == ("Certificate 1: N1 can give 4 on 2025-03-03, not 3.",)


def test_points_above_a_whole_visit_are_cut() -> None:
    """No visit has more points than a whole one, whatever is handed in."""
    found = certificate_of_weights(Relaxation.of(narrow()), {"V1": 9, "V2": 4}, 4)
    assert found is not None
    assert [one.amount for one in found.visits] == [4, 4]


def test_an_unknown_visit_is_refused() -> None:
    """Points speak of visits that exist."""
    with pytest.raises(KeyError):
        certificate_of_weights(Relaxation.of(narrow()), {"V9": 1}, 4)
