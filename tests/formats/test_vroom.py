"""VROOM's JSON is read, solved and written as its own documentation shows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from optimizer.errors import InvalidDocument
from optimizer.formats.vroom import VroomProblem, parse_vroom, vroom_solution
from optimizer.solving import solve
from optimizer.units import format_clock
from optimizer.verification import verify

Document = dict[str, Any]


def depot_day() -> Document:
    """Return the shape of VROOM's first published example: coordinates, skills, loads, breaks."""
    depot = [2.35044, 48.71764]
    return {
        "vehicles": [
            {
                "id": number,
                "start": depot,
                "end": depot,
                "capacity": [4],
                "skills": [number, 14],
                "time_window": [28800, 43200],
                "breaks": [{"id": number, "service": 300, "time_windows": [[36000, 37800]]}],
            }
            for number in (1, 2)
        ],
        "jobs": [
            {
                "id": 1,
                "service": 300,
                "delivery": [1],
                "location": [1.98935, 48.701],
                "skills": [1],
                "time_windows": [[32400, 36000]],
            },
            *(
                {"id": job, "service": 300, "delivery": [1], "location": place, "skills": [skill]}
                for job, place, skill in (
                    (2, [2.03655, 48.61128], 1),
                    (5, [2.28325, 48.5958], 14),
                    (6, [2.89357, 48.90736], 14),
                )
            ),
        ],
    }


SHIPMENT = {
    "amount": [1],
    "skills": [2],
    "pickup": {"id": 4, "service": 300, "location": [2.41808, 49.22619]},
    "delivery": {"id": 3, "service": 300, "location": [2.39719, 49.07611]},
}


def matrix_day() -> Document:
    """Return VROOM's second published example: one vehicle, two jobs, a matrix."""
    return {
        "vehicles": [{"id": 0, "start_index": 0, "end_index": 3}],
        "jobs": [{"id": 1414, "location_index": 1}, {"id": 1515, "location_index": 2}],
        "matrices": {
            "car": {
                "durations": [
                    [0, 2104, 197, 1299],
                    [2103, 0, 2255, 3152],
                    [197, 2256, 0, 1102],
                    [1299, 3153, 1102, 0],
                ]
            }
        },
    }


def parsed(document: Document) -> VroomProblem:
    """Return the problem in a document."""
    return parse_vroom(json.dumps(document))


def solved(document: Document, iterations: int = 300) -> Document:
    """Return the solution of a document."""
    problem = parsed(document)
    result = solve(problem.scenario, iterations=iterations, engine="search")
    assert verify(result.scenario, result.plan).feasible
    return vroom_solution(problem, result.plan)


def test_the_published_matrix_example_costs_what_vroom_says() -> None:
    """The route and its times are those of VROOM's published solution."""
    solution = solved(matrix_day())
    (route,) = solution["routes"]
    assert solution["summary"]["cost"] == 5461
    assert [step.get("id") for step in route["steps"]] == [None, 1414, 1515, None]
    assert [step["arrival"] for step in route["steps"]] == [0, 2104, 4359, 5461]


def test_the_older_name_of_the_matrix_is_read() -> None:
    """``matrix`` is the durations of the profile ``car``."""
    day = matrix_day()
    day["matrix"] = day.pop("matrices")["car"]["durations"]
    assert solved(day) == solved(matrix_day())


def test_the_published_example_without_its_shipment_is_served() -> None:
    """Skills, loads, breaks and windows of VROOM's first example hold."""
    solution = solved(depot_day())
    assert solution["unassigned"] == []
    assert solution["summary"]["delivery"] == [4]
    served = {
        step["id"]: route["vehicle"]
        for route in solution["routes"]
        for step in route["steps"]
        if step["type"] == "job"
    }
    assert served[1] == served[2] == 1
    for route in solution["routes"]:
        (pause,) = (step for step in route["steps"] if step["type"] == "break")
        assert 36000 <= pause["arrival"] + pause["waiting_time"] <= 37800
        assert route["steps"][-1]["load"] == [0]
        assert route["steps"][-1]["arrival"] <= 43200


def test_the_published_example_with_its_shipment_is_refused() -> None:
    """What cannot be planned is named, never left out in silence."""
    with pytest.raises(InvalidDocument) as caught:
        parsed({**depot_day(), "shipments": [SHIPMENT]})
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [
        ("shipments", "not-supported")
    ]


