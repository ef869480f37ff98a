"""What one caregiver more is worth, by town and qualification."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from optimizer.domain.caregiver import Caregiver, Qualification
from optimizer.domain.client import Client
from optimizer.domain.place import Place
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Requirement, Visit
from optimizer.explanation.change import Change
from optimizer.explanation.comparison import terms_between
from optimizer.explanation.insertions import Insertions
from optimizer.explanation.newcomer import new_id
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.reasons import unserved_visits
from optimizer.explanation.timeline import Task, Timeline, legs
from optimizer.problem.unserved_price import price_unserved
from optimizer.progress import Observer, silent
from optimizer.result import Result
from optimizer.shortfall.dual_values import dual_values
from optimizer.shortfall.price import better
from optimizer.solving import solve
from optimizer.stop import StoppingCriterion, Termination
from optimizer.verification import verify

SHORT_LIST = 5
"Hires that are tried by solving; the others are only ranked."
SHARE_OF_BOUND = 0.25
"Time limit of the bound whose duals rank the hires, as a share of the time given."


@dataclass(frozen=True, slots=True)
class Hire:
    """One caregiver more, and what they are worth.

    Attributes
    ----------
    town
        Where they live: the home of a client in the middle of the town; None without towns.
    qualification
        The qualification that is looked for, at the highest level that a visit of the town asks
        for; None for visits that ask for nothing.
    like
        Id of the caregiver with the same working day, means of travel and qualifications.
    at_most
        What they could save at most by the dual values of the lower bound, in ticks of travel:
        by this hires are short-listed. It usually says too much, and is that of one hire alone.
        None where the day is too large, or the time too short, for a bound.
    visits, worth
        Unserved visits that fit into their empty day with the rest as it is, and the price of
        leaving those out, in ticks of travel: by this hires are short-listed without a bound.
    difference, terms, more
        Of a hire that was tried: cost with them minus cost without, both planned anew in the
        same time, in ticks of travel, in all and per cost term that differs, never positive;
        and by how many visits more are made. None of a hire that was not tried.
    scenario
        With the hire.
    plan
        A plan with the hire; None if it was not tried.
    """

    town: str | None
    qualification: Requirement | None
    like: str
    visits: tuple[str, ...]
    worth: int
    scenario: Scenario = field(repr=False)
    at_most: int | None = None
    difference: int | None = None
    terms: Mapping[Term, int] | None = None
    more: int | None = None
    plan: Plan | None = field(default=None, repr=False)


def hires(
    state: PlanState,
    *,
    seconds: float,
    seed: int = 1,
    stop: StoppingCriterion | None = None,
    observer: Observer = silent,
) -> tuple[Hire, ...]:
    """Return hires by town and qualification, those tried first, the most valuable first.

    Each value is that of one hire alone; values of several do not add up, as they would serve
    the same visits. Of a value found by searching neither more nor less is proven.

    Parameters
    ----------
    state
        The scenario and the plan.
    seconds
        Time of the bound and all searches together (positive); one search without a hire comes
        first, and the short-listed hires get as much each.
    seed
        Random seed of every search.
    stop
        A reason to end early; hires that were tried until then are kept.
    observer
        Hears of the progress of every search.
    """
    began = time.perf_counter()
    wanted = tuple(_candidates(state))
    saved = dual_values(
        state,
        [one.new for one in wanted],
        seconds=seconds * SHARE_OF_BOUND,
        stop=stop,
        observer=observer,
    )
    most = [None] * len(wanted) if saved is None else saved
    found = [_estimated(state, one, at) for one, at in zip(wanted, most, strict=True)]
    found.sort(key=_estimate)
    short = found[:SHORT_LIST]
    left = max(seconds - (time.perf_counter() - began), seconds / 2)
    each = left / (len(short) + 1)

    def solved(scenario: Scenario) -> Result:
        return solve(
            scenario,
            seconds=each,
            seed=seed,
            engine="search",
            proof=0.0,
            start=state.plan,
            observer=observer,
            stop=stop,
        )

    now = solved(state.scenario) if short else None
    tried: list[Hire] = []
    for hire in short:
        if now is None or now.termination is Termination.INTERRUPTED:
            break
        then = solved(hire.scenario)
        if then.termination is Termination.INTERRUPTED:
            break
        tried.append(_valued(state, hire, now.plan, then.plan))
    tried.sort(key=lambda one: (one.difference or 0, *_estimate(one)))
    return (*tried, *found[len(tried) :])


def _estimate(hire: Hire) -> tuple[int, int, int, str, str, int]:
    asked = hire.qualification
    code, level = ("", 0) if asked is None else (asked.code, asked.level)
    return -(hire.at_most or 0), -hire.worth, -len(hire.visits), hire.town or "", code, level


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Somebody who might be hired."""

    town: str | None
    qualification: Requirement | None
    like: Caregiver
    new: Caregiver


