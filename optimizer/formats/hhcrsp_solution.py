"""The benchmark's cost of a plan, and plans as files of its public solution format."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import Any

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.place import MatrixTravel, Place
from optimizer.domain.plan import Plan, Route, Unserved
from optimizer.errors import Fault, InvalidDocument
from optimizer.formats.codes import FaultCode
from optimizer.formats.document import load_document
from optimizer.formats.files import read_bytes, write_bytes
from optimizer.formats.findings import finding
from optimizer.formats.hhcrsp import HhcrspInstance
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE, parse_minutes

UNITS_PER_MINUTE = 1000


@dataclass(frozen=True, slots=True)
class HhcrspCost:
    """A plan's cost in the benchmark's own units (minutes).

    Attributes
    ----------
    cost
        (distance + total tardiness + largest tardiness) / 3.
    distance
        All journeys, those from and to the office included.
    total_tardiness
        Sum over all services of start minus window end, where positive.
    max_tardiness
        The largest of these.
    total_waiting
        Time between a caregiver's services that is no travel.
    max_idle
        The longest of these waits.
    total_extra_time
        Sum over all caregivers of return minus shift end, where positive.
    plain_sum
        The six components added up, by which plans of the extended set are compared.
    """

    cost: float
    distance: float
    total_tardiness: float
    max_tardiness: float
    total_waiting: float
    max_idle: float
    total_extra_time: float
    plain_sum: float


def hhcrsp_cost(instance: HhcrspInstance, plan: Plan) -> HhcrspCost:
    """Count a plan's cost as the benchmark does; unserved services count nothing.

    Parameters
    ----------
    instance
        The instance the plan belongs to.
    plan
        Any plan of its scenario.
    """
    lookup = _Lookup(instance)
    until = {visit.id: visit.preferred_until for visit in instance.scenario.visits}
    distance = extra = 0
    lates, waits = [0], [0]
    for route in plan.routes:
        legs = lookup.legs(route)
        distance += sum(legs)
        extra += lookup.extra_time(route, legs[-1])
        lates += [max(0, s.start - (until[s.visit] or MS_PER_DAY)) for s in route.stops]
        waits += _waits(route, legs)
    total, largest = sum(lates), max(lates)
    parts = (distance, total, largest, sum(waits), max(waits), extra)
    minutes = [number / MS_PER_MINUTE for number in (*parts, sum(parts))]
    return HhcrspCost((distance + total + largest) / (3 * MS_PER_MINUTE), *minutes)


def _waits(route: Route, legs: list[int]) -> list[int]:
    """Return the waits before each stop but the first, for which one can leave later."""
    return [
        max(0, following.start - stop.end - leg)
        for (stop, following), leg in zip(pairwise(route.stops), legs[1:], strict=False)
    ]


def hhcrsp_solution(instance: HhcrspInstance, plan: Plan) -> dict[str, Any]:
    """Return a plan as an object of the public solution format.

    An ``arrival_time`` is the start of the service. Every caregiver is listed, those
    without a visit with no location. ``global_ordering`` lists the patients so that each
    route visits them in that order, where such an order exists; else by their first start.
    """
    locations: dict[str, list[dict[str, Any]]] = {c.id: [] for c in instance.scenario.caregivers}
    for route in plan.routes:
        for stop in route.stops:
            task = instance.tasks[stop.visit, stop.carer]
            locations[route.caregiver].append(
                {
                    "patient_id": task.patient,
                    "service_id": task.service,
                    "arrival_time": _number(stop.start),
                    "departure_time": _number(stop.end),
                }
            )
    routes = [{"caregiver_id": name, "locations": rows} for name, rows in locations.items()]
    return {"routes": routes, "global_ordering": _ordering(routes)}


def write_hhcrsp_solution(instance: HhcrspInstance, plan: Plan, path: str | Path) -> None:
    """Write a plan in the public solution format, packed if `path` ends in .gz or .xz.

    Parameters
    ----------
    instance
        The instance the plan belongs to.
    plan
        A plan of its scenario; unserved visits are simply not in the file.
    path
        Where to write; an existing file is replaced. The same plan gives the same bytes.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    path = Path(path)
    text = json.dumps(hhcrsp_solution(instance, plan), indent=1) + "\n"
    write_bytes(path, text.encode())