def test_timestamps_come_back_as_timestamps() -> None:
    """Windows given as seconds since 1970 give arrivals of the same kind."""
    day = matrix_day()
    day["vehicles"][0]["time_window"] = [1_600_416_000, 1_600_426_800]
    (route,) = solved(day)["routes"]
    assert route["steps"][0]["arrival"] >= 1_600_416_000
    assert route["steps"][-1]["arrival"] <= 1_600_426_800


def test_a_route_may_end_anywhere() -> None:
    """A vehicle without an end stays where its last job is."""
    day = matrix_day()
    del day["vehicles"][0]["end_index"]
    solution = solved(day)
    assert solution["summary"]["cost"] == 197 + 2256
    assert "location_index" not in solution["routes"][0]["steps"][-1]


def test_metres_are_told_where_they_are_given() -> None:
    """With distances each step says how far it is from the start."""
    day = matrix_day()
    table = day["matrices"]["car"]
    table["distances"] = [[10 * x for x in row] for row in table["durations"]]
    solution = solved(day)
    assert solution["summary"]["distance"] == 54610
    assert [step["distance"] for step in solution["routes"][0]["steps"]] == [0, 21040, 43590, 54610]


def test_descriptions_never_enter_the_scenario() -> None:
    """What a person wrote comes back with the answer and goes nowhere else."""
    day = matrix_day()
    day["jobs"][0]["description"] = "Zhang Canary"
    problem = parsed(day)
    assert "Canary" not in problem.scenario.model_dump_json()
    assert "Zhang Canary" in json.dumps(solved(day), ensure_ascii=False)


def changed(change: Callable[[Document], object]) -> Document:
    """Return the matrix example after a change."""
    day = matrix_day()
    change(day)
    return day


FAULTS: list[tuple[Callable[[Document], object], str, str]] = [
    (lambda d: d.update(shipments=[SHIPMENT]), "shipments", "not-supported"),
    (
        lambda d: d["vehicles"][0].update(max_travel_time=9),
        "vehicles[0].max_travel_time",
        "not-supported",
    ),
    (lambda d: d["vehicles"][0].update(costs={"fixed": 9}), "vehicles[0].costs", "not-supported"),
    (lambda d: d["vehicles"][0].update(steps=[{}]), "vehicles[0].steps", "not-supported"),
    (
        lambda d: d["jobs"][0].update(time_windows=[[0, 1], [2, 3]]),
        "jobs[0].time_windows",
        "not-supported",
    ),
    (
        lambda d: d["vehicles"][0].update(breaks=[{"id": 1}]),
        "vehicles[0].breaks[0].time_windows",
        "not-supported",
    ),
    (
        lambda d: (d["vehicles"][0].update(capacity=[1]), d["jobs"][0].update(pickup=[2])),
        "vehicles[0].capacity",
        "not-supported",
    ),
    (lambda d: d["jobs"][1].update(id=1414), "jobs[0].id", "duplicate-id"),
    (
        lambda d: d["jobs"][1].update(location_index=4),
        "jobs[1].location_index",
        "index-out-of-range",
    ),
    (lambda d: d["jobs"][1].pop("location_index"), "jobs[1].location_index", "missing-field"),
    (lambda d: d.pop("matrices"), "vehicles[0].start", "missing-field"),
    (lambda d: d["matrices"]["car"]["durations"].pop(), "matrices.car.durations", "matrix-shape"),
    (lambda d: d["vehicles"][0].update(profile="bike"), "vehicles[0].profile", "missing-mode"),
    (
        lambda d: d["jobs"][0].update(time_windows=[[9, 3]]),
        "jobs[0].time_windows[0]",
        "window-reversed",
    ),
    (
        lambda d: (
            d["jobs"][0].update(time_windows=[[50_000_000, 50_000_001]])
            or d["jobs"][1].update(time_windows=[[0, 9]])
        ),
        "jobs",  # more than 400 days lie between
        "out-of-range",
    ),
    (
        lambda d: d["jobs"][0].update(service=6_000_000, setup=6_000_000),
        "jobs[0].service",  # each alone could be held
        "out-of-range",
    ),
    (lambda d: d.update(matrix=[[0]]), "matrix", "not-supported"),
    (
        lambda d: d["vehicles"][0].update(speed_factor=1e-300),
        "vehicles[0].speed_factor",  # journeys without an end
        "out-of-range",
    ),
    (
        lambda d: d["vehicles"][0].update(
            time_window=[0, 7200], breaks=[{"id": 1, "service": 60, "time_windows": [[7150, 9000]]}]
        ),
        "vehicles[0].breaks[0]",  # would end after the shift
        "out-of-range",
    ),
    (
        lambda d: d["vehicles"][0].update(breaks=[{"id": 1, "time_windows": [[0, 9]]}]),
        "vehicles[0].breaks[0].service",  # of no length
        "empty-duration",
    ),
    (
        lambda d: d["vehicles"][0].update(
            breaks=[{"id": n, "service": 9, "time_windows": [[0, 9]]} for n in (1, 2)]
        ),
        "vehicles[0].breaks",  # two of them
        "not-supported",
    ),
    (lambda d: d["jobs"][0].update(service=-1), "jobs[0].service", "out-of-range"),
    (lambda d: d.update(vehicles=[]), "vehicles", "wrong-count"),
    (
        lambda d: d["vehicles"][0].update(time_window=[9, 9]),
        "vehicles[0].time_window",
        "shift-reversed",
    ),
    (lambda d: d["jobs"][0].update(id="1414"), "jobs[0].id", "wrong-type"),
    (lambda d: d["jobs"][0].update(shipment_id="x"), "jobs[0].shipment_id", "unknown-field"),
]


