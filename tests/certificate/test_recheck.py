"""A script without any code of the optimizer comes to the same judgement from the tables alone."""

from __future__ import annotations

import functools
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from optimizer.certificate import (
    Form,
    Relaxation,
    UnservedProof,
    certificate_of_weights,
    certify,
    objections,
    tabled,
)
from optimizer.domain.scenario import Scenario
from optimizer.generate import uncoupled_day
from tests.certificate.flat_day import differences
from tests.certificate.plain_day import PlainDay
from tests.certificate.recheck import judge
from tests.certificate.test_dual_weights import narrow
from tests.certificate.test_weeks import LAW, by_weeks
from tests.sweeps import few
from tests.worlds.random_small import random_small

HERE = Path(__file__).parent
LINES = 60
Doc = dict[str, Any]


def plain(scenario: Scenario) -> PlainDay:
    """Return a scenario as its file holds it, read without the optimizer."""
    return PlainDay(json.loads(scenario.model_dump_json(exclude_none=True)))


def document(scenario: Scenario, claim: UnservedProof) -> Doc:
    """Return certificates with their tables as the file holds them."""
    found: Doc = json.loads(tabled(scenario, claim).model_dump_json(exclude_none=True))
    return found


def by_weights() -> tuple[Scenario, UnservedProof]:
    """Return a day and its certificate by points."""
    found = certificate_of_weights(Relaxation.of(narrow()), {"V1": 4, "V2": 4, "V3": 3}, 4)
    assert found is not None
    return narrow(), UnservedProof.of("lane", [found])


@functools.cache
def first_of(form: Form) -> tuple[Scenario, UnservedProof]:
    """Return a random day with a certificate of a form, and nothing but that one."""
    if form is Form.DUAL_WEIGHTS:
        return by_weights()
    if form is Form.WEEKS:
        return LAW["days_off"][0], by_weeks(LAW["days_off"][0])
    for seed in range(300):
        scenario = random_small(seed, 9, 2)
        parts = [part for part in certify(scenario).parts if part.form is form]
        if parts and parts[0].least_unserved:
            return scenario, UnservedProof.of(scenario.id, parts[:1])
    raise AssertionError(form)


def test_the_script_is_short_and_shares_no_code() -> None:
    """It has 60 lines, and neither it nor the files beside it import anything of the optimizer."""
    assert len((HERE / "recheck.py").read_text(encoding="utf-8").splitlines()) <= LINES
    for name in (
        "recheck.py",
        "recheck_alone.py",
        "recheck_weeks.py",
        "flat_day.py",
        "plain_day.py",
        "plain_limits.py",
    ):
        text = (HERE / name).read_text(encoding="utf-8")
        assert re.findall(r"^(?:from|import) (?:optimizer|service|benchmarks)", text, re.M) == []


@pytest.mark.parametrize("days", [range(24), pytest.param(range(24, 120), marks=pytest.mark.sweep)])
def test_the_script_agrees_on_random_days(days: range) -> None:
    """Of small days of all kinds each form is proven for the script, by tables that are true."""
    proven = 0
    for seed in days:
        scenario = random_small(seed, *((6, 2), (9, 2), (7, 3))[seed % 3])
        found = certify(scenario)
        claim = document(scenario, found)
        assert judge(claim), seed
        assert differences(plain(scenario), claim) == [], seed
        proven += found.least_unserved
    assert proven > len(days) // 2


@pytest.mark.parametrize("seed", few([1, 3, 4, 5], 1))
def test_the_script_agrees_on_ways_from_coordinates(seed: int) -> None:
    """What is found on a day of 100 visits is proven for the script as well."""
    day = uncoupled_day(100, 15, seed, scarce=0.3)
    found = certify(day)
    claim = document(day, found)
    assert found.least_unserved >= 1
    assert judge(claim)
    assert differences(plain(day), claim) == []


def test_the_script_runs_by_itself(tmp_path: Path) -> None:
    """It takes the file of `homecare certify` and says whether it is a proof."""
    path = tmp_path / "coverage.json"
    path.write_text(json.dumps(document(*by_weights())), encoding="utf-8")
    command = [sys.executable, "-m", "tests.certificate.recheck", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE.parents[1])
    assert done.stdout == "True\n"


def more(table: Doc) -> None:
    """Claim one visit more."""
    table["least_unserved"] += 1


def heavier(table: Doc) -> None:
    """Let a visit ask for more than it does."""
    visit = table["stops"][0]["visit"]
    table["asked"][visit] += 10_000_000
    table["least_unserved"] += table["form"] != "hours"


