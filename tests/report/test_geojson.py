"""A roster as GeoJSON."""

from __future__ import annotations

import json
from collections import Counter

from optimizer.report.audience import EVERYBODY
from optimizer.report.geojson import roster_geojson
from tests.report.people import NAMED
from tests.report.village import village_roster


def test_routes_stops_homes_and_what_is_left_out() -> None:
    """Longitude comes first, as the standard has it; a route goes from home to home."""
    document = json.loads(roster_geojson(village_roster(), EVERYBODY, "en"))
    kinds = Counter(one["properties"]["kind"] for one in document["features"])
    assert kinds == {"route": 2, "home": 2, "stop": 4, "unserved": 1}
    route = next(
        one
        for one in document["features"]
        if one["properties"] == {**one["properties"], "kind": "route", "caregiver": "G0001"}
    )
    line = route["geometry"]["coordinates"]
    assert line[0] == line[-1] == [121.705, 29.952]
    assert len(line) == 4
    assert "name" not in document["features"][-1]["properties"]


def test_names_are_told_where_they_are_given() -> None:
    """A stop carries the client's name beside the pseudonym."""
    document = json.loads(roster_geojson(village_roster(), NAMED, "en"))
    names = {one["properties"].get("name") for one in document["features"]}
    assert {"Ada <Invented>", "=Cora Invented"} <= names
