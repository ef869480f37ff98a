"""Faults of instance files: every one is found, at once, with its place."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.tiny_hhcrsp import tiny_instance, tiny_soft_shifts
from optimizer.errors import InvalidDocument
from optimizer.formats.hhcrsp import parse_hhcrsp
from optimizer.formats.hhcrsp_document import check_document

Document = dict[str, Any]


def drop(key: str) -> Callable[[Document], object]:
    """Return a change that takes a key out of the document."""
    return lambda d: d.pop(key)


def put(*path: str | int, value: Any) -> Callable[[Document], object]:
    """Return a change that sets the value at a path."""

    def change(document: Document) -> None:
        target: Any = document
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return change


def without(*path: str | int) -> Callable[[Document], object]:
    """Return a change that deletes the value at a path."""

    def change(document: Document) -> None:
        target: Any = document
        for step in path[:-1]:
            target = target[step]
        del target[path[-1]]

    return change


DOUBLE = ("patients", 1)
SEQUENTIAL = ("patients", 2)
NEED = ("required_caregivers", 0)

FAULTS: list[tuple[Callable[[Document], object], str, str]] = [
    (drop("patients"), "patients", "missing-field"),  # no patients
    (drop("services"), "services", "missing-field"),  # no services
    (drop("caregivers"), "caregivers", "missing-field"),  # no caregivers
    (drop("central_offices"), "central_offices", "missing-field"),  # no place to begin
    (drop("distances"), "distances", "missing-field"),  # no matrix
    (put("central_offices", value=[]), "central_offices", "missing-field"),  # no office
    (put("patients", value={}), "patients", "wrong-type"),  # an object for a list
    (put("patients", 0, value=7), "patients[0]", "wrong-type"),  # a number for a patient
    (without("patients", 0, "id"), "patients[0].id", "missing-field"),  # nameless
    (put("patients", 0, "id", value="p 1"), "patients[0].id", "bad-text"),  # a blank
    (put("patients", 0, "id", value="p2"), "patients[1].id", "duplicate-id"),  # twice
    (put("caregivers", 0, "id", value="c2"), "caregivers[1].id", "duplicate-id"),  # twice
    (put("services", 0, "id", value="s2"), "services[1].id", "duplicate-id"),  # twice
    (without("patients", 0, "time_window"), "patients[0].time_window", "missing-field"),  # none
    (
        put("patients", 0, "time_window", value=[60.0, 30.0]),
        "patients[0].time_window",
        "window-reversed",
    ),  # ends first
    (
        put("patients", 0, "time_window", value=[-5.0, 30.0]),
        "patients[0].time_window[0]",
        "out-of-range",
    ),  # before midnight
    (
        put("patients", 0, "time_window", value=[1500.0, 1600.0]),
        "patients[0].time_window[0]",
        "out-of-range",
    ),  # tomorrow
    (
        put("patients", 0, "time_window", value=["08:00", "09:00"]),
        "patients[0].time_window[0]",
        "wrong-type",
    ),  # clock texts
    (
        put("patients", 0, "time_window", value=[30.0]),
        "patients[0].time_window[1]",
        "missing-field",
    ),  # half a window
    (
        put("patients", 0, "required_caregivers", value=[]),
        "patients[0].required_caregivers",
        "wrong-count",
    ),  # needs nothing
    (
        put("patients", 0, "required_caregivers", value=[{"service": "s1", "duration": 5.0}] * 3),
        "patients[0].required_caregivers",
        "wrong-count",
    ),  # three services
    (
        put("patients", 0, *NEED, "duration", value=-1.0),
        "patients[0].required_caregivers[0].duration",
        "out-of-range",
    ),  # negative duration
    (
        put("patients", 0, *NEED, "duration", value=True),
        "patients[0].required_caregivers[0].duration",
        "wrong-type",
    ),  # a truth value
    (
        put("patients", 0, *NEED, "service", value="s9"),
        "patients[0].required_caregivers[0].service",
        "bad-value",
    ),  # nobody knows s9
    (put(*DOUBLE, "synchronization", value=None), "patients[1].synchronization", "missing-field"),
    # two services, no tie
    (
        put(*DOUBLE, "synchronization", value={"type": "parallel"}),
        "patients[1].synchronization.type",
        "wrong-choice",
    ),  # an unknown tie
    (
        put("patients", 0, "synchronization", value={"type": "simultaneous"}),
        "patients[0].synchronization",
        "wrong-count",
    ),  # one service, a tie
    (
        without(*SEQUENTIAL, "synchronization", "distance"),
        "patients[2].synchronization.distance",
        "missing-field",
    ),  # no gap
    (
        put(*SEQUENTIAL, "synchronization", "distance", value=[40, 20]),
        "patients[2].synchronization.distance",
        "gap-reversed",
    ),  # least above most
    (
        put(*SEQUENTIAL, "synchronization", "distance", value=[-1, 20]),
        "patients[2].synchronization.distance[0]",
        "out-of-range",
    ),  # negative gap
    (
        put("caregivers", 0, "abilities", value=["s1", "s9"]),
        "caregivers[0].abilities[1]",
        "bad-value",
    ),  # able to do nothing known
    (put("caregivers", 0, "abilities", value="s1"), "caregivers[0].abilities", "wrong-type"),
    # a text for a list
    (put("distances", 0, 1, value=-3.0), "distances[0][1]", "out-of-range"),  # negative
    (put("distances", 0, 1, value=float("nan")), "distances[0][1]", "not-a-number"),  # no number
    (put("distances", 0, 1, value=1e9), "distances[0][1]", "out-of-range"),  # 1,900 years
    (without("distances", 0, 1), "distances[0]", "matrix-shape"),  # a short row
    (without("distances", 0), "distances", "matrix-shape"),  # a row too few
    (put("patients", 0, "location", value=["x", 1.0]), "patients[0].location[0]", "wrong-type"),
    # no coordinate
    (
        put("patients", 0, "distance_matrix_index", value=0),
        "patients[0].distance_matrix_index",
        "bad-value",
    ),  # the row that the office has by its position
]

EXTENDED_FAULTS: list[tuple[Callable[[Document], object], str, str]] = [
    (
        put("caregivers", 0, "starting_point_id", value="d9"),
        "caregivers[0].starting_point_id",
        "bad-value",
    ),  # begins nowhere
    (
        put("caregivers", 0, "ending_point_id", value="d9"),
        "caregivers[0].ending_point_id",
        "bad-value",
    ),  # ends nowhere
    (
        put("caregivers", 0, "working_shift", value=[600, 300]),
        "caregivers[0].working_shift",
        "shift-reversed",
    ),  # ends first
    (
        put("caregivers", 0, "working_shift", value=[600, 1500]),
        "caregivers[0].working_shift[1]",
        "out-of-range",
    ),  # over midnight
    (
        put("patients", 0, "incompatible_caregivers", value=["c9"]),
        "patients[0].incompatible_caregivers[0]",
        "unknown-caregiver",
    ),  # refuses nobody
    (
        put("patients", 0, "distance_matrix_index", value=99),
        "patients[0].distance_matrix_index",
        "index-out-of-range",
    ),  # beyond the matrix
    (
        put("departing_points", 0, "distance_matrix_index", value=-1),
        "departing_points[0].distance_matrix_index",
        "out-of-range",
    ),  # negative row
]


def faults_of(document: Document) -> list[tuple[str, str]]:
    """Return path and code of each fault."""
    with pytest.raises(InvalidDocument) as caught:
        check_document(document, "bad.json")
    assert caught.value.exit_code == 3
    return [(fault.path, fault.code) for fault in caught.value.faults]


@pytest.mark.parametrize(("change", "path", "code"), FAULTS)
def test_a_fault_is_named_with_its_place(
    change: Callable[[Document], object], path: str, code: str
) -> None:
    """One thing wrong in a document of the plain format is found at its place."""
    document = copy.deepcopy(tiny_instance(1))
    change(document)
    assert (path, code) in faults_of(document)


@pytest.mark.parametrize(("change", "path", "code"), EXTENDED_FAULTS)
def test_a_fault_of_the_extension_is_named_with_its_place(
    change: Callable[[Document], object], path: str, code: str
) -> None:
    """One thing wrong in a document of the extension is found at its place."""
    document = copy.deepcopy(tiny_instance(3, extended=True))
    change(document)
    assert (path, code) in faults_of(document)


def test_two_places_cannot_share_a_row() -> None:
    """A matrix row that two places claim is a fault of the second."""
    document = tiny_instance(3, extended=True)
    row = document["departing_points"][0]["distance_matrix_index"]
    document["patients"][1]["distance_matrix_index"] = row
    assert ("patients[1].distance_matrix_index", "bad-value") in faults_of(document)


def test_a_service_without_any_duration_is_a_fault() -> None:
    """A duration must come from the patient or from the service."""
    document = tiny_instance(1)
    for service in document["services"]:
        del service["default_duration"]
    expected = ("patients[1].required_caregivers[1].duration", "missing-field")
    assert expected in faults_of(document)


def test_the_same_service_twice_is_a_fault() -> None:
    """The two services of a patient differ, or a solution could not tell them apart."""
    document = tiny_instance(1)
    first, second = document["patients"][1]["required_caregivers"]
    second["service"] = first["service"]
    expected = ("patients[1].required_caregivers[1].service", "bad-value")
    assert faults_of(document) == [expected]


def test_all_faults_are_told_at_once() -> None:
    """Faults of shape and of reference in different places come together."""
    document = tiny_instance(1)
    document["patients"][0]["id"] = ""
    document["patients"][1]["required_caregivers"][0]["service"] = "s9"
    document["distances"][0][1] = -1.0
    assert [path for path, _ in faults_of(document)] == [
        "patients[0].id",
        "patients[1].required_caregivers[0].service",
        "distances[0][1]",
    ]


def test_a_thoroughly_bad_matrix_does_not_flood_the_screen() -> None:
    """Of many faults of the same matrix only the first are listed, and the rest counted."""
    document = tiny_instance(1, patients=9)
    document["distances"] = [[-1.0] * 10 for _ in range(10)]
    faults = faults_of(document)
    assert len(faults) == 21
    assert faults[0] == ("distances", "bad-value")


def test_what_the_format_does_not_know_is_named() -> None:
    """Fields of other tools do no harm; each is named once, at the first record that has it."""
    document = tiny_instance(1)
    document["area"] = [0, 1]
    document["note"] = "x"
    for patient in document["patients"]:
        patient["colour"] = "red"
    document["patients"][0]["required_caregivers"][0]["lenght"] = 5
    warnings = {w.path: (w.code, w.message) for w in parse_hhcrsp(document).warnings}
    message = "is no field of this format and is passed over"
    assert warnings == {
        "note": ("unread-field", f"{message}."),
        "patients[0].colour": ("unread-field", f"{message} (the same in 6 records)."),
        "patients[0].required_caregivers[0].lenght": ("unread-field", f"{message}."),
    }


def test_the_formats_own_fields_are_no_surprise() -> None:
    """What the format and its extension have is read, or known to say nothing of a roster."""
    for document in (tiny_instance(1), tiny_instance(3, extended=True), tiny_soft_shifts(1)):
        document["services"][0]["type"] = "t0"
        document["caregivers"][0]["distance_matrix_index"] = 0
        assert parse_hhcrsp(document).warnings == ()


def test_a_row_that_is_not_told_is_the_position() -> None:
    """Departing points without a row come first, in their order, then the patients."""
    document = tiny_soft_shifts(1)
    rows = check_document(document).index
    assert [rows["office", "d1"], rows["patient", "p1"], rows["patient", "p6"]] == [0, 1, 6]