def shared(table: Doc) -> None:
    """Let a visit ask for more than it does, and one of its stops as well."""
    heavier(table)
    table["stops"][0]["asks"] += 10_000_000


def poorer(table: Doc) -> None:
    """Let the shifts give nothing."""
    for shift in table["shifts"]:
        shift["gives"] = 0


def owing(table: Doc) -> None:
    """Let a shift give less than nothing."""
    table["shifts"].append({**table["shifts"][0], "gives": -10_000_000, "makes": []})
    table["least_unserved"] += 1


def twice(table: Doc) -> None:
    """Let a stop count twice."""
    table["stops"].append(table["stops"][0])
    table["asked"][table["stops"][0]["visit"]] *= 2
    table["least_unserved"] += 1


FALSE: list[Callable[[Doc], None]] = [more, heavier, shared, poorer, owing, twice]


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("spoil", FALSE)
def test_false_tables_are_rejected(form: Form, spoil: Callable[[Doc], None]) -> None:
    """Script and check refuse each falsified form, and accept it as it was."""
    scenario, claim = first_of(form)
    false = document(scenario, claim)
    assert judge(false)
    assert objections(scenario, UnservedProof.model_validate(false)) == ()
    if form is Form.ALONE and (spoil is poorer or not false["tables"][0]["shifts"]):
        return  # Nobody gives anything to it as it is.
    spoil(false["tables"][0])
    false["least_unserved"] = sum(table["least_unserved"] for table in false["tables"])
    assert not judge(false)
    if spoil is not owing:
        assert objections(scenario, UnservedProof.model_validate(false)) != ()


def certified_more(part: Doc) -> None:
    """Claim one visit more."""
    part["least_unserved"] += 1


def certified_heavier(part: Doc) -> None:
    """Let a visit ask for more than it does."""
    part["visits"][0]["amount"] += 10_000_000
    part["least_unserved"] += part["form"] != "hours"


def certified_poorer(part: Doc) -> None:
    """Let the shifts give nothing."""
    part["caregivers"] = []


def certified_twice(part: Doc) -> None:
    """Name a visit twice."""
    part["visits"].append(part["visits"][0])


def doubled(part: Doc) -> None:
    """Count a carer twice."""
    part["visits"][0]["carers"] *= 2


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize(
    "spoil", [certified_more, certified_heavier, certified_poorer, certified_twice, doubled]
)
def test_false_certificates_are_rejected(form: Form, spoil: Callable[[Doc], None]) -> None:
    """The check refuses each falsified form, without tables as with them."""
    scenario, claim = first_of(form)
    if form is Form.ALONE and spoil is certified_poorer:
        return  # Nobody gives anything to it as it is.
    for false in (document(scenario, claim), json.loads(claim.model_dump_json(exclude_none=True))):
        spoil(false["parts"][0])
        false["least_unserved"] = sum(part["least_unserved"] for part in false["parts"])
        assert objections(scenario, UnservedProof.model_validate(false)) != ()


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("field", ["care", "latest", "opens", "closes", "makes", "there", "ways"])
def test_tables_of_another_day_are_found_out(form: Form, field: str) -> None:
    """Whatever a table says of windows, hours, skills and ways is compared with the scenario."""
    scenario, claim = first_of(form)
    false = document(scenario, claim)
    table = false["tables"][0]
    if not table["shifts"]:
        return  # Nobody is qualified, and there is nothing to say of anybody.
    if field == "ways" and not table["ways"]:
        return  # Of weeks no ways between stops are told.
    row = table["stops"][0] if field in table["stops"][0] else table["shifts"][0]
    if field == "ways":
        table["ways"][0][0][-1] += 1
    elif field == "makes":
        row["makes"] = []
    elif field == "there":
        row["there"][0] += 1
    else:
        row[field] += 1
    assert differences(plain(scenario), false) != []
    assert objections(scenario, UnservedProof.model_validate(false)) != ()


def test_a_visit_that_somebody_can_make_is_not_alone() -> None:
    """Script and check find out who could make it."""
    scenario, claim = first_of(Form.ALONE)
    served = [v.id for v in scenario.visits if v.id not in claim.model_dump_json()]
    able = [v for v in served if v not in certify(scenario).model_dump_json()]
    false = json.loads(claim.model_dump_json())
    false["parts"][0]["visits"][0]["visit"] = able[0]
    false["parts"][0]["visits"][0]["carers"] = [1]
    assert not judge(document(scenario, UnservedProof.model_validate(false)))
    assert objections(scenario, UnservedProof.model_validate(false)) != ()
