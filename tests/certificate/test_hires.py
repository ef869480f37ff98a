"""Proofs that any so many hires leave visits unserved are never above the truth, nor believed."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import pytest

from optimizer.certificate import HireKind, HiresProof, hire_objections, tabled_hires
from optimizer.certificate.hires_search import prove_hires
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from tests.certificate.oracle import fewest_unserved
from tests.certificate.recheck_hires import judge
from tests.worlds.random_small import random_small

HERE = Path(__file__).parent
LINES = 93
ROUNDS = 40
Doc = dict[str, Any]


def kinds_of(scenario: Scenario) -> tuple[HireKind, ...]:
    """Return two kinds: somebody like the first caregiver with a shift, and a simpler person."""
    working = [one for one in scenario.caregivers if one.shifts]
    clients = [one.id for one in scenario.clients]
    first = working[0].model_copy(update={"id": "HIRE-1"})
    second = working[-1].model_copy(update={"id": "HIRE-2", "qualifications": ()})
    return HireKind.of(first, clients[0]), HireKind.of(second, clients[-1])


def teams(scenario: Scenario, kinds: tuple[HireKind, ...], hires: int) -> Iterator[Scenario]:
    """Yield the day with each team of so many hires."""
    index = ScenarioIndex.of(scenario)
    for team in combinations_with_replacement(kinds, hires):
        people = tuple(
            kind.caregiver(index).model_copy(update={"id": f"T{number}"})
            for number, kind in enumerate(team)
        )
        yield scenario.model_copy(update={"caregivers": (*scenario.caregivers, *people)})


@functools.cache
def scarce() -> tuple[Scenario, HiresProof]:
    """Return a small day on which hires are proven to leave visits, with its proof and tables."""
    for seed in range(60):
        scenario = random_small(seed, 9, 2)
        if not any(one.shifts for one in scenario.caregivers):
            continue
        found = prove_hires(scenario, kinds_of(scenario), (0, 1), rounds=ROUNDS)
        if found.least_unserved(1) and any(one.amount for one in found.parts[1].kinds):
            return scenario, tabled_hires(scenario, found)
    raise AssertionError


def document(proof: HiresProof) -> Doc:
    """Return a proof as its file holds it."""
    found: Doc = json.loads(proof.model_dump_json(exclude_none=True))
    return found


@pytest.mark.parametrize("seeds", [range(6), pytest.param(range(6, 60), marks=pytest.mark.sweep)])
def test_no_more_is_proven_than_any_team_leaves(seeds: range) -> None:
    """Of small days, the best of all teams of the kinds leaves no fewer visits than is proven."""
    proven = 0
    for seed in seeds:
        scenario = random_small(seed, *((6, 2), (8, 2))[seed % 2])
        if not any(one.shifts for one in scenario.caregivers):
            continue
        kinds = kinds_of(scenario)
        found = prove_hires(scenario, kinds, range(3), rounds=ROUNDS)
        for part in found.parts:
            truth = min(fewest_unserved(day) for day in teams(scenario, kinds, part.hires))
            assert part.least_unserved <= truth, (seed, part.hires)
            proven += part.least_unserved
        written = tabled_hires(scenario, found)
        assert hire_objections(scenario, written) == (), seed
        assert not written.tables or judge(document(written)), seed
    assert proven > 0


def test_weights_on_some_visits_prove_something_of_all() -> None:
    """A proof that weighs only some visits is one about the whole day, and no other is weighed."""
    scenario, whole = scarce()
    weighed = {one.visit for one in whole.parts[0].stops}
    found = prove_hires(scenario, whole.kinds, (0,), rounds=ROUNDS, visits=weighed)
    assert found.least_unserved(0) >= 1
    assert {one.visit for one in found.parts[0].stops} <= weighed
    written = tabled_hires(scenario, found)
    assert hire_objections(scenario, written) == ()
    assert judge(document(written))


def test_more_hires_leave_no_more() -> None:
    """What is proven of some hires holds for fewer ones as well."""
    _, proof = scarce()
    assert proof.least_unserved(0) >= proof.least_unserved(1) >= 1
    assert proof.least_unserved(99) == 0


def test_the_kinds_come_back_from_the_file() -> None:
    """A proof that is written and read is the same, and its kinds are the same caregivers."""
    scenario, proof = scarce()
    again = HiresProof.model_validate_json(proof.model_dump_json())
    index = ScenarioIndex.of(scenario)
    assert again == proof
    assert [one.caregiver(index) for one in again.kinds] == [
        one.caregiver(index) for one in proof.kinds
    ]


def more(doc: Doc) -> None:
    """Claim one visit more."""
    for one in (doc["parts"][-1], doc["tables"][-1]):
        one["least_unserved"] += 1


def hired(doc: Doc) -> None:
    """Claim the same of many more hires."""
    for one in (doc["parts"][-1], doc["tables"][-1]):
        one["hires"] += 50


def heavier(doc: Doc) -> None:
    """Let a stop weigh more than a whole visit."""
    doc["parts"][-1]["stops"][0]["amount"] += 100_000
    doc["tables"][-1]["stops"][0]["asks"] += 100_000


def poorer(doc: Doc) -> None:
    """Let the hires collect nothing."""
    doc["parts"][-1]["kinds"] = []
    for shift in doc["tables"][-1]["kinds"]:
        shift["gives"] = 0


def idle(doc: Doc) -> None:
    """Let the staff collect nothing."""
    doc["parts"][-1]["caregivers"] = []
    for shift in doc["tables"][-1]["staff"]:
        shift["gives"] = 0


def twice(doc: Doc) -> None:
    """Count a stop twice."""
    doc["parts"][-1]["stops"].append(doc["parts"][-1]["stops"][0])
    doc["tables"][-1]["stops"].append(doc["tables"][-1]["stops"][0])


FALSE: list[Callable[[Doc], None]] = [more, hired, heavier, poorer, idle, twice]


@pytest.mark.parametrize("spoil", FALSE)
def test_false_certificates_are_rejected(spoil: Callable[[Doc], None]) -> None:
    """Script and check refuse each falsified proof, and accept it as it was."""
    scenario, proof = scarce()
    false = document(proof)
    assert judge(false)
    spoil(false)
    assert not judge(false)
    assert hire_objections(scenario, HiresProof.model_validate(false)) != ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("scenario", "another"),  # of another day
        ("kinds", 0),  # a kind that has moved to a client whom nobody knows
        ("ids", 0),  # a kind with the id of a caregiver
        ("visit", "V-nowhere"),  # a visit that is not there
        ("opens", 1),  # a table of other hours
    ],
)
def test_proofs_of_another_day_are_found_out(field: str, value: object) -> None:
    """Whatever a proof says of kinds, visits and hours is compared with the scenario."""
    scenario, proof = scarce()
    false = document(proof)
    if field == "scenario":
        false["scenario"] = value
    elif field == "kinds":
        false["kinds"][0]["client"] = "C-nowhere"
    elif field == "ids":
        false["kinds"][0]["id"] = scenario.caregivers[0].id
    elif field == "visit":
        false["parts"][0]["stops"][0]["visit"] = value
    else:
        false["tables"][0]["kinds"][0]["opens"] += value
    assert hire_objections(scenario, HiresProof.model_validate(false)) != ()


def test_the_script_is_short_and_shares_no_code() -> None:
    """It has about sixty lines, and imports nothing of the optimizer."""
    text = (HERE / "recheck_hires.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LINES
    assert re.findall(r"^(?:from|import) (?:optimizer|service|tests)", text, re.M) == []
