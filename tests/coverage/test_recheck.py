"""A script without any code of the optimizer comes to the same judgement from the files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from optimizer.coverage import Coverage, Form, Outline, certify, objections, points_certificate
from optimizer.domain.scenario import Scenario
from optimizer.generate import uncoupled_day
from tests.coverage.plain_day import PlainDay
from tests.coverage.recheck import judge
from tests.coverage.test_points import narrow
from tests.worlds.random_small import random_small

HERE = Path(__file__).parent
Doc = dict[str, Any]


def documents(scenario: Scenario, claim: Coverage) -> tuple[PlainDay, Doc]:
    """Return a scenario and certificates as their files hold them."""
    return (
        PlainDay(json.loads(scenario.model_dump_json(exclude_none=True))),
        json.loads(claim.model_dump_json(exclude_none=True)),
    )


def by_points() -> tuple[Scenario, Coverage]:
    """Return a day and its certificate by points."""
    found = points_certificate(Outline.of(narrow()), {"V1": 4, "V2": 4, "V3": 3}, 4)
    assert found is not None
    return narrow(), Coverage.of("lane", [found])


def first_of(form: Form) -> tuple[Scenario, Coverage]:
    """Return a random day with a certificate of a form, and nothing but that one."""
    if form is Form.POINTS:
        return by_points()
    for seed in range(300):
        scenario = random_small(seed, 9, 2)
        parts = [part for part in certify(scenario).parts if part.form is form]
        if parts and parts[0].least_unserved:
            return scenario, Coverage.of(scenario.id, parts[:1])
    raise AssertionError(form)


def test_the_script_shares_no_code() -> None:
    """Neither file of the script imports anything of the optimizer."""
    for name in ("recheck.py", "plain_day.py"):
        text = (HERE / name).read_text(encoding="utf-8")
        assert re.findall(r"^(?:from|import) (?:optimizer|service|benchmarks)", text, re.M) == []


def test_the_script_agrees_on_random_days() -> None:
    """What is found on small days of all kinds is proven for the script as well."""
    proven = 0
    for seed in range(120):
        scenario = random_small(seed, 8, 2)
        found = certify(scenario, seconds=0.4)
        proven += found.least_unserved
        assert judge(*documents(scenario, found))
    assert proven > 100


def test_the_script_agrees_on_ways_from_coordinates() -> None:
    """What is found on a day of 100 visits is proven for the script as well."""
    day = uncoupled_day(100, 15, 1, scarce=0.3)
    found = certify(day)
    assert found.least_unserved >= 2
    assert judge(*documents(day, found))


def more(part: Doc) -> None:
    """Claim one visit more."""
    part["least_unserved"] += 1


def heavier(part: Doc) -> None:
    """Let a visit ask for more than it does."""
    part["visits"][0]["amount"] += 10_000_000
    part["least_unserved"] += part["form"] != "hours"


def poorer(part: Doc) -> None:
    """Let the shifts give nothing."""
    part["caregivers"] = []


def twice(part: Doc) -> None:
    """Name a visit twice."""
    part["visits"].append(part["visits"][0])


def doubled(part: Doc) -> None:
    """Count a carer twice."""
    part["visits"][0]["carers"] *= 2


FALSE: list[Callable[[Doc], None]] = [more, heavier, poorer, twice, doubled]


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("spoil", FALSE)
def test_false_certificates_are_rejected(form: Form, spoil: Callable[[Doc], None]) -> None:
    """Script and check refuse each falsified form, and accept it as it was."""
    scenario, claim = first_of(form)
    day, document = documents(scenario, claim)
    assert judge(day, document)
    assert objections(scenario, claim) == ()
    if form is Form.ALONE and spoil is poorer:
        return  # Nobody gives anything to it as it is.
    spoil(document["parts"][0])
    document["least_unserved"] = sum(part["least_unserved"] for part in document["parts"])
    assert not judge(day, document)
    assert objections(scenario, Coverage.model_validate(document)) != ()


def test_a_visit_that_somebody_can_make_is_not_alone() -> None:
    """Script and check find out who could make it."""
    scenario, claim = first_of(Form.ALONE)
    served = [v.id for v in scenario.visits if v.id not in claim.model_dump_json()]
    able = [v for v in served if v not in certify(scenario).model_dump_json()]
    document = json.loads(claim.model_dump_json())
    document["parts"][0]["visits"][0]["visit"] = able[0]
    document["parts"][0]["visits"][0]["carers"] = [1]
    assert not judge(documents(scenario, claim)[0], document)
    assert objections(scenario, Coverage.model_validate(document)) != ()
