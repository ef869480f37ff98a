"""An audit record holds for its scenario and plan, and for no others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from optimizer.audit import (
    Audit,
    Claim,
    audit_of,
    check_audit,
    format_audit,
    read_audit,
    write_audit,
)
from optimizer.certificate import UnservedProof
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CarerNeed, Requirement
from optimizer.errors import InvalidDocument
from optimizer.explanation import Obstacle, Standing
from tests.verification.worlds import caregiver, lane, route, visit

NURSE = CarerNeed(minutes=30, qualifications=(Requirement(code="nursing"),))


def world() -> Scenario:
    """Return the lane with a nurse's visit that nobody can make."""
    return lane(visits=(*lane().visits, visit("V4", "C1", carers=(NURSE,))))


def roster() -> Plan:
    """Return a plan that leaves out V3 and V4."""
    route_of_n1 = route("N1", ("V1", "C1", "08:10", 30), ("V2", "C2", "08:55", 60))
    unserved = ({"visit": "V3", "reason": "crowded_out"}, {"visit": "V4", "reason": "x"})
    return Plan.model_validate({"scenario": "lane", "routes": (route_of_n1,), "unserved": unserved})


def record() -> Audit:
    """Return the record of that plan."""
    return audit_of(world(), roster(), program="1.0")


def broken(audit: Audit, scenario: Scenario | None = None, plan: Plan | None = None) -> set[Claim]:
    """Return the claims that do not hold."""
    found = check_audit(scenario or world(), plan or roster(), audit)
    assert [finding.claim for finding in found] == [one for one in Claim if one != Claim.HIRES]
    return {finding.claim for finding in found if not finding.holds}


def test_a_record_just_written_holds() -> None:
    """Every claim of a fresh record is confirmed."""
    assert broken(record()) == set()


def test_it_says_what_is_proven() -> None:
    """The nurse's visit is proven to stay, by its reason and by a certificate."""
    one = record()
    assert [(why.visit, why.standing) for why in one.unserved] == [
        ("V3", Standing.FITS),
        ("V4", Standing.PROVEN),
    ]
    assert one.coverage.least_unserved == 1


def test_it_goes_to_a_file_and_back(tmp_path: Path) -> None:
    """A record read from a file is the one that was written."""
    write_audit(record(), tmp_path / "audit.json.gz")
    assert read_audit(tmp_path / "audit.json.gz") == record()


def test_it_names_nobody() -> None:
    """A record holds no homes and no clients, only ids of visits and caregivers."""
    text = format_audit(record())
    assert "lat" not in json.loads(text)
    assert all(word not in text for word in ('"home"', '"client"', "C1", "C3"))


PROVEN = Standing.PROVEN
FALSE: list[tuple[dict[str, Any], set[Claim]]] = [
    ({"scenario_hash": "0" * 64}, {Claim.SCENARIO}),  # another scenario
    ({"plan_hash": "0" * 64}, {Claim.PLAN}),  # another plan
    ({"cost": 1}, {Claim.COST}),  # another sum
    ({"cost_breakdown": {}}, {Claim.COST}),  # its parts are missing
    ({"unserved": ()}, {Claim.UNSERVED}),  # nothing said of two visits
    ({"lower_bound": 10**12}, {Claim.BOUND}),  # above the cost
]


@pytest.mark.parametrize(("fields", "claims"), FALSE)
def test_each_false_claim_is_found(fields: dict[str, Any], claims: set[Claim]) -> None:
    """A claim that is changed does not hold any more, and no other one falls with it."""
    assert broken(record().model_copy(update=fields)) == claims


def test_a_reason_that_is_not_proven_is_found() -> None:
    """Whoever calls a visit impossible that fits is contradicted."""
    fits = record().unserved[0]
    false = fits.model_copy(update={"standing": PROVEN, "obstacle": Obstacle.TRAVEL})
    one = record().model_copy(update={"unserved": (false, record().unserved[1])})
    assert broken(one) == {Claim.REASONS}


def test_a_certificate_that_proves_too_much_is_found() -> None:
    """Three visits are not proven to stay where two are left out."""
    part = record().coverage.parts[0]
    more = UnservedProof.of("lane", (part.model_copy(update={"least_unserved": 3}),))
    assert broken(record().model_copy(update={"coverage": more})) == {Claim.COVERAGE, Claim.COUNT}


def test_another_policy_is_found() -> None:
    """A scenario with other weights is another one."""
    other = world().policy.model_copy(update={"continuity_flat": 7})
    changed = world().model_copy(update={"policy": other})
    assert broken(record(), scenario=changed) == {Claim.SCENARIO, Claim.POLICY}


def test_a_plan_that_breaks_rules_is_found() -> None:
    """A plan changed afterwards is another plan, with its breaches and its cost."""
    late = route("N1", ("V1", "C1", "16:30", 30), ("V2", "C2", "17:15", 60))
    changed = roster().model_copy(update={"routes": (late,)})
    assert {Claim.PLAN, Claim.RULES} <= broken(record(), plan=changed)


def test_records_of_nothing_known_are_told_apart() -> None:
    """A certificate about visits that the scenario does not have is refused, not an accident."""
    other = lane(visits=(visit("W1", "C1", 30),), caregivers=(caregiver("N1"),))
    empty = Plan(scenario="lane", unserved=({"visit": "W1", "reason": "x"},))
    assert Claim.COVERAGE in broken(record(), scenario=other, plan=empty)


def test_a_file_that_is_no_record_is_refused(tmp_path: Path) -> None:
    """Faults of a file are named with their places."""
    path = tmp_path / "audit.json"
    path.write_text('{"format": "homecare-audit", "version": 1}', encoding="utf-8")
    with pytest.raises(InvalidDocument):
        read_audit(path)
