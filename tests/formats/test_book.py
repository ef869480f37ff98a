"""A district's own catalogue and rules: read, or refused with every fault of both."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from optimizer.errors import Fault, InvalidDocument, UnreadableFile
from optimizer.formats import read_book
from optimizer.needs.book import default_book
from tests.formats.documents import Change, Document, both, drop, put
from tests.formats.test_bad_input import require_one

LUNCH = "services.LUNCH"
BATH = "services.BATH"


def catalogue() -> Document:
    """Return a catalogue of two services."""
    return {
        "format": "homecare-catalogue",
        "version": "1",
        "arrival": 5,
        "notes": 5,
        "meal_lasts": 20,
        "meals": {"breakfast": "07:15", "lunch": "11:30", "dinner": "17:15"},
        "services": {
            "LUNCH": {
                "en": "lunch",
                "zh": "午餐",
                "minutes": 20,
                "needs": "C/1",
                "windows": [{"name": "lunch", "earliest": "11:15", "latest": "12:00"}],
            },
            "BATH": {
                "en": "bath",
                "zh": "助浴",
                "minutes": 60,
                "shortest": 45,
                "needs": "C/2",
                "two_carers": [{"all_of": [{"tier": 3}, {"none_of": [{"device": "hoist"}]}]}],
                "windows": [
                    {"name": "morning", "earliest": "09:00", "latest": "10:45"},
                    {
                        "name": "afternoon",
                        "earliest": "13:30",
                        "latest": "15:30",
                        "preferred_until": "15:00",
                    },
                ],
                "gaps": [
                    {
                        "first": "morning",
                        "second": "afternoon",
                        "min_gap": 180,
                        "max_gap": 400,
                        "alert": "refer",
                    }
                ],
                "excludes": ["LUNCH"],
                "prices": {"district": {"fen_per_time": 10000}},
            },
        },
        "alerts": {"refer": {"en": "refer", "zh": "转介"}},
    }


def rules() -> Document:
    """Return rules that use every kind of entry."""
    return {
        "format": "homecare-rules",
        "version": "1",
        "rules": [
            {
                "id": "R1",
                "en": "needs help",
                "zh": "需要帮助",
                "when": [{"any_of": [{"item": "bathing", "at_most": 2}, {"flag": "alone"}]}],
                "adds": [
                    {"service": "BATH", "per_week": 1, "windows": ["morning"]},
                    {
                        "service": "BATH",
                        "per_week": 2,
                        "per_day": 2,
                        "when": [{"condition": "gout", "within_days": 30}],
                    },
                ],
                "changes": [{"services": ["*"], "minutes_percent": 125}],
                "follows": [{"first": "BATH", "second": "LUNCH", "min_gap": 60, "max_gap": 90}],
                "notes": ["slowly"],
                "alert": "refer",
            },
            {
                "id": "R2",
                "en": "falls",
                "zh": "跌倒",
                "when": [{"risk_events": 2, "kind": "fall", "within_days": 30}],
                "changes": [{"services": ["LUNCH"], "needs": "C/2"}],
            },
        ],
        "contraindications": [
            {"id": "K1", "en": "no", "zh": "不", "when": [{"device": "tube"}], "bars": ["LUNCH"]}
        ],
        "impossible": [
            {"id": "X1", "en": "is odd", "zh": "不", "when": [{"item": "eating", "at_least": 1}]}
        ],
        "notes": {"slowly": {"en": "slowly", "zh": "慢"}},
        "alerts": {"refer": {"en": "refer", "zh": "转介"}},
    }


ADD = "rules.0.adds.0"

SIGNED = {"by": "head nurse", "on": "2026-09-01", "version": "1"}

CATALOGUES: list[tuple[Change, str, str]] = [
    (put("approvals", [{**SIGNED, "entries": ["BATH", "BED"]}]), "unknown-entry",
     "approvals[0].entries[1]"),
    (put("approvals", [{**SIGNED, "by": ""}]), "bad-text", "approvals[0].by"),
    (put("review_on", "soon"), "bad-date", "review_on"),
    (put("arival", 5), "unknown-field", "arival"),  # at the top
    (put(f"{LUNCH}.nedes", "C"), "unknown-field", "services.LUNCH.nedes"),  # in a service
    (drop(f"{LUNCH}.needs"), "missing-field", "services.LUNCH.needs"),
    (put(f"{LUNCH}.minutes", "20"), "bad-minutes", "services.LUNCH.minutes"),
    (put(f"{LUNCH}.en", ""), "bad-text", "services.LUNCH.en"),  # no name
    (put(f"{LUNCH}.needs", "c2"), "bad-text", "services.LUNCH.needs"),  # no qualification
    (put(f"{LUNCH}.windows.0.latest", 12), "bad-clock", "services.LUNCH.windows[0].latest"),
    (put("meals.lunch", 600), "bad-clock", "meals.lunch"),  # minutes; not called too close as well
    (put(f"{LUNCH}.windows", []), "wrong-count", "services.LUNCH.windows"),
    (put(f"{LUNCH}.is_meal", "yes"), "wrong-type", "services.LUNCH.is_meal"),
    (put("services", []), "wrong-type", "services"),
    (put("format", "homecare-rules"), "wrong-format", "format"),  # the other file
    (put("meals.lunch", "10:00"), "meals-too-close", "meals.lunch"),
    (put(f"{LUNCH}.minutes", 0), "empty-duration", "services.LUNCH.minutes"),
    (put(f"{LUNCH}.minutes", 7.5), "bad-minutes", "services.LUNCH.minutes"),  # no whole minutes
    (put(f"{BATH}.shortest", 0.5), "bad-minutes", "services.BATH.shortest"),  # likewise
    (put(f"{BATH}.shortest", 61), "shortest-too-long", "services.BATH.shortest"),
    (put(f"{BATH}.windows.0.latest", "08:59"), "window-reversed", "services.BATH.windows[0]"),
    (
        put(f"{BATH}.windows.1.preferred_until", "15:31"),
        "preferred-outside-window",
        "services.BATH.windows[1].preferred_until",
    ),
    (
        put(f"{BATH}.windows.+", {"name": "morning", "earliest": "09:00", "latest": "10:00"}),
        "duplicate-id",
        "services.BATH.windows[2].name",
    ),
    (put(f"{BATH}.gaps.0.second", "noon"), "unknown-window", "services.BATH.gaps[0].second"),
    (put(f"{BATH}.gaps.0.max_gap", 100), "gap-reversed", "services.BATH.gaps[0].max_gap"),
    (put(f"{BATH}.gaps.0.alert", "refere"), "unknown-alert", "services.BATH.gaps[0].alert"),
    (
        both(put(f"{BATH}.min_days", 4), put(f"{BATH}.max_days", 3)),
        "days-reversed",
        "services.BATH.max_days",
    ),
    (put(f"{BATH}.excludes.+", "BED"), "unknown-service", "services.BATH.excludes[1]"),
    (
        put(f"{BATH}.two_carers.+", {"item": "transfr", "at_most": 1}),
        "unknown-item",
        "services.BATH.two_carers[1].item",
    ),
]  # fmt: skip

RULES: list[tuple[Change, str, str]] = [
    (put("approvals", [SIGNED, {**SIGNED, "entries": ["R1", "K1", "X1", "R9"]}]), "unknown-entry",
     "approvals[1].entries[3]"),
    (put(f"{ADD}.per_wek", 1), "unknown-field", "rules[0].adds[0].per_wek"),
    (put("rules.0.few_carers", 11), "out-of-range", "rules[0].few_carers"),
    (put("rules.0.flags", ["alon"]), "wrong-choice", "rules[0].flags[0]"),
    (put("rules.1.en", " "), "bad-text", "rules[1].en"),  # no words
    (put("impossible.0.zh", "一\n二"), "bad-text", "impossible[0].zh"),  # two lines
    (put("rules.1.when", []), "wrong-count", "rules[1].when"),
    (put("rules.1.id", "R1"), "duplicate-id", "rules[1].id"),
    (put("contraindications.0.id", "R2"), "duplicate-id", "contraindications[0].id"),
    (put("impossible.0.id", "K1"), "duplicate-id", "impossible[0].id"),
    (put("rules.1.adds", [{"service": "BED", "per_week": 1}]), "unknown-service",
     "rules[1].adds[0].service"),
    (put("rules.1.changes.0.services.+", "BED"), "unknown-service",
     "rules[1].changes[0].services[1]"),
    (put("rules.0.follows.0.second", "BED"), "unknown-service", "rules[0].follows[0].second"),
    (put("contraindications.0.bars.+", "BED"), "unknown-service", "contraindications[0].bars[1]"),
    (put(f"{ADD}.windows.0", "noon"), "unknown-window", "rules[0].adds[0].windows[0]"),
    (put(f"{ADD}.per_day", 3), "too-often-a-day", "rules[0].adds[0].per_day"),
    (drop(f"{ADD}.per_week"), "no-frequency", "rules[0].adds[0]"),
    (put(f"{ADD}.per_four_weeks", 1), "two-frequencies", "rules[0].adds[0].per_four_weeks"),
    (put("rules.0.follows.0.max_gap", 59), "gap-reversed", "rules[0].follows[0].max_gap"),
    (put("rules.0.notes.0", "slow"), "unknown-note", "rules[0].notes[0]"),
    (put("rules.0.alert", "refere"), "unknown-alert", "rules[0].alert"),
    (
        put("rules.0.when.0.any_of.0.item", "bath"),
        "unknown-item",
        "rules[0].when[0].any_of[0].item",
    ),
    (
        put("rules.0.when.0.any_of.1.flag", "alon"),
        "wrong-choice",
        "rules[0].when[0].any_of[1].flag",
    ),
    (put("rules.1.when.0.tier", 3), "bad-test", "rules[1].when[0]"),  # two things
    (put("rules.1.when.0", {}), "bad-test", "rules[1].when[0]"),  # nothing
    (drop("impossible.0.when.0.at_least"), "bad-test", "impossible[0].when[0]"),  # no score
    (
        put("rules.1.when.0.min_stage", 2),
        "bad-test",
        "rules[1].when[0].min_stage",
    ),  # of something that has no stages
]  # fmt: skip


def write(folder: Path, change: Change, name: str, document: Document) -> Path:
    """Write a document as JSON after a change."""
    change(document)
    path = folder / name
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def nothing(_document: Document) -> None:
    """Change nothing."""


def faults_of(read: Callable[[], object], source: str) -> tuple[Fault, ...]:
    """Return the faults of files that must have some."""
    with pytest.raises(InvalidDocument) as caught:
        read()
    assert str(caught.value).startswith(f"{source} has ")
    return caught.value.faults


@pytest.mark.parametrize(("change", "code", "path"), CATALOGUES)
def test_one_bad_thing_in_a_catalogue_is_one_fault(
    change: Change, code: str, path: str, tmp_path: Path
) -> None:
    """Each spoilt place of a sound catalogue is told once, with its path, and nothing else is."""
    bad = write(tmp_path, change, "own.json", catalogue())
    good = write(tmp_path, nothing, "rules.json", rules())
    require_one(faults_of(lambda: read_book(bad, good), "own.json"), code, path)


@pytest.mark.parametrize(("change", "code", "path"), RULES)
def test_one_bad_thing_in_rules_is_one_fault(
    change: Change, code: str, path: str, tmp_path: Path
) -> None:
    """Each spoilt place of sound rules is told once, with its path, and nothing else is."""
    good = write(tmp_path, nothing, "own.json", catalogue())
    bad = write(tmp_path, change, "rules.json", rules())
    require_one(faults_of(lambda: read_book(good, bad), "rules.json"), code, path)


def test_sound_files_are_read(tmp_path: Path) -> None:
    """The files that the tables spoil have no fault themselves."""
    book = read_book(
        write(tmp_path, nothing, "own.json", catalogue()),
        write(tmp_path, nothing, "rules.json", rules()),
    )
    assert list(book.catalogue.services) == ["LUNCH", "BATH"]
    assert book.rules.rules[0].adds[0].service == "BATH"


def test_the_files_of_the_package_are_sound() -> None:
    """What comes with the package is read without a fault, as what it is without any file."""
    needs = Path(str(files("optimizer.needs")))
    assert read_book(needs / "catalogue.toml", needs / "rules.toml") == default_book()
    assert read_book(needs / "catalogue.toml") == default_book()
    assert read_book(rules=needs / "rules.toml") == default_book()
    assert read_book() == default_book()


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    """The ending decides how a file is read, not what it means."""
    text = files("optimizer.needs").joinpath("rules.toml").read_text(encoding="utf-8")
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(tomllib.loads(text)), encoding="utf-8")
    assert read_book(rules=path) == default_book()


def test_all_faults_of_both_files_are_told_at_once(tmp_path: Path) -> None:
    """Each fault names its file where both have some; records with faults are still there."""
    bad = write(
        tmp_path, both(put(f"{BATH}.minuts", 1), put("arrival", "5")), "own.json", catalogue()
    )
    change = both(put(f"{ADD}.service", "BED"), put(f"{ADD}.perweek", 1), put("rules.1.id", "R1"))
    worse = write(tmp_path, change, "rules.json", rules())
    faults = faults_of(lambda: read_book(bad, worse), "own.json and rules.json")
    assert [(fault.code, fault.path) for fault in faults] == [
        ("bad-minutes", "own.json: arrival"),
        ("unknown-field", "own.json: services.BATH.minuts"),
        ("unknown-field", "rules.json: rules[0].adds[0].perweek"),
        ("duplicate-id", "rules.json: rules[1].id"),
    ]


def test_records_with_a_fault_are_not_compared(tmp_path: Path) -> None:
    """Of a rule with a repeated key only that is told, because nobody knows which one counts."""
    good = write(tmp_path, nothing, "own.json", catalogue())
    bad = write(tmp_path, put(f"{ADD}.per_day", 3), "rules.json", rules())
    text = bad.read_text(encoding="utf-8").replace('"per_day": 3', '"per_day": 1, "per_day": 3')
    bad.write_text(text, encoding="utf-8")
    faults = faults_of(lambda: read_book(good, bad), "rules.json")
    require_one(faults, "duplicate-key", "rules[0].adds[0].per_day")


def test_files_of_one_name_are_told_apart_by_their_faults(tmp_path: Path) -> None:
    """Two folders may hold files of the same name."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    bad = write(tmp_path / "a", put("arrival", "5"), "own.json", catalogue())
    worse = write(tmp_path / "b", put("rules.1.id", "R1"), "own.json", rules())
    faults = faults_of(lambda: read_book(bad, worse), "own.json and own.json")
    assert [fault.code for fault in faults] == ["bad-minutes", "duplicate-id"]


