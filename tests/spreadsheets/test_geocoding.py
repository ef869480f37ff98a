"""Addresses are looked up where the user says so: once each, without names, in WGS-84."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from geopy.exc import GeocoderTimedOut

from optimizer.errors import UsageError
from optimizer.spreadsheets import Datum, Geocoder, add_places, insist_on_own, read_places
from optimizer.spreadsheets.datum import to_wgs84
from optimizer.spreadsheets.office import Office, office_of
from optimizer.travel import geocoding
from optimizer.travel.address_lookup import Lookup, Point, ServiceSilent
from optimizer.travel.geocoding import GeocoderSettings, geocoder_settings, lookup_of
from tests.spreadsheets.workbooks import ASKED, sheet

KNOWN: dict[str, Point] = {"示例路1号": (29.95, 121.71), "示例路2号": (29.96, 121.72)}


def _asking(lookup: Lookup, datum: Datum = Datum.WGS84, *rows: list[object]) -> Office:
    clients = sheet("服务对象", ["姓名", "住址"], *(rows or (["甲示例", "示例路1号"],)))
    return office_of([clients], replace(ASKED, geocoder=Geocoder(lookup, datum)), "a")


def test_an_address_is_asked_for_once_and_told() -> None:
    """Two people of one address are one question; where they live is what was answered."""
    asked: list[str] = []

    def lookup(address: str) -> Point | None:
        asked.append(address)
        return KNOWN.get(address)

    two = _asking(lookup, Datum.WGS84, ["甲示例", "示例路1号"], ["乙示例", "示例路1号"])
    assert asked == ["示例路1号"]
    assert two.scenario is not None
    assert {(one.home.lat, one.home.lon) for one in two.scenario.clients} == {(29.95, 121.71)}
    assert two.geocoded == {"示例路1号": (29.95, 121.71)}
    assert "geocoded" in {note.code for note in two.notes}


def test_nobody_is_asked_unless_told() -> None:
    """Without a geocoder an address without coordinates is a fault."""
    clients = sheet("服务对象", ["姓名", "住址"], ["甲示例", "示例路1号"])
    assert {one.code for one in office_of([clients], ASKED, "a").faults} == {"unknown-address"}


def test_coordinates_of_a_service_are_brought_to_wgs84() -> None:
    """A service of Baidu's datum lies a kilometre off, which is corrected."""
    office = _asking(KNOWN.get, Datum.BD09)
    assert office.scenario is not None
    lat, lon = to_wgs84(Datum.BD09, 29.95, 121.71)
    assert office.scenario.clients[0].home.lat == pytest.approx(lat, abs=1e-6)
    assert office.scenario.clients[0].home.lon == pytest.approx(lon, abs=1e-6)


def test_an_address_with_a_name_in_it_is_not_sent() -> None:
    """The cell is told instead."""
    asked: list[str] = []
    office = _asking(asked.append, Datum.WGS84, ["甲示例", "示例路1号甲示例家"])
    assert asked == []
    assert "name-in-address" in {note.code for note in office.notes}
    assert {one.code for one in office.faults} == {"unknown-address"}


def test_what_the_service_does_not_know_or_answer_is_a_fault_by_cell() -> None:
    """A silent service is asked no more; all cells without a place are told at once."""
    calls = []

    def silent(address: str) -> Point | None:
        calls.append(address)
        raise ServiceSilent("GeocoderTimedOut")

    office = _asking(silent, Datum.WGS84, ["甲示例", "示例路1号"], ["乙示例", "示例路2号"])
    assert len(calls) == 1
    assert "geocoder-silent" in {note.code for note in office.notes}
    assert [one.path for one in office.faults] == ["服务对象!B2", "服务对象!B3"]
    assert len(_asking(lambda _: None).faults) == 1


def test_a_file_of_places_is_read_and_added_to(tmp_path: Path) -> None:
    """What was found is found in the file the next time; a foreign file is not touched."""
    path = tmp_path / "places.csv"
    add_places(path, {"示例路1号": KNOWN["示例路1号"]})
    add_places(path, {"示例路2号": KNOWN["示例路2号"]})
    insist_on_own(path)
    assert path.stat().st_mode & 0o077 == 0
    clients = sheet("服务对象", ["姓名", "住址"], ["甲示例", "示例路2号"])
    # The file says WGS-84 in its headings, whatever the datum of the workbook.
    asked = replace(ASKED, places=read_places(path), datum=Datum.BD09)
    office = office_of([clients], asked, "a")
    assert office.scenario is not None
    assert (office.scenario.clients[0].home.lat, office.scenario.clients[0].home.lon) == (
        KNOWN["示例路2号"]
    )
    foreign = tmp_path / "theirs.csv"
    foreign.write_text("地址,纬度,经度\n示例路3号,29.9,121.7\n", encoding="utf-8")
    with pytest.raises(UsageError, match="theirs"):
        insist_on_own(foreign)
    third = sheet("服务对象", ["姓名", "住址"], ["甲示例", "示例路3号"])
    assert office_of([third], replace(ASKED, places=read_places(foreign)), "a").faults == ()


@dataclass
class _Place:
    latitude: float
    longitude: float


class _FakeService:
    """A geocoder as geopy has them, without a net."""

    def __init__(self, user_agent: str, domain: str = "") -> None:
        self.user_agent, self.domain = user_agent, domain

    def geocode(self, query: str) -> _Place | None:
        if query.startswith("slow"):
            raise GeocoderTimedOut
        return _Place(1.5, 2.5) if query == "Here, Town" else None


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Lookup]:
    """Return what makes a lookup that asks the fake service."""
    monkeypatch.setattr(geocoding, "get_geocoder_for_service", lambda _: _FakeService)

    def made(**more: Any) -> Lookup:
        return lookup_of(GeocoderSettings("nominatim", pause=0.0, **more))

    return made


def test_a_service_of_geopy_is_asked_with_the_place_around(service: Callable[..., Lookup]) -> None:
    """What stands around all addresses is added; errors of geopy are one kind here."""
    lookup = service(within=", Town", options={"domain": "example.org"})
    assert lookup("Here") == (1.5, 2.5)
    assert lookup("Nowhere") is None
    with pytest.raises(ServiceSilent, match="GeocoderTimedOut"):
        lookup("slow")
    with pytest.raises(UsageError, match="nominatim"):
        service(options={"unheard_of": 1})


@pytest.mark.parametrize(
    "text",
    [
        "service = 3",
        'service = "nominatim"\ndatum = "mars"',
        'service = "nominatim"\nwho = "me"',
        'service = "nominatim"\npause = -1',
        'datum = "wgs84"',
        "service",
    ],
)
def test_settings_that_cannot_be_are_refused(tmp_path: Path, text: str) -> None:
    """With the file's name, before anybody is asked."""
    path = tmp_path / "geocoder.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"geocoder\.toml"):
        geocoder_settings(str(path))


def test_settings_are_read_from_a_file() -> None:
    """A bare name has the usual settings; a service that geopy does not have is refused."""
    assert geocoder_settings("photon") == GeocoderSettings("photon")
    with pytest.raises(UsageError, match="no-such-service"):
        lookup_of(GeocoderSettings("no-such-service"))
