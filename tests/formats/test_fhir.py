"""Health records in the FHIR shape: what is read, what is passed over, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from optimizer.errors import InvalidDocument
from optimizer.formats.fhir import FhirBundle, parse_fhir
from optimizer.needs import derive
from tests.formats.documents import Document, changed, drop, put

PAGE = (Path(__file__).parents[2] / "docs" / "fhir.md").read_text(encoding="utf-8")
BARTHEL, WEIGHT, SORE, INSULIN, PLAN = (f"entry.{n}.resource" for n in range(1, 6))
ICD10 = "http://hl7.org/fhir/sid/icd-10"
REPEAT = f"{PLAN}.activity.0.detail.scheduledTiming.repeat"


def bundle() -> Document:
    """Return the example of the page."""
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    document: Document = json.loads(example)
    return document


def read(*changes: Any) -> FhirBundle:
    """Return the example after some changes, read."""

    def change(document: Document) -> None:
        for one in changes:
            one(document)

    return parse_fhir(changed(bundle(), change))


def coded(code: str, system: str = ICD10) -> Any:
    """Return a change that makes the sore another diagnosis."""
    return put(f"{SORE}.code", {"coding": [{"system": system, "code": code}]})


def test_the_example_is_read() -> None:
    """Age, place, score, weight, wound, condition and order are those of the bundle."""
    found = read()
    assert found.warnings == ()
    scenario = found.scenario
    (client,) = scenario.clients
    assert (client.id, client.age, client.home.lat, client.home.lon) == ("C0001", 81, 29.95, 121.71)
    record = client.health_record
    assert record is not None
    (form,) = record.assessments
    assert (form.scheme, form.version, form.raw_score) == ("barthel", "hospital", 35)
    assert record.weight_kg == 58
    (wound,) = record.wounds
    assert (wound.kind, wound.stage, str(wound.since)) == ("pressure_injury", 2, "2026-01-15")
    assert [one.code for one in record.conditions] == ["diabetes_insulin"]
    (order,) = scenario.care_plans
    assert [(item.service, item.per_week) for item in order.items] == [("VITALS", 2)]
    assert str(scenario.horizon.start) == "2026-03-02"
    services = {s for visit in derive(scenario).scenario.visits for s in visit.services}
    assert {"INSULIN_INJ", "WOUND_PI", "VITALS"} <= services


ROWS = [
    # ICD-10, where it stands in the record, what it is; which condition it means is judgement
    ("I10", "conditions", "hypertension"),
    ("E11.9", "conditions", "diabetes_oral"),  # the longest beginning counts
    ("E10", "conditions", "diabetes_insulin"),
    ("F00.1", "conditions", "dementia"),
    ("G30.9", "conditions", "dementia"),
    ("F20.0", "conditions", "schizophrenia"),
    ("F32.2", "conditions", "depression"),
    ("G20", "conditions", "parkinson"),
    ("G81.9", "conditions", "stroke_hemiplegia"),
    ("H54.0", "conditions", "blind"),
    ("S72.0", "conditions", "hip_fracture"),
    ("J44.1", "conditions", "copd"),
    ("I50.0", "conditions", "heart_failure"),
    ("R13", "conditions", "dysphagia"),
    ("R32", "conditions", "incontinence"),
    ("Z51.5", "conditions", "cancer_palliative"),
    ("Z99.2", "conditions", "dialysis"),
    ("Z93.1", "devices", "gastrostomy"),
    ("Z93.3", "devices", "stoma"),
    ("Z93.0", "devices", "tracheostomy"),
    ("Z99.1", "devices", "ventilator"),
]


@pytest.mark.parametrize(("code", "where", "what"), ROWS)
def test_diagnoses(code: str, where: str, what: str) -> None:
    """A code of the WHO's ICD-10 becomes a condition or a device of ours (judgement)."""
    found = read(coded(code))
    record = found.scenario.clients[0].health_record
    assert record is not None
    held = [getattr(one, "code", one) for one in getattr(record, where)]
    assert what in held
    assert record.wounds == ()
    assert found.warnings == ()


