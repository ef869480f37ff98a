"""What differs from the roster that was told: visit by visit, and caregiver by caregiver."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.replan.situation import Situation


class ChangeKind(StrEnum):
    """What becomes of a visit; each but the last two is a call to the client."""

    OTHER_CARER = "other_carer"
    MOVED = "moved"
    LEFT_OUT = "left_out"
    ADDED = "added"
    CANCELLED = "cancelled"
    SHIFTED = "shifted"


CALLED = frozenset(
    {ChangeKind.OTHER_CARER, ChangeKind.MOVED, ChangeKind.LEFT_OUT, ChangeKind.ADDED}
)
"Kinds of change about which the client is called; shifts lie within the tolerance."


@dataclass(frozen=True, slots=True)
class Appointment:
    """When a visit takes place, and who comes.

    Attributes
    ----------
    date, start, end
        The day, and milliseconds since its midnight.
    caregivers
        Ids by carer number.
    """

    date: dt.date
    start: int
    end: int
    caregivers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A visit that was told otherwise, or not at all.

    Attributes
    ----------
    kind
        What becomes of it.
    visit, client
        Ids.
    before, after
        As it was told and as it is now; None where it does not take place.
    calls
        Carers changed, times moved beyond the tolerance, and 1 for a visit left out.
    group
        Number from 1; changes of one group hold only together.
    """

    kind: ChangeKind
    visit: str
    client: str
    before: Appointment | None
    after: Appointment | None
    calls: int
    group: int = 0


@dataclass(frozen=True, slots=True)
class Errand:
    """What changes for one caregiver on one day: the call that tells it.

    Attributes
    ----------
    caregiver, date
        Whom to call, about which day.
    takes, gives, moves
        Changes by which a visit is added to the route, leaves it, or begins at another time
        beyond the tolerance; changes within it stand in the day sheet.
    """

    caregiver: str
    date: dt.date
    takes: tuple[Change, ...]
    gives: tuple[Change, ...]
    moves: tuple[Change, ...]


