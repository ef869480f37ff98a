"""What took place, in tables: every fault with its cell, and a form that comes back filled in."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.domain.delivery import Deliveries, Doubt, Method, Occurrence, Outcome
from optimizer.errors import InvalidDocument
from optimizer.i18n import Lang, translated
from optimizer.spreadsheets import FORM_WRITERS, deliveries_form, read_delivery_tables
from optimizer.spreadsheets.columns import deliveries_table
from optimizer.spreadsheets.evidence_words import read_word, word_of
from tests.purchase.test_evidence import came, deliveries
from tests.purchase.town import roster, town

CSV = """visit,date,caregiver,start,end,method,lat,lon,accuracy_m,beacon,notice,occurrence
V1,2026-03-02,G1,08:30,09:00,manual,29.95,121.7,12,,,
V2,2026-03-02,,,,,,,,,0,client_away
"""
MEANT = deliveries(
    came("V1", "08:30", "09:00", method="manual",
         position={"lat": 29.95, "lon": 121.7, "accuracy_m": 12}, beacon=False),
    {"visit": "V2", "date": "2026-03-02", "occurrence": "client_away", "notice": False},
)  # fmt: skip
CHINESE = """服务编号,日期,实际护理员,签到,签退,签到方式,纬度,经度,精度,提前告知,服务情况
V1,2026年3月2日,G1,8:30,0900,手工补录,29.95,121.7,12,,
V2,2026/3/2,,,,,,,,否,服务对象不在家
"""


def read(path: Path, text: str, encoding: str = "utf-8") -> Deliveries:
    """Return the deliveries in a text, written as a file."""
    path.write_bytes(text.encode(encoding))
    return read_delivery_tables(path, town())[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("text", [CSV, CHINESE, CSV.replace(",", ";")])
def test_a_table_is_read_as_the_document_it_stands_for(
    text: str, encoding: str, tmp_path: Path
) -> None:
    """Codes or Chinese words, separators and encodings as offices have them: the same evidence."""
    assert read(tmp_path / "came.csv", text, encoding) == MEANT


def test_a_workbook_with_dates_and_times(tmp_path: Path) -> None:
    """Cells that hold a date, a time of day or a number are read as such, in all its sheets."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    clock = book.add_format({"num_format": "hh:mm"})
    first, second, note = (book.add_worksheet(name) for name in ("ORG1", "ORG2", "notes"))
    heads = ("Visit", "Date", "Caregiver", "Check-in", "Check-out", "Method", "Latitude",
             "Longitude", "Accuracy (m)")  # fmt: skip
    first.write_row(0, 0, heads)
    first.write_string(1, 0, "V1")
    first.write_datetime(1, 1, datetime.date(2026, 3, 2), day)
    first.write_string(1, 2, "G1")
    first.write_datetime(1, 3, datetime.time(8, 30), clock)
    first.write_datetime(1, 4, datetime.time(9, 0), clock)
    first.write_row(1, 5, ("by hand", 29.95, 121.7, 12))
    second.write_row(0, 0, ("Visit", "Date", "Occurrence", "Notice"))
    second.write_string(1, 0, "V2")
    second.write_datetime(1, 1, datetime.date(2026, 3, 2), day)
    second.write_row(1, 2, ("client not there", "no"))
    note.write_string(0, 0, "told by telephone")
    book.close()
    path = tmp_path / "came.xlsx"
    path.write_bytes(target.getvalue())
    found, told = read_delivery_tables(path, town())
    assert found == MEANT
    assert [(one.path, one.code) for one in told] == [("notes", "unread-sheet")]


def test_a_row_can_be_a_delivery_a_ruling_or_both(tmp_path: Path) -> None:
    """A second ruling about the same stop has a row of its own; an unfilled row says nothing."""
    text = (
        "visit,date,caregiver,start,end,doubt,outcome\n"
        "V1,2026-03-02,G1,08:30,08:40,short,explained\n"
        "V1,,,,,位置不符,成立\n"
        "V3,2026-03-02,,,,,\n"
    )
    assert read(tmp_path / "came.csv", text) == deliveries(
        came("V1", "08:30", "08:40", beacon=False),
        rulings=[{"visit": "V1", "doubt": "short", "outcome": "explained"},
                 {"visit": "V1", "doubt": "off_place", "outcome": "upheld"}],
    )  # fmt: skip


