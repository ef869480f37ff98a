"""How many of the scarcest grade are needed, whoever else is hired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.certificate import certify
from optimizer.domain.caregiver import Qualification
from optimizer.shortfall.staffing.kinds import Kind, covers
from optimizer.shortfall.staffing.teams import Team, Teams

OTHERS = 3
"""Hires of every other kind in each town and shift, which stand for as many as one likes: more of
them cannot be told apart by windows and travel on a day of this size, and the answer says so."""
GRADES = 2
"Grades looked at, the rarest first."


@dataclass(frozen=True, slots=True)
class Scarcest:
    """A grade of which so many are not enough, whoever else is hired.

    Attributes
    ----------
    grade
        What they hold.
    too_few
        With so many of them in each town and shift, and `OTHERS` of every other kind there, the
        goal is proven to be missed; so at least one more is needed.
    least_unserved
        Visits that stay unserved then.
    """

    grade: tuple[Qualification, ...]
    too_few: int
    least_unserved: int


def scarcest(teams: Teams, team: Team, goal: int, seconds: float) -> Scarcest | None:
    """Return the grade of a team of which one fewer is proven to be too few; None if none is.

    Parameters
    ----------
    teams
        The day.
    team
        The hires that were found.
    goal
        Visits that may be left out.
    seconds
        How long each proof is looked for (positive).
    """
    kinds = tuple(teams.kinds.values())
    hired = [teams.kinds[number] for number in team]
    for grade in _rarest_first(hired)[:GRADES]:
        count = sum(covers(one.grade, grade) for one in hired)
        for few in sorted({count - 1, 0}, reverse=True):
            least = _least(teams, kinds, grade, few, seconds)
            if least > goal:
                return Scarcest(grade, few, least)
    return None


def _rarest_first(hired: Sequence[Kind]) -> list[tuple[Qualification, ...]]:
    """Return the grades of hires, that with most qualifications first."""
    grades = dict.fromkeys(one.grade for one in hired)
    return sorted(grades, key=lambda one: (-len(one), -sum(q.level for q in one)))


def _least(
    teams: Teams,
    kinds: Sequence[Kind],
    grade: tuple[Qualification, ...],
    few: int,
    seconds: float,
) -> int:
    """Return how many visits stay with few of a grade and many others."""
    numbers = [
        kind.number for kind in kinds for _ in range(few if covers(kind.grade, grade) else OTHERS)
    ]
    day = teams.with_team(numbers)
    return certify(day, teams.matrices, seconds=seconds).least_unserved
