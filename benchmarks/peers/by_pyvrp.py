"""PyVRP, asked in two ways: with prizes, and to serve everything."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from benchmarks.peers.day import RoutingDay
from benchmarks.peers.engine import Engine, one_core

LOAD = 600
"""What a visit weighs where everything is to be served. Loads and seconds too late are
penalised by factors of the same size, so this makes an unlawful visit as bad as ten minutes."""
MAX_PENALTY = 1000.0
"""Per second too late; the default of 100,000 is there to outweigh prizes, and takes most of
the time to come down from where there are none."""


def solve(
    day: RoutingDay, seconds: float, seed: int, _threads: int, *, everything: bool
) -> list[list[int]]:
    """Solve with PyVRP's iterated local search.

    It knows no skills. Visits that the same people may make fill a load of their own, and
    all others have no room for it.
    """
    import pyvrp
    from pyvrp.stop import MaxRuntime

    params = pyvrp.SolveParams()
    if everything:
        params = pyvrp.SolveParams(penalty=pyvrp.PenaltyParams(max_penalty=MAX_PENALTY))
    with warnings.catch_warnings():
        # PyVRP warns where it finds it hard to keep the rules; the recount tells how it fared.
        warnings.simplefilter("ignore")
        found = pyvrp.solve(
            _problem(day, everything=everything),
            MaxRuntime(seconds),
            seed=seed,
            collect_stats=False,
            params=params,
        )
    orders: list[list[int]] = [[] for _ in range(day.num_caregivers)]
    for route in found.best.routes():
        orders[route.vehicle_type()] = [step.idx for step in route if step.is_client()]
    return orders


def _problem(day: RoutingDay, *, everything: bool) -> Any:
    """Return PyVRP's own record of the day; vehicle types are the caregivers, in order."""
    import pyvrp

    depot_of = _depots(day)
    spots = np.concatenate([day.place, np.array(list(depot_of), int64)])
    ways = [matrix[np.ix_(spots, spots)].astype(int64) for matrix in day.travel]
    groups, group = np.unique(day.may, axis=0, return_inverse=True)
    load = LOAD if everything else 1
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in spots],
        clients=[
            pyvrp.Client(
                location=visit,
                delivery=[load * int(group[visit] == each) for each in range(len(groups))],
                service_duration=int(day.care[visit]),
                tw_early=int(day.earliest[visit]),
                tw_late=int(day.latest[visit]),
                prize=0 if everything else int(day.prize[visit]),
                required=everything,
            )
            for visit in range(day.num_visits)
        ],
        depots=[pyvrp.Depot(location=day.num_visits + n) for n in range(len(depot_of))],
        vehicle_types=[
            pyvrp.VehicleType(
                capacity=[load * day.num_visits * int(has[caregiver]) for has in groups],
                start_depot=depot_of[int(day.home[caregiver])],
                end_depot=depot_of[int(day.end[caregiver])],
                tw_early=int(day.opens[caregiver]),
                tw_late=int(day.closes[caregiver]),
                profile=int(day.mode[caregiver]),
            )
            for caregiver in range(day.num_caregivers)
        ],
        distance_matrices=ways,
        duration_matrices=ways,
    )


def _depots(day: RoutingDay) -> dict[int, int]:
    """Return the number of the depot at each first and last place."""
    places: NDArray[int64] = np.concatenate([day.home, day.end])
    return {int(place): number for number, place in enumerate(dict.fromkeys(places.tolist()))}


PYVRP = Engine(
    name="pyvrp",
    package="pyvrp",
    module="pyvrp",
    note="pyvrp knows no skills: they are given as loads for which others have no room.",
    solve=partial(solve, everything=False),
    share=1.0,
    is_seeded=True,
    threads=one_core,
    prepare=partial(import_module, "pyvrp"),
)

PYVRP_ALL = replace(
    PYVRP,
    name="pyvrp-all",
    note="pyvrp-all is told that everything can be served: an easier problem, without prizes.",
    solve=partial(solve, everything=True),
)