@pytest.mark.parametrize(("change", "path", "code"), FAULTS)
def test_each_fault_has_its_place(
    change: Callable[[Document], object], path: str, code: str
) -> None:
    """A document that cannot be planned is refused with the place and a stable code."""
    with pytest.raises(InvalidDocument) as caught:
        parsed(changed(change))
    assert (path, code) in [(fault.path, fault.code) for fault in caught.value.faults]


def two_places(seconds: int, *jobs: Document, **vehicle: Any) -> Document:
    """Return one vehicle and jobs at one place, so many seconds from where it starts."""
    return {
        "vehicles": [{"id": 1, "start_index": 0, "end_index": 0, **vehicle}],
        "jobs": [{"id": number, "location_index": 1, **job} for number, job in enumerate(jobs, 1)],
        "matrices": {"car": {"durations": [[0, seconds], [seconds, 0]]}},
    }


def test_a_break_may_lie_before_the_way_to_the_end() -> None:
    """After the last job, too far from the end to rest there in time, one rests on the spot."""
    rests = [{"id": 1, "service": 1800, "time_windows": [[43_200, 44_100]]}]
    document = two_places(
        3600,
        {"service": 3600, "time_windows": [[39_600, 39_600]]},
        time_window=[28_800, 57_600],
        breaks=rests,
    )
    found = solved(document)
    (route,) = found["routes"]
    times = [(step["type"], step["arrival"], step["duration"]) for step in route["steps"]]
    assert times == [
        ("start", 36_000, 0),
        ("job", 39_600, 3600),
        ("break", 43_200, 3600),
        ("end", 48_600, 7200),
    ]
    assert (found["unassigned"], found["summary"]["cost"]) == ([], 7200)


MIDNIGHT = 1_772_409_600
"A midnight of universal time."
HOURS = 3600


@pytest.mark.parametrize(
    "begin",
    [
        MIDNIGHT - 1 * HOURS,  # 7 in the morning in Shanghai
        MIDNIGHT - 4 * HOURS,  # 7 in the morning in Sydney in winter
        MIDNIGHT + 12 * HOURS,  # 7 in the morning in New York
        MIDNIGHT + 20 * HOURS,  # 3 in the afternoon in New York
        22 * HOURS,  # a night shift in seconds of a day
    ],
)
def test_a_day_over_midnight_loses_no_job(begin: int) -> None:
    """Ten hours hold nine jobs of an hour wherever midnight falls, with windows and without."""
    jobs = [
        {"service": HOURS, "time_windows": [[begin + n * HOURS, begin + (n + 2) * HOURS]]}
        if n % 2
        else {"service": HOURS}
        for n in range(9)
    ]
    solution = solved(two_places(300, *jobs, time_window=[begin, begin + 10 * HOURS]))
    assert solution["unassigned"] == []
    assert solution["summary"]["cost"] == 600
    (route,) = solution["routes"]
    assert begin <= route["steps"][0]["arrival"]
    assert route["steps"][-1]["arrival"] <= begin + 10 * HOURS


