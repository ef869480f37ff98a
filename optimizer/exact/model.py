"""The whole problem as one constraint-programming model, solved and translated back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import InternalError
from optimizer.exact.hints import hint_plan
from optimizer.exact.prices import covering
from optimizer.exact.recount import recount
from optimizer.exact.roster import Placed, Roster, Tour, to_plan
from optimizer.exact.rules import add_rules, possible_options
from optimizer.exact.solving import Limits, Watch, new_solver, proven_bound, run
from optimizer.exact.terms import total_cost
from optimizer.exact.variables import Variables, make_variables
from optimizer.exact.world import HOME, World
from optimizer.progress import Observer, silent
from optimizer.stop import StoppingCriterion
from optimizer.travel.matrix import TravelMatrices

SECONDS_TO_TIDY = 2.0

Value = Callable[[cp_model.IntVar], int]
"""Tells the value of a variable in a solution."""


@dataclass(frozen=True, slots=True)
class ExactResult:
    """What the exact model has found out.

    Attributes
    ----------
    plan
        The best plan found, or None if there was no time to find any.
    cost
        Its cost in ticks of travel, summed from the plan's stops; None without a plan.
    lower_bound
        No plan costs less than this; None where nothing is proven.
    proven
        Whether the plan is proven to be a best one.
    seconds
        Wall time of everything.
    """

    plan: Plan | None
    cost: int | None
    lower_bound: int | None
    proven: bool
    seconds: float


def solve_exact(
    scenario: Scenario,
    matrices: TravelMatrices | None = None,
    *,
    seconds: float,
    seed: int = 1,
    workers: int = 2,
    hint: Plan | None = None,
    observer: Observer = silent,
    stop: StoppingCriterion | None = None,
) -> ExactResult:
    """Solve a scenario with CP-SAT, to proven optimality if the time allows.

    Parameters
    ----------
    scenario
        A scenario without faults.
    matrices
        Its travel matrices; made from it if not given.
    seconds
        Time limit of the search (positive).
    seed
        Random seed (at least 0).
    workers
        Threads of the solver (at least 1).
    hint
        A plan to start from; what this scenario does not know of it is left out.
    observer
        Hears of progress, about twice a second and at every improvement.
    stop
        A further reason to end.

    Raises
    ------
    InternalError
        If the solver refuses the model or calls it infeasible, although leaving every visit
        unserved is always possible.
    """
    began = time.perf_counter()
    limits = Limits(seconds, seed, workers)
    variables, cost = build_model(World.of(scenario, matrices))
    if hint is not None:
        hint_plan(variables, hint)
    solver = new_solver(limits)
    status = run(variables, solver, Watch(variables, observer, began), stop)
    if status in {cp_model.MODEL_INVALID, cp_model.INFEASIBLE}:
        raise InternalError(f"CP-SAT calls the model {solver.status_name(status)}")
    if status == cp_model.UNKNOWN:
        return ExactResult(None, None, None, False, time.perf_counter() - began)
    roster = read_roster(variables, _tidied(variables, cost, solver, limits))
    found = recount(variables.world, roster)
    bound = proven_bound(solver, status)
    return ExactResult(
        plan=to_plan(variables.world, roster),
        cost=found,
        lower_bound=bound,
        proven=bound is not None and found <= bound,
        seconds=time.perf_counter() - began,
    )


def build_model(world: World) -> tuple[Variables, cp_model.LinearExpr]:
    """Return the variables of a world, bound by all rules, and the cost to be minimised."""
    variables = make_variables(cp_model.CpModel(), world, possible_options(world))
    add_rules(variables)
    cost = total_cost(variables)
    variables.model.minimize(cost)
    return variables, cost


def _tidied(
    variables: Variables, cost: cp_model.LinearExpr, solver: cp_model.CpSolver, limits: Limits
) -> Value:
    """Keep what a solution decides, and begin every visit as early as that allows.

    Where a break is taken is decided anew: before a visit that could as well begin earlier, it
    would only make a client wait.
    """
    model = variables.model
    model.clear_hints()  # type: ignore[no-untyped-call]
    for literal in (
        *variables.served,
        *variables.on.values(),
        *variables.brief.values(),
        *variables.leg.values(),
    ):
        model.add_hint(literal, solver.boolean_value(literal))
    model.add(cost <= round(solver.objective_value))
    model.minimize(cp_model.LinearExpr.sum(list(variables.start)))
    second = new_solver(Limits(SECONDS_TO_TIDY, limits.seed, 1))
    second.parameters.fix_variables_to_their_hinted_value = True
    status = second.solve(model)
    return second.value if status in {cp_model.OPTIMAL, cp_model.FEASIBLE} else solver.value


def read_roster(variables: Variables, value: Value) -> Roster:
    """Return the routes of a solution."""
    return tuple(
        _read_tour(variables, r, value) for r, used in variables.used.items() if value(used)
    )


def _read_tour(variables: Variables, r: int, value: Value) -> Tour:
    following = {i: j for _, i, j in variables.journeys(r) if value(variables.leg[r, i, j])}
    tasks: list[int] = []
    node = following[HOME]
    while node != HOME:
        tasks.append(node)
        node = following[node]
    after = [
        number
        for number, node in enumerate((HOME, *tasks))
        if r in variables.pause_start and value(variables.pause_after[r, node])
    ]
    stops = tuple(
        Placed(
            task=k,
            start=value(variables.start_of(k)),
            care=_care(variables, r, k, value),
            contract=_contract(variables, r, k, value),
        )
        for k in tasks
    )
    return Tour(day=r, stops=stops, pause_after=after[0] if after else None)


def _contract(variables: Variables, r: int, k: int, value: Value) -> str | None:
    """Return the contract charged, if it is not the first that covers the stop."""
    others = [contract.id for contract in covering(variables.world, r, k)[1:]]
    for contract in others:
        charged = variables.charged.get((r, k, contract))
        if charged is not None and value(charged):
            return contract
    return None


def _care(variables: Variables, r: int, k: int, value: Value) -> int:
    brief = variables.brief.get((r, k))
    task = variables.world.tasks[k]
    return task.short if brief is not None and value(brief) else task.full
