"""Faults in document order, each with its record."""

from __future__ import annotations

import pytest

from optimizer.errors import MOST_TOLD, Fault, InvalidDocument
from optimizer.formats import check_plan, parse_plan, parse_scenario
from optimizer.formats.findings import in_document_order
from tests.formats.documents import Change, both, changed, needs_scenario, put, sound_plan
from tests.formats.test_bad_input import faults_of

RECORDS: list[tuple[Change, str | None]] = [
    (put("clients.1.home.lat", 121.7), "C2"),
    (put("visits.2.carers.0.minutes", -1), "V3"),
    (put("caregivers.0.shifts.1.end", "7"), "G1"),
    (put("care_plans.0.items.0.minutes", -5), "C1"),  # named by its client
    (put("clients.0.health_record.weight_kg", "62"), "C1"),  # nothing from inside the record
    (put("couplings", [{"kind": "after", "first": "V9", "second": "V1"}]), None),  # has no id
    (put("visits.0.id", "Wang Fang"), None),  # no id, perhaps a name
    (put("horizon.days", 0), None),
]


@pytest.mark.parametrize(("change", "record"), RECORDS)
def test_a_fault_tells_its_record(change: Change, record: str | None) -> None:
    """The id of the innermost record that has one stands beside the place."""
    (fault,) = faults_of(changed(needs_scenario(), change))
    assert fault.record == record
    assert fault.place == (fault.path if record is None else f"{fault.path} ({record})")


def test_faults_of_a_plan_tell_caregiver_and_visit() -> None:
    """A route is named by its caregiver, a stop by its visit."""
    scenario = parse_scenario(changed(needs_scenario(), lambda _: None))
    change = both(put("routes.0.caregiver", "G9"), put("routes.0.stops.1.visit", "V9"))
    faults = check_plan(parse_plan(changed(sound_plan(), change)), scenario).faults
    assert [fault.record for fault in faults] == ["G9", "V9"]


def test_fifty_faults_are_told_and_the_rest_is_counted() -> None:
    """The error keeps all faults, its words tell fifty of them."""
    faults = [Fault(path=f"visits[{n}]", code="x", message="is wrong.") for n in range(167)]
    lines = str(InvalidDocument(faults, "day.json")).splitlines()
    assert lines[0] == "day.json has 167 faults:"
    assert lines[MOST_TOLD] == "  visits[49]: is wrong."
    assert lines[MOST_TOLD + 1 :] == ["  ... and 117 more"]


def test_a_place_that_is_not_there_has_no_record() -> None:
    """A fault of a list that is too short, or of a document that is none, stays as it is."""
    faults = [Fault(path="visits[7].id", code="x", message="is wrong.")]
    for document in ({"visits": [1]}, {"visits": 3}, {}, None):
        assert in_document_order(faults, ("visits",), document) == tuple(faults)
