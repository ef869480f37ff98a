"""OR-Tools' routing library."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
from numpy import int64

from benchmarks.peers.day import RoutingDay
from benchmarks.peers.engine import Engine, one_core


def solve(day: RoutingDay, seconds: float, _seed: int, _threads: int) -> list[list[int]]:
    """Solve with guided local search.

    The first solution comes from local cheapest insertion: of all strategies it left the
    best plans in trials on both sizes.
    """
    from ortools.constraint_solver import pywrapcp
    from ortools.constraint_solver.routing_enums_pb2 import (
        FirstSolutionStrategy,
        LocalSearchMetaheuristic,
    )

    first = day.num_visits
    last = first + day.num_caregivers
    manager = pywrapcp.RoutingIndexManager(
        last + day.num_caregivers,
        day.num_caregivers,
        list(range(first, last)),
        list(range(last, last + day.num_caregivers)),
    )
    model = pywrapcp.RoutingModel(manager)
    _add_hours(day, model)
    for visit in range(day.num_visits):
        node = manager.NodeToIndex(visit)
        begin = model.GetDimensionOrDie("time").CumulVar(node)
        begin.SetRange(int(day.earliest[visit]), int(day.latest[visit]))
        model.VehicleVar(node).SetValues([-1, *np.flatnonzero(day.may[visit]).tolist()])
        model.AddDisjunction([node], int(day.prize[visit]))
    limits = pywrapcp.DefaultRoutingSearchParameters()
    limits.first_solution_strategy = FirstSolutionStrategy.LOCAL_CHEAPEST_INSERTION
    limits.local_search_metaheuristic = LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    limits.time_limit.FromMilliseconds(round(1000 * seconds))
    found = model.SolveWithParameters(limits)
    return [
        [] if found is None else _order(model, manager, found, caregiver)
        for caregiver in range(day.num_caregivers)
    ]


def _add_hours(day: RoutingDay, model: Any) -> None:
    """Give the model travel as its cost, and the clock with everybody's shift."""
    # Matrices are read inside the library; a Python function would be called for each way.
    spots = np.concatenate([day.place, day.home, day.end])
    care = np.concatenate([day.care, np.zeros(2 * day.num_caregivers, int64)])
    ways = [matrix[np.ix_(spots, spots)].astype(int64) for matrix in day.travel]
    costs = [model.RegisterTransitMatrix(way.tolist()) for way in ways]
    times = [model.RegisterTransitMatrix((way + care[:, None]).tolist()) for way in ways]
    latest = int(max(day.closes.max(), (day.latest + day.care).max()))
    model.AddDimensionWithVehicleTransits(
        [times[mode] for mode in day.mode.tolist()], latest, latest, False, "time"
    )
    clock = model.GetDimensionOrDie("time")
    for caregiver in range(day.num_caregivers):
        model.SetArcCostEvaluatorOfVehicle(costs[day.mode[caregiver]], caregiver)
        for end in (model.Start(caregiver), model.End(caregiver)):
            clock.CumulVar(end).SetRange(int(day.opens[caregiver]), int(day.closes[caregiver]))


def _order(model: Any, manager: Any, found: Any, caregiver: int) -> list[int]:
    """Return the visits on a caregiver's route, in order."""
    order: list[int] = []
    node = found.Value(model.NextVar(model.Start(caregiver)))
    while not model.IsEnd(node):
        order.append(manager.IndexToNode(node))
        node = found.Value(model.NextVar(node))
    return order


ORTOOLS = Engine(
    name="ortools",
    package="ortools",
    module="ortools",
    note="ortools, its routing library, is told everything as it is.",
    solve=solve,
    share=1.0,
    is_seeded=False,
    threads=one_core,
    prepare=partial(import_module, "ortools.constraint_solver.pywrapcp"),
)
