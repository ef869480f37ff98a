"""A roster as GeoJSON (RFC 7946), for maps: routes as lines, homes and stops as points."""

from __future__ import annotations

import json
from typing import Any

from optimizer.domain.place import Place
from optimizer.domain.plan import Route
from optimizer.i18n import Lang
from optimizer.report.audience import Audience
from optimizer.report.roster import Roster
from optimizer.report.stop_facts import StopWording
from optimizer.report.wording import clock

Feature = dict[str, Any]


def roster_geojson(roster: Roster, audience: Audience, lang: Lang) -> str:
    """Return routes, stops and visits not served as a collection of features.

    Each feature has `kind`: ``route``, ``home``, ``stop`` or ``unserved``. Names are given only
    where the audience has them.
    """
    told = StopWording(roster, audience, lang)
    features: list[Feature] = []
    for route in audience.routes(roster):
        features += _of_route(told, route)
    for visit, reason in roster.unserved:
        client = roster.clients.get(visit.client)
        if client is not None:
            properties = {
                "kind": "unserved",
                "visit": visit.id,
                "client": visit.client,
                "priority": visit.priority,
                "reason": reason,
                **_named("name", audience.client(visit.client), visit.client),
            }
            features.append(_feature("Point", _position(client.home), properties))
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _of_route(told: StopWording, route: Route) -> list[Feature]:
    roster = told.roster
    whose = {"caregiver": route.caregiver, "date": route.date.isoformat()}
    name = _named("caregiver_name", told.audience.caregiver(route.caregiver), route.caregiver)
    caregiver = roster.caregivers.get(route.caregiver)
    line = [] if caregiver is None else [_position(caregiver.home)]
    features = []
    for facts in told.of_route(route):
        client = roster.clients.get(facts.client)
        if client is None:
            continue
        line.append(_position(client.home))
        properties = {
            "kind": "stop",
            **whose,
            **name,
            "number": facts.number,
            "visit": facts.visit.id if facts.visit else None,
            "client": facts.client,
            **_named("name", facts.called, facts.client),
            "start": facts.start,
            "end": facts.end,
            "services": list(facts.services),
        }
        features.append(_feature("Point", _position(client.home), properties))
    if caregiver is not None:
        line.append(_position(caregiver.end_place or caregiver.home))
        properties = {"kind": "home", **whose, **name}
        features.insert(0, _feature("Point", _position(caregiver.home), properties))
    times = {"departure": clock(route.departure), "back": clock(route.back)}
    if len(line) > 1:
        features.insert(
            0, _feature("LineString", line, {"kind": "route", **whose, **name, **times})
        )
    return features


def _named(key: str, name: str, pseudonym: str) -> dict[str, str]:
    return {} if name == pseudonym else {key: name}


def _position(place: Place) -> list[float]:
    return [place.lon, place.lat]


def _feature(kind: str, coordinates: Any, properties: Feature) -> Feature:
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": properties,
    }
