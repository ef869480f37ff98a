"""Tiny seeded instances in the public benchmark's format, for smoke runs and tests."""

from __future__ import annotations

import math
import random
from typing import Any

SERVICES = ("s1", "s2", "s3")


def tiny_instance(seed: int, *, patients: int = 6, extended: bool = False) -> dict[str, Any]:
    """Return a small instance whose services can all be given.

    Parameters
    ----------
    seed
        The same seed gives the same instance.
    patients
        Number of patients, at least 3; the first three are one of each kind: single,
        simultaneous, sequential.
    extended
        Use the published extension: two departing points, working shifts, refused
        caregivers, a matrix in shuffled order.
    """
    draw = random.Random(f"{seed}/{patients}/{extended}")
    offices = 2 if extended else 1
    points = [(draw.randrange(101), draw.randrange(101)) for _ in range(offices + patients)]
    instance = {
        "patients": [
            _patient(draw, number, points[offices + number]) for number in range(patients)
        ],
        "services": [{"id": service, "default_duration": 10.0} for service in SERVICES],
        "caregivers": [
            # Each service is known by two of the three, so two carers can always be found.
            {"id": f"c{number + 1}", "abilities": [s for s in SERVICES if s != missing]}
            for number, missing in enumerate(SERVICES)
        ],
        "central_offices": [
            {"id": f"d{number + 1}", "location": list(map(float, points[number]))}
            for number in range(offices)
        ],
        "distances": [[round(math.dist(a, b), 3) for b in points] for a in points],
    }
    return _extend(draw, instance) if extended else instance


def tiny_soft_shifts(seed: int) -> dict[str, Any]:
    """Return a small instance of the extended set: its shifts are too short for its patients.

    As in the public files, only patients say their row in the matrix.
    """
    instance = tiny_instance(seed)
    points = instance.pop("central_offices")
    for number, patient in enumerate(instance["patients"], len(points)):
        patient["distance_matrix_index"] = number
    for caregiver in instance["caregivers"]:
        caregiver |= {"starting_point_id": points[0]["id"], "working_shift": [0, 200]}
    return {"departing_points": points, **instance}


def _patient(draw: random.Random, number: int, point: tuple[int, int]) -> dict[str, Any]:
    kind = number if number < 3 else draw.choices((0, 1, 2), (4, 1, 1))[0]
    earliest = float(draw.randrange(30, 400))
    first, second = draw.sample(SERVICES, 2)
    patient: dict[str, Any] = {
        "id": f"p{number + 1}",
        "location": [float(point[0]), float(point[1])],
        "time_window": [earliest, earliest + 60.0],
        "required_caregivers": [{"service": first, "duration": float(draw.randrange(5, 25))}],
    }
    if kind > 0:
        # Without a duration of its own: the service's default counts.
        patient["required_caregivers"].append({"service": second})
        patient["synchronization"] = {"type": "simultaneous"}
    if kind == 2:
        least = draw.randrange(20, 40)
        patient["synchronization"] = {"type": "sequential", "distance": [least, least + 20]}
    return patient


def _extend(draw: random.Random, instance: dict[str, Any]) -> dict[str, Any]:
    offices = instance.pop("central_offices")
    places = [*offices, *instance["patients"]]
    order = list(range(len(places)))
    draw.shuffle(order)
    shuffled = [[0.0] * len(places) for _ in places]
    for i, row in enumerate(instance["distances"]):
        for j, value in enumerate(row):
            shuffled[order[i]][order[j]] = value
    for place, index in zip(places, order, strict=True):
        place["distance_matrix_index"] = index
    for number, caregiver in enumerate(instance["caregivers"]):
        caregiver["starting_point_id"] = offices[number % 2]["id"]
        caregiver["working_shift"] = [draw.randrange(0, 60), draw.randrange(900, 1200)]
    instance["caregivers"][0]["ending_point_id"] = offices[1]["id"]
    single = instance["patients"][0]
    service = single["required_caregivers"][0]["service"]
    able = [c["id"] for c in instance["caregivers"] if service in c["abilities"]]
    single["incompatible_caregivers"] = able[:1]
    return {"name": "tiny", "departing_points": offices, **instance, "distances": shuffled}
