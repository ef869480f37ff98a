"""Every field of a record that a planner can set has a column, or a reason that is documented."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.client import Client
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.record import Record
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import CarerNeed, Visit
from optimizer.formats.names import NOBODY
from optimizer.spreadsheets.record_cells import (
    Cells,
    Wording,
    caregiver_cells,
    client_cells,
    contract_cells,
    organisation_cells,
    shift_cells,
    visit_cells,
)
from tests.architecture.source import ROOT

WORDING = Wording(NOBODY, "en")
HOME = {"lat": 29.95, "lon": 121.7}
PAUSE = {"duration": 30, "earliest": "11:00", "latest": "13:00"}
CARER = {"minutes": 30}


def _carer_cells(record: Mapping[str, Any], wording: Wording) -> Cells:
    return visit_cells({**VISIT, "carers": [record]}, wording)


def _shift_cells(record: Mapping[str, Any], wording: Wording) -> Cells:
    return shift_cells("G1", record, wording)


VISIT: dict[str, Any] = {
    "id": "V1",
    "client": "C1",
    "carers": [CARER],
    "window": {"earliest": "08:00", "latest": "09:00"},
}
Row = tuple[Callable[[Mapping[str, Any], Wording], Cells], dict[str, Any], dict[str, Any]]
ROWS: dict[type[Record], Row] = {
    Client: (
        client_cells,
        {"id": "C1", "home": HOME},
        {
            "id": "C2", "home": {"lat": 30.0, "lon": 121.7}, "town": "T1", "category": "A",
            "living": "alone", "age": 80, "need_tier": 2, "languages": ["nb"],
            "gender_wish": {"gender": "female"}, "preferred": ["G1"], "refused": ["G1"],
            "organisation": "O1", "usual_start": "08:00", "continuity": 2, "flags": ["alone"],
        },
    ),
    Caregiver: (
        caregiver_cells,
        {"id": "G1", "home": HOME},
        {
            "id": "G2", "home": {"lat": 30.0, "lon": 121.7}, "organisation": "O1",
            "qualifications": [{"code": "C", "level": 2}], "gender": "male", "languages": ["nb"],
            "mode": "car", "break_rule": PAUSE, "overtime_limit": 30, "day_minutes": 480,
            "day_minutes_limit": 600, "week_minutes": 2400, "week_minutes_limit": 2880,
            "days_off": 1, "days_worked": 3, "visits_per_day": 8, "rest": 600, "longest_leg": 40,
            "fen_per_minute": 60, "fen_per_km": 80, "fen_per_overtime_minute": 90,
            "volunteer": True, "origin": "local",
        },
    ),
    Shift: (
        _shift_cells,
        {"date": "2026-03-02", "start": "08:00", "end": "12:00"},
        {"date": "2026-03-03", "start": "07:00", "end": "13:00"},
    ),
    Visit: (
        visit_cells,
        VISIT,
        {
            "id": "V2", "client": "C2", "services": ["BATH"], "carers": [CARER, CARER],
            "dates": ["2026-03-02"], "window": {"earliest": "08:00", "latest": "10:00"},
            "preferred_until": "08:30", "priority": "critical", "mandatory": True, "payer": "LTCI",
            "series": "S1", "pin": {"caregivers": ["G1"]},
        },
    ),
    CarerNeed: (
        _carer_cells,
        CARER,
        {"minutes": 45, "shortest": 20, "qualifications": [{"code": "C", "level": 1}]},
    ),
    Organisation: (organisation_cells, {"id": "O1"}, {"id": "O2", "lending": {"fen_per_hour": 1}}),
    Contract: (
        contract_cells,
        {
            "id": "K1", "purchaser": "P", "organisation": "O1", "start": "2026-01-01",
            "end": "2026-12-31",
        },
        {
            "id": "K2", "purchaser": "Q", "organisation": "O2", "start": "2026-02-01",
            "end": "2026-11-30", "towns": ["T1"], "services": ["BATH"], "cap": 600,
            "cap_visits": 10, "cap_fen": 100, "fen_per_hour": 6000, "min_share": 10,
            "funding": ["F"], "used": 60, "used_visits": 1, "used_fen": 10, "owed": 30,
        },
    ),
}  # fmt: skip
SETTINGS = {"id", "time_zone", "horizon", "start", "days"}
"Fields of the scenario itself that the sheet of settings says."
TABLES = {"clients", "caregivers", "organisations", "contracts", "visits"}
NEVER_SET = {"format", "version"}


def _documented() -> str:
    """Return what the page says of fields without a column."""
    page = (ROOT / "docs" / "spreadsheets.md").read_text(encoding="utf-8")
    return page.partition("**Without a column.**")[2].partition("\n## ")[0]


@pytest.mark.parametrize("record", ROWS, ids=lambda record: record.__name__)
def test_every_field_has_a_column_or_a_documented_reason(record: type[Record]) -> None:
    """Another value shows in a cell, or the page names the field and says why it has none."""
    cells, base, others = ROWS[record]
    shown = cells(base, WORDING)
    without = []
    for field in record.model_fields:
        if field in others:
            assert cells({**base, field: others[field]}, WORDING) != shown, field
        else:
            without.append(field)
    named = [field for field in without if f"`{record.__name__}.{field}`" in _documented()]
    assert named == without


@pytest.mark.parametrize("record", [Scenario, Horizon], ids=lambda record: record.__name__)
def test_what_the_scenario_says_is_a_setting_a_table_or_a_documented_reason(
    record: type[Record],
) -> None:
    """The same of the scenario itself, whose lists are sheets."""
    without = set(record.model_fields) - SETTINGS - TABLES - NEVER_SET
    named = {field for field in without if f"`{record.__name__}.{field}`" in _documented()}
    assert named == without
