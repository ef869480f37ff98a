"""The ledger of the office: a chain of entries that shows every change made afterwards."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from optimizer.domain.ledger import EntryKind
from optimizer.errors import InvalidDocument, UsageError
from optimizer.formats.ledger import (
    FIRST,
    Draft,
    append_entry,
    check_same_history,
    parse_ledger,
    read_ledger,
)
from optimizer.i18n import translated


def draft(subject: str, **claims: Any) -> Draft:
    """Return an allocation of a scenario."""
    inputs = {"scenario": hashlib.sha256(subject.encode()).hexdigest()}
    return Draft(EntryKind.ASSIGNMENT, subject, "2026-03", inputs, claims or {"lines": []})


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Three entries."""
    path = tmp_path / "ledger.jsonl"
    for month in ("march", "april", "may"):
        append_entry(path, draft(month))
    return path


def rewritten(path: Path, change: Any) -> Path:
    """Write a ledger anew with its lines changed."""
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(change(lines)))
    return path


def faults(path: Path) -> list[tuple[str, str]]:
    """Return place and code of each fault of a ledger."""
    with pytest.raises(InvalidDocument) as caught:
        read_ledger(path)
    assert all("{" not in translated("zh", one.message) for one in caught.value.faults)
    return [(one.path, str(one.code)) for one in caught.value.faults]


def test_each_entry_names_the_hash_of_the_one_before(ledger: Path) -> None:
    """The hash is recounted by six lines that share nothing with the optimizer."""
    before = 64 * "0"
    lines = ledger.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        entry = json.loads(line)
        body = json.dumps(entry["body"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert entry["previous"] == before
        assert entry["body"]["number"] == number
        before = hashlib.sha256((before + body).encode()).hexdigest()
        assert entry["hash"] == before
    assert len(lines) == 3


def test_the_same_decisions_give_the_same_bytes(ledger: Path, tmp_path: Path) -> None:
    """No clock, no order of keys, no repetition shows in a ledger."""
    twin = tmp_path / "twin.jsonl"
    for month in ("march", "march", "april", "may", "may"):
        append_entry(twin, draft(month))
    assert twin.read_bytes() == ledger.read_bytes()


def test_a_decision_is_corrected_by_a_further_entry_with_its_reason(ledger: Path) -> None:
    """What was entered before stays; without a reason nothing is entered."""
    before = ledger.read_bytes()
    with pytest.raises(UsageError):
        append_entry(ledger, draft("april", lines=["other"]))
    assert ledger.read_bytes() == before
    made = append_entry(ledger, draft("april", lines=["other"]), "a wish came late")
    assert (made.body.number, made.body.corrects, made.body.reason) == (4, 2, "a wish came late")
    assert ledger.read_bytes().startswith(before)
    assert [one.body.number for one in read_ledger(ledger).standing()] == [1, 3, 4]


def test_nothing_is_corrected_that_was_not_decided(ledger: Path) -> None:
    """A reason without an earlier entry is refused."""
    with pytest.raises(UsageError):
        append_entry(ledger, draft("june"), "a reason")


def test_edited_history_names_its_entry(ledger: Path) -> None:
    """A figure changed by one sign is found, wherever it stands."""
    changed = rewritten(
        ledger, lambda lines: [lines[0], lines[1].replace(b"april", b"abril"), lines[2]]
    )
    assert faults(changed) == [("entries[1]", "ledger-edited")]


def test_an_edited_entry_with_a_new_hash_breaks_the_one_behind(ledger: Path) -> None:
    """Whoever edits has to write everything behind anew, which the published hash shows."""

    def edit(lines: list[bytes]) -> list[bytes]:
        entry = json.loads(lines[0])
        entry["body"]["claims"] = {"lines": ["mine"]}
        body = json.dumps(entry["body"], sort_keys=True, separators=(",", ":"))
        entry["hash"] = hashlib.sha256((FIRST + body).encode()).hexdigest()
        return [json.dumps(entry).encode() + b"\n", *lines[1:]]

    assert faults(rewritten(ledger, edit)) == [("entries[1]", "ledger-broken")]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda lines: [lines[0], lines[2]], [("entries[1]", "ledger-broken")]),
        (
            lambda lines: [lines[1], lines[0], lines[2]],
            [(f"entries[{n}]", "ledger-broken") for n in range(3)],
        ),
        (lambda lines: [lines[0], b"{}\n", *lines[1:]], [("entries[1]", "ledger-line")]),
        (lambda lines: [lines[0], b"\n", *lines[1:]], [("entries[1]", "ledger-line")]),
    ],
    ids=["removed", "swapped", "no entry", "empty line"],
)
def test_what_was_removed_moved_or_put_in_is_found(
    ledger: Path, change: Any, found: list[tuple[str, str]]
) -> None:
    """All faults come at once, each with its entry."""
    assert faults(rewritten(ledger, change)) == found


