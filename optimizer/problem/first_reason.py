"""The first reason why a visit could not be served, before anything is explained in depth."""

from __future__ import annotations

from collections.abc import Callable

from optimizer.domain.reason import UnservedReason
from optimizer.matching.reasons import Reason, reasons_against
from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData

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
    for k, task in enumerate(data.tasks):
        tasks_of.setdefault(task.visit, []).append(k)

    def reason(visit: int) -> str:
        found = [_task_reason(data, k) for k in tasks_of[visit]]
        for code in UnservedReason:
            if code in found and code is not UnservedReason.CROWDED_OUT:
                return code.value
        if len(found) == 2 and not _two_can(data, tasks_of[visit]):
            return UnservedReason.PARTNER_MISSING.value
        if _beyond_entitlement(data, tasks_of[visit]):
            return UnservedReason.ENTITLEMENT.value
        return UnservedReason.CROWDED_OUT.value

    return reason


def _task_reason(data: ProblemData, k: int) -> UnservedReason:
    rows = data.arrays
    row = rows.task[k, at.ROW]
    routes = rows.row_route[rows.row_ptr[row] : rows.row_ptr[row + 1]]
    if len(routes) == 0:
        return _nobody(data, k)
    near = [v for v in routes if _reaches(data, k, int(v))]
    if not near:
        return UnservedReason.TRAVEL
    if not any(_fits_alone(data, k, int(v)) for v in near):
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


def _legs(data: ProblemData, k: int, v: int) -> tuple[int, int]:
    row = data.arrays.route[v]
    travel = data.arrays.travel[row[at.MODE]]
    place = data.arrays.task[k, at.PLACE]
    return int(travel[row[at.HOME], place]), int(travel[place, row[at.END]])


def _reaches(data: ProblemData, k: int, v: int) -> bool:
    return max(_legs(data, k, v)) <= int(data.arrays.route[v, at.LONGEST])


def _fits_alone(data: ProblemData, k: int, v: int) -> bool:
    """Return whether the task fits as the only one of a route, the break left aside."""
    task, row = data.arrays.task[k], data.arrays.route[v]
    out, home = _legs(data, k, v)
    start = max(int(task[at.EARLIEST]), int(row[at.OPEN]) + out)
    return bool(start <= task[at.LATEST] and start + task[at.SHORT] + home <= row[at.CLOSE_HARD])


def _two_can(data: ProblemData, tasks: list[int]) -> bool:
    """Return whether two different caregivers are near enough on one day."""
    rows = data.arrays
    people: list[set[tuple[int, int]]] = []
    for k in tasks:
        row = rows.task[k, at.ROW]
        routes = rows.row_route[rows.row_ptr[row] : rows.row_ptr[row + 1]]
        people.append(
            {
                (int(rows.route[v, at.DATE]), int(rows.route[v, at.CAREGIVER]))
                for v in routes
                if _reaches(data, k, int(v)) and _fits_alone(data, k, int(v))
            }
        )
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
