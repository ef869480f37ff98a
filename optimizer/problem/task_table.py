"""Visits → the table of tasks: one row per carer of a visit."""

from __future__ import annotations

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.domain.scenario import Scenario
from optimizer.problem import layout as at
from optimizer.problem.data import Task
from optimizer.travel.matrix import TravelMatrices
from optimizer.units import to_ticks


def first_tasks(scenario: Scenario) -> dict[str, int]:
    """Return the number of the first carer's task, per visit."""
    first: dict[str, int] = {}
    count = 0
    for visit in scenario.visits:
        first[visit.id] = count
        count += len(visit.carers)
    return first


def compile_tasks(
    scenario: Scenario, matrices: TravelMatrices, tasks: tuple[Task, ...]
) -> NDArray[int64]:
    """Return the table of tasks; the columns `ROW`, `UNIT` and of purses are left at 0.

    Parameters
    ----------
    scenario, matrices
        A scenario without faults and its travel matrices.
    tasks
        What each row stands for.
    """
    tpm = scenario.ticks_per_minute
    clients = {client.id: c for c, client in enumerate(scenario.clients)}
    published = _published_starts(scenario)
    table = np.zeros((len(tasks), at.TASK_COLUMNS), int64)
    for row, task in zip(table, tasks, strict=True):
        visit = scenario.visits[task.visit]
        need = visit.carers[task.carer - 1]
        client = scenario.clients[clients[visit.client]]
        latest = to_ticks(visit.window.latest, tpm)
        row[at.EARLIEST] = to_ticks(visit.window.earliest, tpm)
        row[at.LATEST] = latest
        due = visit.preferred_until
        row[at.DUE] = latest if due is None else min(latest, to_ticks(due, tpm))
        if visit.pin is not None and visit.pin.start is not None:
            pinned = to_ticks(visit.pin.start, tpm)
            row[at.EARLIEST] = max(row[at.EARLIEST], pinned)
            row[at.LATEST] = min(latest, pinned)
            # A pin after the preferred time makes lateness certain, not impossible.
            row[at.DUE] = min(row[at.DUE], row[at.LATEST])
        row[at.FULL] = to_ticks(need.minutes, tpm)
        row[at.SHORT] = row[at.FULL] if need.shortest is None else to_ticks(need.shortest, tpm)
        row[at.PLACE] = matrices.index(client.home)
        row[at.LEVEL] = int("infectious" in client.flags)
        row[at.CLIENT] = clients[visit.client]
        row[at.PUBLISHED], row[at.PUBLISHED_DAY] = published.get(visit.id, (-1, -1))
        row[at.VISIT] = task.visit
        row[at.CARER] = task.carer
    return table


def _published_starts(scenario: Scenario) -> dict[str, tuple[int, int]]:
    """Return start in ticks and day number of every visit on the published plan."""
    if scenario.published is None:
        return {}
    return {
        stop.visit: (
            to_ticks(stop.start, scenario.ticks_per_minute),
            (route.date - scenario.horizon.start).days,
        )
        for route in scenario.published.routes
        for stop in route.stops
    }
