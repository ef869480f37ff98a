"""Bad studies are refused before anything runs: all faults, each with place and remedy."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from optimizer.errors import InvalidDocument
from optimizer.formats import check_scenario, format_study, parse_study
from optimizer.i18n import translated
from optimizer.prepare import Prepared, prepare
from optimizer.shortfall.checking import check_study
from tests.shortfall.imagined_day import given_day

Document = dict[str, Any]

SOUND: Document = {
    "format": "homecare-study",
    "version": "1",
    "id": "what-if",
    "base": "zhenhai-day-m",
    "question": {"zh": "机构一退出会怎样？", "en": "What if the first organisation leaves?"},
    "arms": [
        {"name": "exit", "shocks": [{"kind": "org_exit", "organisation": "ORG1"}]},
        {
            "name": "pooled",
            "follows": "exit",
            "shocks": [{"kind": "cross_town_pool"}],
            "edits": [{"kind": "hire", "count": 2, "town": "luotuo"}],
        },
    ],
    "replications": 20,
    "effort": {"iterations": 500, "long_iterations": 5000},
}


def _edit(kind: str, **fields: object) -> Document:
    return {"arms": [{"name": "one", "edits": [{"kind": kind, **fields}]}]}


def _edits(*edits: Document) -> Document:
    return {"arms": [{"name": "one", "edits": list(edits)}]}


def _shocks(*shocks: Document, **arm: object) -> Document:
    return {"arms": [{"name": "one", "shocks": list(shocks), **arm}]}


AWAY = {"kind": "caregivers_away"}
EXIT = {"kind": "org_exit", "organisation": "ORG2"}
DROP = {"kind": "drop_organisation", "organisation": "ORG2"}
FEAST = {"kind": "spring_festival"}
EDIT, SHOCK = "arms[0].edits[0]", "arms[0].shocks[0]"

OF_FIELDS: list[tuple[Document, str, str]] = [
    ({"base": None}, "wrong-type", "base"),
    ({"base": ...}, "missing-field", "base"),
    ({"id": ...}, "missing-field", "id"),
    ({"format": "homecare-scenario"}, "wrong-format", "format"),
    ({"arms": []}, "wrong-count", "arms"),
    ({"arms": ...}, "missing-field", "arms"),
    ({"arms": [{"edits": []}]}, "missing-field", "arms[0].name"),
    ({"arms": [{"name": "a b"}]}, "bad-text", "arms[0].name"),
    ({"replications": 0}, "out-of-range", "replications"),
    ({"replications": "many"}, "wrong-type", "replications"),
    ({"precision": -1}, "out-of-range", "precision"),
    ({"sead": 1}, "unknown-field", "sead"),
    ({"horizon": {"kind": "month"}}, "wrong-choice", "horizon.kind"),
    ({"horizon": {"kind": "years"}}, "missing-field", "horizon.until"),
    ({"question": {"sv": "Hur?"}}, "unknown-field", "question.sv"),
    ({"assumptions": {"sick": 120}}, "out-of-range", "assumptions.sick"),
    ({"assumptions": {"sickness": 2}}, "unknown-field", "assumptions.sickness"),
    ({"effort": {"iterations": -5}}, "out-of-range", "effort.iterations"),
    (_edit("drop_organization", organisation="ORG1"), "wrong-choice", f"{EDIT}.kind"),
    ({"arms": [{"name": "one", "edits": [{}]}]}, "wrong-choice", f"{EDIT}.kind"),
    (_edit("drop_organisation"), "missing-field", f"{EDIT}.organisation"),
    (_edit("caregivers_away", percent=120), "out-of-range", f"{EDIT}.percent"),
    (_edit("caregivers_away", count=0), "out-of-range", f"{EDIT}.count"),
    (_edit("caregivers_away", percent=10, of={"origin": "abroad"}), "wrong-choice",
     f"{EDIT}.of.origin"),
    (_edit("demand", percent=-120), "out-of-range", f"{EDIT}.percent"),
    (_edit("rule_off", rule="gravity"), "wrong-choice", f"{EDIT}.rule"),
    (_edit("opening_hours", opens=8, closes="17:00"), "bad-clock", f"{EDIT}.opens"),
    (_shocks({"kind": "earthquake"}), "wrong-choice", f"{SHOCK}.kind"),
    (_shocks({**FEAST, "away": 120}), "out-of-range", f"{SHOCK}.away"),
    (_shocks({**FEAST, "people": 3}), "unknown-field", f"{SHOCK}.people"),
    (_shocks({"kind": "lockdown_town"}), "missing-field", f"{SHOCK}.town"),
    ({"ranges": [{"of": "sick", "low": 1}]}, "missing-field", "ranges[0].high"),
    ({"ranges": [{"of": "Sick days", "low": 1, "high": 2}]}, "bad-text", "ranges[0].of"),
    ({"drawn": "normal"}, "wrong-choice", "drawn"),
    ({"tornado": {"arm": "exit", "replications": 1}}, "out-of-range", "tornado.replications"),
]  # fmt: skip
"What a record sees: the difference from a sound study, code and place."

OF_ARMS: list[tuple[Document, str, str]] = [
    (_edit("drop_organisation", organisation="O2"), "unknown-organisation",
     f"{EDIT}.organisation"),
    (_shocks({"kind": "org_exit", "organisation": "O2"}), "unknown-organisation", SHOCK),
    (_edit("demand", percent=5, of={"town": "ningbo"}), "unknown-town", f"{EDIT}.of.town"),
    (_shocks({"kind": "lockdown_town", "town": "ningbo"}), "unknown-town", SHOCK),
    (_edit("demand", percent=5, of={"category": "rich"}), "unknown-category",
     f"{EDIT}.of.category"),
    (_shocks({"kind": "ageing", "category": "x"}), "unknown-category", SHOCK),
    (_edit("hire", qualification={"code": "MD"}), "unknown-qualification",
     f"{EDIT}.qualification.code"),
    (_edit("caregivers_away", count=1, of={"qualification": "MD"}), "unknown-qualification",
     f"{EDIT}.of.qualification"),
    (_edit("rule_off", rule="contract_area", contract="K9"), "unknown-contract",
     f"{EDIT}.contract"),
    (_edit("rule_off", rule="break", contract="ORG1-life"), "contract-of-no-rule",
     f"{EDIT}.contract"),
    (_edit("entitlement", percent=20, payer="lottery"), "unknown-payer", f"{EDIT}.payer"),
    (_edit("services_off", services=["SING"]), "unknown-service", f"{EDIT}.services[0]"),
    (_edit("hire", like="G999"), "unknown-caregiver", f"{EDIT}.like"),
    (_edit("caregivers_away", percent=10, of={"ids": ["G999"]}), "unknown-caregiver",
     f"{EDIT}.of.ids[0]"),
    (_edit("clients_away", percent=10, of={"ids": ["C9999"]}), "unknown-client",
     f"{EDIT}.of.ids[0]"),
    (_edit("caregivers_away"), "share-or-number", EDIT),
    (_edit("caregivers_away", percent=10, count=2), "share-or-number", EDIT),
    (_edit("caregivers_away", count=9, of={"qualification": "N"}), "too-few-meant",
     f"{EDIT}.count"),
    (_shocks({"kind": "nurse_loss", "nurses": 9}), "too-few-meant", SHOCK),
    (_edit("caregivers_away", count=1, of={"level": 2}), "level-of-nothing", f"{EDIT}.of.level"),
    (_edit("caregivers_away", percent=10, of={"organisation": "ORG4", "qualification": "N"}),
     "nobody-meant", f"{EDIT}.of"),
    (_shocks({"kind": "volunteers_up"}), "nobody-meant", SHOCK),
    (_edit("demand", percent=5, of={"town": "guisi", "organisation": "ORG6"}), "nobody-meant",
     f"{EDIT}.of"),
    (_edit("opening_hours", opens="17:00", closes="08:00"), "window-reversed",
     f"{EDIT}.closes"),
    (_edit("closed_hours", start="14:00", end="12:00"), "window-reversed", f"{EDIT}.end"),
    (_edit("extra_visits", service="SAFE_VISIT", minutes=0,
           window={"earliest": "08:00", "latest": "10:00"}), "empty-duration", f"{EDIT}.minutes"),
    (_edit("hire", shifts=[{"date": "2026-03-03", "start": "17:00", "end": "08:00"}]),
     "shift-reversed", f"{EDIT}.shifts[0]"),
    (_edit("hire", shifts=[{"date": "2027-01-01", "start": "08:00", "end": "17:00"}]),
     "date-outside-horizon", f"{EDIT}.shifts[0].date"),
    (_edit("add_organisation", organisation={"id": "ORG1"}), "duplicate-id",
     f"{EDIT}.organisation.id"),
    (_edits(DROP, DROP), "edit-repeated", "arms[0].edits[1]"),
    (_edits({**AWAY, "percent": 10}, {**AWAY, "percent": 20}), "edit-repeated",
     "arms[0].edits[1]"),
    (_shocks(EXIT, EXIT), "edit-repeated", "arms[0].shocks[1]"),
    (_shocks(EXIT, edits=[DROP]), "edit-repeated", SHOCK),
    (_shocks(FEAST, {**FEAST, "away": 20}), "edit-repeated", "arms[0].shocks[1]"),
    (_shocks({**FEAST, "origin": "outside"},
             edits=[{**AWAY, "percent": 50, "of": {"origin": "outside"}}]),
     "edits-contradict", SHOCK),
    (_edits(DROP, {**AWAY, "percent": 10, "of": {"organisation": "ORG2"}}), "edits-contradict",
     "arms[0].edits[1]"),
    (_edits(DROP, {"kind": "hire", "organisation": "ORG2"}), "edits-contradict",
     "arms[0].edits[1]"),
    (_edit("caregivers_away", percent=100), "nobody-left", "arms[0]"),
    (_edit("opening_hours", opens="02:00", closes="03:00"), "nobody-left", "arms[0]"),
    (_edit("demand", percent=-100), "nobody-left", "arms[0]"),
    (_edit("add_organisation", organisation={"id": "ORG9"}, contracts=[
        {"id": "K9", "purchaser": "district", "organisation": "ORG9", "start": "2026-12-31",
         "end": "2026-01-01"}]), "breaks-scenario", "arms[0]"),
]  # fmt: skip
"What only shows beside the scenario."

OF_STUDIES: list[tuple[Document, str, str]] = [
    ({"base": "zhenhai-day-l"}, "wrong-base", "base"),
    ({"horizon": {"kind": "week"}}, "wrong-horizon", "horizon"),
    ({"horizon": {"kind": "years", "until": 2026}}, "wrong-horizon", "horizon.until"),
    ({"effort": {"iterations": 9, "long_iterations": 5}}, "effort-reversed",
     "effort.long_iterations"),
    ({"arms": [{"name": "base"}]}, "reserved-name", "arms[0].name"),
    ({"arms": [{"name": "one"}, {"name": "one"}]}, "duplicate-id", "arms[1].name"),
    ({"arms": [{"name": "one", "follows": "two"}]}, "unknown-arm", "arms[0].follows"),
    ({"arms": [{"name": "one", "follows": "one"}]}, "arms-in-circle", "arms[0].follows"),
    ({"arms": [{"name": "one"}]}, "arm-repeated", "arms[0]"),
    ({"arms": [{"name": "one", "shocks": [EXIT]}, {"name": "two", "edits": [DROP]}]},
     "arm-repeated", "arms[1]"),
    ({"horizon": {"kind": "years", "until": 2030},
      "arms": [{"name": "one", "shocks": [{"kind": "ageing"}]}]},
     "wrong-horizon", "arms[0].shocks[0]"),
    ({"ranges": [{"of": "sickness", "low": 1, "high": 2}]}, "unknown-assumption", "ranges[0].of"),
    ({"ranges": [{"of": "org_exit.organisation", "low": 1, "high": 2}]}, "unknown-assumption",
     "ranges[0].of"),
    ({"ranges": [{"of": "mortality", "low": 50, "high": 150}]}, "unknown-assumption",
     "ranges[0].of"),
    ({"ranges": [{"of": "heat.checks", "low": 0, "high": 100}]}, "unknown-assumption",
     "ranges[0].of"),
    ({"ranges": [{"of": "sick", "low": 6, "high": 1}]}, "range-reversed", "ranges[0]"),
    ({"ranges": [{"of": "sick", "low": 3, "high": 6}]}, "range-off-value", "ranges[0]"),
    ({"ranges": [{"of": "sick", "low": -3, "high": 6}]}, "out-of-range", "ranges[0].low"),
    ({"ranges": [{"of": "months", "low": 0, "high": 2.5}]}, "out-of-range", "ranges[0].high"),
    ({"ranges": [{"of": "sick", "low": 1, "high": 6}, {"of": "sick", "low": 2, "high": 6}]},
     "duplicate-id", "ranges[1].of"),
    ({"arms": [{"name": "one", "shocks": [FEAST]},
               {"name": "two", "shocks": [{**FEAST, "away": 20}]}],
      "ranges": [{"of": "spring_festival.away", "low": 1, "high": 60}]},
     "range-off-value", "ranges[0]"),
    ({"arms": [{"name": "one", "shocks": [{"kind": "price"}]}], "drawn": "uniform",
      "ranges": [{"of": "price.rise", "low": 50, "high": 150}]}, "range-of-money", "ranges[0]"),
    ({"tornado": {"arm": "away"}}, "unknown-arm", "tornado.arm"),
    ({"tornado": {"arm": "exit"}, "ranges": []}, "nothing-to-vary", "tornado"),
]  # fmt: skip
"Of the study as a whole."


def _document(difference: Document) -> Document:
    whole = {**SOUND, **difference}
    return {key: value for key, value in whole.items() if value is not ...}


@cache
def _base() -> Prepared:
    return prepare(given_day())


def _found(difference: Document) -> list[tuple[str, str]]:
    study = parse_study(json.dumps(_document(difference)))
    faults = check_study(study, _base()).faults
    for fault in faults:
        assert translated("zh", fault.message) != fault.message
    return [(fault.code, fault.path) for fault in faults]


def test_a_sound_study_has_no_faults() -> None:
    """The study from which the rows below differ is one that can run."""
    assert check_scenario(given_day()).faults == ()
    assert _found({}) == []


@pytest.mark.parametrize(("difference", "code", "place"), OF_FIELDS)
def test_bad_fields_are_refused(difference: Document, code: str, place: str) -> None:
    """Each has its code and its place in the file, in both languages."""
    with pytest.raises(InvalidDocument) as caught:
        parse_study(json.dumps(_document(difference)))
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [(code, place)]
    (fault,) = caught.value.faults
    assert translated("zh", fault.message) != fault.message


@pytest.mark.parametrize(("difference", "code", "place"), OF_ARMS)
def test_bad_arms_are_refused(difference: Document, code: str, place: str) -> None:
    """What an arm names has to be there, and what it imagines has to be possible."""
    assert _found(difference) == [(code, place)]


@pytest.mark.parametrize(("difference", "code", "place"), OF_STUDIES)
def test_bad_studies_are_refused(difference: Document, code: str, place: str) -> None:
    """Base, horizon and order of the arms fit the scenario and each other."""
    assert _found(difference) == [(code, place)]


def test_all_faults_are_told_at_once() -> None:
    """Not only the first one."""
    edits = [{"kind": "drop_organisation", "organisation": "O2"}, AWAY]
    assert [code for code, _ in _found(_edits(*edits))] == [
        "unknown-organisation",
        "share-or-number",
    ]


def test_what_is_written_is_read_again() -> None:
    """A study written and read is the same study."""
    study = parse_study(json.dumps({**SOUND, "horizon": {"kind": "years", "until": 2030}}))
    assert parse_study(format_study(study)) == study
