"""A scenario written as a workbook and read again is the same scenario."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from optimizer.domain.scenario import Scenario
from optimizer.formats import read_scenario
from optimizer.formats.names import NOBODY, Kind, Name, Names
from optimizer.i18n import Lang
from optimizer.needs import derive
from optimizer.spreadsheets import read_office, scenario_tables, template_tables, workbook_bytes
from optimizer.spreadsheets.draft import apply_more
from optimizer.spreadsheets.office import office_of
from tests.report.village import village
from tests.spreadsheets.workbooks import ASKED, TODAY, sheet
from tests.worlds.random_small import random_small

HAMLET = Path(__file__).parents[2] / "scenarios" / "hamlet.json"
NAMES = Names.of(
    [
        Name(Kind.CLIENT, "C0001", name="甲示例", phone="0574-0000001", address="示例路1号"),
        Name(Kind.CLIENT, "C0002", name="乙示例", door="按门铃"),
        Name(Kind.CLIENT, "C0003", name="甲示例"),
        Name(Kind.CAREGIVER, "G0001", name="=王示例"),
        Name(Kind.OFFICE, "", name="示例中心", phone="0574-0000009"),
    ]
)


def again(scenario: Scenario, folder: Path, lang: Lang, names: Names = NOBODY) -> Scenario:
    """Return a scenario after it has been a workbook."""
    path = folder / "office.xlsx"
    path.write_bytes(workbook_bytes(scenario_tables(scenario, names, lang), lang))
    office = read_office(path, ASKED)
    assert office.faults == ()
    assert office.scenario is not None
    return office.scenario


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_hamlet_with_records_comes_back_as_its_visits(tmp_path: Path, lang: Lang) -> None:
    """Visits that follow from health records are written, the records are not."""
    hamlet = read_scenario(HAMLET)
    back = again(hamlet, tmp_path, lang)
    assert back == derive(hamlet).scenario
    assert all(client.health_record is None for client in back.clients)


def test_names_are_written_and_read_again(tmp_path: Path) -> None:
    """The same scenario and the same names; two people of one name are told apart."""
    assert again(village(), tmp_path, "zh", NAMES) == village()
    office = read_office(tmp_path / "office.xlsx", ASKED)
    assert {(one.kind, one.id): one for one in office.names if one.name} == dict(NAMES.entries)


@pytest.mark.parametrize("seed", range(12))
def test_random_days_come_back(seed: int) -> None:
    """Couplings, pins, entitlements, matrices, policies and whatever else a scenario can hold."""
    scenario = random_small(seed)
    sheets = [one.sheet("en") for one in scenario_tables(scenario, NOBODY, "en")]
    office = office_of(sheets, ASKED, "office")
    assert office.scenario == derive(scenario).scenario


def test_the_same_scenario_gives_the_same_bytes() -> None:
    """A workbook carries no time of its making."""
    tables = scenario_tables(village(), NAMES, "en")
    assert workbook_bytes(tables, "en") == workbook_bytes(tables, "en")


def test_a_changed_cell_counts_more_than_the_hidden_column() -> None:
    """What stood beside the cell when it was written holds only while the cell is the same."""
    record = {"minutes": 30}
    apply_more(record, {"minutes": [30, 31]})
    assert record == {"minutes": 31}
    apply_more(record, {"minutes": [30, 32]})
    assert record == {"minutes": 31}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_is_an_office_once_its_examples_are_switched_on(lang: Lang) -> None:
    """Examples are passed over; without their mark they are a small office without a fault."""
    tables = template_tables(lang, TODAY)
    sheets = [one.sheet(lang) for one in tables]
    assert [fault.code for fault in office_of(sheets, ASKED, "a").faults] == ["nothing-to-import"]
    on = [replace(one, rows=tuple({**row, "active": None} for row in one.rows)) for one in tables]
    office = office_of([one.sheet(lang) for one in on], ASKED, "a")
    assert office.scenario is not None
    assert len(office.scenario.visits) == 13


def test_pseudonyms_stay_when_the_list_changes() -> None:
    """Who is in the names file keeps the pseudonym; who is new gets one that nobody has had."""
    head = ["姓名", "纬度", "经度"]
    first = office_of(
        [sheet("服务对象", head, ["甲示例", 29.9, 121.7], ["乙示例", 29.9, 121.8])], ASKED, "a"
    )
    later = office_of(
        [sheet("服务对象", head, ["丙示例", 29.9, 121.7], ["乙示例", 29.9, 121.8])],
        replace(ASKED, known=first.names),
        "a",
    )
    assert later.scenario is not None
    assert [client.id for client in later.scenario.clients] == ["C0003", "C0002"]
    assert later.names.called(Kind.CLIENT, "C0001") == "甲示例"