FAULTS = [
    # A column nobody knows, one that looks like a known one, and one said twice.
    (CSV.replace("notice", "advice"), [("came!K1", "unknown-field")]),
    (CSV.replace("caregiver", "caregivr"), [("came!C1", "unknown-field")]),
    (CSV.replace("notice", "签到"), [("came!K1", "duplicate-key")]),
    # Cells that hold something else, all at once.
    (CSV.replace(",12,", ",far,").replace("08:30", "8.5").replace("client_away", "gone"),
     [("came!D2", "bad-time"), ("came!I2", "bad-number"), ("came!L3", "bad-word")]),
    (CSV.replace("2026-03-02", "2026-02-30", 1), [("came!B2", "bad-day")]),
    # What contradicts the scenario is told by its cell too.
    (CSV.replace("V2", "V9").replace("G1", "G7"),
     [("came!C2", "unknown-caregiver"), ("came!A3", "unknown-visit")]),
    (CSV.replace("09:00", "08:00"), [("came!E2", "out-before-in")]),
    (CSV.replace(",G1,", ",,"), [("came!C2", "missing-field")]),
    (CSV.replace("29.95", "99"), [("came!G2", "out-of-range")]),
    (CSV.replace("V2,", ","), [("came!A3", "empty-cell")]),
    (CSV.replace("V2", "V1"), [("came!A3", "said-twice")]),
    ("visit,doubt,outcome\nV1,short,\n", [("came!C2", "empty-cell")]),
    ("visit,doubt,outcome\nV1,short,upheld\n", [("came!A2", "ruling-without-delivery")]),
    ("date,caregiver,start\n2026-03-02,G1,08:30\n", [("came!A1", "missing-column")]),
    ("one,two\n1,2\n", [("", "no-table")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "faults"), FAULTS)
def test_faults_name_their_cells(
    text: str, faults: list[tuple[str, str]], tmp_path: Path
) -> None:  # fmt: skip
    """A cell is named as a spreadsheet names it, and what is wrong can be said in Chinese."""
    with pytest.raises(InvalidDocument) as caught:
        read(tmp_path / "came.csv", text)
    assert [(fault.path, fault.code) for fault in caught.value.faults] == faults
    for fault in caught.value.faults:
        assert any("\u4e00" <= sign <= "\u9fff" for sign in translated("zh", fault.message))


def test_the_words_and_rows_meant_are_named(tmp_path: Path) -> None:
    """A twin names the row before it; a wrong word or heading names those that are known."""
    with pytest.raises(InvalidDocument) as twin:
        read(tmp_path / "came.csv", CSV.replace("V2", "V1"))
    assert "came!A2" in str(twin.value.faults[0].message)
    with pytest.raises(InvalidDocument) as word:
        read(tmp_path / "came.csv", CSV.replace("client_away", "gone").replace("notice", "advice"))
    head, cell = (translated("zh", fault.message) for fault in word.value.faults)
    assert "提前一天告知" in head
    assert "服务对象不在家" in cell


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_the_form_of_a_roster_comes_back(ending: str, lang: Lang, tmp_path: Path) -> None:
    """A row per stop in order of time; empty it says nothing, and it is itself each time."""
    plan = roster(("V2", "10:00", "11:00"), ("V1", "08:30", "09:00"))
    form = deliveries_form(town(), plan, lang)
    shown = [(row["visit"], str(row["planned_start"])) for row in form.rows]
    assert shown == [("V1", "08:30:00"), ("V2", "10:00:00")]
    raw = FORM_WRITERS[ending](form, lang)
    assert raw == FORM_WRITERS[ending](form, lang)
    path = tmp_path / f"came{ending}"
    path.write_bytes(raw)
    found, told = read_delivery_tables(path, town())
    assert found == Deliveries(scenario="town")
    assert [one.code for one in told] == ["nothing-filled-in"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("kind", "codes"),
    [("occurrence", Occurrence), ("method", Method), ("doubt", Doubt), ("outcome", Outcome)],
)
def test_every_word_means_its_code(
    kind: str, codes: type[Occurrence | Method | Doubt | Outcome], lang: Lang
) -> None:
    """The words of drop-downs are told apart, and each is read as what it stands for."""
    assert [read_word(kind, word_of(kind, code, lang)) for code in codes] == list(codes)


def test_a_number_too_large_for_its_format_is_told(tmp_path: Path) -> None:
    """A cell shown as hours whose number is beyond all time ends in a sentence, not in a trace."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("ORG1")
    sheet.write_row(0, 0, ("Visit", "Check-in"))
    sheet.write_number(1, 1, 1e300, book.add_format({"num_format": "[h]:mm"}))
    book.close()
    path = tmp_path / "came.xlsx"
    path.write_bytes(target.getvalue())
    with pytest.raises(InvalidDocument) as caught:
        read_delivery_tables(path, town())
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [("ORG1", "bad-time")]


ODD = (
    *(
        "V1",
        "V9",
        "G1",
        "2026-03-02",
        "3月2日",
        "46083",
        "8:30",
        "8.30",
        "24:30",
        "次日0:30",
        "25:00",
    ),
    *(
        "done",
        "已进行",
        "是",
        "0",
        "3",
        "-1",
        "1e309",
        "nan",
        "#REF!",
        "\0",
        "short",
        "成立",
        "999",
        "　",
    ),
)
HEADS = [
    name
    for field in deliveries_table().fields.values()
    for name in (field.name, field.headings["zh"])
]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    heads=st.lists(st.sampled_from(HEADS), min_size=1, max_size=12),
    cells=st.lists(st.lists(st.sampled_from(("", *ODD)), max_size=13), max_size=5),
    encoding=st.sampled_from(["utf-8", "gb18030", "utf-16"]),
)
def test_any_table_is_read_or_refused(
    tmp_path: Path, heads: list[str], cells: list[list[str]], encoding: str
) -> None:
    """Whatever stands in it: every fault of it has a place or is about the file as a whole."""
    lines = [["visit", *heads], *cells]
    path = tmp_path / "came.csv"
    path.write_bytes("\n".join(map(",".join, lines)).encode(encoding))
    places = []
    try:
        found, _ = read_delivery_tables(path, town())
    except InvalidDocument as error:
        places = [one.path for one in error.faults]
    else:
        assert len(found.deliveries) <= len(cells)
    assert all(place.startswith("came!") or place in {"", "came"} for place in places)
