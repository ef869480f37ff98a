"""A plan as a first guess at every decision."""

from __future__ import annotations

from ortools.sat.python import cp_model

from optimizer.domain.plan import Plan, Route
from optimizer.exact.prices import covering
from optimizer.exact.variables import Variables
from optimizer.exact.world import HOME


def hint_plan(variables: Variables, plan: Plan) -> None:
    """Suggest a plan; whatever of it the model does not know or allow is left out."""
    _Guess(variables).write(plan)


class _Guess:
    """Collects one value per decision, all idle at first."""

    def __init__(self, variables: Variables) -> None:
        world = variables.world
        self._variables = variables
        self._day_of = {
            (day.caregiver.id, day.date, day.shift_number): day.number for day in world.days
        }
        self._task_of = {(task.visit.id, task.carer): task.number for task in world.tasks}
        self._true: set[int] = set()
        self._time: dict[int, int] = {}

    def write(self, plan: Plan) -> None:
        """Read all routes and hand the guess to the model."""
        v = self._variables
        for route in plan.routes:
            r = self._day_of.get((route.caregiver, route.date, route.shift))
            if r is not None and r in v.used:
                self._read(r, route)
        yes_or_no = [*v.served, *v.on.values(), *v.brief.values(), *v.used.values()]
        yes_or_no += [*v.charged.values(), *v.brief_charged.values()]
        yes_or_no += [*v.leg.values(), *v.pause_after.values()]
        # The only way to charge a stop is the variable of the stop itself.
        for literal in {literal.index: literal for literal in yes_or_no}.values():
            v.model.add_hint(literal, literal.index in self._true)
        earliest = [world_visit.window.earliest for world_visit in v.world.scenario.visits]
        for start, soonest in zip(v.start, earliest, strict=True):
            v.model.add_hint(start, self._time.get(start.index, v.world.ticks(soonest)))
        for r, day in ((r, v.world.days[r]) for r in v.used):
            v.model.add_hint(v.departure[r], self._time.get(v.departure[r].index, day.opens))
            v.model.add_hint(v.back[r], self._time.get(v.back[r].index, day.opens))
        for r, begins in v.pause_start.items():
            pause = v.world.days[r].pause
            earliest_pause = 0 if pause is None else pause.earliest
            v.model.add_hint(begins, self._time.get(begins.index, earliest_pause))

    def _read(self, r: int, route: Route) -> None:
        """Note the decisions of one route, its unknown stops left out."""
        v, ticks = self._variables, self._variables.world.ticks
        node, tasks = HOME, []
        for stop in route.stops:
            k = self._task_of.get((stop.visit, stop.carer), HOME)
            if (r, k) not in v.on:
                continue
            tasks.append(k)
            task = v.world.tasks[k]
            self._note(v.served[task.visit_idx], v.on[r, k], v.leg.get((r, node, k)))
            first = next((contract.id for contract in covering(v.world, r, k)), "")
            charge = (r, k, stop.contract or first)
            self._note(v.charged.get(charge))
            if ticks(stop.end - stop.start) < task.full:
                self._note(v.brief.get((r, k)), v.brief_charged.get(charge))
            self._time[v.start[task.visit_idx].index] = ticks(stop.start)
            node = k
        if not tasks:
            return
        self._note(v.used[r], v.leg.get((r, node, HOME)))
        self._time[v.departure[r].index] = ticks(route.departure)
        self._time[v.back[r].index] = ticks(route.back)
        if route.pause is not None and r in v.pause_start:
            after = (HOME, *tasks)[min(route.pause.after_stops, len(tasks))]
            self._note(v.pause_after[r, after])
            self._time[v.pause_start[r].index] = ticks(route.pause.start)

    def _note(self, *literals: cp_model.IntVar | None) -> None:
        self._true.update(literal.index for literal in literals if literal is not None)
