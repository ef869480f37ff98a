"""VROOM's JSON in and out: a routing problem as a scenario, and its plan as VROOM's solution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from optimizer.domain.place import Mode
from optimizer.domain.plan import Plan, Route
from optimizer.domain.policy import Policy, UnservedWeights, Weights
from optimizer.domain.scenario import Scenario
from optimizer.formats.document import Content
from optimizer.formats.vroom_document import (
    Point,
    VroomDocument,
    VroomJob,
    VroomVehicle,
    read_document,
)
from optimizer.formats.vroom_faults import refuse_faults
from optimizer.formats.vroom_period import Period, kmh, period_of
from optimizer.formats.vroom_prices import prices_of

DAY = date(2024, 1, 1)
"Times are seconds of some day; every problem is laid on this one."
SCENARIO_ID = "vroom"
MODES = {"car": Mode.CAR, "bike": Mode.EBIKE, "foot": Mode.WALK}
"Modes of the usual profiles; others take what is left."
MS = 1000


@dataclass(frozen=True, slots=True)
class VroomProblem:
    """A routing problem as a scenario, with the way back.

    Attributes
    ----------
    document
        What was read.
    period
        The stretch of time in which it is planned.
    scenario
        The same problem: a caregiver per vehicle, a client and a visit per job, 60 ticks per
        minute. It holds ids and numbers only, no descriptions.
    """

    document: VroomDocument
    period: Period
    scenario: Scenario


def parse_vroom(
    text: Content, source: str = "document", *, most: int | None = None
) -> VroomProblem:
    """Return the problem in a JSON document.

    Parameters
    ----------
    text
        The document; bytes are UTF-8.
    source
        File name or other origin, for the heading of errors.
    most
        Number of faults after which reading stops (and tells one more); None for all of them.

    Raises
    ------
    InvalidDocument
        With all faults, each use of something that cannot be planned included.
    """
    document = read_document(text, source, most=most)
    refuse_faults(document, source, most=most)
    period = period_of(document)
    return VroomProblem(document, period, _scenario(document, period))


def vroom_solution(problem: VroomProblem, plan: Plan, *, solving_ms: int = 0) -> dict[str, Any]:
    """Return a plan in the form of VROOM's output; `cost` is seconds of travel.

    Parameters
    ----------
    problem
        What the plan was made for.
    plan
        A plan that keeps the rules.
    solving_ms
        Time that making it took, in milliseconds.
    """
    jobs = {str(job.id): job for job in problem.document.jobs}
    vehicles = {str(vehicle.id): vehicle for vehicle in problem.document.vehicles}
    routes = [
        _RouteWriter(problem, vehicles[route.caregiver], route, jobs).written()
        for route in plan.routes
    ]
    served = {stop.visit for route in plan.routes for stop in route.stops}
    left = [job for name, job in jobs.items() if name not in served]
    summed = ("cost", "setup", "service", "duration", "waiting_time", "priority")
    return {
        "code": 0,
        "summary": {
            **{name: sum(route[name] for route in routes) for name in summed},
            **_added_up(routes),
            "routes": len(routes),
            "unassigned": len(left),
            "violations": [],
            "computing_times": {"loading": 0, "solving": solving_ms, "routing": 0},
        },
        "unassigned": [{"id": job.id, "type": "job", **_job_place(job)} for job in left],
        "routes": routes,
    }


def _added_up(routes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sums that only some problems have."""
    sums: dict[str, Any] = {}
    for name in ("delivery", "pickup"):
        found = [route[name] for route in routes if name in route]
        if found:
            sums[name] = _sum(found)
    if any("distance" in route for route in routes):
        sums["distance"] = sum(route.get("distance", 0) for route in routes)
    return sums


# From the document to a scenario.


def _scenario(document: VroomDocument, period: Period) -> Scenario:
    modes = _modes(document)
    prices = prices_of(document, period)
    return Scenario.model_validate(
        {
            "id": SCENARIO_ID,
            "horizon": {"start": DAY, "days": 1},
            "clients": [
                {"id": str(job.id), "home": _place(job.location, job.location_index)}
                for job in document.jobs
            ],
            "caregivers": [_caregiver(document, period, each, modes) for each in document.vehicles],
            "visits": [_visit(period, job, prices[job.id]) for job in document.jobs],
            "travel": _travel(document, modes),
            "policy": POLICY,
        }
    )


POLICY = Policy(weights=Weights.only(travel=1, unserved=UnservedWeights(per_minute=0)))
"VROOM's own aim: first the jobs of highest priority, then as many as possible, then travel."


