"""A roster held against a pattern: which visits deviate, why, and how much stays the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from optimizer.domain.index import ScenarioIndex
from optimizer.domain.pattern import Pattern
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Rule
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.errors import UsageError
from optimizer.matching import Reason, reasons_against
from optimizer.pattern.due import Due, matched
from optimizer.replan import Appointment, Roster, appointments
from optimizer.travel import TravelMatrices
from optimizer.verification import Verdict, Violation, verify


class Cause(StrEnum):
    """Why a visit is not made as the pattern has it: the first of these that holds."""

    GONE = "gone"
    DATE = "date"
    WINDOW = "window"
    NO_SHIFT = "no_shift"
    BARRED = "barred"
    NO_TIME = "no_time"
    RULE = "rule"
    DEARER = "dearer"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Deviation:
    """A visit that is not made as the pattern has it.

    Attributes
    ----------
    visit
        Its id.
    due
        What the pattern says.
    made
        What the roster says; None if it is left out.
    cause
        Why; None where it was not asked for.
    caregiver
        Who is gone, has no shift or is barred.
    reason
        Why that caregiver is barred.
    rule
        The first rule that would be broken if this visit alone were made as the pattern has it.
    difference
        What the roster would cost more if it were, in ticks of travel; None where it cannot be.
    """

    visit: str
    due: Due
    made: Appointment | None
    cause: Cause | None = None
    caregiver: str | None = None
    reason: Reason | None = None
    rule: Rule | None = None
    difference: int | None = None


@dataclass(frozen=True, slots=True)
class Stability:
    """How much of a pattern a roster keeps in one calendar week.

    Attributes
    ----------
    monday
        First day of the week.
    due
        Visits of the week that the pattern has.
    kept
        Of these, made by the same caregivers on the same day at the same time, within the
        policy's tolerance.
    same_caregivers, same_day, same_time
        Of these, made with that much alike.
    beyond
        Visits made in the week that the pattern does not have.
    ended
        Appointments of the pattern in the week for which there is no visit any more.
    """

    monday: dt.date
    due: int
    kept: int
    same_caregivers: int
    same_day: int
    same_time: int
    beyond: int
    ended: int


def stability(scenario: Scenario, plan: Plan, pattern: Pattern) -> tuple[Stability, ...]:
    """Return how much of a pattern a roster keeps, week by week.

    Parameters
    ----------
    scenario, plan
        A scenario with its visits and a roster of it.
    pattern
        What it is held against.
    """
    index = ScenarioIndex.of(scenario)
    found, ended = matched(index, pattern)
    told = appointments(plan)
    mondays = sorted({_monday(day) for day in index.dates})
    weeks = []
    for monday in mondays:
        due = {name: one for name, one in found.items() if _monday(one.date) == monday}
        pairs = [(one, told[name]) for name, one in due.items() if name in told]
        likeness = [_likeness(scenario, one, made) for one, made in pairs]
        beyond = [
            name
            for name, made in told.items()
            if name in index.visit and name not in found and _monday(made.date) == monday
        ]
        weeks.append(
            Stability(
                monday=monday,
                due=len(due),
                kept=sum(map(all, likeness)),
                same_caregivers=sum(one[0] for one in likeness),
                same_day=sum(one[1] for one in likeness),
                same_time=sum(one[2] for one in likeness),
                beyond=len(beyond),
                ended=sum(_monday(one.date) == monday for one in ended),
            )
        )
    return tuple(weeks)


def deviations(
    scenario: Scenario,
    plan: Plan,
    pattern: Pattern,
    matrices: TravelMatrices,
    *,
    most: int | None = None,
) -> Iterator[Deviation]:
    """Yield every visit that a roster makes otherwise than a pattern has it, by day and start.

    Why it does so is found by trial: the visit alone is moved to where the pattern has it, and
    the verifier says what that breaks or costs.

    Parameters
    ----------
    scenario, plan
        A scenario with its visits and a roster of it.
    pattern
        What it is held against.
    matrices
        Travel of the scenario.
    most
        Number of deviations that are tried; the others are told without a cause. All if None.
    """
    index = ScenarioIndex.of(scenario)
    found, _ = matched(index, pattern)
    told = appointments(plan)
    trial = _Trial(index, Roster.of(scenario, plan, matrices), verify(scenario, plan, matrices))
    tried = 0
    for name, due in sorted(
        found.items(), key=lambda one: (one[1].date, one[1].slot.start, one[0])
    ):
        made = told.get(name)
        if made is not None and all(_likeness(scenario, due, made)):
            continue
        if most is not None and tried >= most:
            yield Deviation(name, due, made)
            continue
        tried += 1
        yield trial.explained(index.visit[name], due, made)


@dataclass(frozen=True, slots=True)
class _Trial:
    """Asks of one visit at a time why it is not made as the pattern has it."""

    index: ScenarioIndex
    roster: Roster
    before: Verdict

    def explained(self, visit: Visit, due: Due, made: Appointment | None) -> Deviation:
        who = due.slot.caregivers[: len(visit.carers)]
        for caregiver in who:
            if caregiver not in self.index.caregiver:
                return Deviation(visit.id, due, made, Cause.GONE, caregiver)
        if due.date not in self.index.allowed_dates(visit):
            return Deviation(visit.id, due, made, Cause.DATE)
        if not visit.window.earliest <= due.slot.start <= visit.window.latest:
            return Deviation(visit.id, due, made, Cause.WINDOW)
        for carer, caregiver in enumerate(who, start=1):
            if not self._is_on_shift(caregiver, due):
                return Deviation(visit.id, due, made, Cause.NO_SHIFT, caregiver)
            person = self.index.caregiver[caregiver]
            reasons = reasons_against(self.index, visit, carer, person, due.date)
            if reasons:
                return Deviation(visit.id, due, made, Cause.BARRED, caregiver, reasons[0])
        return self._tried(visit, due, made, who)

    def _is_on_shift(self, caregiver: str, due: Due) -> bool:
        start = due.slot.start
        shifts = self.index.shifts_on(caregiver, due.date)
        return any(one.start <= start < one.end for one in shifts)

    def _tried(
        self, visit: Visit, due: Due, made: Appointment | None, who: tuple[str, ...]
    ) -> Deviation:
        """Move a visit to where the pattern has it, and let the verifier say what that brings."""
        roster = self.roster
        try:
            for carer, caregiver in enumerate(who, start=1):
                moved = roster.moved(
                    visit.id, caregiver, carer=carer, at=due.slot.start, on=due.date
                )
                roster = Roster(roster.scenario, moved.plan, roster.matrices)
        except UsageError:
            return Deviation(visit.id, due, made, Cause.NO_TIME)
        after = verify(roster.scenario, roster.plan, roster.matrices)
        broken = _new(self.before, after)
        if broken:
            return Deviation(visit.id, due, made, Cause.RULE, rule=broken[0].rule)
        difference = after.cost - self.before.cost
        cause = Cause.DEARER if difference > 0 else Cause.POSSIBLE
        return Deviation(visit.id, due, made, cause, difference=difference)


def _new(before: Verdict, after: Verdict) -> tuple[Violation, ...]:
    """Return the breaches that were none before."""
    known = {(one.rule, one.caregiver, one.visit, one.date) for one in before.violations}
    return tuple(
        one
        for one in after.violations
        if (one.rule, one.caregiver, one.visit, one.date) not in known
    )


def _likeness(scenario: Scenario, due: Due, made: Appointment) -> tuple[bool, bool, bool]:
    """Return whether caregivers, day and time are those of the pattern."""
    late = abs(made.start - due.slot.start)
    return (
        set(made.caregivers) == set(due.slot.caregivers),
        made.date == due.date,
        late <= scenario.policy.disruption_tolerance,
    )


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
