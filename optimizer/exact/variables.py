"""The decisions: which visits, by whom, in which order, when, how long, and where the break is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ortools.sat.python import cp_model

from optimizer.domain.policy import Rule
from optimizer.exact.options import Leg, Options, Pair
from optimizer.exact.prices import covering
from optimizer.exact.world import HOME, World, grouped

Literal = cp_model.IntVar
"""A variable that is 0 or 1."""
Charge = tuple[int, int, str]
"""Caregiver-day, task and the id of a contract that the task may be charged to there."""


@dataclass(frozen=True, slots=True)
class Variables:
    """All decisions of one model; keys are those of `World`.

    Attributes
    ----------
    served, start
        Per visit: whether it takes place, and its start in ticks since midnight.
    on
        Per pair: whether this caregiver-day serves the task.
    brief
        Per pair whose task can be shortened: whether it is served and shortened.
    charged, brief_charged
        Per charge, where contracts have caps or shares, or their prices weigh: whether the task
        is served and charged so, and whether it is shortened as well; the latter only where it
        can be.
    used
        Per caregiver-day that may serve anything: whether its route has a stop.
    leg
        Per leg: whether the route goes so.
    departure, back
        Per route: times between which everything of it lies; any times where it is empty.
    pause_start, pause_after
        Per route that needs a break: its start, and after which node it comes.
    tasks_on, days_of
        Tasks per route and routes per task, in order.
    """

    model: cp_model.CpModel
    world: World
    served: tuple[Literal, ...]
    start: tuple[cp_model.IntVar, ...]
    on: Mapping[Pair, Literal]
    brief: Mapping[Pair, Literal]
    charged: Mapping[Charge, Literal]
    brief_charged: Mapping[Charge, Literal]
    used: Mapping[int, Literal]
    leg: Mapping[Leg, Literal]
    departure: Mapping[int, cp_model.IntVar]
    back: Mapping[int, cp_model.IntVar]
    pause_start: Mapping[int, cp_model.IntVar]
    pause_after: Mapping[tuple[int, int], Literal]
    tasks_on: Mapping[int, tuple[int, ...]]
    days_of: Mapping[int, tuple[int, ...]]

    def start_of(self, k: int) -> cp_model.IntVar:
        """Return the start of a task: that of its visit, because all carers begin as one."""
        return self.start[self.world.tasks[k].visit_idx]

    def care(self, pairs: Iterable[Pair]) -> cp_model.LinearExpr:
        """Return the ticks of care given in some pairs."""
        tasks = self.world.tasks
        return self.total({(r, k): (tasks[k].full, tasks[k].short) for r, k in pairs})

    def total(self, amounts: Mapping[Pair, tuple[int, int]]) -> cp_model.LinearExpr:
        """Sum amounts over the pairs that take place: of the full or of the shortened visit."""
        terms: list[cp_model.LinearExpr] = []
        for pair, (full, short) in amounts.items():
            terms.append(full * self.on[pair])
            if pair in self.brief and short != full:
                terms.append((short - full) * self.brief[pair])
        return cp_model.LinearExpr.sum(terms)

    def total_charged(self, amounts: Mapping[Charge, tuple[int, int]]) -> cp_model.LinearExpr:
        """Sum amounts over charges that are made: of the full or of the shortened visit."""
        terms: list[cp_model.LinearExpr] = []
        for charge, (full, short) in amounts.items():
            terms.append(full * self.charged[charge])
            if charge in self.brief_charged and short != full:
                terms.append((short - full) * self.brief_charged[charge])
        return cp_model.LinearExpr.sum(terms)

    def end_of(self, r: int, k: int) -> cp_model.LinearExpr:
        """Return when a task that a caregiver-day serves ends."""
        task = self.world.tasks[k]
        end = self.start_of(k) + task.full
        return end - task.cut * self.brief[r, k] if (r, k) in self.brief else end

    def pairs_of(self, k: int) -> tuple[Pair, ...]:
        """Return all pairs of a task."""
        return tuple((r, k) for r in self.days_of.get(k, ()))

    def on_date(self, k: int, date: dt.date) -> cp_model.LinearExpr:
        """Return 1 if a task takes place on a day, else 0."""
        days = self.world.days
        return cp_model.LinearExpr.sum(
            [self.on[pair] for pair in self.pairs_of(k) if days[pair[0]].date == date]
        )

    def pairs_by(self, k: int, caregiver_idx: int) -> list[Pair]:
        """Return the pairs in which a caregiver serves a task."""
        days = self.world.days
        return [p for p in self.pairs_of(k) if days[p[0]].caregiver_idx == caregiver_idx]

    def between(self, r: int) -> list[Leg]:
        """Return the legs of a route from one visit to the next, in order."""
        tasks = self.tasks_on[r]
        return [(r, i, j) for i in tasks for j in tasks if (r, i, j) in self.leg]

    def journeys(self, r: int) -> list[Leg]:
        """Return all legs of a route, in order."""
        nodes = (HOME, *self.tasks_on[r])
        return [(r, i, j) for i in nodes for j in nodes if (r, i, j) in self.leg]


def make_variables(model: cp_model.CpModel, world: World, options: Options) -> Variables:
    """Make a variable for every option, and a circuit of every route's legs."""
    pairs = sorted(options.pairs)
    tasks_on = grouped(pairs)
    day_ticks = world.last_tick
    visits = world.scenario.visits
    cuttable = [pair for pair in pairs if world.tasks[pair[1]].cut]
    on = {pair: model.new_bool_var(f"on {pair}") for pair in pairs}
    brief = {pair: model.new_bool_var(f"brief {pair}") for pair in cuttable}
    charges = _charges(world, pairs)
    paused = [r for r in tasks_on if world.days[r].pause is not None]
    variables = Variables(
        model=model,
        world=world,
        served=tuple(model.new_bool_var(f"served {visit.id}") for visit in visits),
        start=tuple(model.new_int_var(0, day_ticks, f"start {visit.id}") for visit in visits),
        on=on,
        brief=brief,
        charged=_split(model, on, charges),
        brief_charged=_split(model, brief, charges),
        used={r: model.new_bool_var(f"used {r}") for r in tasks_on},
        leg={leg: model.new_bool_var(f"leg {leg}") for leg in sorted(options.legs)},
        departure={r: model.new_int_var(0, day_ticks, f"departure {r}") for r in tasks_on},
        back={r: model.new_int_var(0, day_ticks, f"back {r}") for r in tasks_on},
        pause_start={r: _pause_start(model, world, r) for r in paused},
        pause_after={
            (r, i): model.new_bool_var(f"break {r} after {i}")
            for r in paused
            for i in (HOME, *tasks_on[r])
        },
        tasks_on=tasks_on,
        days_of=grouped((k, r) for r, k in pairs),
    )
    for pair, shortened in variables.brief.items():
        model.add_implication(shortened, variables.on[pair])
    for charge, shortened in variables.brief_charged.items():
        model.add_implication(shortened, variables.charged[charge])
    for r in tasks_on:
        _close_circuit(variables, r)
    return variables


