"""Random routing problems in VROOM's form, of that part of it which both solvers plan."""

from __future__ import annotations

import random
from typing import Any

PLACES = 10
"Places of a problem, depots included."
MOST_JOBS = 9
MORNING, EVENING = 8 * 3600, 16 * 3600
TIMESTAMPS = (0, 1_767_139_200, 1_767_106_800, 1_767_225_600 - 4 * 3600)
"Added to all times of a problem: seconds of a day, or since 1970 in three zones of the earth."


def random_problem(seed: int) -> dict[str, Any]:
    """Return a problem of one to four vehicles and two to nine jobs, each with some features.

    Durations are seconds, keep the triangle inequality and differ by direction. A speed factor
    divides them without a rest, since the two solvers round differently.
    """
    rng = random.Random(seed)
    drawn = {name for name, chance in FEATURES.items() if rng.random() < chance}
    shift = rng.choice(TIMESTAMPS) if "timestamps" in drawn else 0
    profiles = ["car", "bike"] if "profiles" in drawn else ["car"]
    # VROOM counts a setup only on arrival from elsewhere, so that no two jobs share a place then.
    draw = rng.sample if "setup" in drawn else rng.choices
    places = draw(range(PLACES), k=MOST_JOBS)
    return {
        "vehicles": [_vehicle(rng, drawn, n, shift, profiles) for n in range(rng.randint(1, 4))],
        "jobs": [_job(rng, drawn, n, places[n], shift) for n in range(rng.randint(2, MOST_JOBS))],
        "matrices": {name: {"durations": _durations(rng)} for name in profiles},
    }


FEATURES = {
    "skills": 0.4,
    "priorities": 0.5,
    "windows": 0.7,
    "setup": 0.3,
    "breaks": 0.3,
    "max_tasks": 0.2,
    "speed": 0.2,
    "open": 0.2,
    "profiles": 0.2,
    "short": 0.5,
    "timestamps": 0.3,
}
"How often a problem has a feature."


def _vehicle(
    rng: random.Random, drawn: set[str], number: int, shift: int, profiles: list[str]
) -> dict[str, Any]:
    begin = MORNING + rng.randint(0, 4) * 1800
    end = begin + rng.randint(3, 6) * 1800 if "short" in drawn else EVENING
    depot = rng.randrange(3)
    vehicle: dict[str, Any] = {
        "id": number,
        "profile": rng.choice(profiles),
        "start_index": depot,
        "end_index": depot,
        "time_window": [begin + shift, end + shift],
    }
    if "open" in drawn:
        vehicle.pop(rng.choice(("start_index", "end_index")))
    if "skills" in drawn:
        vehicle["skills"] = sorted(rng.sample(range(3), rng.randint(0, 3)))
    if "speed" in drawn:
        vehicle["speed_factor"] = rng.choice((0.5, 1, 2))
    if "max_tasks" in drawn:
        vehicle["max_tasks"] = rng.randint(0, 4)
    if "breaks" in drawn and rng.random() < 0.7:
        earliest = rng.randrange(begin, end - 1800, 300)
        latest = min(earliest + rng.choice((0, 900, 3600)), end - 1800)
        window = [earliest + shift, latest + shift]
        vehicle["breaks"] = [{"id": 1, "service": 1800, "time_windows": [window]}]
    return vehicle


def _job(
    rng: random.Random, drawn: set[str], number: int, place: int, shift: int
) -> dict[str, Any]:
    job: dict[str, Any] = {
        "id": number,
        "location_index": place,
        "service": rng.randint(1, 8) * 300,
    }
    if "skills" in drawn and rng.random() < 0.5:
        job["skills"] = [rng.randrange(3)]
    if "priorities" in drawn:
        job["priority"] = rng.choice((0, 0, 1, 2, 3, 10, 100))
    if "windows" in drawn and rng.random() < 0.7:
        earliest = rng.randrange(MORNING - 1800, EVENING, 300)
        width = rng.choice((0, 900, 3600, 10_800))
        job["time_windows"] = [[earliest + shift, earliest + width + shift]]
    if "setup" in drawn and rng.random() < 0.5:
        job["setup"] = 300
    return job


def _durations(rng: random.Random) -> list[list[int]]:
    """Return even seconds between places on a plane, a little longer one way than the other."""
    places = [(rng.uniform(0, 2400), rng.uniform(0, 2400)) for _ in range(PLACES)]
    table = [
        [2 * round((abs(x - u) + abs(y - v)) / 2) + (60 if u > x else 0) for u, v in places]
        for x, y in places
    ]
    for place in range(PLACES):
        table[place][place] = 0
    return table
