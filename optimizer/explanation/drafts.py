"""Single changes after which one more stop should fit into a line of the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from optimizer.domain.visit import CarerNeed, Requirement, Visit
from optimizer.explanation.change import Change, longer, shorter, skilled, wider
from optimizer.explanation.codes import FixKind, Obstacle
from optimizer.explanation.insertions import InsertionPosition, Insertions
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.timeline import Key, Task, Timeline, timed
from optimizer.matching import Reason, reasons_against
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE, to_ms

LEAST_SHARE = 2
"No visit is made shorter than its full duration divided by this."

_OF_SKILL = {Reason.NOT_QUALIFIED, Reason.EXPIRED}


@dataclass(frozen=True, slots=True)
class Draft:
    """A change worth trying.

    Attributes
    ----------
    kind
        What is changed.
    size
        Orders drafts of one kind, the smallest first.
    keys
        Lines on which the visit should fit then; the first is that of whom the change brings in.
    change
        Makes the change; most drafts are never tried.
    minutes
        By how many minutes, for kinds in minutes.
    qualifications
        What the caregiver has to hold in addition.
    """

    kind: FixKind
    size: tuple[int, int, str]
    keys: tuple[Key, ...]
    change: Callable[[], Change]
    minutes: int | None = None
    qualifications: tuple[Requirement, ...] = ()


def drafts(insertions: Insertions, visit: Visit) -> Iterator[Draft]:
    """Yield changes after which a visit of one carer should fit into some line."""
    task = insertions.state.task(visit, 1)
    for key, line in insertions.state.lines.items():
        if (reason := insertions.barred(task, key)) is not None:
            if reason in {Obstacle.NOT_QUALIFIED, Obstacle.EXPIRED}:
                yield from _skilled(insertions, task, line)
            continue
        yield from _shifted(insertions, task, line)
        if visit.pin is None or visit.pin.start is None:
            yield from _widened(insertions, task, line)
        yield from _shortened(insertions, task, line)


def _widened(insertions: Insertions, task: Task, line: Timeline) -> Iterator[Draft]:
    """Yield wider windows with which a task fits."""
    state = insertions.state
    for position in positions_in(insertions, whole_day(state, task), line):
        later, earlier = position.span[0] - task.latest, task.earliest - position.span[1]
        if later > 0:
            minutes = in_minutes(state, later)
            change = partial(wider, (task.visit,), 0, minutes)
            yield _draft(FixKind.BEGIN_LATER, minutes, line, change)
        elif earlier > 0:
            minutes = in_minutes(state, earlier)
            change = partial(wider, (task.visit,), minutes, 0)
            yield _draft(FixKind.BEGIN_EARLIER, minutes, line, change)


def _shifted(insertions: Insertions, task: Task, line: Timeline) -> Iterator[Draft]:
    """Yield longer shifts with which a task fits."""
    state = insertions.state
    late, early = state.stretched(line.key)
    if late is not None:
        for position in positions_in(insertions, task, late):
            timing = timed(late, late.with_task(position.first, position.last, position.task))
            if timing is not None and timing.back > line.closes:
                minutes = in_minutes(state, timing.back - line.closes)
                change = longer_shift(state, line, 0, minutes)
                yield _draft(FixKind.SHIFT_LATER, minutes, line, change)
    if early is not None:
        for position in positions_in(insertions, task, early):
            leaves = latest_departure(early, position)
            if leaves < line.opens:
                minutes = in_minutes(state, line.opens - leaves)
                change = longer_shift(state, line, minutes, 0)
                yield _draft(FixKind.SHIFT_EARLIER, minutes, line, change)


def _shortened(insertions: Insertions, task: Task, line: Timeline) -> Iterator[Draft]:
    """Yield shorter durations with which a task fits."""
    state = insertions.state
    bounded = state.bounded(task, line.caregiver, line.date)
    if bounded is None:
        return
    need = task.visit.carers[0]
    least, shortest = bounds_of_care(need)
    tpm = state.scenario.ticks_per_minute
    shortest_task = replace(bounded, care=state.ticks(least))
    for at in line.numbers(shortest_task):
        for soonest, ends in line.gaps(at, at, bounded):
            if soonest > bounded.latest:
                continue
            care = to_ms(ends - soonest, tpm) // MS_PER_MINUTE * MS_PER_MINUTE
            if least <= care < shortest and care > 0:
                minutes = -(-(shortest - care) // MS_PER_MINUTE)
                change = partial(shorter, (task.visit,), ((care,),))
                yield _draft(FixKind.SHORTER, minutes, line, change)


def _skilled(insertions: Insertions, task: Task, line: Timeline) -> Iterator[Draft]:
    """Yield one qualification more, or a higher level, for a caregiver who has the time."""
    lacking = lacking_one(insertions, task, line)
    if lacking is None or not any(True for _ in positions_in(insertions, task, line)):
        return
    yield Draft(
        FixKind.QUALIFICATION,
        size_of_skill(task, line, lacking),
        (line.key,),
        partial(skilled, line.caregiver, (lacking,)),
        qualifications=(lacking,),
    )


def _draft(kind: FixKind, minutes: int, line: Timeline, change: Callable[[], Change]) -> Draft:
    return Draft(kind, (minutes, 0, line.caregiver.id), (line.key,), change, minutes)


def positions_in(insertions: Insertions, task: Task, line: Timeline) -> Iterator[InsertionPosition]:
    """Yield the positions of a task in a line that may differ from the plan's in its hours."""
    bounded = insertions.state.bounded(task, line.caregiver, line.date)
    if bounded is not None:
        for at in line.numbers(bounded):
            for position in insertions.positions(bounded, line, at, at):
                if insertions.limit(position) is None:
                    yield position


