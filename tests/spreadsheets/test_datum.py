"""Coordinates of Chinese maps come back to where they are."""

from __future__ import annotations

import pytest
from geopy.distance import geodesic

from optimizer.spreadsheets.datum import Datum, from_wgs84, to_wgs84
from tests.spreadsheets.workbooks import read, sheet

ZHENHAI = (29.95, 121.71)


@pytest.mark.parametrize("datum", list(Datum))
@pytest.mark.parametrize("point", [ZHENHAI, (39.9087, 116.3975), (22.5431, 114.0579)])
def test_the_way_back_is_exact(datum: Datum, point: tuple[float, float]) -> None:
    """There and back is less than a thousandth of a millimetre away."""
    assert geodesic(point, to_wgs84(datum, *from_wgs84(datum, *point))).m < 1e-6


def test_how_far_maps_are_off() -> None:
    """At Zhenhai a map of Amap is half a kilometre off, one of Baidu more than one."""
    assert geodesic(ZHENHAI, from_wgs84(Datum.GCJ02, *ZHENHAI)).m == pytest.approx(494, abs=2)
    assert geodesic(ZHENHAI, from_wgs84(Datum.BD09, *ZHENHAI)).m == pytest.approx(1105, abs=3)


@pytest.mark.parametrize("datum", list(Datum))
def test_a_datum_that_fits_better_is_told(datum: Datum) -> None:
    """Clients by a map, addresses by GPS: that the same address lies elsewhere is told."""
    rows = []
    addresses = []
    for n in range(5):
        point = (29.95 + n / 100, 121.71)
        lat, lon = from_wgs84(datum, *point)
        rows.append([f"{n}号示例", f"示例路{n}号", lat, lon])
        addresses.append([f"示例路{n}号", *point])
    clients = sheet("服务对象", ["姓名", "住址", "纬度", "经度"], *rows)
    known = sheet("地址坐标", ["住址", "纬度", "经度"], *addresses)
    told = [note.message for note in read(known, clients).notes if note.code == "other-datum"]
    assert len(told) == (datum is not Datum.WGS84)
    assert all(f"would fit them in {datum}" in message for message in told)


def test_outside_china_nothing_moves() -> None:
    """A point in Sweden stays, whatever the datum is said to be."""
    assert to_wgs84(Datum.BD09, 59.33, 18.05) == (59.33, 18.05)
