"""Lists as offices keep them are read without a word of configuration, or with one mapping."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from optimizer.formats.names import Kind
from optimizer.spreadsheets import Office, read_mapping, read_office, write_mapping
from tests.spreadsheets import column_sets
from tests.spreadsheets.workbooks import ASKED, read_text, write_book, write_folder

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "gb18030"]


def told(office: Office) -> tuple[int, int, int, int]:
    """Return how many clients, caregivers, shifts and visits were read."""
    assert office.faults == ()
    assert office.scenario is not None
    one = office.scenario
    shifts = sum(len(each.shifts) for each in one.caregivers)
    return len(one.clients), len(one.caregivers), shifts, len(one.visits)


def test_a_nordic_visit_list(tmp_path: Path) -> None:
    """ISO durations, flexibility around a start, and people that only the visits name."""
    office = read_text(tmp_path, "besok", column_sets.VISITS_SV)
    assert told(office) == (2, 2, 2, 3)
    assert office.scenario is not None
    first, second, third = office.scenario.visits
    assert (first.id, first.client, first.mandatory) == ("B1", "K10", True)
    assert first.model_dump(mode="json")["window"] == {"earliest": "07:45", "latest": "08:15"}
    assert (len(second.carers), third.priority) == (2, "flexible")
    assert office.names.called(Kind.CLIENT, "K10") == "Astrid Påhittad"


def test_a_nordic_recurring_list(tmp_path: Path) -> None:
    """Periods with a number of days become visits; titles are times of day or services."""
    office = read_text(tmp_path, "återkommande", column_sets.RECURRING_SV)
    assert told(office)[0] == 2
    assert office.scenario is not None
    by_series: dict[str | None, int] = {}
    for visit in office.scenario.visits:
        by_series[visit.series] = by_series.get(visit.series, 0) + 1
    assert (by_series["O1"], by_series["O2"]) == (7, 5)
    cleaning = [visit for visit in office.scenario.visits if visit.series == "O3"]
    assert all(visit.services == ("CLEAN_HOME",) and len(visit.carers) == 2 for visit in cleaning)


def test_a_hard_list(tmp_path: Path) -> None:
    """Semicolons, decimal commas, misspelt and double headings, rows that are switched off."""
    office = read_text(tmp_path, "insatser", column_sets.HARD_SV)
    assert told(office)[0] == 2
    assert office.scenario is not None
    bath = office.scenario.visits[0]
    assert bath.services == ("HYG_BATH",)
    assert bath.model_dump(mode="json")["window"] == {"earliest": "09:00", "latest": "11:00"}
    codes = {note.code for note in office.notes}
    assert {"switched-off", "same-heading", "guessed-heading"} <= codes


def test_a_pilot_list(tmp_path: Path) -> None:
    """Clients are told apart by their addresses, which a second file places on the map."""
    files = {"visits": column_sets.PILOT_EN, "addresses": column_sets.PILOT_ADDRESSES}
    office = read_office(write_folder(tmp_path / "pilot", files), ASKED)
    assert told(office) == (2, 2, 0, 12)
    assert office.scenario is not None
    assert [client.id for client in office.scenario.clients] == ["C0001", "C0002"]


def test_an_office_of_five_lists(tmp_path: Path) -> None:
    """Availability by day of the week, fixed and flexible shifts of clients in hours."""
    office = read_office(write_folder(tmp_path / "office", column_sets.OFFICE_US), ASKED)
    assert told(office) == (2, 2, 3, 4)
    assert office.scenario is not None
    long = [visit for visit in office.scenario.visits if visit.carers[0].minutes == 90 * 60_000]
    assert len(long) == 3
    assert office.scenario.caregivers[0].week_minutes == 30 * 3_600_000


def test_a_list_of_a_street_office(tmp_path: Path) -> None:
    """Two rows of headings, the upper one merged; identity numbers are read and dropped."""
    folder = tmp_path / "street"
    folder.mkdir()
    write_book(
        folder / "花名册.xlsx",
        {"名单": column_sets.STREET_ZH},
        merged=column_sets.STREET_MERGED,
    )
    (folder / "地址坐标.csv").write_text(column_sets.STREET_ADDRESSES_ZH, encoding="gb18030")
    office = read_office(folder, ASKED)
    assert told(office)[0] == 2
    assert office.scenario is not None
    first = office.scenario.clients[0]
    assert (first.id, first.age) == ("C0001", 85)
    assert (first.home.lat, first.home.lon) == pytest.approx((29.95, 121.71), abs=1e-5)
    name = office.names.get(Kind.CLIENT, "C0001")
    assert (name.contact, name.contact_phone) == ("乙示例", "13800000001")
    assert "330000" not in office.scenario.model_dump_json()
    assert "330000" not in repr(office.names)


def test_a_form_is_refused(tmp_path: Path) -> None:
    """One person on a page is no table, and the message says so."""
    path = write_book(tmp_path / "登记表.xlsx", {"登记表": column_sets.FORM_ZH})
    office = read_office(path, ASKED)
    assert [(fault.path, fault.code) for fault in office.faults] == [("登记表", "form-not-table")]


def test_orders(tmp_path: Path) -> None:
    """Lengths come from the catalogue, dates from the orders; planned caregivers are known."""
    orders = column_sets.ORDERS_EN
    addresses = column_sets.STREET_ADDRESSES_ZH
    office = read_office(
        write_folder(tmp_path / "shop", {"orders": orders, "addresses": addresses}), ASKED
    )
    assert told(office) == (2, 2, 0, 3)
    assert office.scenario is not None
    assert office.scenario.horizon.days == 2
    assert [visit.services for visit in office.scenario.visits] == [
        ("HYG_BATH",), ("WOUND_CARE",), ("CLEAN_HOME",)
    ]  # fmt: skip
    assert len(office.scenario.history) == 2


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_office_in_chinese(tmp_path: Path, encoding: str) -> None:
    """Three lists in any encoding of theirs: spoken times, weekly needs, coordinates of Baidu."""
    folder = write_folder(tmp_path / "office", column_sets.OFFICE_ZH, encoding=encoding)
    office = read_office(folder, ASKED)
    assert told(office) == (2, 2, 11, 16)
    assert office.scenario is not None
    first = office.scenario.clients[0]
    assert (first.home.lat, first.home.lon) == pytest.approx((29.95, 121.71), abs=1e-5)
    assert (first.living, first.preferred) == ("alone", ("H01",))
    carer = office.scenario.caregivers[0]
    assert [(one.code, one.level) for one in carer.qualifications] == [("C", 2), ("HK", 1)]
    assert "spread-evenly" in {note.code for note in office.notes}


def test_a_printed_list(tmp_path: Path) -> None:
    """A title, headings again on the second page, and a row of totals are no people."""
    head: list[object] = ["序号", "姓名", "纬度", "经度", "电话"]
    rows: list[list[object]] = [
        ["示例街道三月名单"], head, [1, "甲示例", 29.95, 121.71, "0574-0000001"],
        head, [2, "乙示例", 29.96, 121.72, "0574-0000002"], ["合计", "2人"],
    ]  # fmt: skip
    office = read_office(write_book(tmp_path / "名单.xlsx", {"三月": rows}), ASKED)
    assert told(office) == (2, 0, 0, 0)
    assert office.names.called(Kind.CLIENT, "C0002") == "乙示例"


def test_columns_that_nobody_can_guess(tmp_path: Path) -> None:
    """A mapping written by a dry run and corrected by hand reads what was not understood."""
    text = "Wer,Was,Wann,Lang,Lat,Lon\nAnna Erfunden,dusch,8:00-9:00,30,59.3,18.0\n"
    path = tmp_path / "plan.csv"
    path.write_text(text, encoding="utf-8")
    assert read_office(path, ASKED).scenario is None
    mapping = tmp_path / "plan.mapping.toml"
    mapping.write_text(
        '[sheets.plan]\ntable = "visits"\n[sheets.plan.columns]\n'
        'Wer = "client"\nWas = "services"\nC = "window"\n"Lang" = "minutes"\n',
        encoding="utf-8",
    )
    asked = replace(ASKED, mapping=read_mapping(mapping))
    office = read_office(path, asked)
    assert told(office) == (1, 0, 0, 1)
    again = tmp_path / "again.toml"
    write_mapping(office.found, office.unread, office.datum, again)
    assert (
        read_office(path, replace(ASKED, mapping=read_mapping(again))).scenario == office.scenario
    )
