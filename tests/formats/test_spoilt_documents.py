"""Documents spoilt at random places: refused with faults, or sound; never a crash."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.tiny_hhcrsp import tiny_instance
from optimizer.domain import Plan, Scenario
from optimizer.errors import HomecareError, InvalidDocument
from optimizer.formats import (
    check_scenario,
    format_scenario,
    parse_plan,
    parse_scenario,
    read_book,
)
from optimizer.formats.fhir import parse_fhir
from optimizer.formats.hhcrsp import load_hhcrsp
from optimizer.formats.vroom import parse_vroom
from optimizer.needs import derive
from optimizer.solving import solve
from tests.formats import test_book, test_fhir, test_vroom
from tests.formats.documents import (
    Document,
    coupling,
    matrix_scenario,
    needs_scenario,
    sound_plan,
    sound_scenario,
)

KNOWN = [
    "gbt42195",
    "2022",
    "eating",
    "HYG_BATH",
    "BATH",
    "morning",
    "V1",
    "V2",
    "V3",
    "C1",
    "G1",
    "G2",
    "O1",
    "2026-03-02",
    "2026-03-03",
    "08:30",
    "24:00",
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 200) | st.floats() | st.text(max_size=5)
    | st.sampled_from(KNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)  # fmt: skip


def rich_scenario() -> Document:
    """Return a scenario in which every kind of record turns up."""
    document = matrix_scenario()
    coupling("after", "V1", "V2", min_gap=5, max_gap=60)(document)
    document["visits"][0]["pin"] = {"caregivers": ["G1"], "date": "2026-03-02", "start": "08:30"}
    document["published"] = sound_plan()
    return document


def places_of(value: Any) -> list[tuple[Any, Any]]:
    """Return container and key of every place inside a value."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    found = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], dict | list):
            found += places_of(value[key])
    return found


def spoil(document: Document, data: st.DataObject) -> str:
    """Return a document as JSON with up to three places replaced or removed."""
    for _ in range(data.draw(st.integers(1, 3))):
        places = places_of(document)
        container, key = places[data.draw(st.integers(0, len(places) - 1))]
        if data.draw(st.booleans()):
            container[key] = data.draw(VALUES)
        else:
            del container[key]
    return json.dumps(document)


def refusal_of(read: Callable[[], object]) -> HomecareError | None:
    """Return the error with which a document is refused, or None."""
    try:
        read()
    except HomecareError as error:
        return error
    return None


@settings(max_examples=120, deadline=None)
@given(st.sampled_from([rich_scenario, sound_scenario, needs_scenario]), st.data())
def test_a_spoilt_scenario_never_crashes(make: Callable[[], Document], data: st.DataObject) -> None:
    """Whatever stands in a scenario, it is read, or each of its faults is told in one line."""
    text = spoil(make(), data)
    refusal = refusal_of(lambda: parse_scenario(text))
    if refusal is None:
        scenario = parse_scenario(text)
        assert check_scenario(scenario).faults == ()
        assert parse_scenario(format_scenario(scenario)) == scenario
    else:
        faults = getattr(refusal, "faults", ())
        assert len(str(refusal).splitlines()) == len(faults) + 1
        assert len(set(faults)) == len(faults)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_spoilt_plan_never_crashes(data: st.DataObject) -> None:
    """Whatever stands in a plan, it is read or refused as bad input."""
    text, scenario = spoil(sound_plan(), data), parse_scenario(json.dumps(sound_scenario()))
    refusal = refusal_of(lambda: parse_plan(text, "plan.json", scenario))
    assert refusal is None or refusal.exit_code == 3


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_spoilt_book_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever stands in a catalogue and in rules, they are read or refused as bad input."""
    folder = tmp_path_factory.mktemp("book")
    catalogue, rules = folder / "catalogue.json", folder / "rules.json"
    catalogue.write_text(spoil(test_book.catalogue(), data), encoding="utf-8")
    rules.write_text(spoil(test_book.rules(), data), encoding="utf-8")
    refusal = refusal_of(lambda: read_book(catalogue, rules))
    assert refusal is None or refusal.exit_code == 3
    faults = getattr(refusal, "faults", ())
    assert len(set(faults)) == len(faults)


FOREIGN: list[tuple[Callable[[], Document], Callable[[str], object]]] = [
    (test_vroom.matrix_day, lambda text: planned(parse_vroom(text).scenario)),
    (test_fhir.bundle, lambda text: derive(parse_fhir(text).scenario)),
    (lambda: tiny_instance(1, patients=4), lambda text: planned(load_hhcrsp(text, "x").scenario)),
    (
        lambda: tiny_instance(3, patients=4, extended=True),
        lambda text: planned(load_hhcrsp(text, "x").scenario),
    ),
]
"Documents of other people's formats, and what reads and plans them."


def planned(scenario: Scenario) -> Plan:
    """Return a hasty plan of a scenario, replayed by the verifier as every plan is."""
    return solve(scenario, iterations=5, engine="search").plan


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(FOREIGN), st.data())
def test_a_spoilt_foreign_document_never_crashes(
    foreign: tuple[Callable[[], Document], Callable[[str], object]], data: st.DataObject
) -> None:
    """A spoilt problem of another format is refused as bad input, or planned."""
    make, plan = foreign
    text = spoil(make(), data)
    refusal = refusal_of(lambda: plan(text))
    assert refusal is None or refusal.exit_code == 3


@settings(max_examples=80, deadline=None)
@given(st.text() | st.binary())
def test_any_text_is_refused_in_words(text: str | bytes) -> None:
    """No text or bytes get past the reader as something else than faults."""
    assert isinstance(refusal_of(lambda: parse_scenario(text)), InvalidDocument)
