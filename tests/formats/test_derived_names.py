"""A document may name visits that are not listed in it, because they follow from its records."""

from __future__ import annotations

import json
from typing import Any

import pytest

from optimizer.domain.visit import Pin
from optimizer.formats import check_scenario, format_scenario, parse_scenario
from optimizer.generate import RECIPES, generate_scenario
from optimizer.needs import derive
from optimizer.prepare import prepare
from tests.formats.documents import DAY, Change, both, changed, coupling, needs_scenario, put
from tests.formats.test_bad_input import faults_of, require_one

DERIVED = [
    visit.id
    for visit in derive(parse_scenario(json.dumps(needs_scenario()))).scenario.visits
    if not visit.id.startswith("V")
]
FIRST, SECOND = (name for name in DERIVED if name.startswith("C1-0302-") and name[-1] in "12")


def plan_of(*visits: str) -> dict[str, Any]:
    """Return a plan that names visits."""
    unserved = [{"visit": name, "reason": "travel"} for name in visits]
    return {"scenario": "village", "unserved": unserved}


NAMING: list[Change] = [
    put("published", plan_of(*DERIVED)),
    put("pins", [{"visit": FIRST, "caregivers": ["G1"], "date": DAY, "start": "09:00"}]),
    coupling("after", FIRST, SECOND),
]


@pytest.mark.parametrize("change", NAMING)
def test_derived_visits_may_be_named(change: Change) -> None:
    """The published plan, pins and couplings name derived visits as they name listed ones."""
    scenario = parse_scenario(changed(needs_scenario(), change))
    assert check_scenario(scenario).faults == ()


def test_what_does_not_follow_is_unknown() -> None:
    """A name that only looks like that of a derived visit is told."""
    change = put("pins", [{"visit": "C1-0302-99"}])
    (fault,) = faults_of(changed(needs_scenario(), change))
    assert fault.code == "unknown-visit"


def test_beside_other_faults_names_of_derived_visits_are_believed() -> None:
    """Where a record has a fault, a name that its visits may have is not called unknown."""
    change = both(put("clients.0.age", -1), put("published", plan_of(FIRST, "C1-0302-99")))
    require_one(faults_of(changed(needs_scenario(), change)), "out-of-range", "clients[0].age")


def test_beside_other_faults_other_names_are_told() -> None:
    """All else that is unknown is told at once with the fault of the record."""
    change = both(
        put("clients.0.age", -1), put("pins", [{"visit": v} for v in (FIRST, "V9", "C9-0302-1")])
    )
    faults = faults_of(changed(needs_scenario(), change))
    assert [fault.path for fault in faults] == [
        "clients[0].age",
        "pins[1].visit",
        "pins[2].visit",
    ]


def test_couplings_of_derived_visits_are_checked() -> None:
    """Derived visits are coupled with visits of the same client only."""
    faults = faults_of(changed(needs_scenario(), coupling("after", FIRST, "V3")))
    require_one(faults, "coupling-clients", "couplings[0]")


def test_a_loop_with_a_derived_tie_is_told_at_the_written_coupling() -> None:
    """A coupling against a tie that follows from a record makes a loop."""
    given = generate_scenario(RECIPES["zhenhai-day-s"], 1)
    tie = derive(given).scenario.couplings[0]
    document = {"couplings": [], **json.loads(format_scenario(given))}
    faults = faults_of(changed(document, coupling("after", tie.second, tie.first)))
    require_one(faults, "dependency-loop", "couplings[0]")


def test_a_derived_visit_is_pinned() -> None:
    """A pin stands in its visit once that has been derived, and what is derived stays so."""
    change = put("pins", [{"visit": FIRST, "caregivers": ["G1"]}])
    planned = prepare(parse_scenario(changed(needs_scenario(), change))).scenario
    pins = {visit.id: visit.pin for visit in planned.visits if visit.pin is not None}
    assert pins == {FIRST: Pin(caregivers=("G1",))}
    assert derive(planned).scenario == planned


def test_a_pin_that_leaves_a_derived_visit_no_chance_is_odd() -> None:
    """A derived visit pinned outside its window is a warning of what was read."""
    change = put("pins", [{"visit": FIRST, "start": "23:00"}])
    warnings = prepare(parse_scenario(changed(needs_scenario(), change))).warnings
    assert ("pin-outside-window", "pins[0].start") in [(w.code, w.path) for w in warnings]
