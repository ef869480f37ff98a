"""A change of a scenario worth trying: other visits, other caregivers, or one caregiver more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.domain.caregiver import Caregiver, Qualification, Shift
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Requirement, StartWindow, Visit
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE


@dataclass(frozen=True, slots=True)
class Change:
    """What is different in a changed scenario.

    Attributes
    ----------
    visits, caregivers
        Records that take the place of those with the same id.
    hired
        Caregivers who are new.
    """

    visits: tuple[Visit, ...] = ()
    caregivers: tuple[Caregiver, ...] = ()
    hired: tuple[Caregiver, ...] = ()

    def applied(self, scenario: Scenario) -> Scenario:
        """Return the scenario with this change made."""
        update: dict[str, object] = {}
        if self.visits:
            visits = {visit.id: visit for visit in self.visits}
            update["visits"] = tuple(visits.get(one.id, one) for one in scenario.visits)
        if self.caregivers or self.hired:
            people = {person.id: person for person in self.caregivers}
            kept = tuple(people.get(one.id, one) for one in scenario.caregivers)
            update["caregivers"] = (*kept, *self.hired)
        return scenario.model_copy(update=update)


def later(time: int, minutes: int) -> int:
    """Return a time moved by minutes, but not over the midnight of its day."""
    return max(time, min(MS_PER_DAY, time + minutes * MS_PER_MINUTE))


def wider(visits: Sequence[Visit], before: int, after: int) -> Change:
    """Return a change by which visits may begin so many minutes earlier and later."""
    return Change(
        visits=tuple(
            visit.model_copy(
                update={
                    "window": StartWindow(
                        earliest=max(0, visit.window.earliest - before * MS_PER_MINUTE),
                        latest=later(visit.window.latest, after),
                    )
                }
            )
            for visit in visits
        )
    )


def shorter(visits: Sequence[Visit], least: Sequence[Sequence[int]]) -> Change:
    """Return a change by which every carer's part may be as short as `least`, in milliseconds."""
    return Change(
        visits=tuple(
            visit.model_copy(
                update={
                    "carers": tuple(
                        need.model_copy(update={"shortest": shortest})
                        for need, shortest in zip(visit.carers, parts, strict=True)
                    )
                }
            )
            for visit, parts in zip(visits, least, strict=True)
        )
    )


def longer(caregiver: Caregiver, shift: Shift, before: int, after: int) -> Change:
    """Return a change by which one shift is longer by so many minutes at its two ends."""
    hours = Shift(
        date=shift.date,
        start=max(0, shift.start - before * MS_PER_MINUTE),
        end=later(shift.end, after),
    )
    shifts = tuple(hours if one == shift else one for one in caregiver.shifts)
    return Change(caregivers=(caregiver.model_copy(update={"shifts": shifts}),))


def skilled(caregiver: Caregiver, skills: Sequence[Requirement]) -> Change:
    """Return a change by which a caregiver holds some qualifications more, without an end."""
    gained = tuple(Qualification(code=one.code, level=one.level) for one in skills)
    held = (*caregiver.qualifications, *gained)
    return Change(caregivers=(caregiver.model_copy(update={"qualifications": held}),))
