"""Rules that tie stops and visits to each other: together, gap and spacing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from types import MappingProxyType

from ortools.sat.python import cp_model

from optimizer.domain.policy import Rule
from optimizer.domain.visit import Coupling, CouplingKind
from optimizer.exact.variables import Binds, Variables


def together(variables: Variables) -> None:
    """Carers of one visit, and visits coupled so, are two people on one day at one time."""
    world, model = variables.world, variables.model
    for tasks in world.tasks_of:
        if len(tasks) == 2:
            _same_day(variables, *tasks)
            _different_people(variables, tasks[:1], tasks[1:])
    for _, first, second in _couplings(variables, CouplingKind.TOGETHER):
        model.add(variables.served[first] == variables.served[second])
        same = model.add(variables.start[first] == variables.start[second])
        same.only_enforce_if(variables.served[first])
        one, other = world.tasks_of[first], world.tasks_of[second]
        _same_day(variables, one[0], other[0])
        _different_people(variables, one, other)


def gap(variables: Variables) -> None:
    """The second of two served visits coupled ``after`` keeps its distance from the first."""
    world, model = variables.world, variables.model
    for coupling, first, second in _couplings(variables, CouplingKind.AFTER):
        both = [variables.served[first], variables.served[second]]
        apart = variables.start[second] - variables.start[first]
        model.add(apart >= world.ticks(coupling.min_gap)).only_enforce_if(both)
        if coupling.max_gap is not None:
            model.add(apart <= world.ticks(coupling.max_gap)).only_enforce_if(both)
        one, other = world.tasks_of[first], world.tasks_of[second]
        _same_day(variables, one[0], other[0], both)
        if coupling.different_caregivers:
            _different_people(variables, one, other)


def spacing(variables: Variables) -> None:
    """Two served visits coupled ``apart`` lie so many days from each other."""
    world = variables.world
    for coupling, first, second in _couplings(variables, CouplingKind.APART):
        one, other = world.tasks_of[first][0], world.tasks_of[second][0]
        for date, other_date in product(world.index.dates, repeat=2):
            days = (other_date - date).days
            if not coupling.ordered:
                days = abs(days)
            too_far = coupling.max_days is not None and days > coupling.max_days
            if days < coupling.min_days or too_far:
                variables.model.add(
                    variables.on_date(one, date) + variables.on_date(other, other_date) <= 1
                )


def _couplings(variables: Variables, kind: CouplingKind) -> Iterator[tuple[Coupling, int, int]]:
    """Yield the couplings of a kind with the positions of their visits."""
    world = variables.world
    for coupling in world.scenario.couplings:
        if coupling.kind is kind:
            yield coupling, world.position_of[coupling.first], world.position_of[coupling.second]


def _same_day(
    variables: Variables, one: int, other: int, where: Iterable[cp_model.IntVar] = ()
) -> None:
    """Let two tasks take place on the same day, if all of `where` hold."""
    dates = variables.world.index.dates
    for date in dates if len(dates) > 1 else ():
        same = variables.on_date(one, date) == variables.on_date(other, date)
        variables.model.add(same).only_enforce_if(list(where))


def _different_people(variables: Variables, ones: Iterable[int], others: Iterable[int]) -> None:
    """Let no caregiver serve a task of both sides."""
    for one, other in product(ones, others):
        for g in range(len(variables.world.scenario.caregivers)):
            mine, theirs = variables.pairs_by(one, g), variables.pairs_by(other, g)
            if mine and theirs:
                variables.model.add_at_most_one([variables.on[p] for p in (*mine, *theirs)])


BINDS: Binds = MappingProxyType({Rule.TOGETHER: together, Rule.GAP: gap, Rule.SPACING: spacing})