def test_what_is_not_given_comes_with_the_package_and_has_to_fit(tmp_path: Path) -> None:
    """A small catalogue lacks what the usual rules ask for; small rules may be read by it."""
    own = write(tmp_path, nothing, "own.json", catalogue())
    faults = faults_of(lambda: read_book(own), "own.json")
    assert {fault.code for fault in faults} == {"unknown-service"}
    assert faults[0].path == "default rules: rules[0].adds[0].service"
    small = write(tmp_path, both(put("rules", []), drop("contraindications")), "r.json", rules())
    assert read_book(rules=small).catalogue == default_book().catalogue


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ('version = "1"\nnotes = = 5\n', "bad-toml", "line 2"),  # an equals sign too many
        ("version = '1'\n[services", "bad-toml", "end of document"),  # cut off
        ("a = 1\na = 2\n", "bad-toml", "line 2"),  # one key twice
        ("a = " + "1" * 5000, "bad-toml", "digits"),  # a number without end
        ("  \n", "empty-document", "empty"),  # blanks only
        ("a = " + "[" * 5000, "too-deep", "nested"),  # would end an unguarded parser
        ("a = 2026-03-02\nb = nan\n", "not-a-number", "finite"),  # what JSON does not have
    ],
)
def test_a_text_that_is_no_toml_is_refused(
    text: str, code: str, words: str, tmp_path: Path
) -> None:
    """Syntax errors are told with their line, and everything else as in JSON."""
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    good = write(tmp_path, nothing, "rules.json", rules())
    faults = faults_of(lambda: read_book(path, good), "own.toml")
    (fault,) = [fault for fault in faults if fault.code == code]
    assert words in fault.message
    assert fault.message.isprintable()


