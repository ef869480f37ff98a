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


def sound_plan() -> Document:
    """Return a plan of the sound scenario: one route of two stops, one visit unserved."""
    return copy.deepcopy(_PLAN)


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
