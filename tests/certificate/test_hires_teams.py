"""Proofs team by team: never above the truth, and never believed."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest

from optimizer.certificate import HireKind, HiresProof, hire_objections, tabled_hires
from optimizer.certificate.hires_search import prove_hires
from optimizer.certificate.hires_teams import TeamProver
from optimizer.certificate.team_cover import team_left_open
from optimizer.domain.scenario import Scenario
from optimizer.generate import uncoupled_day
from optimizer.shortfall.staffing import kinds_of as staffing_kinds
from optimizer.travel import travel_matrices
from tests.certificate.oracle import fewest_unserved
from tests.certificate.recheck_hires import judge
from tests.certificate.test_hires import Doc, document, kinds_of, teams
from tests.worlds.random_small import random_small

ROUNDS = 25


def proof_of_teams(
    scenario: Scenario, kinds: tuple[HireKind, ...], hires: int, goal: int
) -> HiresProof:
    """Return what is proven of all teams of so many hires, with tables."""
    roads = travel_matrices(scenario)
    found = TeamProver(scenario, kinds, roads).proven(hires, goal, rounds=ROUNDS)
    nothing = HiresProof(scenario=scenario.id, kinds=kinds)
    return tabled_hires(scenario, found.added_to(nothing), roads)


@functools.cache
def scarce() -> tuple[Scenario, HiresProof]:
    """Return a small day on which it takes several certificates to speak of all teams of two."""
    day = uncoupled_day(14, 2, 1, scarce=0.3)
    kinds = tuple(kind.record() for kind in staffing_kinds(day, travel_matrices(day)))
    return day, proof_of_teams(day, kinds, 2, 0)


@pytest.mark.parametrize("seeds", [range(4), pytest.param(range(4, 40), marks=pytest.mark.sweep)])
def test_no_team_leaves_fewer_than_is_proven_of_all(seeds: range) -> None:
    """Of small days, the best team leaves no fewer visits than certificates prove together."""
    proven = 0
    for seed in seeds:
        scenario = random_small(seed, *((6, 2), (8, 2))[seed % 2])
        if not any(one.shifts for one in scenario.caregivers):
            continue
        for hires, goal in ((1, 0), (1, 1), (2, 0)):
            proof = proof_of_teams(scenario, kinds_of(scenario), hires, goal)
            for claim in proof.claims:
                truth = min(fewest_unserved(day) for day in teams(scenario, proof.kinds, hires))
                assert claim.least_unserved == goal + 1 <= truth, (seed, hires, goal)
                assert proof.most_hires(goal) == hires
                proven += 1
            assert hire_objections(scenario, proof) == (), seed
            assert not proof.tables or judge(document(proof)), seed
    assert proven > 0


def test_several_certificates_prove_more_than_one() -> None:
    """Where no certificate speaks of all teams, several do; without one of them a team is open."""
    scenario, proof = scarce()
    (claim,) = proof.claims
    kinds = [kind.id for kind in proof.kinds]
    parts = [proof.parts[number] for number in claim.parts]
    assert len(parts) > 1
    assert team_left_open(parts, kinds, claim.hires, claim.least_unserved) is None
    for part in parts:
        others = [one for one in parts if one is not part]
        assert team_left_open(others, kinds, claim.hires, claim.least_unserved) is not None
    alone = prove_hires(scenario, proof.kinds, (claim.hires,), rounds=ROUNDS)
    assert alone.least_unserved(claim.hires) <= proof.least_unserved(claim.hires)


def test_a_certificate_that_says_enough_is_taken_over() -> None:
    """What is proven already is not proven again."""
    scenario, proof = scarce()
    roads = travel_matrices(scenario)
    prover = TeamProver(scenario, proof.kinds, roads)
    again = prover.proven(proof.claims[0].hires, 0, known=proof.parts)
    assert again.is_complete
    assert again.parts == proof.parts


def test_teams_that_are_too_many_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more teams than there is room for nothing is said, and nothing is claimed."""
    scenario, proof = scarce()
    monkeypatch.setattr("optimizer.certificate.hires_teams.MOST_TEAMS", 2)
    found = TeamProver(scenario, proof.kinds, travel_matrices(scenario)).proven(2, 0)
    assert found.left_open is None
    assert found.added_to(proof) == proof


def more(doc: Doc) -> None:
    """Claim one visit more."""
    doc["claims"][0]["least_unserved"] += 1


def hired(doc: Doc) -> None:
    """Claim the same of many more hires."""
    doc["claims"][0]["hires"] += 50


def fewer(doc: Doc) -> None:
    """Do without one of the certificates."""
    doc["claims"][0]["parts"] = doc["claims"][0]["parts"][:-1]


@pytest.mark.parametrize("spoil", [more, hired, fewer])
def test_false_claims_are_rejected(spoil: Callable[[Doc], None]) -> None:
    """Script and check refuse what certificates do not prove together."""
    scenario, proof = scarce()
    false = document(proof)
    assert judge(false)
    spoil(false)
    assert not judge(false)
    assert hire_objections(scenario, HiresProof.model_validate(false)) != ()


def test_a_certificate_that_is_not_there_is_found_out() -> None:
    """A claim may only name certificates of the file."""
    scenario, proof = scarce()
    false = document(proof)
    false["claims"][0]["parts"] = [99]
    assert hire_objections(scenario, HiresProof.model_validate(false)) == (
        "There is no certificate 100.",
    )


def test_once_it_is_over_nothing_is_claimed() -> None:
    """A search that is stopped proves what it has proven and no more."""
    scenario, proof = scarce()
    roads = travel_matrices(scenario)
    prover = TeamProver(scenario, proof.kinds, roads, is_over=lambda: True)
    found = prover.proven(2, 0)
    assert not found.is_complete
    assert found.parts == ()