def _modes(document: VroomDocument) -> dict[tuple[str, float], Mode]:
    """Return a mode of its own for each pair of profile and speed factor."""
    modes: dict[tuple[str, float], Mode] = {}
    for manner in document.manners:
        wanted = MODES.get(manner[0])
        free = [mode for mode in Mode if mode not in modes.values()]
        modes[manner] = wanted if wanted in free else free[0]
    return modes


def _travel(document: VroomDocument, modes: Mapping[tuple[str, float], Mode]) -> dict[str, Any]:
    if document.tables:
        minutes = {
            mode: _open_ended(document.tables[profile].durations, factor)
            for (profile, factor), mode in modes.items()
        }
        return {"kind": "matrix", "minutes": minutes}
    speeds = {mode: {"kmh": kmh(*manner), "access": 0} for manner, mode in modes.items()}
    return {"kind": "geodesic", "speeds": speeds, "whole_minutes": False}


def _open_ended(table: Sequence[Sequence[int]], factor: float) -> list[list[float]]:
    """Return a table in minutes, with one more place that is nought seconds from everywhere.

    A route that may begin or end anywhere begins or ends there.
    """
    return [[round(x / factor) / 60 for x in row] + [0.0] for row in table] + [
        [0.0] * (len(table) + 1)
    ]


def _place(point: Point | None, index: int | None) -> dict[str, Any]:
    lon, lat = point or (0.0, 0.0)
    return {"lat": lat, "lon": lon, "matrix_index": index}


def _caregiver(
    document: VroomDocument,
    period: Period,
    vehicle: VroomVehicle,
    modes: Mapping[tuple[str, float], Mode],
) -> dict[str, Any]:
    nowhere = max((len(one.durations) for one in document.tables.values()), default=None)
    begin, end = period.hours(vehicle)
    caregiver = {
        "id": str(vehicle.id),
        "home": _place(vehicle.start, _row(vehicle.start, vehicle.start_index, nowhere)),
        "end_place": _place(vehicle.end, _row(vehicle.end, vehicle.end_index, nowhere)),
        "mode": modes[vehicle.profile, vehicle.speed_factor],
        "qualifications": [{"code": f"skill-{skill}"} for skill in sorted(set(vehicle.skills))],
        "shifts": [
            {"date": DAY, "start": _clock(begin, period), "end": _clock(end, period)},
        ],
        "visits_per_day": vehicle.max_tasks,
        "rest": 0,
    }
    for pause in vehicle.breaks:
        earliest, latest = period.starts(pause.time_windows)
        caregiver["break_rule"] = {
            "duration": pause.service / 60,
            "earliest": _clock(earliest, period),
            "latest": _clock(latest, period),
            "after": 0,
        }
    return caregiver


def _row(point: Point | None, index: int | None, nowhere: int | None) -> int | None:
    """Return the row of an end of a route; without matrices there is none."""
    if nowhere is None:
        return None
    return nowhere if index is None and point is None else index


def _visit(period: Period, job: VroomJob, price: int) -> dict[str, Any]:
    earliest, latest = period.starts(job.time_windows)
    skills = sorted(set(job.skills))
    return {
        "id": str(job.id),
        "client": str(job.id),
        "carers": [
            {
                "minutes": (job.setup + job.service) / 60,
                "qualifications": [{"code": f"skill-{skill}"} for skill in skills],
            }
        ],
        "window": {"earliest": _clock(earliest, period), "latest": _clock(latest, period)},
        "priority": _priority(job.priority),
        "unserved_price": price,
    }


def _priority(value: int) -> str:
    if value == 0:
        return "flexible"
    return "essential" if value < 50 else "critical"


def _clock(seconds: int, period: Period) -> int:
    return (seconds - period.midnight) * MS


# From a plan to VROOM's solution.


def _job_place(job: VroomJob) -> dict[str, Any]:
    return _known(
        location=None if job.location is None else list(job.location),
        location_index=job.location_index,
        description=job.description,
    )