def read_hhcrsp_solution(instance: HhcrspInstance, path: str | Path) -> Plan:
    """Read a file of the public solution format as a plan of the instance's scenario.

    The plan is what the file says, right or wrong; whether it keeps the rules is for the
    verifier to tell. Every caregiver leaves as late as the first service allows.

    Raises
    ------
    UnreadableFile
        If the file cannot be read or unpacked.
    InvalidDocument
        If it is no JSON object, names unknown caregivers or services, or lacks a field.
    """
    path = Path(path)
    return _SolutionReader(instance, path.name).plan(
        load_document(read_bytes(path), path.name).content
    )


class _Lookup:
    """Travel between the stops of an instance, in milliseconds."""

    def __init__(self, instance: HhcrspInstance) -> None:
        scenario = instance.scenario
        if not isinstance(scenario.travel, MatrixTravel):
            raise TypeError("a benchmark instance travels by its matrix")
        (self.minutes,) = scenario.travel.minutes.values()
        homes = {client.id: client.home for client in scenario.clients}
        self.places = {visit.id: homes[visit.client] for visit in scenario.visits}
        self.caregivers: dict[str, Caregiver] = {c.id: c for c in scenario.caregivers}

    def travel(self, origin: Place, destination: Place) -> int:
        start, end = origin.matrix_index, destination.matrix_index
        if start is None or end is None:
            raise TypeError("a benchmark instance's places have their row in the matrix")
        return parse_minutes(self.minutes[start][end])

    def legs(self, route: Route) -> list[int]:
        """Return the journeys of a route: to the first stop, between stops, and back."""
        return self.legs_of(route.caregiver, [stop.visit for stop in route.stops])

    def extra_time(self, route: Route, last_leg: int) -> int:
        """Return by how much a caregiver is back after the end of the shift."""
        if not route.stops:
            return 0
        (shift,) = self.caregivers[route.caregiver].shifts
        return max(0, route.stops[-1].end + last_leg - shift.end)

    def legs_of(self, caregiver: str, visits: list[str]) -> list[int]:
        person = self.caregivers[caregiver]
        places = [person.home, *(self.places[v] for v in visits), person.end_place or person.home]
        return [self.travel(a, b) for a, b in pairwise(places)]


_Located = tuple[tuple[str, int], int, int]
"A served task with its start and end, in milliseconds."