def test_every_fault_comes_at_once(ledger: Path) -> None:
    """Two edited entries are two faults."""
    edited = rewritten(
        ledger, lambda lines: [one.replace(b"scenario", b"szenario") for one in lines]
    )
    assert faults(edited) == [(f"entries[{n}]", "ledger-edited") for n in range(3)]


def test_a_torn_last_line_is_passed_over_and_cut_off(ledger: Path) -> None:
    """Its entry was never made: it is told when read, and gone once the next one is entered."""
    whole = ledger.read_bytes()
    for cut in (1, 40, 200):
        ledger.write_bytes(whole[:-cut])
        found = read_ledger(ledger)
        assert len(found.entries) == 2
        assert [str(one.code) for one in found.warnings] == ["ledger-torn"]
        append_entry(ledger, draft("may"))
        assert ledger.read_bytes() == whole


def test_a_faulty_ledger_is_not_lengthened(ledger: Path) -> None:
    """Nothing is written behind a broken chain."""
    rewritten(ledger, lambda lines: lines[1:])
    before = ledger.read_bytes()
    with pytest.raises(InvalidDocument):
        append_entry(ledger, draft("june"))
    assert ledger.read_bytes() == before


def test_two_ledgers_that_fork_are_told_from_one_that_is_behind(ledger: Path) -> None:
    """A copy may end earlier, a ledger may not; another history is refused where it begins."""
    lines = ledger.read_bytes().splitlines(keepends=True)
    shorter = parse_ledger(b"".join(lines[:2]))
    whole = read_ledger(ledger)
    assert check_same_history(whole, shorter, "one", "other") == len(lines) - 2
    assert check_same_history(whole, whole, "one", "other") == 0
    with pytest.raises(InvalidDocument) as cut_off:
        check_same_history(shorter, whole, "one", "other")
    assert [(one.path, one.code) for one in cut_off.value.faults] == [
        ("entries[2]", "ledger-shorter")
    ]
    ledger.write_bytes(b"".join(lines[:1]))
    append_entry(ledger, draft("april", lines=["other"]))
    with pytest.raises(InvalidDocument) as caught:
        check_same_history(whole, read_ledger(ledger), "one", "other")
    (fault,) = caught.value.faults
    assert (fault.path, fault.code) == ("entries[1]", "ledger-forked")
    assert "entry 2" in str(fault.message)


def test_a_correction_of_nothing_is_found(ledger: Path) -> None:
    """An entry made by hand that corrects what decides about something else is refused."""

    def forge(lines: list[bytes]) -> list[bytes]:
        entry = json.loads(lines[2])
        entry["body"] |= {"corrects": 1, "reason": "why not"}
        text = json.dumps(entry["body"], sort_keys=True, separators=(",", ":"))
        entry["hash"] = hashlib.sha256((entry["previous"] + text).encode()).hexdigest()
        return [*lines[:2], json.dumps(entry).encode() + b"\n"]

    assert faults(rewritten(ledger, forge)) == [
        ("entries[2].body.corrects", "correction-of-nothing")
    ]
