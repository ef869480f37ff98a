"""Why this carer: what every other caregiver of the day would cost, or what bars them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.explanation.insertions import InsertionPosition, Insertions
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.reasons import Against, against_in
from optimizer.explanation.timeline import Key, Task
from optimizer.explanation.writing import with_lines, with_positions
from optimizer.verification import Verdict, verify


@dataclass(frozen=True, slots=True)
class Option:
    """Another caregiver at the best place in the route of that day, the rest frozen.

    Attributes
    ----------
    caregiver, shift
        Who, and in which of the shifts of the day, from 0.
    start
        When the visit begins then, in milliseconds since midnight.
    difference
        Cost of the plan with this caregiver minus that of the plan as it is, in ticks of
        travel; the verifier's figures.
    terms
        The same per cost term; only those that differ.
    plan
        The plan with this caregiver.
    """

    caregiver: str
    shift: int
    start: int
    difference: int
    terms: Mapping[Term, int]
    plan: Plan = field(repr=False)


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What else could be done with one stop.

    Attributes
    ----------
    visit, carer, caregiver, date, start
        The stop as it is; the start in milliseconds since midnight.
    can_leave
        Whether the rest of the route comes out without the stop; where the way past it is
        too long it does not, and there are no options.
    options
        The others who could come, the cheapest first.
    barred
        The others who could not, those who come nearest first.
    """

    visit: str
    carer: int
    caregiver: str
    date: dt.date
    start: int
    can_leave: bool
    options: tuple[Option, ...]
    barred: tuple[Against, ...]


@dataclass(frozen=True, slots=True)
class _Stop:
    """A stop of the plan: its line, its number there, and its task."""

    key: Key
    number: int
    task: Task
    start: int


def alternatives(state: PlanState, visit: str, carer: int) -> Alternatives:
    """Return what every other caregiver would cost at one stop of a plan.

    The stop is taken out of its route and put at its best place on each other route of the
    day, as long as it is now. Stops tied to others keep their start.

    Parameters
    ----------
    state
        The plan, in which the visit has this carer.
    visit, carer
        Id of the visit, and which of its carers, from 1.

    Raises
    ------
    KeyError
        If the plan has no such stop.
    """
    stop = _found(state, visit, carer)
    options, barred = [], []
    without = _without(state, stop)
    if without is not None:
        before = verify(state.scenario, state.plan, state.matrices)
        insertions = Insertions(PlanState.of(state.scenario, without, state.matrices))
        for caregiver in state.scenario.caregivers:
            if caregiver.id == stop.key[0]:
                continue
            option, against = _other(insertions, stop, caregiver, before)
            options += [] if option is None else [option]
            barred += [] if against is None else [against]
    return Alternatives(
        visit=visit,
        carer=carer,
        caregiver=stop.key[0],
        date=stop.key[1],
        start=stop.start,
        can_leave=without is not None,
        options=tuple(sorted(options, key=lambda one: (one.difference, one.caregiver))),
        barred=tuple(sorted(barred, key=lambda one: one.nearness)),
    )


def _found(state: PlanState, visit: str, carer: int) -> _Stop:
    for route in state.plan.routes:
        key = route.caregiver, route.date, route.shift
        tasks = state.lines[key].tasks if key in state.lines else ()
        starts = {(stop.visit, stop.carer): stop.start for stop in route.stops}
        for number, task in enumerate(tasks):
            if (task.visit.id, task.carer) == (visit, carer):
                # Its own window again: what binds it follows from the plan without it.
                free = state.task(task.visit, carer)
                return _Stop(key, number, replace(free, care=task.care), starts[visit, carer])
    raise KeyError(f"{visit} has no carer {carer} in the plan")


def _without(state: PlanState, stop: _Stop) -> Plan | None:
    tasks = state.lines[stop.key].tasks
    rest = (*tasks[: stop.number], *tasks[stop.number + 1 :])
    return with_lines(state, {stop.key: rest})


def _other(
    insertions: Insertions, stop: _Stop, caregiver: Caregiver, before: Verdict
) -> tuple[Option | None, Against | None]:
    """Return one caregiver as an option, or what bars them."""
    state = insertions.state
    keys = [key for key in state.shifts_of(caregiver) if key[1] == stop.key[1]]
    answers = {key: insertions.beside(stop.task, key) for key in keys}
    positions = [position for answer in answers.values() for position in answer.positions]
    if positions:
        return _option(state, positions, before), None
    return None, against_in(state, insertions, stop.task, caregiver, stop.key[1], answers)


def _option(state: PlanState, positions: list[InsertionPosition], before: Verdict) -> Option | None:
    """Return the cheapest position as an option; the verifier has to find it clean."""
    written = [
        (plan, position)
        for position in positions
        if (plan := with_positions(state, (position,))) is not None
    ]
    if len(written) > 1:
        written.sort(key=lambda one: _cost_of_routes(state, *one))
    plan, position = written[0]
    after = verify(state.scenario, plan, state.matrices)
    if len(after.violations) > len(before.violations):
        return None
    terms = {term: after.cost_breakdown[term] - before.cost_breakdown[term] for term in Term}
    visit = position.task.visit.id, position.task.carer
    return Option(
        caregiver=position.key[0],
        shift=position.key[2],
        start=next(
            stop.start
            for route in plan.routes
            for stop in route.stops
            if (stop.visit, stop.carer) == visit
        ),
        difference=after.cost - before.cost,
        terms={term: amount for term, amount in terms.items() if amount},
        plan=plan,
    )


def _cost_of_routes(state: PlanState, plan: Plan, position: InsertionPosition) -> int:
    """Return what a plan would cost if the caregiver of a position were the only one in it."""
    own = tuple(route for route in plan.routes if route.caregiver == position.key[0])
    alone = plan.model_copy(update={"routes": own, "unserved": ()})
    return verify(state.scenario, alone, state.matrices).cost
