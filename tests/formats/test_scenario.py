"""Reading and writing scenarios."""

from __future__ import annotations

import gzip
import json
import lzma
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.domain.scenario import Scenario
from optimizer.errors import UnreadableFile, UsageError
from optimizer.formats import (
    check_scenario,
    format_scenario,
    parse_scenario,
    read_scenario,
    write_scenario,
)
from optimizer.generate import RECIPES, generate_scenario
from optimizer.units import format_clock
from tests.formats.documents import changed, matrix_scenario, put, sound_plan, sound_scenario

MINUTES = st.integers(0, 6_000_000).map(lambda thousandths: thousandths / 1000)
CLOCKS = st.integers(0, 86_400).map(lambda seconds: format_clock(seconds * 1000))
CODES = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8)


@pytest.mark.parametrize("name", ["hamlet", "zhenhai-day-s"])
def test_a_generated_scenario_comes_back_as_it_was(name: str) -> None:
    """What is written and read again is the same scenario."""
    scenario = generate_scenario(RECIPES[name], 1)
    assert parse_scenario(format_scenario(scenario)) == scenario


def test_a_compact_scenario_holds_the_same() -> None:
    """One line for machines says what many lines for people say."""
    scenario = generate_scenario(RECIPES["zhenhai-day-s"], 1)
    compact = format_scenario(scenario, compact=True)
    assert "\n" not in compact
    assert json.loads(compact) == json.loads(format_scenario(scenario))


def test_generated_scenarios_are_sound() -> None:
    """The generator makes nothing that the checks refuse or find odd."""
    scenario = generate_scenario(RECIPES["zhenhai-day-s"], 1)
    findings = check_scenario(scenario)
    assert findings.faults == ()
    assert findings.warnings == ()


@settings(max_examples=60, deadline=None)
@given(
    minutes=st.floats(0.001, 1000),
    gap=MINUTES,
    start=CLOCKS,
    town=CODES,
    lat=st.floats(-90, 90),
    weight=st.integers(0, 10_000_000_000),
    reach=st.floats(-1, 100_000),
)
def test_any_scenario_comes_back_as_it_was(
    minutes: float, gap: float, start: str, town: str, lat: float, weight: int, reach: float
) -> None:
    """Whatever the numbers, write and read give the same scenario and the same text."""
    document = matrix_scenario()
    document["visits"][0]["carers"][0]["minutes"] = minutes
    document["visits"][0]["window"] = {"earliest": start, "latest": "24:00"}
    tie = {"kind": "after", "first": "V1", "second": "V2", "min_gap": gap}
    document["couplings"] = [tie]
    document["clients"][0] |= {"town": town, "usual_start": start}
    document["clients"][0]["home"]["lat"] = lat
    document["policy"] = {"weights": {"travel": weight}}
    document["travel"]["minutes"]["ebike"][0][1] = reach
    document["published"] = sound_plan()
    scenario = Scenario.model_validate_json(json.dumps(document))
    text = format_scenario(scenario)
    assert Scenario.model_validate_json(text) == scenario
    assert format_scenario(Scenario.model_validate_json(text)) == text


@pytest.mark.parametrize("suffix", [".json", ".json.gz", ".json.xz"])
def test_files_come_back_as_they_were(tmp_path: Path, suffix: str) -> None:
    """All three kinds of files can be written and read, and have the same bytes each time."""
    scenario = parse_scenario(changed(sound_scenario(), put("clients.0.town", "镇海")))
    path, again = tmp_path / f"village{suffix}", tmp_path / f"again{suffix}"
    write_scenario(scenario, path)
    write_scenario(scenario, again)
    assert read_scenario(path) == scenario
    assert path.read_bytes() == again.read_bytes()


def test_the_content_decides_how_a_file_is_unpacked(tmp_path: Path) -> None:
    """A packed file with a plain name is read, too."""
    raw = changed(sound_scenario(), lambda _: None).encode()
    for number, packed in enumerate((gzip.compress(raw), lzma.compress(raw), raw)):
        path = tmp_path / f"{number}.json"
        path.write_bytes(packed)
        assert read_scenario(path).id == "village"


def test_a_byte_order_mark_is_passed_over() -> None:
    """Files saved by Windows editors with a byte order mark are read."""
    raw = b"\xef\xbb\xbf" + changed(sound_scenario(), lambda _: None).encode()
    assert parse_scenario(raw).id == "village"


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("broken.json.gz", gzip.compress(b"{}" * 99, mtime=0)[:-9]),  # cut off
        ("broken.json.xz", lzma.compress(b"{}" * 99)[:-9]),  # cut off
        ("header.json.gz", b"\x1f\x8b nothing behind"),  # only looks packed
    ],
)
def test_broken_archives_are_unreadable(tmp_path: Path, name: str, raw: bytes) -> None:
    """An incomplete archive is an unreadable file, not a faulty document."""
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(UnreadableFile, match="cannot be unpacked") as caught:
        read_scenario(path)
    assert caught.value.exit_code == 3


def test_files_that_are_not_there_are_unreadable(tmp_path: Path) -> None:
    """A missing file and a folder are told in one line."""
    with pytest.raises(UnreadableFile, match=r"No such file .*; check"):
        read_scenario(tmp_path / "missing.json")
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_scenario(tmp_path)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """Writing into a folder that does not exist is a slip of the hand, and what to do is said."""
    scenario = parse_scenario(changed(sound_scenario(), lambda _: None))
    with pytest.raises(UsageError, match=r"cannot be written: .*; check"):
        write_scenario(scenario, tmp_path / "nowhere" / "village.json")


def test_the_policy_is_written_in_full() -> None:
    """A written scenario keeps its weights even if a later version has other defaults."""
    scenario = parse_scenario(changed(sound_scenario(), lambda _: None))
    written = json.loads(format_scenario(scenario))
    assert written["policy"]["weights"]["lateness"] == 2
    assert written["policy"]["disruption_tolerance"] == 15
    assert written["travel"] == {"kind": "geodesic"}
    assert "mode" not in written["caregivers"][0]