@pytest.mark.parametrize("code", ["L89.0", "L89.1", "L89.2", "L89.3", "L89.9"])
def test_stages_of_pressure_injuries(code: str) -> None:
    """The fourth character is the stage less one; 9 is none (ICD-10, L89)."""
    record = read(coded(code)).scenario.clients[0].health_record
    assert record is not None
    assert record.wounds[0].stage == (None if code == "L89.9" else int(code[-1]) + 1)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (coded("Q99.9"), "entry[3].resource.code"),  # unknown
        (coded("H54.4"), "entry[3].resource.code"),  # blind in one eye is not blind
        (coded("I10", "http://snomed.info/sct"), "entry[3].resource.code"),  # another system
        (drop(f"{SORE}.subject"), "entry[3].resource.subject"),  # of nobody
        (put(f"{SORE}.subject.reference", "Patient/C0002"), "entry[3].resource.subject"),
        (put(f"{SORE}.onsetDateTime", "2026"), "entry[3].resource.onsetDateTime"),  # no whole date
        (put(f"{BARTHEL}.code.coding.0.code", "83184-2"), "entry[1].resource"),  # a single item
        (drop(f"{BARTHEL}.valueInteger"), "entry[1].resource"),
        (drop(f"{BARTHEL}.effectiveDateTime"), "entry[1].resource"),
        (put(f"{PLAN}.activity.0.detail.code.coding.0.code", "MASSAGE"),
         "entry[5].resource.activity[0]"),
        (put(f"{PLAN}.activity.0.detail.code.coding.0.code", "EMERG"),
         "entry[5].resource.activity[0]"),  # never planned
        (put(f"{REPEAT}.periodUnit", "mo"), "entry[5].resource.activity[0]"),
        (put(f"{REPEAT}.frequency", 8), "entry[5].resource.activity[0]"),
        (drop(f"{PLAN}.created"), "entry[5].resource.created"),
        (drop("entry.0.resource.address"), "entry[0].resource.address"),
        (put("entry.0.resource.birthDate", "1944"), "entry[0].resource.birthDate"),
        (put("entry.+", {"resource": {"resourceType": "Encounter"}}), "entry[6].resource"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_a_warning(change: Any, path: str) -> None:
    """Its place is told, and the rest is read."""
    found = read(change)
    assert [(one.code, one.path) for one in found.warnings] == [("unread-field", path)]
    assert len(found.scenario.clients) == 1


@pytest.mark.parametrize(
    "change",
    [
        put(f"{SORE}.clinicalStatus", {"coding": [{"code": "resolved"}]}),
        put(f"{SORE}.verificationStatus", {"coding": [{"code": "entered-in-error"}]}),
    ],
)
def test_what_is_over_or_wrong_is_left_out(change: Any) -> None:
    """A resolved or refuted condition is none, and nothing is said of it."""
    found = read(change)
    record = found.scenario.clients[0].health_record
    assert record is not None
    assert record.wounds == ()
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("repeat", "often"),
    [
        ({"frequency": 1, "period": 1, "periodUnit": "d"}, (7, 1)),
        ({"frequency": 3, "period": 1, "periodUnit": "wk"}, (3, 1)),
        ({"period": 2, "periodUnit": "wk"}, (None, 2)),
        ({"period": 4, "periodUnit": "wk"}, (None, 1)),
    ],
)
def test_timings(repeat: dict[str, Any], often: tuple[int | None, int]) -> None:
    """Days and weeks become days a week, two and four weeks days in four weeks."""
    (item,) = read(put(REPEAT, repeat)).scenario.care_plans[0].items
    assert (item.per_week, item.per_four_weeks) == often


def test_one_condition_is_recorded_once() -> None:
    """Told twice, a condition stands once, with the date that one of them has."""
    again = {
        "resourceType": "Condition",
        "code": {"coding": [{"system": ICD10, "code": "E10.9"}]},
        "subject": {"reference": "Patient/C0001"},
        "onsetDateTime": "2019-05-01",
    }
    record = read(put("entry.+", {"resource": again})).scenario.clients[0].health_record
    assert record is not None
    assert [(one.code, str(one.since)) for one in record.conditions] == [
        ("diabetes_insulin", "2019-05-01")
    ]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (put("entry", []), "entry"),  # nobody
        (put("entry.0.resource.id", "a name"), "clients[0].id"),
        (put(f"{BARTHEL}.valueInteger", 101), "clients[0].health_record.assessments[0].raw_score"),
        (put("entry.+", {"resource": {"resourceType": "Patient", "id": "C0001"}}), "clients[1].id"),
    ],
)
def test_what_is_refused(change: Any, path: str) -> None:
    """A bundle without patients, and records that would be refused anywhere."""
    with pytest.raises(InvalidDocument) as caught:
        read(change)
    assert caught.value.faults[0].path == path


def test_without_a_time_the_latest_date_counts() -> None:
    """Planning begins on the day of the last thing that is known."""
    found = read(drop("timestamp"))
    assert str(found.scenario.horizon.start) == "2026-02-25"


def test_all_that_is_missing_is_told_at_once() -> None:
    """A bundle without patients and without a time names both."""
    with pytest.raises(InvalidDocument) as caught:
        read(drop("timestamp"), drop("entry"))
    assert [fault.path for fault in caught.value.faults] == ["entry", "timestamp"]
