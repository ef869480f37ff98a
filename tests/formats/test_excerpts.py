"""Documents with very many faults are read as far as some of them are known."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from optimizer.domain import Scenario
from optimizer.errors import InvalidDocument
from optimizer.formats import parse_plan, parse_scenario, parse_vroom
from optimizer.formats.excerpts import beginnings
from optimizer.formats.shape import _all_names
from tests.architecture.source import ROOT

HAMLET = (ROOT / "scenarios" / "hamlet.json").read_text(encoding="utf-8")
DAY = (ROOT / "scenarios" / "zhenhai-day-s.json").read_text(encoding="utf-8")

Change = Callable[[dict[str, Any]], object]


def refused(change: Change, most: int | None) -> InvalidDocument:
    """Return what is said of a changed hamlet."""
    content = json.loads(HAMLET)
    change(content)
    with pytest.raises(InvalidDocument) as caught:
        parse_scenario(json.dumps(content), most=most)
    return caught.value


MANY: dict[str, Change] = {
    "records": lambda day: day.update(couplings=[{}] * 200),
    "late records": lambda day: day.update(visits=day["visits"] * 20 + [{}] * 1_300),
    "names": lambda day: day.update({f"x{n}": 1 for n in range(300)}),
    "not numbers": lambda day: day.update(x=[float("nan")] * 300),
}


@pytest.mark.parametrize("change", MANY.values(), ids=MANY)
def test_reading_stops_after_some_faults(change: Change) -> None:
    """Of thousands about as many are told as were asked for, each of which is one."""
    every = {fault.path for fault in refused(change, None).faults}
    some = refused(change, 50).faults
    assert 50 < len(some) <= 102 < len(every)
    assert {fault.path for fault in some} <= every


def test_a_few_faults_are_told_as_ever() -> None:
    """Where there are not too many, nothing depends on how many would be."""

    def spoil(day: dict[str, Any]) -> None:
        day["visits"][0]["client"] = "nobody"
        day["clients"][0]["colour"] = "red"

    assert refused(spoil, 50).faults == refused(spoil, None).faults


@pytest.mark.parametrize("read", [parse_plan, parse_vroom])
def test_other_documents_stop_too(read: Callable[..., Any]) -> None:
    """Plans and routing problems are read in the same way."""
    text = json.dumps({"routes": [{}] * 3_000, "vehicles": [{}] * 3_000})
    with pytest.raises(InvalidDocument) as caught:
        read(text, most=50)
    assert len(caught.value.faults) == 51


@pytest.mark.parametrize("text", [HAMLET, DAY], ids=["hamlet", "day"])
def test_a_sound_document_begins_soundly(text: str) -> None:
    """No record objects to what was left out, even where all lists have one entry."""
    found = list(beginnings(json.loads(text), names=_all_names(Scenario), least=1))
    assert len(found) > 3
    for part in found:
        Scenario.model_validate_json(part, strict=True)


def test_a_long_name_is_compared_with_nothing() -> None:
    """A megabyte of a name is an unknown field like another."""
    fault = refused(lambda day: day.update({"visits" * 100_000: 1}), 50).faults[0]
    assert fault.code == "unknown-field"


def test_repeated_keys_are_counted_once_through() -> None:
    """Thousands of keys that are each there twice take no longer than thousands of others."""
    pairs = ", ".join(f'"k{n}": 1' for n in range(20_000))
    with pytest.raises(InvalidDocument) as caught:
        parse_scenario("{" + pairs + ", " + pairs + "}", most=50)
    assert "duplicate-key" in {fault.code for fault in caught.value.faults}
