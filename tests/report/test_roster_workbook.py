"""A roster as a workbook."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook

from optimizer.i18n import Lang
from optimizer.report.roster_workbook import roster_workbook
from tests.report.people import NAMED
from tests.report.village import village_roster


def pages(tmp_path: Path, lang: Lang) -> dict[str, list[list[Any]]]:
    """Return the sheets of the village's workbook."""
    path = tmp_path / "roster.xlsx"
    path.write_bytes(roster_workbook(village_roster(), NAMED, lang))
    book = load_workbook(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_sheets_by_caregiver_and_client(tmp_path: Path) -> None:
    """Dates and times are such, names beside pseudonyms, and no name is a formula."""
    told = pages(tmp_path, "en")
    assert list(told) == ["By caregiver", "By client", "Not served", "Hours", "Figures"]
    head, first, second, *_ = told["By caregiver"]
    row = dict(zip(head, first, strict=True))
    assert (row["Caregiver"], row["ID"], row["Client"]) == (
        "Dora Invented", "G0001", "Ada <Invented>"
    )  # fmt: skip
    assert (row["Date"], row["Start"]) == (datetime.date(2026, 3, 2), datetime.time(8, 30))
    assert dict(zip(head, second, strict=True))["Client"] == "=Cora Invented"
    assert [line[1] for line in told["By client"][1:]] == ["C0001", "C0002", "C0002", "C0003"]


def test_unserved_hours_and_figures(tmp_path: Path) -> None:
    """What is left out has its reason in words; hours add up; the cost is told term by term."""
    told = pages(tmp_path, "en")
    (unserved,) = told["Not served"][1:]
    assert unserved[1] == "C0003"
    assert "V0004" in unserved
    hours = {line[1]: line[2:4] for line in told["Hours"][1:]}
    assert hours == {"G0001": [2.0, 90.0], "G0002": [2.0, 85.0]}
    assert told["Figures"][-1][0] == "Total"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_same_roster_gives_the_same_bytes(lang: Lang) -> None:
    """A workbook carries no time of its making."""
    assert roster_workbook(village_roster(), NAMED, lang) == roster_workbook(
        village_roster(), NAMED, lang
    )
