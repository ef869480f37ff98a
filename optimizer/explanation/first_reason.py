"""The first reason why a visit is left unserved: one code, true of everybody."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.domain.plan import Plan, Unserved
from optimizer.domain.reason import UnservedReason
from optimizer.domain.scenario import Scenario
from optimizer.explanation.codes import RANK, Obstacle, Standing
from optimizer.explanation.insertions import Answer, Insertions
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.timeline import Key, Task
from optimizer.explanation.trial import Trial, tried
from optimizer.travel import TravelMatrices

_CODES = {
    Obstacle.NOT_QUALIFIED: UnservedReason.NOBODY_QUALIFIED,
    Obstacle.EXPIRED: UnservedReason.NOBODY_QUALIFIED,
    Obstacle.CONTRACT: UnservedReason.CONTRACT,
    Obstacle.ORGANISATION: UnservedReason.REFUSED_OR_NOT_ALLOWED,
    Obstacle.VOLUNTEER: UnservedReason.REFUSED_OR_NOT_ALLOWED,
    Obstacle.GENDER: UnservedReason.REFUSED_OR_NOT_ALLOWED,
    Obstacle.REFUSED: UnservedReason.REFUSED_OR_NOT_ALLOWED,
    Obstacle.PINNED_ELSEWHERE: UnservedReason.REFUSED_OR_NOT_ALLOWED,
    Obstacle.NOT_ON_THIS_DAY: UnservedReason.NOT_ON_THIS_DAY,
    Obstacle.UNREACHABLE: UnservedReason.TRAVEL,
    Obstacle.LONGEST_LEG: UnservedReason.TRAVEL,
    Obstacle.WINDOW_AGAINST_SHIFT: UnservedReason.WINDOW_AGAINST_SHIFT,
    Obstacle.TRAVEL: UnservedReason.TRAVEL,
    Obstacle.BREAK: UnservedReason.BREAK,
    Obstacle.DAY_MINUTES: UnservedReason.WORK_LIMIT,
    Obstacle.WEEK_MINUTES: UnservedReason.WORK_LIMIT,
    Obstacle.DAYS_OFF: UnservedReason.WORK_LIMIT,
    Obstacle.CONSECUTIVE_DAYS: UnservedReason.WORK_LIMIT,
    Obstacle.MONTH_OVERTIME: UnservedReason.WORK_LIMIT,
    Obstacle.NIGHTS: UnservedReason.WORK_LIMIT,
    Obstacle.VISITS_PER_DAY: UnservedReason.WORK_LIMIT,
    Obstacle.CONTRACT_CAP: UnservedReason.CONTRACT,
    Obstacle.ENTITLEMENT: UnservedReason.ENTITLEMENT,
    Obstacle.COUPLING: UnservedReason.COUPLING,
    Obstacle.REST: UnservedReason.REST,
    Obstacle.INFECTION: UnservedReason.INFECTION,
    Obstacle.CAREGIVERS_PER_CLIENT: UnservedReason.CAREGIVERS_PER_CLIENT,
    Obstacle.NO_FREE_TIME: UnservedReason.CROWDED_OUT,
    Obstacle.PARTNER: UnservedReason.PARTNER_MISSING,
}


def with_first_reasons(scenario: Scenario, plan: Plan, matrices: TravelMatrices) -> Plan:
    """Return a plan that keeps every rule with the first reason of each visit it leaves out."""
    if not plan.unserved:
        return plan
    insertions = Insertions(PlanState.of(scenario, plan, matrices))
    visits = insertions.state.index.visit
    unserved = tuple(
        Unserved(
            visit=one.visit, reason=first_reason(insertions, tried(insertions, visits[one.visit]))
        )
        for one in plan.unserved
    )
    return plan.model_copy(update={"unserved": unserved})


def first_reason(insertions: Insertions, trial: Trial) -> UnservedReason:
    """Return the first reason that a trial gives.

    What is proven is told by the last test that anybody passes on an empty roster, in the order
    of `Obstacle`. What only this plan leaves no room for is told by a rule if it keeps
    out everybody who could make the visit alone, else as `CROWDED_OUT`, which claims no cause.
    """
    match trial.standing:
        case Standing.FITS:
            return UnservedReason.FITS
        case Standing.PROVEN:
            return _proven(insertions, trial)
        case Standing.CROWDED_OUT:
            return _in_plan(insertions, trial)


def _proven(insertions: Insertions, trial: Trial) -> UnservedReason:
    number = _unfilled(trial.alone)
    if number is None:
        return _CODES[trial.why_there or Obstacle.PARTNER]
    task = trial.tasks[number]
    if task.visit.id != trial.tasks[0].visit.id:
        return UnservedReason.PARTNER_MISSING
    found = [one.obstacle for one in trial.alone[number].values() if one.obstacle is not None]
    found += _of_absent(insertions, task, trial, number)
    if not found:  # nobody is listed at all
        lacks = bool(task.visit.carers[task.carer - 1].qualifications)
        return UnservedReason.NOBODY_QUALIFIED if lacks else UnservedReason.NOT_ON_THIS_DAY
    return _CODES[max(found, key=RANK.__getitem__)]


def _of_absent(insertions: Insertions, task: Task, trial: Trial, number: int) -> list[Obstacle]:
    """Return what matching has against those who have no shift among the lines."""
    index = insertions.state.index
    present = {(key[0], key[1]) for key in trial.alone[number]}
    absent: list[Key] = [
        (person.id, day, 0)
        for person in index.scenario.caregivers
        for day in trial.days
        if (person.id, day) not in present
    ]
    barred = insertions.barred_from(task, absent)
    return [barred[key] or Obstacle.NOT_ON_THIS_DAY for key in absent]


def _in_plan(insertions: Insertions, trial: Trial) -> UnservedReason:
    number = _unfilled(trial.beside)
    if number is None:
        return _CODES[trial.why_here or Obstacle.PARTNER]
    task = trial.tasks[number]
    if task.visit.id != trial.tasks[0].visit.id:
        return UnservedReason.PARTNER_MISSING
    able = [key for key, answer in trial.alone[number].items() if answer.positions]
    refused = {insertions.refusal(task, key) for key in able}
    if len(refused) == 1 and (account := refused.pop()) is not None:
        return _CODES[account]
    codes = {
        _CODES[obstacle]
        for key in able
        if (obstacle := trial.beside[number][key].obstacle) is not None
    }
    return codes.pop() if len(codes) == 1 else UnservedReason.CROWDED_OUT


def _unfilled(answers: tuple[Mapping[Key, Answer], ...]) -> int | None:
    """Return the number of the first task that no line has a position for."""
    for number, one in enumerate(answers):
        if not any(answer.positions for answer in one.values()):
            return number
    return None
