"""The smallest single change that serves a visit, the rest of the plan left as it is.

Every fix is tried: the changed scenario and the changed plan are built and given to the
verifier, and only what it finds clean is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from optimizer.domain.caregiver import Caregiver, Qualification, Shift
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Requirement, StartWindow, Visit
from optimizer.explain.board import Board, Key
from optimizer.explain.codes import FixKind, Obstacle
from optimizer.explain.newcomer import newcomers
from optimizer.explain.places import Places, Room
from optimizer.explain.timeline import Task, Timeline, timed
from optimizer.explain.writing import with_rooms
from optimizer.matching import Reason, reasons_against
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE, to_ms
from optimizer.verify import verify

TRIES = 3
"So many candidates of one kind are tried before the kind is given up."
LEAST_SHARE = 2
"No visit is made shorter than its full duration divided by this."

_OF_SKILL = {Reason.NOT_QUALIFIED, Reason.EXPIRED}
_IN_MINUTES = frozenset(FixKind) - {FixKind.QUALIFICATION, FixKind.ONE_MORE}


@dataclass(frozen=True, slots=True)
class Fix:
    """One change that serves a visit; tried, and found clean by the verifier.

    Attributes
    ----------
    kind, visit
        What is changed, and for which visit.
    minutes
        By how many minutes; None for a qualification and for one caregiver more.
    caregiver
        Who comes: of a visit with two carers, or of two visits that begin as one, the one
        whom the change brings in. For one caregiver more the id of the new one.
    like
        For one caregiver more: whose working day the new one has; None otherwise.
    qualifications
        What the caregiver has to hold in addition; empty for other kinds.
    date, start
        When the visit takes place then; the start in milliseconds since midnight.
    scenario, plan
        With the change made.
    """

    kind: FixKind
    visit: str
    minutes: int | None
    caregiver: str
    like: str | None
    qualifications: tuple[Requirement, ...]
    date: dt.date
    start: int
    scenario: Scenario = field(repr=False)
    plan: Plan = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A change worth trying; `size` orders drafts of one kind."""

    kind: FixKind
    size: tuple[int, int, str]
    key: Key
    change: Callable[[], Scenario]
    minutes: int | None = None
    qualifications: tuple[Requirement, ...] = ()


def fixes(places: Places, visit: Visit) -> tuple[Fix, ...]:
    """Return the smallest fix of each kind, the smallest first.

    Those in minutes come first, fewest minutes first and otherwise in the order of `FixKind`;
    then a qualification; one caregiver more is the last resort. A visit that begins as one
    with another stop gets the last kind only.

    Parameters
    ----------
    places
        The scenario and the plan.
    visit
        A visit that the plan leaves unserved.
    """
    board = places.board
    found: list[Fix] = []
    if len(board.unit(visit)) == 1:
        drafts = list(_drafts(places, visit))
        for kind in FixKind:
            of_kind = sorted((one for one in drafts if one.kind is kind), key=lambda one: one.size)
            tried = (_tried(board, visit, draft) for draft in of_kind[:TRIES])
            found += islice((fix for fix in tried if fix is not None), 1)
    one_more = (_hired(places, visit, new, like) for new, like in newcomers(places, visit))
    found += islice((fix for fix in one_more if fix is not None), 1)
    return tuple(sorted(found, key=_order))


def _order(fix: Fix) -> tuple[int, int]:
    kinds = list(FixKind)
    if fix.kind in _IN_MINUTES:
        return fix.minutes or 0, kinds.index(fix.kind)
    return 10**9, kinds.index(fix.kind)


def _drafts(places: Places, visit: Visit) -> Iterator[_Draft]:
    """Yield changes after which the visit should fit into some line."""
    board = places.board
    task = board.task(visit, 1)
    for key, line in board.lines.items():
        if (reason := places.barred(task, key)) is not None:
            if reason in {Obstacle.NOT_QUALIFIED, Obstacle.EXPIRED}:
                yield from _skilled(places, task, line)
            continue
        yield from _shifted(places, task, line)
        if visit.pin is None or visit.pin.start is None:
            yield from _widened(places, task, line)
        yield from _shortened(places, task, line)


def _widened(places: Places, task: Task, line: Timeline) -> Iterator[_Draft]:
    """Yield wider windows with which a task fits."""
    board = places.board
    whole = replace(task, earliest=0, latest=board.ticks(MS_PER_DAY))
    for room in _rooms(places, whole, line):
        later, earlier = room.span[0] - task.latest, task.earliest - room.span[1]
        if later > 0:
            minutes = _minutes(board, later)
            kind = FixKind.BEGIN_LATER
            yield _in_minutes(kind, minutes, line, _with_window(board, task, 0, minutes))
        elif earlier > 0:
            minutes = _minutes(board, earlier)
            kind = FixKind.BEGIN_EARLIER
            yield _in_minutes(kind, minutes, line, _with_window(board, task, minutes, 0))