def _candidates(state: PlanState) -> Iterator[_Candidate]:
    """Yield somebody for each town and each qualification that is asked for there."""
    scenario, index = state.scenario, state.index
    towns: dict[str | None, list[Client]] = defaultdict(list)
    for client in scenario.clients:
        towns[client.town].append(client)
    asked: dict[str | None, dict[str | None, int]] = defaultdict(dict)
    for visit in scenario.visits:
        levels = asked[index.client[visit.client].town]
        for need in visit.carers:
            if not need.qualifications:
                levels[None] = 0
            for one in need.qualifications:
                levels[one.code] = max(one.level, levels.get(one.code, 0))
    working = [one for one in scenario.caregivers if one.shifts]
    for town, clients in towns.items():
        home = _middle(state, clients)
        for code, level in asked[town].items() if working else ():
            wanted = None if code is None else Requirement(code=code, level=level)
            like = min(working, key=partial(_distance, state, wanted, home))
            held = like.qualifications
            if wanted is not None and not _holds(like, wanted):
                held = (*held, Qualification(code=wanted.code, level=wanted.level))
            update = {"id": new_id(index), "home": home, "end_place": None, "qualifications": held}
            yield _Candidate(town, wanted, like, like.model_copy(update=update))


def _middle(state: PlanState, clients: Sequence[Client]) -> Place:
    """Return the home from which the ways to all others are shortest in all."""
    rows = [state.matrices.index(client.home) for client in clients]
    total = state.matrices.table[0][np.ix_(rows, rows)].sum(axis=1)
    return clients[int(total.argmin())].home


def _distance(
    state: PlanState, wanted: Requirement | None, home: Place, person: Caregiver
) -> tuple[bool, int, int, int, str]:
    """Return how little somebody resembles whom one looks for: not more skilled, and near."""
    levels = [one.level for one in person.qualifications]
    matrices = state.matrices
    way = matrices.between(person.mode, matrices.index(person.home), matrices.index(home))
    return not _holds(person, wanted), len(levels), sum(levels), way, person.id


def _holds(person: Caregiver, wanted: Requirement | None) -> bool:
    return wanted is None or any(
        one.code == wanted.code and one.level >= wanted.level for one in person.qualifications
    )


def _estimated(state: PlanState, candidate: _Candidate, at_most: int | None) -> Hire:
    """Return a hire with the unserved visits that fit into their day, the dearest first."""
    changed = state.varied(Change(hired=(candidate.new,)))
    insertions = Insertions(changed)
    left = [visit for visit in unserved_visits(state) if len(state.unit(visit)) == 1]
    left.sort(key=lambda visit: (-price_unserved(state.index, visit), visit.id))
    taken: list[Visit] = []
    for key in changed.shifts_of(candidate.new):
        line = changed.lines[key]
        for visit in left:
            task = changed.task(visit, 1)
            if visit not in taken and insertions.barred(task, key) is None:
                longer = _with(insertions, line, task)
                if longer is not None:
                    line = longer
                    taken.append(visit)
    return Hire(
        town=candidate.town,
        qualification=candidate.qualification,
        like=candidate.like.id,
        visits=tuple(visit.id for visit in taken),
        worth=sum(price_unserved(state.index, visit) for visit in taken),
        scenario=changed.scenario,
        at_most=at_most,
    )


def _with(insertions: Insertions, line: Timeline, task: Task) -> Timeline | None:
    """Return a line with a task where it makes the way least longer; None if it does not fit."""
    positions = [
        position
        for at in line.numbers(task)
        for position in insertions.positions(task, line, at, at)
    ]
    fuller = [
        replace(line, tasks=line.with_task(position.first, position.last, task))
        for position in positions
        if line.in_order(position.first, position.last, task)
    ]
    cap = line.caregiver.visits_per_day
    if cap is not None and len(line.tasks) >= cap:
        return None
    limit = line.caregiver.day_minutes_limit
    ticks = None if limit is None else insertions.state.ticks(limit)
    fitting = [one for one in fuller if ticks is None or one.work <= ticks]
    return min(fitting, key=lambda one: sum(legs(one, one.tasks)), default=None)


def _valued(state: PlanState, hire: Hire, now: Plan, then: Plan) -> Hire:
    """Return a hire with the difference between two plans found in the same time."""
    before = verify(state.scenario, now, state.matrices)
    plan, after = better(hire.scenario, (now, then), state)
    return replace(
        hire,
        difference=after.cost - before.cost,
        terms=terms_between(before, after),
        more=len(before.unserved) - len(after.unserved),
        plan=plan,
    )