def whole_day(state: PlanState, task: Task) -> Task:
    """Return a task that may begin at any time of the day."""
    return replace(task, earliest=0, latest=max(task.latest, state.ticks(MS_PER_DAY)))


def latest_departure(line: Timeline, position: InsertionPosition) -> int:
    """Return the latest departure with which a line holds a task in its position, in ticks."""
    full = replace(line, tasks=line.with_task(position.first, position.last, position.task))
    plain, due = full.backward
    leg = full.legs[0]
    if line.pause is None:
        return plain[0] - leg
    first_rested = min(line.pause.latest, plain[0] - leg - line.pause.length)
    return max(due[0] - leg, first_rested)


def bounds_of_care(need: CarerNeed) -> tuple[int, int]:
    """Return how short a carer's part may be made, and how short it may be now, in ms."""
    shortest = need.minutes if need.shortest is None else need.shortest
    return need.minutes // LEAST_SHARE, shortest


def longer_shift(state: PlanState, line: Timeline, before: int, after: int) -> Callable[[], Change]:
    """Return a change of a line's shift by minutes at its two ends."""
    shift = state.index.shifts_on(line.caregiver.id, line.date)[line.shift]
    return partial(longer, line.caregiver, shift, before, after)


def lacking_one(insertions: Insertions, task: Task, line: Timeline) -> Requirement | None:
    """Return the only thing against a caregiver, a qualification; None if it is not so."""
    caregiver, day = line.caregiver, line.date
    lacking = tuple(
        asked
        for asked in task.visit.carers[task.carer - 1].qualifications
        if not any(
            held.code == asked.code
            and held.level >= asked.level
            and (held.expires is None or held.expires >= day)
            for held in caregiver.qualifications
        )
    )
    if len(lacking) != 1:
        return None
    reasons = reasons_against(insertions.state.index, task.visit, task.carer, caregiver, day)
    return lacking[0] if set(reasons) <= _OF_SKILL else None


def size_of_skill(task: Task, line: Timeline, lacking: Requirement) -> tuple[int, int, str]:
    """Return how large a step a qualification is: levels of it, more where it is quite new."""
    held = [one.level for one in line.caregiver.qualifications if one.code == lacking.code]
    steps = lacking.level - max(held) if held else 10 + lacking.level
    return steps, line.travel_time(line.home, task.place), line.caregiver.id


def in_minutes(state: PlanState, ticks: int) -> int:
    """Return ticks in whole minutes, rounded up."""
    return -(-ticks // state.scenario.ticks_per_minute)
