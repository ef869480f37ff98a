"""Wishes that name caregivers who are gone: told once, kept, and slips of the pen still told."""

from __future__ import annotations

from dataclasses import replace

from optimizer.formats.names import Kind, Name, Names
from optimizer.spreadsheets.office import Office, office_of
from tests.spreadsheets.workbooks import ASKED, sheet

STAFF = sheet("护理员", ["姓名", "资质"], ["王示例", "四级"], ["赵示例", "四级"])


def _office(preferred: str, refused: str = "", known: Names | None = None) -> Office:
    head = ["姓名", "纬度", "经度", "意向护理员", "拒绝的护理员"]
    clients = sheet(
        "服务对象",
        head,
        ["甲示例", 29.9, 121.7, preferred, refused or None],
        ["乙示例", 29.9, 121.8, preferred, None],
    )
    asked = ASKED if known is None else replace(ASKED, known=known)
    return office_of([clients, STAFF], asked, "a")


def test_whoever_is_gone_is_told_once_and_kept() -> None:
    """Two clients prefer and one refuses people who left: one message, all three wishes stay."""
    office = _office("孙离职、王示例", "周离职")
    assert office.faults == ()
    assert office.scenario is not None
    (note,) = [one for one in office.notes if one.code == "gone-caregiver"]
    assert note.path == "服务对象!D2"
    first, second = office.scenario.clients
    listed = {one.id: office.names.called(Kind.CAREGIVER, one.id)
              for one in office.scenario.caregivers}  # fmt: skip
    assert len(first.preferred) == len(second.preferred) == 2
    assert first.preferred == second.preferred
    assert listed[first.preferred[1]] == "王示例"
    gone = {first.preferred[0], *first.refused}
    assert not gone & set(listed)
    assert {office.names.called(Kind.CAREGIVER, one) for one in gone} == {"孙离职", "周离职"}


def test_whoever_comes_back_is_wished_for_again() -> None:
    """With the names file of the import before, the pseudonym is the same."""
    known = Names.of([Name(Kind.CAREGIVER, "G0007", name="孙离职")])
    office = _office("孙离职", known=known)
    assert office.scenario is not None
    assert {one.preferred for one in office.scenario.clients} == {("G0007",)}


def test_a_slip_of_the_pen_is_still_a_fault() -> None:
    """A name that is nearly somebody's is not taken for somebody who left."""
    assert {one.code for one in _office("王示列").faults} == {"unknown-name"}
    # A title that all have in common makes no two names alike.
    staff = sheet("Caregivers", ["Name", "Skills"], ["Carer Sun", "C/2"])
    head = ["Name", "Latitude", "Longitude", "Preferred caregivers"]
    for name, codes in (("Carer Gone", set()), ("Carer Snu", {"unknown-name"})):
        clients = sheet("Clients", head, ["Client A", 29.9, 121.7, name])
        assert {one.code for one in office_of([clients, staff], ASKED, "a").faults} == codes