def test_a_service_may_run_over_midnight() -> None:
    """A window at 23:00 and two hours of service are a route that ends the next day."""
    job = {"service": 2 * HOURS, "time_windows": [[23 * HOURS, 23 * HOURS + 1800]]}
    solution = solved(two_places(300, job))
    assert solution["unassigned"] == []
    assert solution["routes"][0]["steps"][-1]["arrival"] >= 25 * HOURS


@pytest.mark.parametrize(
    "vehicle",
    [
        {},  # no window at all
        {"time_window": [0, 2**31]},  # as good as none
        {"time_window": [0, 2**50]},  # the same
    ],
)
def test_a_vehicle_without_a_window_drives_as_long_as_there_is_work(vehicle: Document) -> None:
    """Without an end nothing is left out, also if it takes days."""
    late = {"service": HOURS, "time_windows": [[MIDNIGHT, MIDNIGHT + 9]]}
    for first in ({"service": HOURS}, late):
        solution = solved(two_places(300, first, *[{"service": HOURS}] * 60, **vehicle))
        assert solution["unassigned"] == []


def test_without_a_matrix_nobody_runs_out_of_time_by_rounding() -> None:
    """Journeys along straight lines are counted in seconds, as all of the problem is."""
    depot, client = [2.35, 48.85], [2.35, 48.95]
    vehicle = {"id": 1, "start": depot, "end": depot}
    found = solved({"vehicles": [vehicle], "jobs": [{"id": 1, "location": client}]})
    assert found["unassigned"] == []
    assert found["summary"]["cost"] % 60 != 0


def test_a_window_that_nobody_can_reach_leaves_its_job_out() -> None:
    """A job a year after the shift is unassigned, as is one before it; nothing else is."""
    far = [{"time_windows": [[MIDNIGHT, MIDNIGHT + 9]]}, {"time_windows": [[0, 9]]}]
    begin = MIDNIGHT // 2
    solution = solved(two_places(300, *far, {}, time_window=[begin, begin + HOURS]))
    assert [job["id"] for job in solution["unassigned"]] == [1, 2]


@pytest.mark.parametrize(
    ("window", "shown"),
    [
        ([3_600, 7_200], ("01:00", "02:00")),  # before work
        ([90_000, 93_600], ("01:00+1", "02:00+1")),  # the night after it
        ([40_000_000, 40_000_009], ("10:00:01", "10:00:01")),  # in a year's time: after the shift
    ],
)
def test_a_window_out_of_reach_is_told_as_it_is(window: list[int], shown: tuple[str, str]) -> None:
    """Whoever reads the roster sees when a job was due that nobody could do."""
    document = two_places(300, {"time_windows": [window]}, time_window=[28_800, 36_000])
    (visit,) = parsed(document).scenario.visits
    assert (format_clock(visit.window.earliest), format_clock(visit.window.latest)) == shown


@pytest.mark.parametrize(
    ("priority", "other", "served"),
    [
        (2, 0, [1]),  # a sum of 2 before six jobs
        (0, 0, [2, 3, 4, 5, 6, 7]),  # the number where the sums are equal
        (7, 1, [1]),  # 7 before 6
        (6, 1, [2, 3, 4, 5, 6, 7]),  # 6 as 6, but more jobs
        (100, 17, [2, 3, 4, 5, 6, 7]),  # 102 before 100
    ],
)
def test_the_sum_of_priorities_counts_before_the_number(
    priority: int, other: int, served: list[int]
) -> None:
    """One long job stands against six short ones; there is time for either."""
    jobs = [{"service": 21_600, "priority": priority}] + [
        {"service": 3_000, "priority": other} for _ in range(6)
    ]
    day = two_places(600, *jobs, time_window=[28_800, 51_600])
    (route,) = solved(day, iterations=3000)["routes"]
    assert sorted(step["id"] for step in route["steps"] if step["type"] == "job") == served


def test_a_speed_that_cannot_be_kept_is_refused() -> None:
    """Without matrices a factor of 5 makes a car faster than can be planned."""
    day = depot_day()
    day["vehicles"][0]["speed_factor"] = 5
    with pytest.raises(InvalidDocument) as caught:
        parsed(day)
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [
        ("vehicles[0].speed_factor", "out-of-range")
    ]