class _SolutionReader:
    """Turns a solution's object into a plan and gathers its faults."""

    def __init__(self, instance: HhcrspInstance, source: str) -> None:
        self.instance = instance
        self.source = source
        self.lookup = _Lookup(instance)
        self.keys = {(t.patient, t.service): key for key, t in instance.tasks.items()}
        self.faults: list[Fault] = []

    def plan(self, document: dict[str, Any]) -> Plan:
        raw = document.get("routes")
        if not isinstance(raw, list):
            self.fault("routes", FaultCode.MISSING_FIELD, "is missing or no list.")
            raw = []
        routes = [self.route(f"routes[{n}]", item) for n, item in enumerate(raw)]
        if self.faults:
            raise InvalidDocument(self.faults, self.source)
        kept = tuple(route for route in routes if route is not None)
        served = {stop.visit for route in kept for stop in route.stops}
        scenario = self.instance.scenario
        unserved = (v.id for v in scenario.visits if v.id not in served)
        return Plan(
            scenario=scenario.id,
            routes=kept,
            unserved=tuple(Unserved(visit=v, reason="not_listed") for v in unserved),
        )

    def fault(self, path: str, code: FaultCode, message: str) -> None:
        self.faults.append(finding(path, code, message))

    def route(self, place: str, item: Any) -> Route | None:
        name = str(item.get("caregiver_id")) if isinstance(item, dict) else ""
        if name not in self.lookup.caregivers:
            self.fault(
                f"{place}.caregiver_id", FaultCode.UNKNOWN_CAREGIVER, "names no known caregiver."
            )
            return None
        rows = item.get("locations")
        if not isinstance(rows, list):
            self.fault(f"{place}.locations", FaultCode.MISSING_FIELD, "is missing or no list.")
            return None
        found = [self.location(f"{place}.locations[{n}]", row) for n, row in enumerate(rows)]
        located = [row for row in found if row is not None]
        if not located or len(located) < len(found):
            return None
        legs = self.lookup.legs_of(name, [visit for (visit, _), _, _ in located])
        departure = max(0, located[0][1] - legs[0])
        return Route.model_validate(
            {
                "caregiver": name,
                "date": self.instance.scenario.horizon.start,
                "departure": departure,
                "stops": _stops(located, legs, departure),
                "back": min(located[-1][2] + legs[-1], MS_PER_DAY),
                "travel_back": legs[-1] / MS_PER_MINUTE,
            }
        )

    def location(self, place: str, row: Any) -> _Located | None:
        if not isinstance(row, dict):
            self.fault(place, FaultCode.WRONG_TYPE, "is no JSON object.")
            return None
        key = self.keys.get((str(row.get("patient_id")), str(row.get("service_id"))))
        if key is None:
            self.fault(place, FaultCode.BAD_VALUE, "names no service that a patient needs.")
        times = [self.time(place, row, field) for field in ("arrival_time", "departure_time")]
        if key is None or times[0] is None or times[1] is None:
            return None
        return key, times[0], times[1]

    def time(self, place: str, row: dict[str, Any], field: str) -> int | None:
        try:
            ms = parse_minutes(row.get(field))
        except ValueError as error:
            self.fault(f"{place}.{field}", FaultCode.BAD_MINUTES, f"{error}.")
            return None
        if ms > MS_PER_DAY:
            self.fault(f"{place}.{field}", FaultCode.OUT_OF_RANGE, "lies after the end of the day.")
            return None
        return ms


def _stops(located: list[_Located], legs: list[int], departure: int) -> list[dict[str, Any]]:
    """Return the stops of a route that leaves at `departure` and goes on at once."""
    stops = []
    free = departure
    for ((visit, carer), start, end), leg in zip(located, legs, strict=False):
        stops.append(
            {
                "visit": visit,
                "carer": carer,
                "arrival": min(free + leg, start),
                "start": start,
                "end": end,
                "travel": leg / MS_PER_MINUTE,
            }
        )
        free = end
    return stops


def _number(ms: int) -> int | float:
    """Return milliseconds as minutes with three decimals, whole where they are whole."""
    thousandths = ms * UNITS_PER_MINUTE // MS_PER_MINUTE
    whole, rest = divmod(thousandths, UNITS_PER_MINUTE)
    return thousandths / UNITS_PER_MINUTE if rest else whole


def _ordering(routes: list[dict[str, Any]]) -> list[str]:
    first: dict[str, float] = defaultdict(lambda: float("inf"))
    before: dict[str, set[str]] = {}
    for route in routes:
        rows = route["locations"]
        for row in rows:
            patient = row["patient_id"]
            first[patient] = min(first[patient], row["arrival_time"])
            before.setdefault(patient, set())
        for row, following in pairwise(rows):
            before[following["patient_id"]].add(row["patient_id"])
    sorter = TopologicalSorter(before)
    try:
        sorter.prepare()
    except CycleError:
        return sorted(first, key=lambda patient: (first[patient], patient))
    order: list[str] = []
    ready: list[str] = []
    while sorter.is_active():
        ready += sorter.get_ready()
        # The one that begins first comes first, so the order reads like the day.
        ready.sort(key=lambda patient: (-first[patient], patient))
        order.append(ready.pop())
        sorter.done(order[-1])
    return order
