"""What people who are only imagined could save at most, by the dual values of the lower bound."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence

from optimizer.domain.caregiver import Caregiver
from optimizer.explanation.plan_state import PlanState
from optimizer.needs.privacy import for_engine
from optimizer.problem.compile import compile_problem
from optimizer.problem.translate import from_plan
from optimizer.progress import Observer, silent
from optimizer.stop import StoppingCriterion
from optimizer.strategy import PAIRS_PER_SECOND
from optimizer.verification import verify
from optimizer.warm_up import make_ready


def dual_values(
    state: PlanState,
    people: Sequence[Caregiver],
    *,
    seconds: float,
    stop: StoppingCriterion | None = None,
    observer: Observer = silent,
) -> tuple[int, ...] | None:
    """Return what each of some imagined caregivers could save at most, in ticks of travel.

    The best roster with one of them costs at least the bound without them less this, so the
    figure overstates: it is for ranking, and of one hire alone.

    Parameters
    ----------
    state
        The scenario and the plan.
    people
        Who might be hired; means of travel and places of the scenario, any ids.
    seconds
        Time for the bound (positive).
    stop
        A reason to end early.
    observer
        Hears of the progress of the bound.

    Returns
    -------
    tuple of int or None
        None where the day is too large for a bound in that time, or it came to nothing.
    """
    # The linear-programming library takes its time to load; other questions do without it.
    from optimizer.bound import lower_bound, most_saved

    scenario = for_engine(state.scenario)
    data = compile_problem(scenario, state.matrices)
    if not people or data.num_tasks * data.num_routes > PAIRS_PER_SECOND * seconds:
        return None
    # Compiling happens once on a machine, and is in nobody's time.
    make_ready(proof=True)
    began = time.perf_counter()
    bound = lower_bound(
        data,
        seconds,
        routes=from_plan(data, state.plan),
        known_cost=verify(state.scenario, state.plan, state.matrices).cost,
        observer=observer,
        stop=stop,
        began=began,
    )
    if bound.value <= 0:
        return None
    count = len(scenario.caregivers)
    taken = {one.id for one in scenario.caregivers}
    free = (name for n in range(1, count + len(people) + 1) if (name := f"NEW-{n}") not in taken)
    hired = [one.model_copy(update={"id": name}) for one, name in zip(people, free, strict=False)]
    fuller = scenario.model_copy(update={"caregivers": (*scenario.caregivers, *hired)})
    more = compile_problem(fuller, state.matrices)
    routes = [route for route, day in enumerate(more.days) if day.caregiver >= count]
    saved: dict[int, int] = defaultdict(int)
    for route, most in zip(routes, most_saved(more, bound.multipliers, routes), strict=True):
        saved[more.days[route].caregiver - count] += most
    return tuple(saved[number] for number in range(len(people)))
