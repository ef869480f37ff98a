"""Who an arm hires, kind by kind, and which visits they may make at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.domain.caregiver import Qualification, Shift
from optimizer.domain.edit import Edit, Hire
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from optimizer.matching import eligible
from optimizer.shortfall.rows import qualification_of


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Those whom an arm hires, alike in all that is told of them.

    Attributes
    ----------
    count
        How many.
    grade
        What they hold.
    organisation
        Whose they are; None where they are nobody's.
    shifts
        Their hours on the first day on which they work.
    """

    count: int
    grade: tuple[Qualification, ...]
    organisation: str | None
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class HiredInArm:
    """All whom an arm hires.

    Attributes
    ----------
    arm
        Its name.
    groups
        Kind by kind.
    serves
        What visits ask for that one of them may make, as tables name it: ``N``, ``C/2``.
    """

    arm: str
    groups: tuple[Newcomers, ...]
    serves: frozenset[str]


def hired_in(
    arm: str, edits: Sequence[Edit], before: Scenario, after: Scenario
) -> HiredInArm | None:
    """Return who is hired in an arm; None where nobody is.

    Parameters
    ----------
    arm
        Its name.
    edits
        Its edits.
    before, after
        The scenario before and after them.
    """
    known = {one.id for one in before.caregivers}
    places = [n for n, one in enumerate(after.caregivers) if one.id not in known]
    if not places or not any(isinstance(edit, Hire) for edit in edits):
        return None
    people = [after.caregivers[place] for place in places]
    groups = Counter(
        (one.qualifications, one.organisation, _first_day(one.shifts)) for one in people
    )
    found = eligible(ScenarioIndex.of(after))
    able = np.asarray(found.tables[:, places].any(axis=(1, 2)))[found.kind_of]
    stops = [visit for visit in after.visits for _ in visit.carers]
    return HiredInArm(
        arm,
        tuple(Newcomers(count, *alike) for alike, count in groups.items()),
        frozenset(qualification_of(stops[stop]) for stop in np.flatnonzero(able).tolist()),
    )


def _first_day(shifts: Sequence[Shift]) -> tuple[Shift, ...]:
    first = min((one.date for one in shifts), default=None)
    return tuple(one for one in shifts if one.date == first)
