"""What matching has against caregivers, asked once of all who are alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from optimizer.domain.client import Gender
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.visit import Requirement
from optimizer.explanation.codes import OF_MATCHING, RANK, Obstacle
from optimizer.explanation.timeline import Key, Task
from optimizer.matching import Reason, conditions, reasons_against, skill_reasons
from optimizer.matching.conditions import Conditions

Row = dict[Key, Obstacle | None]
"""What matching has against the caregiver of each line, as far as it was asked."""

_Held = frozenset[tuple[str, int, date | None]]
"""Qualifications: code, level and last day."""

_Skills = dict[tuple[_Held, date], Obstacle | None]
"""What some asked-for qualifications have against those who hold some, on a day."""

_Sort = tuple[Gender | None, bool, str | None, date, bool]
"""What else matching asks of a caregiver but the name: gender, whether a volunteer,
organisation, day, any shift."""


class Barred:
    """Remembers who may be a carer; large days have few different conditions and people.

    Parameters
    ----------
    index
        The scenario.
    """

    def __init__(self, index: ScenarioIndex) -> None:
        self._index = index
        self._rows: dict[tuple[str, int], tuple[Row, _Skills, Conditions]] = {}
        self._kinds: dict[Conditions, Row] = {}
        self._skills: dict[frozenset[Requirement], _Skills] = {}
        self._sorts: dict[Key, tuple[_Held, _Sort]] = {}

    def reasons(self, task: Task, keys: Sequence[Key]) -> Row:
        """Return the reason of matching against the caregiver of each line, if there is one.

        Of several reasons the one that is hardest to mend is told.

        Parameters
        ----------
        task
            The carer's part of a visit.
        keys
            Lines that the answer holds at least; without a shift on that day, one may be asked
            about as well.
        """
        if task.earliest > task.latest:
            return {key: self._pinned_outside(task, key) for key in keys}
        whose = task.visit.id, task.carer
        if whose not in self._rows:
            kind = conditions(self._index, task.visit, task.carer)
            skills = self._skills.setdefault(kind.qualifications, {})
            self._rows[whose] = self._kinds.setdefault(kind, {}), skills, kind
        row, skills, kind = self._rows[whose]
        alike: dict[_Sort, Obstacle | None] = {}
        for key in keys:
            if key in row:
                continue
            held, sort = self._sort(key)
            # Most lack a skill, and no other reason is harder to mend.
            if (held, key[1]) not in skills:
                skills[held, key[1]] = self._unskilled(task, key)
            if (reason := skills[held, key[1]]) is not None:
                row[key] = reason
            elif kind.pinned_caregiver is not None or key[0] in kind.refused:
                row[key] = self._unwelcome(task, key)
            else:
                if sort not in alike:
                    alike[sort] = self._unwelcome(task, key)
                row[key] = alike[sort]
        return row

    def _pinned_outside(self, task: Task, key: Key) -> Obstacle:
        """Return what is against anybody where the only start fixed lies outside the window."""
        against = self._unskilled(task, key), self._unwelcome(task, key)
        found = [one for one in against if one is not None]
        return min((*found, Obstacle.PINNED_ELSEWHERE), key=RANK.__getitem__)

    def _sort(self, key: Key) -> tuple[_Held, _Sort]:
        if key not in self._sorts:
            person = self._index.caregiver[key[0]]
            held = frozenset((one.code, one.level, one.expires) for one in person.qualifications)
            works = bool(self._index.shifts_on(person.id, key[1]))
            sort = person.gender, person.volunteer, person.organisation, key[1], works
            self._sorts[key] = held, sort
        return self._sorts[key]

    def _unskilled(self, task: Task, key: Key) -> Obstacle | None:
        asked = task.visit.carers[task.carer - 1].qualifications
        return _hardest(skill_reasons(asked, self._index.caregiver[key[0]], key[1]))

    def _unwelcome(self, task: Task, key: Key) -> Obstacle | None:
        person = self._index.caregiver[key[0]]
        return _hardest(reasons_against(self._index, task.visit, task.carer, person, key[1]))


def _hardest(reasons: Iterable[Reason]) -> Obstacle | None:
    found = (OF_MATCHING[reason] for reason in reasons)
    return min(found, key=RANK.__getitem__, default=None)
