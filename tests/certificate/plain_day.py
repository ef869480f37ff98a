"""A derived scenario file read by itself, with nothing of the optimizer: for `recheck`."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np

Doc = dict[str, Any]
FAR = 2**28
RADIUS, EQUATOR, FLAT = 6_371_008.8, 6_378_137.0, 1 / 298.257223563
SPEEDS = {"walk": (4.5, 1), "ebike": (12.0, 3), "bus": (14.0, 10), "car": (22.0, 3)}


class PlainDay:
    """Stops by visit and carer, shifts by number, and who may make which stop.

    `stops`: earliest and latest start, shortest care, row of the place. `duties`: caregiver's
    entry, day, number of the shift, earliest departure, latest return, rows of home and end.
    """

    def __init__(self, scenario: Doc) -> None:
        self.scenario = scenario
        self.clients = {client["id"]: client for client in scenario["clients"]}
        self.rows: dict[tuple[float, float, int | None], int] = {}
        self.visits = {visit["id"]: visit for visit in scenario["visits"]}
        self.stops = {
            (visit["id"], carer): self._stop(visit, carer)
            for visit in scenario["visits"]
            for carer in range(1, len(visit["carers"]) + 1)
        }
        first = dt.date.fromisoformat(scenario["horizon"]["start"])
        length = scenario["horizon"].get("days", 1)
        self.days = days = [(first + dt.timedelta(n)).isoformat() for n in range(length)]
        self.duties = [
            duty for c in scenario["caregivers"] for d in days for duty in self._of(c, d)
        ]
        self.can = [
            {key for key in self.stops if self._may(*key, duty[0], duty[1])} for duty in self.duties
        ]
        self._roads: dict[tuple[str, float | None], tuple[Any, Any]] = {}

    def ticks(self, minutes: float) -> int:
        """Return minutes as ticks, rounded up."""
        per_minute = int(self.scenario.get("ticks_per_minute", 60))
        return math.ceil(round(minutes * 60_000) * per_minute / 60_000)

    def clock(self, text: str) -> int:
        """Return a clock time in ticks."""
        time, _, days = text.partition("+")
        parts = zip(time.split(":"), (60, 1, 1 / 60), strict=False)
        return self.ticks(sum(float(x) * f for x, f in parts) + int(days or 0) * 24 * 60)

    def _row(self, place: Doc) -> int:
        key = place["lat"], place["lon"], place.get("matrix_index")
        return self.rows.setdefault(key, len(self.rows))

    def _stop(self, visit: Doc, carer: int) -> tuple[int, int, int, int]:
        fixed = (visit.get("pin") or {}).get("start")
        window = [self.clock(visit["window"][end]) for end in ("earliest", "latest")]
        if fixed is not None:
            window = [max(window[0], self.clock(fixed)), min(window[1], self.clock(fixed))]
        home = self.clients[visit["client"]]["home"]
        return window[0], window[1], self.ticks(_least(visit, carer)), self._row(home)

    def _of(self, person: Doc, day: str) -> list[tuple[Doc, str, int, int, int, int, int]]:
        shifts = [s for s in person["shifts"] if s["date"] == day]
        times = sorted((self.clock(s["start"]), self.clock(s["end"])) for s in shifts)
        over = self.ticks(person.get("overtime_limit") or 0)
        ends = [*(begin for begin, _ in times[1:]), times[-1][1] + over] if times else []
        home, end = person["home"], person.get("end_place") or person["home"]
        return [
            (person, day, n, begin, min(close + over, ends[n]), self._row(home), self._row(end))
            for n, (begin, close) in enumerate(times)
        ]

    def _may(self, visit_id: str, carer: int, person: Doc, day: str) -> bool:
        visit = self.visits[visit_id]
        client, pin = self.clients[visit["client"]], visit.get("pin") or {}
        wish, chosen = client.get("gender_wish") or {}, _chosen(client, visit)
        own, bodies = person.get("organisation"), self.scenario.get("organisations", [])
        fixed = [*(pin.get("caregivers") or ()), None, None][carer - 1]
        return (
            all(
                any(_meets(held, asked, day) for held in person.get("qualifications", []))
                for asked in visit["carers"][carer - 1].get("qualifications", [])
            )
            and person["id"] not in client.get("refused", [])
            and (
                not person.get("volunteer")
                or "aggressive" not in client.get("flags", ())
                or (carer > 1 and visit["carers"][carer - 1]["minutes"] <= _least(visit, 1))
            )
            and (not wish.get("hard") or wish["gender"] == person.get("gender"))
            and (
                chosen in (None, own)
                or any(body["id"] == own and body.get("lending") for body in bodies)
            )
            and self._paid(visit, client, chosen or own, day)
            and (not visit.get("dates") or day in visit["dates"])
            and pin.get("date") in (None, day)
            and fixed in (None, person["id"])
        )

    def _paid(self, visit: Doc, client: Doc, body: str | None, day: str) -> bool:
        contracts, asked = self.scenario.get("contracts", []), set(visit.get("services", []))
        return not contracts or any(
            one["organisation"] == body
            and (not one.get("towns") or client.get("town") in one["towns"])
            and (not one.get("services") or asked <= set(one["services"]))
            and one["start"] <= day <= one["end"]
            for one in contracts
        )

    def roads(self, person: Doc) -> tuple[Any, Any]:
        """Return legs that a caregiver may go, and the least ways by other clients' homes."""
        mode, longest = person.get("mode", "ebike"), person.get("longest_leg")
        if (mode, longest) not in self._roads:
            legs = self._legs(mode)
            if longest is not None:
                legs = np.where(legs <= self.ticks(longest), legs, FAR)
            stay: dict[int, int] = {}
            for _, _, care, row in self.stops.values():
                stay[row] = min(care, stay.get(row, FAR))
            least = legs
            for row, care in stay.items():
                least = np.minimum(least, least[:, row, None] + care + least[row])
            self._roads[mode, longest] = legs, least
        return self._roads[mode, longest]

    def _legs(self, mode: str) -> Any:
        spec, places = self.scenario["travel"], list(self.rows)
        if spec.get("kind") == "matrix":
            minutes, rows = spec["minutes"][mode], [row for _, _, row in places]
            return np.array([[self._explicit(minutes, i, j) for j in rows] for i in rows])
        points = _points([(lat, lon) for lat, lon, _ in places])
        factor = np.full((len(places), len(places)), spec.get("road_factor", 1.3))
        for zone in spec.get("zones", []):
            centre = _points([(zone["centre"]["lat"], zone["centre"]["lon"])])
            inside = _metres(points, centre)[:, 0] <= zone["radius_km"] * 1000
            crossing = inside[:, None] != inside
            factor = np.where(crossing, np.maximum(factor, zone["road_factor"]), factor)
        own = spec.get("speeds", {}).get(mode)
        kmh, access = (own["kmh"], own["access"]) if own else SPEEDS[mode]
        road = _metres(points, points) * factor
        ticks = np.ceil(road / (kmh * 1000 / 60 / self.ticks(1))) + self.ticks(access) * (road > 0)
        if spec.get("whole_minutes", True):
            ticks = np.ceil(ticks / self.ticks(1)) * self.ticks(1)
        return ticks.astype(int)

    def _explicit(self, minutes: Any, frm: int | None, to: int | None) -> int:
        if frm == to:
            return 0
        return FAR if minutes[frm][to] < 0 else self.ticks(minutes[frm][to])


