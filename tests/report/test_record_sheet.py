"""Lines about a record: every field of it that a person fills in is read by somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from optimizer.domain.health import (
    Condition,
    DeviceDetail,
    Dwelling,
    FamilyCarer,
    HealthRecord,
    Insulin,
    Medicine,
    Wound,
)
from optimizer.domain.record import Record
from optimizer.i18n import LANGUAGES, Lang
from optimizer.needs import default_book
from optimizer.report.needs_document import needs_document
from optimizer.report.needs_text import needs_text
from optimizer.report.record_sheet import record_sheet
from optimizer.units import parse_clock
from tests.needs.worlds import Known, derived

DAY = dt.date(2026, 3, 3)
BOOK = default_book()
FULL = HealthRecord(
    recorded_on=DAY,
    conditions=(
        Condition(
            code="diabetes_insulin",
            insulin=(
                Insulin(kind="rapid", moment="dinner"),
                Insulin(kind="basal", moment="bedtime"),
            ),
        ),
        Condition(
            code="dialysis",
            weekdays=(1, 5),
            starts=parse_clock("07:30"),
            lasts=240,
        ),
    ),
    devices=("urinary_catheter", "hoist"),
    device_details=(
        DeviceDetail(
            device="urinary_catheter",
            kind="silicone",
            last_changed=DAY,
            next_change=dt.date(2026, 3, 30),
        ),
        DeviceDetail(device="hoist", limit_kg=150),
    ),
    wounds=(Wound(kind="surgical", site="heel", stage=2, size_cm=3, since=DAY),),
    medicines=(
        Medicine(
            code="levodopa",
            times=(parse_clock("07:00"), parse_clock("11:00")),
            meal="before",
            exact=True,
            helped=False,
        ),
    ),
    night_needs=("turning",),
    family=(
        FamilyCarer(
            who="daughter", present=("night",), weekdays=(6, 7), skills=("suction",), strained=True
        ),
    ),
    guardian="son",
    dwelling=Dwelling(floor=3, lift=True, bathroom="tub"),
)


EXACT = "to the quarter of an hour"
CHANGES = "last changed 2026-03-03, next change 2026-03-30"


def test_a_full_record_in_english() -> None:
    """Each part that is filled in has its line."""
    lines = dict(line.split(": ", 1) for line in record_sheet("en", BOOK, FULL))
    assert lines == {
        "insulin": "rapid at dinner, basal at bedtime",
        "fixed appointment": "dialysis, Mon, Fri, 07:30, 4 h",
        "medicines": f"levodopa 07:00, 11:00, before meals, {EXACT}, takes it alone",
        "devices": f"indwelling catheter, silicone, {CHANGES}; hoist, carries 150 kg",
        "wounds": "surgical wound, heel, stage 2, 3 cm, since 2026-03-03",
        "at night": "turning",
        "family": "daughter, nights, Sat, Sun, has learned suction, at the end of their strength",
        "guardian": "son",
        "home": "floor 3, lift, bathroom: bathtub",
    }


def test_nothing_is_said_of_an_empty_record() -> None:
    """What is not filled in has no line."""
    assert list(record_sheet("en", BOOK, HealthRecord(recorded_on=DAY))) == []


OTHER: dict[str, Any] = {
    "kind": {"Insulin": "short", "DeviceDetail": "latex", "Wound": "burn"},
    "moment": "lunch",
    "weekdays": (2,),
    "starts": parse_clock("13:00"),
    "lasts": 180 * 60_000,
    "device": "picc",
    "last_changed": None,
    "next_change": None,
    "limit_kg": 90,
    "site": "sacrum",
    "stage": 3,
    "size_cm": 4,
    "since": None,
    "code": "anticoagulant",
    "times": (parse_clock("09:00"),),
    "meal": "after",
    "exact": False,
    "helped": True,
    "who": "wife",
    "present": ("evening",),
    "skills": (),
    "strained": False,
    "floor": 1,
    "lift": False,
    "bathroom": "none",
}
PARTS = ("device_details", "wounds", "medicines", "family")


def variants() -> Iterator[tuple[str, HealthRecord]]:
    """Yield the full record with another value in one field of one of its parts."""
    for part in PARTS:
        first, *rest = getattr(FULL, part)
        for name, other in _others(first):
            changed = (first.model_copy(update={name: other}), *rest)
            yield f"{part}.{name}", FULL.model_copy(update={part: changed})
    assert FULL.dwelling is not None
    for name, other in _others(FULL.dwelling):
        home = FULL.dwelling.model_copy(update={name: other})
        yield f"dwelling.{name}", FULL.model_copy(update={"dwelling": home})
    diabetes, dialysis = FULL.conditions
    for name, other in _others(diabetes.insulin[0]):
        doses = (diabetes.insulin[0].model_copy(update={name: other}),)
        one = diabetes.model_copy(update={"insulin": doses})
        yield f"insulin.{name}", FULL.model_copy(update={"conditions": (one, dialysis)})
    for name in ("weekdays", "starts", "lasts"):
        one = dialysis.model_copy(update={name: OTHER[name]})
        yield f"conditions.{name}", FULL.model_copy(update={"conditions": (diabetes, one)})


def _others(record: Record) -> Iterator[tuple[str, Any]]:
    for name in type(record).model_fields:
        other = OTHER[name]
        yield name, other[type(record).__name__] if isinstance(other, dict) else other


@pytest.mark.parametrize(("name", "record"), list(variants()), ids=lambda each: str(each)[:40])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_field_is_read(name: str, record: HealthRecord, lang: Lang) -> None:
    """Another value in any field of any part changes what is told of the record."""
    told, usual = (list(record_sheet(lang, BOOK, one)) for one in (record, FULL))
    assert told != usual, name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sheet_stands_in_the_needs(lang: Lang) -> None:
    """Text and JSON of a client's needs hold the lines."""
    known = Known(more={"guardian": "son", "night_needs": ("turning",)})
    needs = derived(known.person(), days=1)
    lines = list(record_sheet(lang, BOOK, known.record()))
    assert len(lines) == 2
    text = needs_text(needs, needs.clients, lang=lang)
    assert all(f"\n  {line}\n" in text for line in lines)
    assert needs_document(needs, needs.clients, lang=lang)["clients"][0]["sheet"] == lines
