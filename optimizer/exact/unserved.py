"""The first reason why a visit is left out, as far as single caregivers and days tell it."""

from __future__ import annotations

from optimizer.domain.reason import UnservedReason
from optimizer.exact.world import World
from optimizer.matching.reasons import Reason, reasons_against

_STAGES = (
    (UnservedReason.NOBODY_QUALIFIED, {Reason.NOT_QUALIFIED, Reason.EXPIRED}),
    (UnservedReason.NOT_ON_THIS_DAY, {Reason.NOT_ON_THIS_DAY}),
    (
        UnservedReason.REFUSED_OR_NOT_ALLOWED,
        {Reason.REFUSED, Reason.GENDER, Reason.ORGANISATION, Reason.PINNED_ELSEWHERE},
    ),
    (UnservedReason.CONTRACT, {Reason.CONTRACT}),
)


def first_reason(world: World, v: int) -> str:
    """Return the code of the first reason for the visit at a position.

    Whatever needs more than one look at each caregiver and day (time, travel, partners,
    accounts) is told as ``crowded_out``.
    """
    stages = {_stage(world, k) for k in world.tasks_of[v]} - {len(_STAGES)}
    return (_STAGES[min(stages)][0] if stages else UnservedReason.CROWDED_OUT).value


def _stage(world: World, k: int) -> int:
    """Return the number of the test that the last candidates for a task fail, or their count."""
    task = world.tasks[k]
    left = [
        set(reasons_against(world.index, task.visit, task.carer, caregiver, date))
        for caregiver in world.scenario.caregivers
        for date in world.index.dates
    ]
    for number, (_, failures) in enumerate(_STAGES):
        left = [reasons for reasons in left if not reasons & failures]
        if not left:
            return number
    return len(_STAGES)