def _shifted(places: Places, task: Task, line: Timeline) -> Iterator[_Draft]:
    """Yield longer shifts with which a task fits."""
    board, key = places.board, _key(line)
    low, high = _around(board, line)
    if high > line.closes:
        late = replace(line, closes=high)
        for room in _rooms(places, task, late):
            timing = timed(late, late.with_task(room.first, room.last, room.task))
            if timing is not None and timing.back > line.closes:
                minutes = _minutes(board, timing.back - line.closes)
                change = _with_shift(board, key, 0, minutes)
                yield _in_minutes(FixKind.SHIFT_LATER, minutes, line, change)
    if low < line.opens:
        early = replace(line, opens=low)
        for room in _rooms(places, task, early):
            leaves = _latest_departure(early, room)
            if leaves < line.opens:
                minutes = _minutes(board, line.opens - leaves)
                change = _with_shift(board, key, minutes, 0)
                yield _in_minutes(FixKind.SHIFT_EARLIER, minutes, line, change)


def _shortened(places: Places, task: Task, line: Timeline) -> Iterator[_Draft]:
    """Yield shorter durations with which a task fits."""
    board = places.board
    bounded = board.bounded(task, line.caregiver, line.date)
    if bounded is None:
        return
    need = task.visit.carers[0]
    least = need.minutes // LEAST_SHARE
    shortest = need.minutes if need.shortest is None else need.shortest
    tpm = board.scenario.ticks_per_minute
    for at in range(len(line.tasks) + 1):
        for soonest, ends in line.gaps(at, at, bounded):
            if soonest > bounded.latest:
                continue
            care = to_ms(ends - soonest, tpm) // MS_PER_MINUTE * MS_PER_MINUTE
            if least <= care < shortest and care > 0:
                minutes = -(-(shortest - care) // MS_PER_MINUTE)
                change = _with_duration(board, task, care)
                yield _in_minutes(FixKind.SHORTER, minutes, line, change)


def _skilled(places: Places, task: Task, line: Timeline) -> Iterator[_Draft]:
    """Yield one qualification more, or a higher level, for a caregiver who has the time."""
    board, caregiver = places.board, line.caregiver
    reasons = reasons_against(board.index, task.visit, task.carer, caregiver, line.date)
    lacking = _lacking(caregiver, task, line.date)
    if not set(reasons) <= _OF_SKILL or len(lacking) != 1 or not list(_rooms(places, task, line)):
        return
    held = [one.level for one in caregiver.qualifications if one.code == lacking[0].code]
    steps = lacking[0].level - max(held) if held else 10 + lacking[0].level
    size = steps, line.way(line.home, task.place), caregiver.id
    yield _Draft(
        FixKind.QUALIFICATION,
        size,
        _key(line),
        lambda: _with_skills(board.scenario, caregiver, lacking),
        qualifications=lacking,
    )


def _rooms(places: Places, task: Task, line: Timeline) -> Iterator[Room]:
    """Yield the rooms of a task in a line that may differ from the board's in its hours."""
    bounded = places.board.bounded(task, line.caregiver, line.date)
    if bounded is not None:
        for at in range(len(line.tasks) + 1):
            for room in places.rooms(bounded, line, at, at):
                if places.limit(room) is None:
                    yield room


def _latest_departure(line: Timeline, room: Room) -> int:
    """Return the latest departure with which a line holds a task in its room, in ticks."""
    full = replace(line, tasks=line.with_task(room.first, room.last, room.task))
    plain, due = full.backward
    leg = full.legs[0]
    if line.pause is None:
        return plain[0] - leg
    first_rested = min(line.pause.latest, plain[0] - leg - line.pause.length)
    return max(due[0] - leg, first_rested)


def _around(board: Board, line: Timeline) -> tuple[int, int]:
    """Return the free time around a shift: up to neighbouring shifts and the day's ends."""
    shifts = board.index.shifts_on(line.caregiver.id, line.date)
    low, high = 0, board.ticks(MS_PER_DAY)
    if line.shift > 0:
        low = board.ticks(shifts[line.shift - 1].end + line.caregiver.overtime_limit)
    if line.shift + 1 < len(shifts):
        high = board.ticks(shifts[line.shift + 1].start)
    return low, high


def _tried(board: Board, visit: Visit, draft: _Draft) -> Fix | None:
    """Return a draft as a fix if the verifier finds scenario and plan clean with it."""
    scenario = draft.change()
    changed = Places(Board.of(scenario, board.plan, board.matrices))
    found = _placed(changed, visit.id, [draft.key])
    if found is None:
        return None
    plan, room = found
    return Fix(
        kind=draft.kind,
        visit=visit.id,
        minutes=draft.minutes,
        caregiver=draft.key[0],
        like=None,
        qualifications=draft.qualifications,
        date=room.key[1],
        start=_start_of(plan, visit.id),
        scenario=scenario,
        plan=plan,
    )


def _hired(places: Places, visit: Visit, new: Caregiver, like: str) -> Fix | None:
    """Return a new caregiver as a fix if the verifier finds scenario and plan clean with it."""
    board = places.board
    scenario = board.scenario.model_copy(update={"caregivers": (*board.scenario.caregivers, new)})
    changed = Places(Board.of(scenario, board.plan, board.matrices))
    found = _placed(changed, visit.id, list(changed.board.lines))
    if found is None:
        return None
    plan, room = found
    old = board.index.caregiver[like]
    gained = tuple(
        Requirement(code=one.code, level=one.level)
        for one in new.qualifications
        if one not in old.qualifications
    )
    return Fix(
        kind=FixKind.ONE_MORE,
        visit=visit.id,
        minutes=None,
        caregiver=new.id,
        like=like,
        qualifications=gained,
        date=room.key[1],
        start=_start_of(plan, visit.id),
        scenario=scenario,
        plan=plan,
    )


def _placed(places: Places, visit_id: str, keys: list[Key]) -> tuple[Plan, Room] | None:
    """Put a visit on some lines; None if it does not fit or the verifier finds a breach."""
    board = places.board
    unit = board.unit(board.index.visit[visit_id])
    rooms = [[room for key in keys for room in places.beside(task, key).rooms] for task in unit]
    chosen, _ = places.together(rooms, board.used)
    plan = None if chosen is None else with_rooms(board, chosen)
    if chosen is None or plan is None:
        return None
    verdict = verify(board.scenario, plan, board.matrices)
    if verdict.violations or visit_id in verdict.unserved:
        return None
    return plan, chosen[0]


def _start_of(plan: Plan, visit: str) -> int:
    return next(s.start for route in plan.routes for s in route.stops if s.visit == visit)


def _in_minutes(
    kind: FixKind, minutes: int, line: Timeline, change: Callable[[], Scenario]
) -> _Draft:
    return _Draft(kind, (minutes, 0, line.caregiver.id), _key(line), change, minutes)


def _key(line: Timeline) -> Key:
    return line.caregiver.id, line.date, line.shift


def _minutes(board: Board, ticks: int) -> int:
    """Return ticks in whole minutes, rounded up."""
    return -(-ticks // board.scenario.ticks_per_minute)


def _lacking(caregiver: Caregiver, task: Task, day: dt.date) -> tuple[Requirement, ...]:
    """Return the qualifications that a caregiver does not hold on a day."""
    return tuple(
        asked
        for asked in task.visit.carers[task.carer - 1].qualifications
        if not any(
            held.code == asked.code
            and held.level >= asked.level
            and (held.expires is None or held.expires >= day)
            for held in caregiver.qualifications
        )
    )


def _with_window(board: Board, task: Task, before: int, after: int) -> Callable[[], Scenario]:
    """Return a change of a visit's window by minutes at its two ends."""
    window = task.visit.window
    wider = StartWindow(
        earliest=max(0, window.earliest - before * MS_PER_MINUTE),
        latest=min(MS_PER_DAY, window.latest + after * MS_PER_MINUTE),
    )
    return lambda: _with_visit(board.scenario, task.visit, {"window": wider})


def _with_duration(board: Board, task: Task, care: int) -> Callable[[], Scenario]:
    """Return a change of the shortest duration of a visit's only carer, in milliseconds."""
    need = task.visit.carers[0].model_copy(update={"shortest": care})
    return lambda: _with_visit(board.scenario, task.visit, {"carers": (need,)})


def _with_shift(board: Board, key: Key, before: int, after: int) -> Callable[[], Scenario]:
    """Return a change of one shift by minutes at its two ends."""
    caregiver = board.index.caregiver[key[0]]
    hours = board.index.shifts_on(key[0], key[1])[key[2]]
    longer = Shift(
        date=hours.date,
        start=max(0, hours.start - before * MS_PER_MINUTE),
        end=min(MS_PER_DAY, hours.end + after * MS_PER_MINUTE),
    )
    shifts = tuple(longer if one == hours else one for one in caregiver.shifts)
    return lambda: _with_caregiver(board.scenario, caregiver, {"shifts": shifts})


def _with_skills(
    scenario: Scenario, caregiver: Caregiver, skills: tuple[Requirement, ...]
) -> Scenario:
    gained = tuple(Qualification(code=one.code, level=one.level) for one in skills)
    held = (*caregiver.qualifications, *gained)
    return _with_caregiver(scenario, caregiver, {"qualifications": held})


def _with_visit(scenario: Scenario, visit: Visit, update: Mapping[str, object]) -> Scenario:
    changed = visit.model_copy(update=update)
    visits = tuple(changed if one.id == visit.id else one for one in scenario.visits)
    return scenario.model_copy(update={"visits": visits})


def _with_caregiver(
    scenario: Scenario, caregiver: Caregiver, update: Mapping[str, object]
) -> Scenario:
    changed = caregiver.model_copy(update=update)
    people = tuple(changed if one.id == caregiver.id else one for one in scenario.caregivers)
    return scenario.model_copy(update={"caregivers": people})