def _least(visit: Doc, carer: int) -> Any:
    """Return the minutes that a carer's part takes at least."""
    need = visit["carers"][carer - 1]
    return need["minutes"] if need.get("shortest") is None else need["shortest"]


def _chosen(client: Doc, visit: Doc) -> str | None:
    """Return the organisation chosen for all services of a visit, else the one for everything."""
    asked = set(visit.get("services", []))
    for one in client.get("service_choices", []):
        if asked and asked <= set(one["services"]):
            return str(one["organisation"])
    found: str | None = client.get("organisation")
    return found


def _meets(held: Doc, asked: Doc, day: str) -> bool:
    return bool(
        held["code"] == asked["code"]
        and held.get("level", 1) >= asked.get("level", 1)
        and (held.get("expires") or "9999") >= day
    )


def _points(places: list[tuple[float, float]]) -> Any:
    lat, lon = np.radians(np.array(places)).T
    square = FLAT * (2 - FLAT)
    normal = EQUATOR / np.sqrt(1 - square * np.sin(lat) ** 2)
    flat = normal * np.cos(lat)
    return np.stack(
        [flat * np.cos(lon), flat * np.sin(lon), normal * (1 - square) * np.sin(lat)], 1
    )


def _metres(frm: Any, to: Any) -> Any:
    chord = np.sqrt(((frm[:, None] - to[None]) ** 2).sum(axis=2))
    return 2 * RADIUS * np.arcsin(np.minimum(chord / (2 * RADIUS), 1))
