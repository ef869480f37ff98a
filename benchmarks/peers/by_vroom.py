"""VROOM, by way of pyvroom."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from importlib import import_module

import numpy as np

from benchmarks.peers.day import RoutingDay
from benchmarks.peers.engine import Engine, all_cores

EXPLORATION = 5
"The highest level: most starts, deepest search."
HIGHEST_PRIORITY = 100


def solve(day: RoutingDay, seconds: float, _seed: int, threads: int) -> list[list[int]]:
    """Solve with the highest exploration.

    Visits that the same people may make ask for the same skill, and these people have it.
    """
    import vroom

    groups, skill = np.unique(day.may, axis=0, return_inverse=True)
    problem = vroom.Input()
    for mode, matrix in enumerate(day.travel):
        problem.set_durations_matrix(str(mode), matrix)
    for caregiver in range(day.num_caregivers):
        problem.add_vehicle(
            vroom.Vehicle(
                caregiver,
                start=int(day.home[caregiver]),
                end=int(day.end[caregiver]),
                profile=str(day.mode[caregiver]),
                skills=set(np.flatnonzero(groups[:, caregiver]).tolist()),
                time_window=(int(day.opens[caregiver]), int(day.closes[caregiver])),
            )
        )
    for visit in range(day.num_visits):
        problem.add_job(
            vroom.Job(
                visit,
                location=int(day.place[visit]),
                default_service=int(day.care[visit]),
                skills={int(skill[visit])},
                priority=round(HIGHEST_PRIORITY * int(day.prize[visit]) / int(day.prize.max())),
                time_windows=[(int(day.earliest[visit]), int(day.latest[visit]))],
            )
        )
    found = problem.solve(EXPLORATION, nb_threads=threads, timeout=timedelta(seconds=seconds))
    steps = found.routes[found.routes["type"] == "job"]
    orders: list[list[int]] = [[] for _ in range(day.num_caregivers)]
    for caregiver, visit in zip(steps["vehicle_id"], steps["id"], strict=True):
        orders[int(caregiver)].append(int(visit))
    return orders


VROOM = Engine(
    name="vroom",
    package="pyvroom",
    module="vroom",
    note=(
        "vroom knows no prizes: it serves the largest sum of priorities (0 to 100, here in "
        "proportion to the prizes), then travels least."
    ),
    solve=solve,
    share=1.0,
    is_seeded=False,
    threads=all_cores,
    prepare=partial(import_module, "vroom"),
)
