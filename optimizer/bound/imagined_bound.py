"""Dual weights that prove what any so many hires leave unserved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.bound.column import Column
from optimizer.bound.column_generation import ColumnGeneration
from optimizer.bound.columns import columns_of
from optimizer.bound.imagined import Imagined, ImaginedMaster, ImaginedPricing
from optimizer.bound.network import Network, count_prizes, network_of
from optimizer.bound.ng_sets import ng_sets_of
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes
from optimizer.stop import Termination

ALWAYS = float("inf")


@dataclass(frozen=True, slots=True)
class HireWeights:
    """Dual weights, and what each route collects of them at most.

    Attributes
    ----------
    hires
        How many are hired at most.
    weights
        Per task, in ``1 / unit`` visits; those of a visit at most 1 together.
    limits
        Per route, the most weight that it can collect, also in ``1 / unit`` visits.
    unit
        Weight of a whole visit.
    least_unserved
        Visits that stay unserved whoever is hired, as this bound counts.
    """

    hires: int
    weights: tuple[int, ...]
    limits: tuple[int, ...]
    unit: int
    least_unserved: int


def hire_weights(
    data: ProblemData,
    staff: int,
    numbers: Iterable[int],
    *,
    routes: Routes | None = None,
    found: Mapping[int, int],
    rounds: int,
    threads: int = 1,
    is_over: Callable[[], bool] = lambda: False,
) -> Iterator[HireWeights]:
    """Yield for each number of hires the dual weights that prove most.

    Parameters
    ----------
    data
        The compiled problem with one caregiver of each kind after its staff, at least one.
    staff
        Number of caregivers of the staff.
    numbers
        Numbers of hires.
    routes
        A plan: routes to begin with.
    found
        Visits left out by the best plan known, by number of hires: no more can be proven.
    rounds
        Rounds of column generation per number.
    threads
        At least 1.
    is_over
        Asked again and again; once it says so, what is proven so far is the answer.
    """
    person, network = person_of(data, staff), counting_network(data)
    ng_sets = ng_sets_of(data, network)
    columns: list[Column] = []
    for hires in numbers:
        imagined = Imagined(person, hires)
        pricing = ImaginedPricing(network, ng_sets, imagined, threads=threads)
        if not columns and routes is not None:
            columns = columns_of(pricing, data, routes)
        generation = ColumnGeneration(pricing, columns, master=ImaginedMaster(network, imagined))
        bound = generation.run(
            ALWAYS,
            known_cost=found.get(hires),
            with_cuts=False,
            rounds=rounds,
            stop=lambda _: Termination.INTERRUPTED if is_over() else None,
        )
        columns = generation.master.columns
        yield HireWeights(
            hires=hires,
            weights=tuple(bound.multipliers.duals.tolist()),
            limits=tuple(np.rint(-bound.reduced_costs * pricing.scale).astype(int64).tolist()),
            unit=pricing.scale,
            least_unserved=bound.value,
        )


def person_of(data: ProblemData, staff: int) -> NDArray[int64]:
    """Return per route the number of the imagined person, from 0; -1 for staff."""
    whose = np.array([day.caregiver for day in data.days], int64)
    return np.where(whose >= staff, whose - staff, -1)


def counting_network(data: ProblemData) -> Network:
    """Return the routes of a day on which nothing costs anything but a visit left out."""
    counting = count_prizes(data, np.ones(len(data.scenario.visits), int64))
    return network_of(data, counting=counting)