def test_text_of_another_encoding_is_refused(tmp_path: Path) -> None:
    """A file saved as GBK is no UTF-8."""
    path = tmp_path / "own.toml"
    path.write_bytes('zh = "助浴"'.encode("gbk"))
    (fault,) = faults_of(lambda: read_book(catalogue=path), "own.toml")
    assert fault.code == "not-utf8"


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    """A path that leads nowhere is no fault of a document."""
    with pytest.raises(UnreadableFile):
        read_book(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("change", "proposal"),
    [
        (put("rules.0.nots", []), "notes"),  # in a rule
        (put(f"{ADD}.when", [{"any_off": []}]), "any_of"),  # in a test
        (put("rules.0.when.0.any_of.0.item", "bathin"), "bathing"),  # a name of an item
    ],
)
def test_a_near_name_is_proposed(change: Change, proposal: str, tmp_path: Path) -> None:
    """A misspelt field or item is answered with the nearest one."""
    good = write(tmp_path, nothing, "own.json", catalogue())
    bad = write(tmp_path, change, "rules.json", rules())
    faults = faults_of(lambda: read_book(good, bad), "rules.json")
    assert f'did you mean "{proposal}"?' in faults[0].message


def test_a_service_gets_a_proposal_too(tmp_path: Path) -> None:
    """Fields of services, which stand under names of one's own, are proposed as well."""
    bad = write(tmp_path, put(f"{LUNCH}.nedes", "C"), "own.json", catalogue())
    good = write(tmp_path, nothing, "rules.json", rules())
    faults: Any = faults_of(lambda: read_book(bad, good), "own.json")
    assert 'did you mean "needs"?' in faults[0].message
