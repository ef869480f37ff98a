"""A small sound scenario and plan as documents, and ways to spoil them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

Document = dict[str, Any]
Change = Callable[[Document], object]

DAY = "2026-03-02"


def sound_scenario() -> Document:
    """Return two clients, two caregivers and three visits; nothing wrong, nothing odd."""
    return copy.deepcopy(_SCENARIO)


def matrix_scenario() -> Document:
    """Return the same scenario with travel from a matrix of four places."""
    document = sound_scenario()
    for index, place in enumerate(
        [person["home"] for person in document["clients"] + document["caregivers"]]
    ):
        place["matrix_index"] = index
    row = [0, 10, 12, 8]
    document["travel"] = {
        "kind": "matrix",
        "minutes": {"ebike": [[abs(a - b) for b in row] for a in row]},
    }
    return document


def needs_scenario() -> Document:
    """Return the same scenario with health records, recurring entitlements and care plans."""
    document = sound_scenario()
    document["clients"][0] |= copy.deepcopy(_NEEDY)
    document["clients"][1]["health_record"] = {
        "recorded_on": "2026-02-20",
        "assessments": [
            {"scheme": "ltci", "version": "2021", "raw_grade": "1", "assessed_on": "2026-02-01"}
        ],
    }
    document["care_plans"] = copy.deepcopy(_CARE_PLANS)
    return document


def sound_plan() -> Document:
    """Return a plan of the sound scenario: one route of two stops, one visit unserved."""
    return copy.deepcopy(_PLAN)


def published(scenario: str, *visits: str) -> Document:
    """Return a plan for a scenario of this name, of one route with these visits."""
    (route,) = sound_plan()["routes"]
    stops = [route["stops"][0] | {"visit": visit} for visit in visits]
    return {"scenario": scenario, "routes": [route | {"stops": stops}]}


def changed(document: Document, change: Change) -> str:
    """Return a document as JSON after a change."""
    change(document)
    return json.dumps(document, ensure_ascii=False)


def put(path: str, value: Any) -> Change:
    """Return a change that sets a place such as ``visits.0.window.latest``; ``+`` appends."""
    *steps, last = path.split(".")

    def change(document: Document) -> None:
        target: Any = document
        for step in steps:
            target = target[int(step)] if isinstance(target, list) else target[step]
        if last == "+":
            target.append(value)
        elif isinstance(target, list):
            target[int(last)] = value
        else:
            target[last] = value

    return change


def drop(path: str) -> Change:
    """Return a change that removes a place."""
    *steps, last = path.split(".")

    def change(document: Document) -> None:
        target: Any = document
        for step in steps:
            target = target[int(step)] if isinstance(target, list) else target[step]
        del target[last]

    return change


def both(*changes: Change) -> Change:
    """Return several changes as one."""

    def change(document: Document) -> None:
        for one in changes:
            one(document)

    return change


def coupling(kind: str, first: str, second: str, **limits: Any) -> Change:
    """Return a change that couples two visits."""
    return put("couplings.+", {"kind": kind, "first": first, "second": second, **limits})


def visit(name: str, **fields: Any) -> Change:
    """Return a change that adds a half-hour morning visit to client C1."""
    return put("visits.+", {**_visit(name, "C1"), **fields})


def _visit(name: str, client: str) -> Document:
    return {
        "id": name,
        "client": client,
        "services": ["WASH"],
        "carers": [{"minutes": 30, "qualifications": [{"code": "C"}]}],
        "window": {"earliest": "08:00", "latest": "10:00"},
    }


_SCENARIO: Document = {
    "format": "homecare-scenario",
    "version": "1",
    "id": "village",
    "horizon": {"start": DAY, "days": 2},
    "clients": [
        {
            "id": "C1",
            "home": {"lat": 29.95, "lon": 121.71},
            "town": "east",
            "organisation": "O1",
            "entitlements": [{"payer": "district", "unit": "minutes", "cap": 90}],
        },
        {"id": "C2", "home": {"lat": 29.96, "lon": 121.72}, "preferred": ["G1"]},
    ],
    "caregivers": [
        {
            "id": "G1",
            "organisation": "O1",
            "home": {"lat": 29.94, "lon": 121.70},
            "qualifications": [{"code": "C", "level": 2}],
            "shifts": [
                {"date": DAY, "start": "07:00", "end": "12:00"},
                {"date": DAY, "start": "13:00", "end": "17:00"},
            ],
            "break_rule": {"duration": 30, "earliest": "11:00", "latest": "13:00"},
        },
        {
            "id": "G2",
            "organisation": "O1",
            "home": {"lat": 29.97, "lon": 121.73},
            "qualifications": [{"code": "C"}, {"code": "N"}],
            "shifts": [{"date": DAY, "start": "08:00", "end": "16:00"}],
        },
    ],
    "organisations": [{"id": "O1"}],
    "contracts": [
        {
            "id": "K1",
            "purchaser": "district",
            "organisation": "O1",
            "start": "2026-01-01",
            "end": "2026-12-31",
        }
    ],
    "visits": [
        {**_visit("V1", "C1"), "payer": "district", "dates": [DAY]},
        {**_visit("V2", "C1"), "preferred_until": "09:00"},
        {
            **_visit("V3", "C2"),
            "carers": [
                {"minutes": 60, "shortest": 45, "qualifications": [{"code": "C"}]},
                {"minutes": 60, "qualifications": [{"code": "C"}]},
            ],
        },
    ],
    "couplings": [],
    "history": [{"client": "C1", "caregiver": "G1", "visits": 3}],
}

ABILITY = {
    "eating": 4, "grooming": 3, "bathing": 2, "dressing_upper": 3, "dressing_lower": 3,
    "bladder": 2, "bowel": 3, "toileting": 3, "bed_positioning": 4, "transfer": 3,
    "walking": 3, "stairs": 2, "orientation_time": 3, "orientation_place": 3,
    "orientation_person": 4, "memory": 2, "comprehension": 3, "expression": 4,
    "aggression": 1, "depression": 1, "consciousness": 2, "vision": 2, "hearing": 2,
    "daily_affairs": 2, "transport": 2, "social": 3,
}  # fmt: skip
"Items that sum to 69, which is grade 1 of the ability assessment."

_NEEDY: Document = {
    "age": 81,
    "living": "alone",
    "meals": {"breakfast": "07:30", "lunch": "11:30", "dinner": "17:00"},
    "entitlements": [
        {"payer": "district", "unit": "minutes", "cap": 90},
        {"payer": "insurance", "unit": "fen", "cap": 90000, "period": "month",
         "services": ["HYG_BATH", "GROOM"], "price_book": "ltci2024",
         "min_visit": 30, "max_visit": 90, "max_items": 3},
    ],
    "health_record": {
        "recorded_on": "2026-02-20",
        "assessments": [
            {"scheme": "gbt42195", "version": "2022", "raw_score": 69, "raw_grade": "1",
             "item_scores": ABILITY, "assessed_on": "2026-02-10", "valid_until": "2026-12-31"},
            {"scheme": "barthel", "version": "mzt039", "raw_score": 70,
             "assessed_on": "2025-11-03"},
            {"scheme": "mmse", "version": "1975", "raw_score": 24, "schooling": "primary",
             "assessed_on": "2025-11-03"},
        ],
        "conditions": [
            {"code": "hypertension", "since": "2019-05-01"},
            {"code": "dialysis", "weekdays": [2, 4, 6]},
        ],
        "devices": ["stoma"],
        "risk_events": [{"kind": "fall", "on": "2026-01-30"}],
        "weight_kg": 62,
    },
}  # fmt: skip

_CARE_PLANS: list[Document] = [
    {
        "client": "C1",
        "ordered_on": "2026-02-01",
        "until": "2026-06-30",
        "items": [
            {"service": "HYG_BATH", "per_week": 1, "minutes": 70},
            {"service": "GROOM", "per_four_weeks": 2},
        ],
    }
]

_PLAN: Document = {
    "format": "homecare-plan",
    "version": "1",
    "scenario": "village",
    "routes": [
        {
            "caregiver": "G1",
            "date": DAY,
            "departure": "07:50",
            "stops": [
                {
                    "visit": "V1",
                    "arrival": "08:00",
                    "start": "08:00",
                    "end": "08:30",
                    "travel": 10,
                },
                {
                    "visit": "V2",
                    "arrival": "08:30",
                    "start": "08:30",
                    "end": "09:00",
                    "travel": 0,
                },
            ],
            "back": "09:10:30",
            "travel_back": 10.5,
        }
    ],
    "unserved": [{"visit": "V3", "reason": "partner_missing"}],
}
