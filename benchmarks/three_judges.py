"""One plan before three judges who share no arithmetic: engine, verifier and exact model."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from ortools.sat.python import cp_model

from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.domain.reason import UnservedReason
from optimizer.domain.scenario import Scenario
from optimizer.exact.model import build_model, read_roster
from optimizer.exact.prices import weight_of
from optimizer.exact.recount import COUNTS
from optimizer.exact.variables import Variables
from optimizer.exact.world import HOME, World
from optimizer.problem import layout as at
from optimizer.problem.compile import compile_problem
from optimizer.problem.routes import Routes
from optimizer.problem.translate import to_plan
from optimizer.search.parameters import SearchParameters
from optimizer.search.worker import Worker
from optimizer.travel import travel_matrices
from optimizer.verification import Verdict, verify

SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judges say of one plan.

    Attributes
    ----------
    is_right
        Whether the verifier finds no rule broken.
    broken
        The rules that it finds broken, each once.
    difference
        In what the judges differ; empty where they agree.
    """

    is_right: bool
    broken: frozenset[str]
    difference: str


class ThreeJudges:
    """Judges plans of one scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._matrices = travel_matrices(scenario)
        self.data = compile_problem(scenario, self._matrices)
        self._world = World.of(scenario, self._matrices)
        self._variables, self._cost = build_model(self._world)
        self._worker = Worker(self.data, SearchParameters(), 1, 0)

    def judge(self, routes: Routes) -> Judgement:
        """Return whether a plan is right, and in what the judges differ."""
        plan = self._plan(routes)
        verdict = verify(self._scenario, plan, self._matrices)
        broken = frozenset(one.rule.value for one in verdict.violations)
        difference = self._by_model(plan, verdict) or self._by_engine(routes, verdict)
        return Judgement(verdict.feasible, broken, difference)

    def _plan(self, routes: Routes) -> Plan:
        """Return routes as a plan in which every stop names its contract, if any is counted."""
        plan = to_plan(self.data, routes, lambda _: UnservedReason.NOBODY_FOUND)
        charged = iter(routes.charged().tolist())
        names = [contract.id for contract in self._scenario.contracts]

        def named(tour: int) -> object:
            return tuple(
                stop.model_copy(update={"contract": None if n < 0 else names[n]})
                for stop in plan.routes[tour].stops
                for n in [next(charged)]
            )

        tours = tuple(
            one.model_copy(update={"stops": named(number)})
            for number, one in enumerate(plan.routes)
        )
        return plan.model_copy(update={"routes": tours})

    def _by_model(self, plan: Plan, verdict: Verdict) -> str:
        """Fix the exact model to a plan; say in what it differs from the verifier."""
        fixed = _decisions(self._variables, plan)
        if fixed is None:
            return "" if verdict.violations else "the model knows no such plan"
        model = self._variables.model.clone()
        for index, value in fixed.items():
            variable = model.get_int_var_from_proto_index(index)
            model.add(variable == value)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_time_in_seconds = SECONDS
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return "" if verdict.violations else "the model calls it infeasible"
        if status != cp_model.OPTIMAL:
            return "the model needs more time"
        if verdict.violations:
            return f"the model allows {verdict.violations[0].rule.value}"
        if round(solver.objective_value) != verdict.cost:
            return f"the model counts {round(solver.objective_value)}, not {verdict.cost}"
        roster = read_roster(self._variables, solver.value)
        for term in Term:
            counted = weight_of(self._world, term) * COUNTS[term](self._world, roster)
            if counted != verdict.cost_breakdown[term]:
                return f"{term.value}: {counted}, not {verdict.cost_breakdown[term]}"
        return ""

    def _by_engine(self, routes: Routes, verdict: Verdict) -> str:
        """Let the engine take a plan as it is; say in what it differs from the verifier."""
        taken = self._worker.taken_as_is(routes)
        if taken is None or not self._is_same(routes, taken):
            return "" if verdict.violations else "the engine refuses it"
        if verdict.violations:
            return f"the engine allows {verdict.violations[0].rule.value}"
        # Idle time is counted as the least that starts put off at no cost leave.
        packed, cost = self._worker.packed(routes)
        counted = verify(self._scenario, self._plan(packed), self._matrices)
        if counted.violations:
            return f"the engine breaks {counted.violations[0].rule.value}"
        return "" if counted.cost == cost else f"the engine counts {cost}, not {counted.cost}"

    def _is_same(self, routes: Routes, taken: Routes) -> bool:
        """Return whether the engine has kept starts and contracts."""
        same = np.array_equal(routes.starts, taken.starts)
        if self.data.arrays.weight[at.HAS_CONTRACTS]:
            same = same and np.array_equal(routes.charged(), taken.charged())
        return same and taken.has_order_of(replace(routes, starts=taken.starts))


def _decisions(v: Variables, plan: Plan) -> dict[int, int] | None:
    """Return the value that a plan gives each decision, by the index of its variable.

    None where it has a stop, a journey, a break or a charge that no plan of the model has. When a
    break begins and when routes begin and end is left to the model.
    """
    world = v.world
    days = {(day.caregiver.id, day.date, day.shift_number): day.number for day in world.days}
    tasks = {(task.visit.id, task.carer): task.number for task in world.tasks}
    chosen: list[cp_model.IntVar | None] = []
    starts: dict[int, int] = {}
    for route in plan.routes:
        r, nodes = days[route.caregiver, route.date, route.shift], [HOME]
        for stop in route.stops:
            k = tasks[stop.visit, stop.carer]
            nodes.append(k)
            chosen += [v.on.get((r, k)), v.leg.get((r, nodes[-2], k))]
            visit, start = world.tasks[k].visit_idx, world.ticks(stop.start)
            if starts.setdefault(v.start[visit].index, start) != start:
                return None
            is_brief = world.ticks(stop.end - stop.start) < world.tasks[k].full
            chosen += [v.brief.get((r, k))] if is_brief else []
            if v.charged:
                chosen.append(v.charged.get((r, k, stop.contract or "")))
        chosen.append(v.leg.get((r, nodes[-1], HOME)))
        if world.days[r].pause is not None and route.pause is None:
            return None
        if route.pause is not None:
            chosen.append(v.pause_after.get((r, nodes[route.pause.after_stops])))
    if any(literal is None for literal in chosen):
        return None
    true = {literal.index for literal in chosen if literal is not None}
    literals = [*v.on.values(), *v.leg.values(), *v.brief.values()]
    literals += [*v.pause_after.values(), *v.charged.values()]
    return {literal.index: int(literal.index in true) for literal in literals} | starts