def appointments(plan: Plan) -> dict[str, Appointment]:
    """Return when each visit of a plan takes place, and who comes."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    moment: dict[str, tuple[dt.date, int, int]] = {}
    for route in plan.routes:
        for stop in route.stops:
            found[stop.visit][stop.carer] = route.caregiver
            end = max(stop.end, moment[stop.visit][2] if stop.visit in moment else 0)
            moment[stop.visit] = route.date, stop.start, end
    return {
        visit: Appointment(*moment[visit], tuple(who for _, who in sorted(carers.items())))
        for visit, carers in found.items()
    }


def changes_between(situation: Situation, plan: Plan) -> tuple[Change, ...]:
    """Return every visit that a plan makes otherwise than it was told, by time, with groups."""
    begun = situation.fixed
    found = differences(situation.before, situation.scenario, situation.plan, plan)
    return tuple(one for one in found if one.visit not in begun)


def differences(before: Scenario, after: Scenario, plan: Plan, other: Plan) -> tuple[Change, ...]:
    """Return every visit that differs between two plans, by time, with groups.

    Parameters
    ----------
    before, after
        The scenarios of the two plans, perhaps the same; tolerance and ties are the second one's.
    plan, other
        What was told, and what is now.
    """
    told, now = appointments(plan), appointments(other)
    client = {one.id: one.client for one in (*before.visits, *after.visits)}
    wanted, known = {one.id for one in after.visits}, {one.id for one in before.visits}
    found = []
    for visit in dict.fromkeys((*told, *now, *sorted(wanted - known))):
        change = _change(after, visit, client.get(visit), told.get(visit), now.get(visit), wanted)
        if change is not None:
            found.append(change)
    return _grouped(after, sorted(found, key=_moment))


def _change(
    scenario: Scenario,
    visit: str,
    client: str | None,
    was: Appointment | None,
    now: Appointment | None,
    wanted: Collection[str],
) -> Change | None:
    """Return what becomes of one visit; None if nothing."""
    if client is None:
        return None
    if was is not None and visit not in wanted:
        return Change(ChangeKind.CANCELLED, visit, client, was, None, 0)
    if now is None:
        return Change(ChangeKind.LEFT_OUT, visit, client, was, None, int(was is not None))
    if was is None:
        return Change(ChangeKind.ADDED, visit, client, None, now, 0)
    return _changed(scenario, visit, client, was, now) if _differ(was, now) else None


def count_calls(changes: Iterable[Change]) -> int:
    """Return carers changed, times moved, and visits left out, of some changes."""
    return sum(change.calls for change in changes)


def errands(changes: Iterable[Change]) -> tuple[Errand, ...]:
    """Return what changes for each caregiver who has to be called, by id and day."""
    takes: dict[tuple[str, dt.date], list[Change]] = defaultdict(list)
    gives: dict[tuple[str, dt.date], list[Change]] = defaultdict(list)
    moves: dict[tuple[str, dt.date], list[Change]] = defaultdict(list)
    for change in changes:
        was, now = _lines(change.before), _lines(change.after)
        for line in now - was:
            takes[line].append(change)
        for line in was - now:
            gives[line].append(change)
        both = change.before is not None and change.after is not None
        if both and change.kind is not ChangeKind.SHIFTED and not _same_start(change):
            for line in was & now:
                moves[line].append(change)
    return tuple(
        Errand(*line, tuple(takes[line]), tuple(gives[line]), tuple(moves[line]))
        for line in sorted({*takes, *gives, *moves})
    )


def _same_start(change: Change) -> bool:
    was, now = change.before, change.after
    return was is not None and now is not None and was.start == now.start


def _differ(was: Appointment, now: Appointment) -> bool:
    return (was.date, was.start, set(was.caregivers)) != (now.date, now.start, set(now.caregivers))


def _changed(
    scenario: Scenario, visit: str, client: str, was: Appointment, now: Appointment
) -> Change:
    tolerance = scenario.policy.disruption_tolerance
    strangers = sum(one not in was.caregivers for one in now.caregivers)
    is_moved = was.date != now.date or abs(was.start - now.start) > tolerance
    kind = ChangeKind.OTHER_CARER if strangers else ChangeKind.SHIFTED
    if is_moved and not strangers:
        kind = ChangeKind.MOVED
    calls = strangers + is_moved * len(now.caregivers)
    return Change(kind, visit, client, was, now, calls)


def _moment(change: Change) -> tuple[dt.date, int, str]:
    one = change.before or change.after
    return (dt.date.min, 0, change.visit) if one is None else (one.date, one.start, change.visit)


def _lines(one: Appointment | None) -> set[tuple[str, dt.date]]:
    return set() if one is None else {(who, one.date) for who in one.caregivers}


def _grouped(scenario: Scenario, changes: list[Change]) -> tuple[Change, ...]:
    """Number the groups: changes on one route hold together if something joins or moves there."""
    parent = {change.visit: change.visit for change in changes}

    def root(visit: str) -> str:
        while parent[visit] != visit:
            visit = parent[visit]
        return visit

    on: dict[tuple[str, dt.date], list[Change]] = defaultdict(list)
    busy: set[tuple[str, dt.date]] = set()
    for change in changes:
        was, now = _lines(change.before), _lines(change.after)
        busy |= now
        for line in was | now:
            on[line].append(change)
    sets = [[one.visit for one in some] for line, some in on.items() if line in busy]
    sets += [
        [tie.first, tie.second]
        for tie in scenario.couplings
        if {tie.first, tie.second} <= set(parent)
    ]
    for some in sets:
        for other in some[1:]:
            parent[root(other)] = root(some[0])
    number: dict[str, int] = {}
    for change in changes:
        number.setdefault(root(change.visit), len(number) + 1)
    return tuple(replace(change, group=number[root(change.visit)]) for change in changes)