def _charges(world: World, pairs: Iterable[Pair]) -> dict[Pair, tuple[Charge, ...]]:
    """Return how each pair may be charged; nothing where it does not matter."""
    is_priced = world.scenario.policy.weights.purchase > 0
    if not is_priced and not any(one.is_counted for one in world.scenario.contracts):
        return {}
    return {
        (r, k): tuple((r, k, contract.id) for contract in covering(world, r, k)) for r, k in pairs
    }


def _split(
    model: cp_model.CpModel,
    wholes: Mapping[Pair, Literal],
    charges: Mapping[Pair, tuple[Charge, ...]],
) -> dict[Charge, Literal]:
    """Return one variable per charge; those of a pair add up to the variable of the pair."""
    parts: dict[Charge, Literal] = {}
    for pair, whole in wholes.items():
        of_pair = charges.get(pair, ())
        if len(of_pair) == 1:
            parts[of_pair[0]] = whole
        elif of_pair:
            made = {charge: model.new_bool_var(f"charged {charge}") for charge in of_pair}
            model.add(cp_model.LinearExpr.sum(list(made.values())) == whole)
            parts |= made
    return parts


def _pause_start(model: cp_model.CpModel, world: World, r: int) -> cp_model.IntVar:
    pause = world.days[r].pause
    if pause is None:
        raise ValueError(f"caregiver-day {r} needs no break")
    return model.new_int_var(pause.earliest, pause.latest, f"break {r}")


def _close_circuit(variables: Variables, r: int) -> None:
    """Let the legs of a route form one round from home through its tasks, or none at all."""
    node = {HOME: 0} | {k: n for n, k in enumerate(variables.tasks_on[r], 1)}
    arcs: list[tuple[int, int, cp_model.LiteralT]] = [
        (node[i], node[j], variables.leg[day, i, j]) for day, i, j in variables.journeys(r)
    ]
    arcs.append((0, 0, ~variables.used[r]))
    for k in variables.tasks_on[r]:
        on = variables.on[r, k]
        arcs.append((node[k], node[k], ~on))
        variables.model.add_implication(on, variables.used[r])
    variables.model.add_circuit(arcs)


Binds = Mapping[Rule, Callable[[Variables], None]]
"Hard rules with the functions that bind the variables by them."
