"""Random moves of the engine, each plan held against the verifier and against a fresh count."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from optimizer.domain.scenario import Scenario
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.layout import W_DISRUPTION, W_WAIT
from optimizer.problem.routes import Routes
from optimizer.problem.translate import to_plan
from optimizer.search.kernels import world as at
from optimizer.search.kernels.world import ACCEPTED, CURRENT, World
from optimizer.search.parameters import SearchParameters
from optimizer.search.worker import Worker, routes_of
from optimizer.verification.verifier import verify

LONGEST_CHUNK = 20
HAND_OVER = 0.5
"Share of the other steps that hand a visit over, which on several days is the usual one."
COOLEST, WARMEST = 1.0, 1e6
"Ticks: from hardly anything that costs more is accepted to nearly everything."
CHANGING_OF_NODES = ("start", "easy", "limit", "next", "prev", "route", "travel", "care")
CHANGING_OF_ROUTES = ("count", "break_after", "waited")
WORST = at.T_WORST - at.FIRST_TOTAL
"The largest lateness; kept only where it has a weight."
EXTRA_WORTH = at.T_EXTRA_WORTH - at.FIRST_TOTAL
"What unserved visits are worth beyond their price; routes loaded anew know none of it."


@dataclass
class Walk:
    """Counts of a random walk.

    Attributes
    ----------
    steps, accepted, rejected
        Steps done, and how many of the single ones changed the plan or were taken back.
    plans
        Plans counted by engine and verifier.
    """

    steps: int = 0
    accepted: int = 0
    rejected: int = 0
    plans: int = 0

    def add(self, other: Walk) -> None:
        """Add the counts of another walk."""
        self.steps += other.steps
        self.accepted += other.accepted
        self.rejected += other.rejected
        self.plans += other.plans


def walk(scenario: Scenario, seed: int, steps: int, guide: float = 0.5) -> Walk:
    """Take random steps at random temperatures; every claim about them is asserted on the way.

    Parameters
    ----------
    scenario
        A scenario without faults.
    seed
        Seed of lengths, temperatures and the engine.
    steps
        Steps to take; half of the chunks are single steps, the others up to 20 long.
    guide
        Share of the steps for an unserved visit that choose whom to take out for it.
    """
    data = compile_problem(scenario)
    worker = Worker(data, SearchParameters(guide=guide, hand_over=HAND_OVER), seed, 0)
    done = Walk()
    try:
        _stroll(data, worker, random.Random(seed), steps, done)
    except AssertionError as error:
        error.add_note(f"{scenario.id}: seed {seed}, {worker.iterations} steps done")
        raise
    routes, cost = worker.packed_routes()
    best = verify(scenario, to_plan(data, routes, _unknown), data.matrices)
    assert (best.violations, best.cost) == ((), cost)
    assert cost <= worker.best
    return done


def _stroll(data: ProblemData, worker: Worker, rng: random.Random, steps: int, done: Walk) -> None:
    agree(data, worker)
    if rng.random() < 0.5:
        worker.construct()
        agree(data, worker)
    while done.steps < steps:
        length = rng.choice((1, rng.randint(2, LONGEST_CHUNK)))
        warm = COOLEST * (WARMEST / COOLEST) ** rng.random()
        before = changing(worker.world)
        accepted = -int(worker.tally[ACCEPTED])
        worker.run(length, warm, warm * rng.uniform(0.1, 1.0))
        accepted += int(worker.tally[ACCEPTED])
        if accepted == 0:
            assert_same(before, changing(worker.world))
        done.add(Walk(length, accepted, length - accepted, plans=1))
        agree(data, worker)


def _unknown(visit: int) -> str:
    return "crowded_out"


def agree(data: ProblemData, worker: Worker) -> None:
    """Hold the present state against the verifier and against the same routes loaded anew."""
    world = worker.world
    routes = routes_of(world.node, world.route, world.contract, data.num_tasks)
    counted = worker._cost()
    verdict = verify(data.scenario, to_plan(data, routes, _unknown), data.matrices)
    assert [str(violation) for violation in verdict.violations] == []
    if data.arrays.weight[W_WAIT]:
        # Idle time is counted as it is once every stop starts as late as it may at no cost.
        packed, cost = worker.packed(routes)
        verdict = verify(data.scenario, to_plan(data, packed, _unknown), data.matrices)
        assert [str(violation) for violation in verdict.violations] == []
        assert verdict.cost == cost
    # Packed, a stop may come near enough to its published time; nothing else costs less.
    assert verdict.cost == counted or (
        data.arrays.weight[W_WAIT] > 0 < data.arrays.weight[W_DISRUPTION] and cost < counted
    )
    assert int(worker.tally[CURRENT]) in {counted, 0}
    fresh = Worker(data, SearchParameters(), 1, 0)
    assert fresh.load(routes)
    assert_same_state(data, world, fresh.world, routes)


def assert_same_state(data: ProblemData, world: World, fresh: World, routes: Routes) -> None:
    """Starts, links, accounts and totals are those of a fresh count; limits promise no more."""
    n, m = data.num_tasks, data.num_routes
    used = n + m + np.flatnonzero(np.diff(routes.ptr))
    present = np.concatenate([routes.tasks, used]).astype(np.int64)
    for name in ("start", "next", "prev", "route", "care"):
        np.testing.assert_array_equal(world.node[name][present], fresh.node[name][present])
    for name in ("easy", "limit"):
        assert (world.node[name][present] <= fresh.node[name][present]).all()
    for name in ("count", "waited"):
        np.testing.assert_array_equal(world.route[name], fresh.route[name])
    np.testing.assert_array_equal(world.account.value, fresh.account.value)
    np.testing.assert_array_equal(world.contract, fresh.contract)
    np.testing.assert_array_equal(world.met, fresh.met)
    uncounted = {EXTRA_WORTH} | (set() if world.g[at.W_WORST] else {WORST})
    counted = [total for total in range(at.TOTALS) if total not in uncounted]
    unserved = world.node.route[:n] < 0
    assert world.g[at.T_EXTRA_WORTH] == (world.worth - world.prize)[unserved].sum()
    np.testing.assert_array_equal(totals(world)[counted], totals(fresh)[counted])


def totals(world: World) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Return a copy of the running totals of all cost terms."""
    return world.g[at.FIRST_TOTAL : at.FIRST_TOTAL + at.TOTALS].copy()


def changing(world: World) -> list[np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    """Return copies of all that a step may change and must restore when taken back."""
    return [
        *(world.node[name].astype(np.int64) for name in CHANGING_OF_NODES),
        *(world.route[name].astype(np.int64) for name in CHANGING_OF_ROUTES),
        world.account.value.copy(),
        world.contract.astype(np.int64),
        world.met.astype(np.int64),
        np.delete(totals(world), EXTRA_WORTH),
    ]


def assert_same(
    before: list[np.ndarray[tuple[int, ...], np.dtype[np.int64]]],
    after: list[np.ndarray[tuple[int, ...], np.dtype[np.int64]]],
) -> None:
    """Two copies of a state are equal in every number."""
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)
