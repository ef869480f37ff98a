"""The first reason why a visit could not be served, before anything is explained in depth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import bool_
from numpy.typing import NDArray

from optimizer.domain.reason import UnservedReason
from optimizer.matching.conditions import Conditions, conditions
from optimizer.matching.reasons import Reason, reasons_against
from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData

Ints = NDArray[np.signedinteger[Any]]

_OF_MATCHING = {
    Reason.NOT_QUALIFIED: UnservedReason.NOBODY_QUALIFIED,
    Reason.EXPIRED: UnservedReason.NOBODY_QUALIFIED,
    Reason.NOT_ON_THIS_DAY: UnservedReason.NOT_ON_THIS_DAY,
    Reason.CONTRACT: UnservedReason.CONTRACT,
}
_MILDEST_LAST = (
    UnservedReason.NOBODY_QUALIFIED,
    UnservedReason.CONTRACT,
    UnservedReason.NOT_ON_THIS_DAY,
    UnservedReason.REFUSED_OR_NOT_ALLOWED,
)
"The reason of whoever comes closest to being allowed is the one worth telling."


def first_reason(data: ProblemData) -> Callable[[int], str]:
    """Return a function from a visit's index to the code of its first reason.

    A visit that some caregiver could serve alone on an empty day is ``crowded_out``;
    everything else is a reason that no other roster could mend.
    """
    tasks_of: dict[int, list[int]] = {}
    nobody: dict[Conditions, UnservedReason] = {}
    for k, task in enumerate(data.tasks):
        tasks_of.setdefault(task.visit, []).append(k)

    def reason(visit: int) -> str:
        found = [_task_reason(data, k, nobody) for k in tasks_of[visit]]
        for code in UnservedReason:
            if code in found and code is not UnservedReason.CROWDED_OUT:
                return code.value
        if len(found) == 2 and not _two_can(data, tasks_of[visit]):
            return UnservedReason.PARTNER_MISSING.value
        if _beyond_entitlement(data, tasks_of[visit]):
            return UnservedReason.ENTITLEMENT.value
        return UnservedReason.CROWDED_OUT.value

    return reason


def _task_reason(
    data: ProblemData, k: int, nobody: dict[Conditions, UnservedReason]
) -> UnservedReason:
    """Return the reason at one carer; `nobody` keeps what asking all caregivers has brought."""
    rows = data.arrays
    row = rows.task[k, at.ROW]
    routes = rows.row_route[rows.row_ptr[row] : rows.row_ptr[row + 1]]
    if len(routes) == 0:
        task = data.tasks[k]
        kind = conditions(data.index, data.scenario.visits[task.visit], task.carer)
        if kind not in nobody:
            nobody[kind] = _nobody(data, k)
        return nobody[kind]
    near = routes[_reached(data, k, routes)]
    if len(near) == 0:
        return UnservedReason.TRAVEL
    if not _fits_alone(data, k, near).any():
        return UnservedReason.WINDOW_AGAINST_SHIFT
    return UnservedReason.CROWDED_OUT


def _nobody(data: ProblemData, k: int) -> UnservedReason:
    task = data.tasks[k]
    visit = data.scenario.visits[task.visit]
    found = {
        _OF_MATCHING.get(why[0], UnservedReason.REFUSED_OR_NOT_ALLOWED)
        for caregiver in data.scenario.caregivers
        for date in data.index.allowed_dates(visit) or data.scenario.horizon.dates()
        if (why := reasons_against(data.index, visit, task.carer, caregiver, date))
    }
    for code in reversed(_MILDEST_LAST):
        if code in found:
            return code
    return UnservedReason.NOBODY_QUALIFIED


def _legs(data: ProblemData, k: int, routes: Ints) -> tuple[Ints, Ints]:
    """Return the ways from home to the task and on to the end place, per route."""
    arrays = data.arrays
    row = arrays.route[routes]
    place = arrays.task[k, at.PLACE]
    mode = row[:, at.MODE]
    return arrays.travel[mode, row[:, at.HOME], place], arrays.travel[mode, place, row[:, at.END]]


def _reached(data: ProblemData, k: int, routes: Ints) -> NDArray[bool_]:
    """Tell from which routes' homes the task is near enough."""
    longest: NDArray[bool_] = (
        np.maximum(*_legs(data, k, routes)) <= (data.arrays.route[routes, at.LONGEST])
    )
    return longest


def _fits_alone(data: ProblemData, k: int, routes: Ints) -> NDArray[bool_]:
    """Tell where the task fits as the only one of a route, the break left aside."""
    task, row = data.arrays.task[k], data.arrays.route[routes]
    out, home = _legs(data, k, routes)
    start = np.maximum(task[at.EARLIEST], row[:, at.OPEN] + out)
    back = start + task[at.SHORT] + home
    fits: NDArray[bool_] = (start <= task[at.LATEST]) & (back <= row[:, at.CLOSE_HARD])
    return fits


def _two_can(data: ProblemData, tasks: list[int]) -> bool:
    """Return whether two different caregivers are near enough on one day."""
    rows = data.arrays
    people: list[set[tuple[int, int]]] = []
    for k in tasks:
        row = rows.task[k, at.ROW]
        routes = rows.row_route[rows.row_ptr[row] : rows.row_ptr[row + 1]]
        near = routes[_reached(data, k, routes) & _fits_alone(data, k, routes)]
        people.append(set(map(tuple, rows.route[near][:, [at.DATE, at.CAREGIVER]].tolist())))
    return any(
        day == other_day and one != other
        for day, one in people[0]
        for other_day, other in people[1]
    )


def _beyond_entitlement(data: ProblemData, tasks: list[int]) -> bool:
    payer = int(data.arrays.task[tasks[0], at.PAYER])
    if payer < 0:
        return False
    if data.arrays.task[tasks[0], at.COUNTS] > 0:
        return int(data.arrays.payer_cap[payer]) < 1
    care = sum(int(data.arrays.task[k, at.SHORT]) for k in tasks)
    return care > int(data.arrays.payer_cap[payer])
