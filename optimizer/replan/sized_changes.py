"""What is tried where everybody is planned anew: kinds of changes with their sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from optimizer.domain.visit import Requirement, Visit
from optimizer.explanation.change import Change, shorter, skilled, wider
from optimizer.explanation.codes import FixKind
from optimizer.explanation.drafts import bounds_of_care, lacking_one, longer_shift
from optimizer.explanation.insertions import Insertions
from optimizer.explanation.newcomer import newcomers
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.timeline import Timeline
from optimizer.units import MS_PER_MINUTE

SIZES = (10, 20, 30, 45, 60, 90)
"Sizes of a change that are tried, in minutes."
PEOPLE = 2
"Caregivers tried for each kind of change that concerns one of them: the nearest."


@dataclass(frozen=True, slots=True)
class SizedChange:
    """One kind of change with its sizes.

    Attributes
    ----------
    kind
        What is changed.
    sizes
        Minutes, rising; a single 0 for a kind without minutes.
    change
        Makes the change of one size.
    caregiver
        Whose shift or qualification it is, or who is new; None for a change of the visit.
    like, qualifications
        As for `Fix`.
    """

    kind: FixKind
    sizes: tuple[int, ...]
    change: Callable[[int], Change]
    caregiver: str | None = None
    like: str | None = None
    qualifications: tuple[Requirement, ...] = ()


def changes_in_minutes(insertions: Insertions, visit: Visit) -> Iterator[SizedChange]:
    """Yield the kinds of change that are counted in minutes."""
    state = insertions.state
    unit = state.unit(visit)
    visits = tuple({task.visit.id: task.visit for task in unit}.values())
    if all(one.pin is None or one.pin.start is None for one in visits):
        yield SizedChange(FixKind.BEGIN_LATER, SIZES, partial(_wider, visits, 0))
        yield SizedChange(FixKind.BEGIN_EARLIER, SIZES, partial(_wider, visits, 1))
    for line in _nearest(insertions, visit):
        yield SizedChange(
            FixKind.SHIFT_LATER,
            SIZES,
            partial(_longer, state, line, 0),
            line.caregiver.id,
        )
        yield SizedChange(
            FixKind.SHIFT_EARLIER,
            SIZES,
            partial(_longer, state, line, 1),
            line.caregiver.id,
        )
    bounds = [bounds_of_care(need) for one in visits for need in one.carers]
    most = min(shortest - least for least, shortest in bounds) // MS_PER_MINUTE
    sizes = tuple(size for size in SIZES if size <= most)
    if sizes:
        yield SizedChange(FixKind.SHORTER, sizes, partial(_shortened, visits))


def changes_without_minutes(insertions: Insertions, visit: Visit) -> Iterator[SizedChange]:
    """Yield one qualification more for some, and one caregiver more."""
    state = insertions.state
    task = state.unit(visit)[0]
    lacking = [
        (line, asked)
        for line in state.lines.values()
        if (asked := lacking_one(insertions, task, line)) is not None
    ]
    lacking.sort(key=lambda one: one[0].travel_time(one[0].home, task.place))
    for line, asked in lacking[:PEOPLE]:
        change = skilled(line.caregiver, (asked,))
        yield SizedChange(
            FixKind.QUALIFICATION,
            (0,),
            partial(_same, change),
            line.caregiver.id,
            qualifications=(asked,),
        )
    for new, like in list(newcomers(insertions, visit))[:1]:
        hired = Change(hired=(new,))
        yield SizedChange(FixKind.ONE_MORE, (0,), partial(_same, hired), new.id, like)


def _nearest(insertions: Insertions, visit: Visit) -> list[Timeline]:
    """Return the shifts of those who may come and live nearest, one each."""
    state = insertions.state
    task = state.unit(visit)[0]
    days = state.index.allowed_dates(visit)
    able = [
        line
        for key, line in state.lines.items()
        if key[1] in days and insertions.barred(task, key) is None
    ]
    able.sort(key=lambda line: (line.travel_time(line.home, task.place), line.key))
    first: dict[str, Timeline] = {}
    for line in able:
        first.setdefault(line.caregiver.id, line)
    return list(first.values())[:PEOPLE]


def _wider(visits: Sequence[Visit], is_before: int, size: int) -> Change:
    return wider(visits, size, 0) if is_before else wider(visits, 0, size)


def _longer(state: PlanState, line: Timeline, is_before: int, size: int) -> Change:
    before, after = (size, 0) if is_before else (0, size)
    return longer_shift(state, line, before, after)()


def _same(change: Change, _: int) -> Change:
    return change


def _shortened(visits: Sequence[Visit], size: int) -> Change:
    least = [
        [bounds_of_care(need)[1] - size * MS_PER_MINUTE for need in visit.carers]
        for visit in visits
    ]
    return shorter(visits, least)
