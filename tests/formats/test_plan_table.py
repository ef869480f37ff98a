"""A plan as a table and as a CSV file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from optimizer.formats import (
    parse_plan,
    parse_scenario,
    plan_frame,
    unserved_frame,
    write_plan_csv,
)
from tests.formats.documents import both, changed, put, sound_plan, sound_scenario

SCENARIO = parse_scenario(changed(sound_scenario(), lambda _: None))
PLAN = parse_plan(changed(sound_plan(), lambda _: None))


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file as a spreadsheet reads them."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_stop_is_a_row() -> None:
    """Each stop of the plan is one row with its client, times and services."""
    frame = plan_frame(PLAN, SCENARIO)
    assert frame.to_dict("records") == [
        {
            "date": "2026-03-02",
            "caregiver": "G1",
            "shift": 0,
            "stop": number,
            "visit": visit,
            "client": "C1",
            "carer": 1,
            "arrival": start,
            "start": start,
            "end": end,
            "travel_minutes": travel,
            "services": "WASH",
            "town": "east",
            "contract": "K1",
            "series": "",
        }
        for number, visit, start, end, travel in (
            (1, "V1", "08:00", "08:30", 10),
            (2, "V2", "08:30", "09:00", 0),
        )
    ]


def test_a_carers_own_service_and_the_series_stand_beside_the_stop(tmp_path: Path) -> None:
    """Where a carer does only part of a visit, that is told, and what the visit is one of."""
    first, *rest = SCENARIO.visits
    first = first.model_copy(
        update={
            "services": ("WASH", "MEAL"),
            "carers": (first.carers[0].model_copy(update={"service": "MEAL"}),),
            "series": "C1:WASH:morning",
        }
    )
    scenario = SCENARIO.model_copy(update={"visits": (first, *rest)})
    stop = plan_frame(PLAN, scenario).to_dict("records")[0]
    assert (stop["services"], stop["series"]) == ("MEAL", "C1:WASH:morning")
    write_plan_csv(PLAN, scenario, tmp_path / "plan.csv")
    row = rows_of(tmp_path / "plan.csv")[0]
    assert (row["services"], row["series"]) == ("MEAL", "C1:WASH:morning")
    assert list(row)[-2:] == ["reason", "series"]


def test_an_unserved_visit_is_a_row() -> None:
    """Each unserved visit is one row with its reason."""
    frame = unserved_frame(PLAN, SCENARIO)
    assert frame.to_dict("records") == [
        {
            "visit": "V3",
            "client": "C2",
            "carers": 2,
            "priority": "essential",
            "services": "WASH",
            "town": "",
            "series": "",
            "reason": "partner_missing",
        }
    ]


def test_an_empty_plan_has_all_columns() -> None:
    """Tables of a plan without routes have their columns and no row."""
    empty = PLAN.model_copy(update={"routes": (), "unserved": ()})
    assert list(plan_frame(empty, SCENARIO).columns) == list(plan_frame(PLAN, SCENARIO).columns)
    assert len(plan_frame(empty, SCENARIO)) == len(unserved_frame(empty, SCENARIO)) == 0


def test_the_file_holds_served_and_unserved(tmp_path: Path) -> None:
    """The CSV file has a status for every row and opens with a byte order mark."""
    path = tmp_path / "plan.csv"
    write_plan_csv(PLAN, SCENARIO, path)
    rows = rows_of(path)
    assert [(row["status"], row["visit"], row["reason"]) for row in rows] == [
        ("served", "V1", ""),
        ("served", "V2", ""),
        ("unserved", "V3", "partner_missing"),
    ]
    assert rows[0]["travel_minutes"] == "10"
    assert rows[2]["start"] == ""
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    """An id that a spreadsheet would calculate is written as text."""
    change = both(put("caregivers.1.id", "=1+1"), put("clients.0.town", "+1"))
    scenario = parse_scenario(changed(sound_scenario(), change))
    plan = parse_plan(changed(sound_plan(), put("routes.0.caregiver", "=1+1")))
    path = tmp_path / "plan.csv"
    write_plan_csv(plan, scenario, path)
    first = rows_of(path)[0]
    assert (first["caregiver"], first["town"]) == ("'=1+1", "'+1")


def test_a_strange_plan_has_no_table() -> None:
    """A plan of other visits has to be checked before it is tabulated."""
    plan = parse_plan(changed(sound_plan(), put("routes.0.stops.0.visit", "V9")))
    with pytest.raises(KeyError, match="V9"):
        plan_frame(plan, SCENARIO)
