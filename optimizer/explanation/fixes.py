"""The smallest single change that serves a visit, the rest of the plan left as it is.

Every fix is tried: the changed scenario and the changed plan are built and given to the
verifier, and only what it finds clean is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Requirement, Visit
from optimizer.explanation.change import Change
from optimizer.explanation.codes import FixKind
from optimizer.explanation.drafts import Draft, drafts
from optimizer.explanation.excerpt import is_clean_in
from optimizer.explanation.insertions import InsertionPosition, Insertions
from optimizer.explanation.newcomer import newcomers
from optimizer.explanation.pair_drafts import pair_drafts
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.timeline import Key
from optimizer.explanation.writing import with_positions

TRIES = 3
"Candidates of one kind that are tried before the kind is given up."
LARGEST = 120
"Minutes of the largest change that is proposed; nobody moves a window or a shift any further."
TWO = 2
"Stops that begin as one for which changes are tried; for more, only a caregiver more."

OF_SOMEBODY = frozenset(FixKind) - {FixKind.BEGIN_LATER, FixKind.BEGIN_EARLIER, FixKind.SHORTER}
"Changes that concern one caregiver; the others concern the visit."
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
    carers
        Who comes, by carer number; more than one where stops begin as one.
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
    carers: tuple[str, ...]
    like: str | None
    qualifications: tuple[Requirement, ...]
    date: dt.date
    start: int
    scenario: Scenario = field(repr=False)
    plan: Plan = field(repr=False)


def fixes(insertions: Insertions, visit: Visit) -> tuple[Fix, ...]:
    """Return the smallest fix of each kind, the smallest first.

    Those in minutes come first, fewest minutes first and otherwise in the order of `FixKind`;
    then a qualification; one caregiver more is the last resort. Where two stops begin as one,
    the windows of both are widened, and both are shortened by the same; where more than two do,
    only a caregiver more is tried. Changes by more than `LARGEST` minutes are not proposed.

    Parameters
    ----------
    insertions
        The scenario and the plan.
    visit
        A visit that the plan leaves unserved.
    """
    state = insertions.state
    if not state.is_clean:
        return ()
    found: list[Fix] = []
    if len(state.unit(visit)) <= TWO:
        worth_trying = [
            one
            for one in _drafts(insertions, visit)
            if one.minutes is None or one.minutes <= LARGEST
        ]
        for kind in FixKind:
            of_kind = [one for one in worth_trying if one.kind is kind]
            of_kind.sort(key=lambda one: one.size)
            tried = (_tried(state, visit, draft) for draft in of_kind[:TRIES])
            found += islice((fix for fix in tried if fix is not None), 1)
    now = [
        _positions(insertions, visit.id, number, state.lines)
        for number in range(len(state.unit(visit)))
    ]
    one_more = (_hired(state, visit, now, new, like) for new, like in newcomers(insertions, visit))
    found += islice((fix for fix in one_more if fix is not None), 1)
    return tuple(sorted(found, key=_order))


def _drafts(insertions: Insertions, visit: Visit) -> Iterator[Draft]:
    is_pair = len(insertions.state.unit(visit)) == TWO
    return pair_drafts(insertions, visit) if is_pair else drafts(insertions, visit)


def _order(fix: Fix) -> tuple[int, int]:
    kinds = list(FixKind)
    if fix.kind in _IN_MINUTES:
        return fix.minutes or 0, kinds.index(fix.kind)
    return 10**9, kinds.index(fix.kind)


def _tried(state: PlanState, visit: Visit, draft: Draft) -> Fix | None:
    """Return a draft as a fix if the verifier finds scenario and plan clean with it."""
    changed = Insertions(state.varied(draft.change()))
    placed = _placed(changed, [_positions(changed, visit.id, number, draft.keys)
                     for number in range(len(state.unit(visit)))])  # fmt: skip
    if placed is None:
        return None
    plan, positions = placed
    return Fix(
        kind=draft.kind,
        visit=visit.id,
        minutes=draft.minutes,
        caregiver=draft.keys[0][0],
        carers=tuple(position.key[0] for position in positions),
        like=None,
        qualifications=draft.qualifications,
        date=positions[0].key[1],
        start=_start_of(plan, visit.id),
        scenario=changed.state.scenario,
        plan=plan,
    )


def _hired(
    state: PlanState,
    visit: Visit,
    now: Sequence[Sequence[InsertionPosition]],
    new: Caregiver,
    like: str,
) -> Fix | None:
    """Return a new caregiver as a fix if the verifier finds scenario and plan clean with it.

    Parameters
    ----------
    state, visit
        The plan, and what is to be served.
    now
        The positions that everybody else has for each of the tasks that begin as one.
    new, like
        The new caregiver, and the id of whom they resemble.
    """
    changed = Insertions(state.varied(Change(hired=(new,))))
    fresh = [key for key in changed.state.lines if key not in state.lines]
    placed = _placed(
        changed,
        [
            [*positions, *_positions(changed, visit.id, number, fresh)]
            for number, positions in enumerate(now)
        ],
    )
    # Where those at work can make it, nobody need be hired.
    if placed is None or all(position.key[0] != new.id for position in placed[1]):
        return None
    plan, positions = placed
    old = state.index.caregiver[like]
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
        carers=tuple(position.key[0] for position in positions),
        like=like,
        qualifications=gained,
        date=positions[0].key[1],
        start=_start_of(plan, visit.id),
        scenario=changed.state.scenario,
        plan=plan,
    )


def _positions(
    insertions: Insertions, visit_id: str, number: int, keys: Iterable[Key]
) -> list[InsertionPosition]:
    """Return the positions on some lines for one of the tasks that begin as one with a visit."""
    task = insertions.state.unit(insertions.state.index.visit[visit_id])[number]
    return [position for key in keys for position in insertions.beside(task, key).positions]


def _placed(
    insertions: Insertions, positions: Sequence[Sequence[InsertionPosition]]
) -> tuple[Plan, tuple[InsertionPosition, ...]] | None:
    """Put a visit into some of its positions; None if none do or the verifier finds a breach."""
    state = insertions.state
    chosen, _ = insertions.together(positions, state.used)
    plan = None if chosen is None else with_positions(state, chosen)
    if chosen is None or plan is None:
        return None
    visits = {position.task.visit.id: position.task.visit for position in chosen}
    if not is_clean_in(state, plan, {position.key[0] for position in chosen}, visits.values()):
        return None
    return plan, chosen


def _start_of(plan: Plan, visit: str) -> int:
    return next(s.start for route in plan.routes for s in route.stops if s.visit == visit)
