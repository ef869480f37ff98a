"""Cuts: plans keep them, mixtures that violate them are found, pricing counts them exactly."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy import int64
from numpy.typing import NDArray

from optimizer.bound.column import Column, incidence_of
from optimizer.bound.column_generation import ColumnGeneration
from optimizer.bound.cuts import LEAST_VIOLATION, Cut, coefficients, violated_cuts
from optimizer.bound.kernels.labelling import EXACT, ONLY_BOUND, QUICK
from optimizer.bound.master import Master
from optimizer.bound.network import network_of
from optimizer.bound.ng_sets import ng_sets_of
from optimizer.bound.pricing import MOST_CUTS, MOST_LABELS, Multipliers, Pricing
from optimizer.generate import uncoupled_day
from optimizer.problem.compile import compile_problem
from tests.bound.enumeration import cheapest_routes
from tests.sweeps import few

ROWS, ROUTES = 9, 4


def random_columns(rng: np.random.Generator, number: int) -> list[Column]:
    """Return columns of random caregivers with random rows."""
    columns = []
    for _ in range(number):
        rows = tuple(rng.choice(ROWS, rng.integers(1, 6), replace=False).tolist())
        columns.append(Column(int(rng.integers(ROUTES)), rows, rows, 0, rows))
    return columns


def mixture(seed: int) -> tuple[NDArray[int64], NDArray[np.float64]]:
    """Return columns that serve each row at most once and use each caregiver once at most."""
    rng = np.random.default_rng(seed)
    incidence = incidence_of(random_columns(rng, 14), ROWS, ROUTES)
    shares = rng.random(len(incidence))
    return incidence, shares / (shares @ incidence).max()


def random_cut(rng: np.random.Generator, rows: int) -> Cut:
    """Return a cut of three or five rows."""
    size = 3 + 2 * int(rng.integers(2))
    return tuple(sorted(rng.choice(rows, size, replace=False).tolist()))


@pytest.mark.parametrize("seed", range(1, 21))
def test_plans_violate_no_cut(seed: int) -> None:
    """Routes of different caregivers that share no row stay within every cut."""
    rng = np.random.default_rng(seed)
    owner = rng.integers(-1, ROUTES, ROWS)
    columns = [
        Column(v, rows, rows, 0, rows)
        for v in range(ROUTES)
        if (rows := tuple(np.flatnonzero(owner == v).tolist()))
    ]
    cuts = [random_cut(rng, ROWS + ROUTES) for _ in range(50)]
    counts = coefficients(incidence_of(columns, ROWS, ROUTES), cuts).sum(axis=0)
    assert (counts <= [len(cut) // 2 for cut in cuts]).all()


@pytest.mark.parametrize("seed", range(1, 21))
def test_only_violated_cuts_are_found(seed: int) -> None:
    """What is returned is violated by more than the least violation, and none is returned twice."""
    incidence, shares = mixture(seed)
    cuts = violated_cuts(incidence, shares, 30)
    violation = shares @ coefficients(incidence, cuts) - [len(cut) // 2 for cut in cuts]
    assert len(set(cuts)) == len(cuts)
    assert (violation > LEAST_VIOLATION - 1e-6).all()


def test_the_cut_of_three_violated_most_is_found() -> None:
    """Where any cut of three is violated, that or a worse one is returned first."""
    violated = 0
    for seed in range(1, 41):
        incidence, shares = mixture(seed)
        triples = list(combinations(range(ROWS + ROUTES), 3))
        most = (shares @ coefficients(incidence, triples)).max() - 1
        if most <= LEAST_VIOLATION + 1e-6:
            continue
        violated += 1
        first = violated_cuts(incidence, shares, 1)
        assert shares @ coefficients(incidence, first) - len(first[0]) // 2 >= most - 1e-6
    assert violated >= 5


def test_five_are_found_where_three_are_kept() -> None:
    """A mixture of pairs around five rows violates no cut of three, and is cut off all the same."""
    columns = [Column(v, (v, (v + 1) % 5), (1, 1), 0, (0, 1)) for v in range(5)]
    incidence = incidence_of(columns, 5, 5)
    shares = np.full(5, 0.5)
    triples = list(combinations(range(10), 3))
    assert (shares @ coefficients(incidence, triples) <= 1 + 1e-9).all()
    assert violated_cuts(incidence, shares, 9)[0] == (0, 1, 2, 3, 4)


@pytest.mark.parametrize("seed", few(range(1, 41), 8))
def test_routes_pay_for_cuts_exactly(seed: int) -> None:
    """The cheapest route after duals and cuts is that of all routes written out.

    With less effort no more is proven.
    """
    scenario = uncoupled_day(6, 2 + seed % 2, seed)
    data = compile_problem(scenario)
    network = network_of(data)
    pricing = Pricing(network, ng_sets_of(data, network))
    routes = cheapest_routes(scenario)
    rng = np.random.default_rng(seed)
    rows, scale = network.num_rows, pricing.scale
    for _ in range(30):
        duals = pricing.feasible(
            (rng.random(rows) * rng.integers(100, 4_000) * scale).astype(int64)
        )
        cuts = tuple(
            (random_cut(rng, rows + len(routes)), int(rng.integers(0, 900 * scale)))
            for _ in range(rng.choice((0, 3, 8, MOST_CUTS)))
        )
        at, nothing = Multipliers(duals, cuts), np.zeros(len(routes), int64)
        found = pricing.price(at, nothing)
        assert found is not None
        for effort, most_labels in ((ONLY_BOUND, 9), (QUICK, MOST_LABELS), (EXACT, 2)):
            weaker = pricing.price(at, nothing, effort=effort, most_labels=most_labels)
            assert weaker is not None
            assert (weaker.reduced_costs <= found.reduced_costs).all()
        for v, of_one in enumerate(routes):
            best = 0
            for served, cost in of_one.items():
                covered = {*served, rows + v}
                pays = sum(price * (len(covered & set(cut)) // 2) for cut, price in cuts)
                best = min(best, cost * scale - int(duals[list(served)].sum()) + pays)
            assert found.reduced_costs[v] == best


@pytest.mark.parametrize("seed", range(1, 9))
def test_two_more_rows_that_are_always_together_make_no_cut(seed: int) -> None:
    """A cut of five is returned only where no cut of three within it is violated as much."""
    incidence, shares = mixture(seed)
    # The last row goes wherever the last but one goes.
    incidence[:, ROWS - 1] = incidence[:, ROWS - 2]
    for cut in violated_cuts(incidence, shares, 30):
        assert not {ROWS - 2, ROWS - 1} <= set(cut)


def finished(seed: int, *, with_cuts: bool) -> ColumnGeneration:
    """Return the finished proof of a small day."""
    data = compile_problem(uncoupled_day(14, 3, seed))
    network = network_of(data)
    generation = ColumnGeneration(Pricing(network, ng_sets_of(data, network)))
    generation.run(30, with_cuts=with_cuts)
    return generation


@pytest.mark.parametrize("days", few([range(1, 5), range(5, 13)], 1))
def test_cuts_raise_the_bound(days: range) -> None:
    """On some days more is proven with them, on none less."""
    higher = 0
    for seed in days:
        plain, cut = (finished(seed, with_cuts=with_cuts).value for with_cuts in (False, True))
        assert cut >= plain
        higher += cut > plain
    assert higher >= 1


def test_columns_meet_cuts_whichever_came_first() -> None:
    """A linear program that knows its cuts before its columns has the same value."""
    generation = next(
        g for g in (finished(s, with_cuts=True) for s in range(1, 30)) if g.master.cuts
    )
    again = Master(generation.pricing.network)
    again.add_cuts(generation.master.cuts)
    again.add(generation.master.columns)
    assert again.solve().value == pytest.approx(generation.master.solve().value)
