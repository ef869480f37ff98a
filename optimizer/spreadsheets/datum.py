"""Coordinates of Chinese map services, brought back to WGS-84.

Maps of Amap and Tencent are in GCJ-02, which moves each point in China by some hundred metres;
Baidu's BD-09 moves it once more. At Zhenhai they lie 494 m and 1,105 m from where a point is.

References
----------
The formulas are those of the public ``eviltransform`` project, which reconstructed them; the
inverse by fixed-point iteration errs less than 1e-7 m after five rounds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum

_AXIS = 6_378_245.0
"Semi-major axis of the Krasovsky ellipsoid, in metres."
_ECCENTRICITY = 0.00669342162296594323
_ROUNDS = 5
_BAIDU = math.pi * 3000 / 180

Point = tuple[float, float]
"Latitude and longitude in degrees."


class Datum(StrEnum):
    """What coordinates refer to."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(datum: Datum, lat: float, lon: float) -> Point:
    """Return a point in WGS-84 degrees; outside China no datum but that is in use.

    Parameters
    ----------
    datum
        What the point refers to.
    lat, lon
        Degrees.
    """
    if datum is Datum.WGS84 or not _is_in_china(lat, lon):
        return lat, lon
    return _undone(_gcj02 if datum is Datum.GCJ02 else _bd09, lat, lon)


def from_wgs84(datum: Datum, lat: float, lon: float) -> Point:
    """Return a point of WGS-84 as a map of another datum shows it; the way back of `to_wgs84`."""
    if datum is Datum.WGS84 or not _is_in_china(lat, lon):
        return lat, lon
    return _gcj02(lat, lon) if datum is Datum.GCJ02 else _bd09(lat, lon)


def _undone(moved: Callable[[float, float], Point], lat: float, lon: float) -> Point:
    """Return the point that is moved to here, by fixed-point iteration."""
    found = lat, lon
    for _ in range(_ROUNDS):
        there = moved(*found)
        found = found[0] + lat - there[0], found[1] + lon - there[1]
    return found


def _is_in_china(lat: float, lon: float) -> bool:
    return 0.8293 <= lat <= 55.8271 and 72.004 <= lon <= 137.8347


def _bd09(lat: float, lon: float) -> Point:
    y, x = _gcj02(lat, lon)
    radius = math.hypot(x, y) + 2e-5 * math.sin(y * _BAIDU)
    angle = math.atan2(y, x) + 3e-6 * math.cos(x * _BAIDU)
    return radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065


def _gcj02(lat: float, lon: float) -> Point:
    x, y = lon - 105.0, lat - 35.0
    root = math.sqrt(abs(x))
    waves = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    radians = math.radians(lat)
    shape = 1 - _ECCENTRICITY * math.sin(radians) ** 2
    metres_north = _AXIS * (1 - _ECCENTRICITY) / (shape * math.sqrt(shape)) * math.pi / 180
    metres_east = _AXIS / math.sqrt(shape) * math.cos(radians) * math.pi / 180
    return lat + north / metres_north, lon + east / metres_east