def _known(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _sum(amounts: Sequence[Sequence[int]]) -> list[int]:
    longest = max(map(len, amounts), default=0)
    return [sum(one[k] for one in amounts if k < len(one)) for k in range(longest)]


class _RouteWriter:
    """Writes one route as VROOM does."""

    def __init__(
        self,
        problem: VroomProblem,
        vehicle: VroomVehicle,
        route: Route,
        jobs: Mapping[str, VroomJob],
    ) -> None:
        self.document = problem.document
        self.midnight = problem.period.midnight
        self.vehicle = vehicle
        self.route = route
        self.jobs = [jobs[stop.visit] for stop in route.stops]
        self.travelled = 0
        "Seconds on the way so far."

    def written(self) -> dict[str, Any]:
        steps = list(self._steps())
        distances = self._distances()
        if distances is not None:
            self._give_distances(steps, distances)
        loads = self._loads()
        if loads is not None:
            self._give_loads(steps, loads)
        totals = {
            name: sum(step[name] for step in steps) for name in ("setup", "service", "waiting_time")
        }
        delivery = [job.delivery for job in self.jobs if job.delivery]
        pickup = [job.pickup for job in self.jobs if job.pickup]
        return {
            "vehicle": self.vehicle.id,
            "cost": self.travelled,
            **totals,
            "duration": self.travelled,
            "priority": sum(job.priority for job in self.jobs),
            **_known(
                delivery=_sum(delivery) if delivery else None,
                pickup=_sum(pickup) if pickup else None,
                distance=None if distances is None else sum(distances),
                description=self.vehicle.description,
            ),
            "steps": steps,
            "violations": [],
        }

    def _steps(self) -> Iterator[dict[str, Any]]:
        route, vehicle = self.route, self.vehicle
        pause = route.pause
        departure = route.departure
        if pause is not None and pause.after_stops == 0:
            departure = min(departure, pause.start)
        yield self._step("start", departure, **_end(vehicle.start, vehicle.start_index))
        free_at = departure
        if pause is not None and pause.after_stops == 0:
            yield self._break(free_at)
        for number, (stop, job) in enumerate(zip(route.stops, self.jobs, strict=True), 1):
            self.travelled += stop.travel // MS
            yield self._step(
                "job",
                stop.arrival,
                id=job.id,
                job=job.id,
                setup=job.setup,
                service=job.service,
                waiting_time=(stop.start - stop.arrival) // MS,
                **_job_place(job),
            )
            free_at = stop.end
            if route.is_break_on_way and pause is not None and pause.after_stops == number:
                yield self._break(free_at)
        self.travelled += route.travel_back // MS
        back = route.back
        if pause is not None and pause.start >= back:
            yield self._break(back)
            back = max(back, pause.end)
        yield self._step("end", back, **_end(vehicle.end, vehicle.end_index))

    def _step(self, kind: str, arrival: int, **more: Any) -> dict[str, Any]:
        return {
            "type": kind,
            "setup": 0,
            "service": 0,
            "waiting_time": 0,
            "arrival": self.midnight + arrival // MS,
            "duration": self.travelled,
            "violations": [],
            **more,
        }

    def _break(self, free_at: int) -> dict[str, Any]:
        pause = self.route.pause
        given = self.vehicle.breaks[0]
        begin = free_at if pause is None else pause.start
        return self._step(
            "break",
            min(free_at, begin),
            id=given.id,
            service=given.service,
            waiting_time=max(begin - free_at, 0) // MS,
            **_known(description=given.description),
        )

    def _distances(self) -> list[int] | None:
        """Return the metres of each leg, where the document has them."""
        tables = self.document.tables.get(self.vehicle.profile)
        if tables is None or tables.distances is None:
            return None
        stops = [job.location_index for job in self.jobs]
        rows = [self.vehicle.start_index, *stops, self.vehicle.end_index]
        return [
            0 if frm is None or to is None else tables.distances[frm][to]
            for frm, to in pairwise(rows)
        ]

    def _give_distances(self, steps: Sequence[dict[str, Any]], legs: Sequence[int]) -> None:
        waiting = iter(legs)
        total = 0
        for step in steps:
            if step["type"] in {"job", "end"}:
                total += next(waiting)
            step["distance"] = total

    def _loads(self) -> list[int] | None:
        """Return what is loaded at the start: all deliveries; None where nothing is carried."""
        if not self.vehicle.capacity:
            return None
        load = _sum([job.delivery for job in self.jobs])
        return load + [0] * (len(self.vehicle.capacity) - len(load))

    def _give_loads(self, steps: Sequence[dict[str, Any]], load: Sequence[int]) -> None:
        jobs = iter(self.jobs)
        for step in steps:
            if step["type"] == "job":
                job = next(jobs)
                load = _sum([load, [-amount for amount in job.delivery], job.pickup])
            step["load"] = list(load)


def _end(point: Point | None, index: int | None) -> dict[str, Any]:
    return _known(location=None if point is None else list(point), location_index=index)
