"""Which category a client counts in, from which day, and why not in another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from optimizer.domain.cascade import Loss
from optimizer.domain.client import Client
from optimizer.domain.eligibility import Application, Category, State, StateChange, Track
from optimizer.domain.office import Office

_LAST_MONTH = 12


class Unfit(StrEnum):
    """The first condition of a category that a client does not meet, or of which nothing is known.

    What is not known is not met, and is told apart: somebody has to ask.
    """

    NOT_IN_FORCE = "not_in_force"
    AGE = "age"
    AGE_UNKNOWN = "age_unknown"
    HARDSHIP = "hardship"
    LIVING = "living"
    LIVING_UNKNOWN = "living_unknown"
    DISABILITY = "disability"
    GRADE_UNKNOWN = "grade_unknown"
    HOUSEHOLD = "household"
    MARKS = "marks"
    TIER = "tier"
    TIER_UNKNOWN = "tier_unknown"
    NOT_RECORDED = "not_recorded"


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What an office has found of one client.

    Attributes
    ----------
    client
        Id.
    category
        The one that counts; None if none fits.
    is_tested
        Whether it follows from what the client has shown; otherwise the scenario's own category
        is taken as decided before.
    starts
        First day of care bought; None without a category, or if it began before anything is known.
    unfit
        First failed condition by the code of each category that does not fit, in file order.
    changes
        Stays away and what ends care, by date.
    copay_declined
        Whether the client pays no part of reduced care.
    is_waiting
        Whether the money does not reach for this client.
    """

    client: str
    category: Category | None
    is_tested: bool
    starts: dt.date | None
    unfit: Mapping[str, Unfit]
    changes: tuple[StateChange, ...] = ()
    copay_declined: bool = False
    is_waiting: bool = False

    @property
    def is_critical_only(self) -> bool:
        """Whether only critical care goes on, since a part of the price is not paid."""
        reduced = self.category is not None and self.category.track is Track.REDUCED
        return self.copay_declined and reduced

    def loss_on(self, day: dt.date) -> Loss | None:
        """Return why no care is bought on a day; None if it is."""
        if self.category is None:
            return Loss.NOT_ELIGIBLE
        if self.starts is not None and day < self.starts:
            return Loss.NOT_STARTED
        if self.category.end is not None and day > self.category.end:
            return Loss.ENDED
        state = state_on(self.changes, day)
        if state is State.HOSPITAL:
            return Loss.PAUSED
        return None if state is State.HOME else Loss.ENDED


def eligibility_of(client: Client, office: Office, day: dt.date) -> Eligibility:
    """Return the category of one client on a day.

    Of several that fit the best one counts, they do not add up: most minutes a month, then free
    before reduced, then rank, then code. Care begins on the first of the month after the
    application, and with the category at the soonest. A client who has not applied keeps the
    category of the scenario while it is in force.

    Parameters
    ----------
    client
        With age, living situation, need tier and category as far as they are known; what is
        not known is not met.
    office
        Categories and applications.
    day
        The day of the test.
    """
    applied = next((one for one in office.applications if one.client == client.id), None)
    unfit: dict[str, Unfit] = {}
    fitting: list[Category] = []
    for category in office.categories:
        failed = first_unfit(category, client, applied, day)
        if failed is None:
            fitting.append(category)
        else:
            unfit[category.code] = failed
    best = min(fitting, key=_best_first, default=None)
    if applied is None:
        return Eligibility(client.id, best, False, None, unfit)
    return Eligibility(
        client=client.id,
        category=best,
        is_tested=True,
        starts=None if best is None else max(first_of_next_month(applied.applied_on), best.start),
        unfit=unfit,
        changes=tuple(sorted(applied.changes, key=lambda one: one.date)),
        copay_declined=applied.copay_declined,
    )


def _best_first(category: Category) -> tuple[int, bool, int, str]:
    is_reduced = category.track is Track.REDUCED
    return -category.monthly_minutes, is_reduced, category.rank, category.code


def first_unfit(
    category: Category, client: Client, applied: Application | None, day: dt.date
) -> Unfit | None:
    """Return the first condition of a category that is not met; None if all are.

    Parameters
    ----------
    category
        The category.
    client, applied
        What is known of the client; None if the client has not applied.
    day
        On which it has to be in force.
    """
    if day < category.start or (category.end is not None and day > category.end):
        return Unfit.NOT_IN_FORCE
    if applied is None:
        return None if client.category == category.code else Unfit.NOT_RECORDED
    return next(
        (name for name, is_met in _conditions(category, client, applied) if not is_met), None
    )


def _conditions(
    category: Category, client: Client, applied: Application
) -> Iterator[tuple[Unfit, bool]]:
    test = category.test
    age, grade, tier = client.age, applied.disability_grade, client.need_tier
    if test.min_age is not None or test.max_age is not None:
        yield Unfit.AGE_UNKNOWN, age is not None
    yield Unfit.AGE, test.min_age is None or (age is not None and age >= test.min_age)
    yield Unfit.AGE, test.max_age is None or (age is not None and age <= test.max_age)
    yield Unfit.HARDSHIP, _is_one(applied.hardship, test.hardship)
    yield Unfit.LIVING_UNKNOWN, not test.living or client.living is not None
    yield Unfit.LIVING, _is_one(client.living, test.living)
    yield Unfit.DISABILITY, _is_one(applied.disability, test.disability)
    if test.disability_grade is not None:
        yield Unfit.DISABILITY, applied.disability is not None
        yield Unfit.GRADE_UNKNOWN, grade is not None
        yield Unfit.DISABILITY, grade is not None and grade <= test.disability_grade
    yield Unfit.HOUSEHOLD, _is_one(applied.household, test.household)
    yield Unfit.MARKS, not test.marks or not set(test.marks).isdisjoint(applied.marks)
    if test.min_tier is not None:
        yield Unfit.TIER_UNKNOWN, tier is not None
        yield Unfit.TIER, tier is not None and tier >= test.min_tier


def _is_one(shown: str | None, asked: Sequence[str]) -> bool:
    return not asked or shown in asked


def first_of_next_month(day: dt.date) -> dt.date:
    """Return the first day of the month after a day's: apply this month, start the next."""
    if day.month == _LAST_MONTH:
        return dt.date(day.year + 1, 1, 1)
    return dt.date(day.year, day.month + 1, 1)


def state_on(changes: Sequence[StateChange], day: dt.date) -> State:
    """Return where a client is on a day.

    On the day of leaving care may still have been given before, on the day of coming home after:
    who leaves counts as away from the next day, who comes home as at home from that day.

    Parameters
    ----------
    changes
        By date; before the first one the client is at home.
    """
    state = State.HOME
    for change in changes:
        if change.date < day or (change.date == day and change.state is State.HOME):
            state = change.state
    return state
