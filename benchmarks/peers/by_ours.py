"""Our own search, asked like any other."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.peers.day import RoutingDay
from benchmarks.peers.engine import Engine, one_core
from optimizer.search.warm_up import warm_up
from optimizer.solving import solve as solve_scenario


def solve(day: RoutingDay, seconds: float, seed: int, threads: int) -> list[list[int]]:
    """Solve the scenario itself."""
    found = solve_scenario(
        day.scenario, seconds=seconds, seed=seed, workers=threads, engine="search", proof=0.0
    )
    number = {visit.id: n for n, visit in enumerate(day.scenario.visits)}
    routes = {route.caregiver: route for route in found.plan.routes}
    return [
        [number[stop.visit] for stop in routes[person.id].stops] if person.id in routes else []
        for person in day.scenario.caregivers
    ]


OURS = Engine(
    name="ours",
    package="homecare-optimizer",
    module="optimizer",
    note="ours has a sixth of the peers' seconds.",
    solve=solve,
    share=1 / 6,
    is_seeded=True,
    threads=lambda workers: workers,
    prepare=warm_up,
)
OURS_LONG = replace(OURS, name="ours-long", note="ours-long has all of them.", share=1.0)
OURS_ALONE = replace(
    OURS_LONG,
    name="ours-alone",
    note="ours-alone has all of them and one worker.",
    threads=one_core,
)
