"""Who counts in which category: each condition at its edge, dates to the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from optimizer.domain.cascade import Loss
from optimizer.domain.client import Client
from optimizer.domain.eligibility import Category, State, StateChange
from optimizer.domain.office import Office
from optimizer.domain.place import Place
from optimizer.purchase import Unfit, eligibility_of
from optimizer.purchase.eligibility import first_of_next_month, state_on
from tests.purchase.town import ALONE, DAY, DISABLED, HARDSHIP, SINCE, applies, office, town


def person(**fields: Any) -> Client:
    """Return a client of whom only this is known."""
    return Client(id="C1", home=Place(lat=29.95, lon=121.7), **fields)


def only(test: dict[str, Any], *applications: dict[str, Any], **fields: Any) -> Office:
    """Return an office with one category of this test."""
    category = {"code": "x", "zh": "某类", "en": "x", "monthly_minutes": 60, "start": SINCE}
    return office(*applications, categories=[{**category, "test": test, **fields}])


EDGES = [
    ({"min_age": 75}, {"age": 75}, {}, None),  # the year counts
    ({"min_age": 75}, {"age": 74}, {}, Unfit.AGE),  # a year too young
    ({"min_age": 75}, {}, {}, Unfit.AGE_UNKNOWN),  # what is not known is not met
    ({"living": ["alone"]}, {}, {}, Unfit.LIVING_UNKNOWN),
    ({"disability_grade": 2}, {}, {"disability": "limb"}, Unfit.GRADE_UNKNOWN),
    ({"min_tier": 3}, {}, {}, Unfit.TIER_UNKNOWN),
    ({"max_age": 17}, {"age": 17}, {}, None),  # a child
    ({"max_age": 17}, {"age": 18}, {}, Unfit.AGE),  # no child any more
    ({"hardship": ["a", "b"]}, {}, {"hardship": "b"}, None),  # one of them
    ({"hardship": ["a"]}, {}, {"hardship": "c"}, Unfit.HARDSHIP),  # another one
    ({"living": ["alone"]}, {"living": "alone"}, {}, None),
    ({"living": ["alone"]}, {"living": "spouse"}, {}, Unfit.LIVING),
    ({"disability": ["mental"]}, {}, {"disability": "mental"}, None),
    ({"disability": ["mental"]}, {}, {"disability": "limb"}, Unfit.DISABILITY),
    ({"disability_grade": 2}, {}, {"disability": "limb", "disability_grade": 2}, None),
    ({"disability_grade": 2}, {}, {"disability": "limb", "disability_grade": 3}, Unfit.DISABILITY),
    ({"disability_grade": 4}, {}, {}, Unfit.DISABILITY),  # none certified
    ({"household": ["local"]}, {}, {"household": "local"}, None),
    ({"household": ["local"]}, {}, {}, Unfit.HOUSEHOLD),
    ({"marks": ["lost_only_child"]}, {}, {"marks": ["veteran", "lost_only_child"]}, None),
    ({"marks": ["lost_only_child"]}, {}, {"marks": ["veteran"]}, Unfit.MARKS),
    ({"min_tier": 3}, {"need_tier": 3}, {}, None),
    ({"min_tier": 3}, {"need_tier": 2}, {}, Unfit.TIER),
    ({"min_age": 65, "living": ["alone"]}, {"age": 60}, {}, Unfit.AGE),  # the first one is told
]


@pytest.mark.parametrize(("test", "known", "shown", "expected"), EDGES)
def test_each_condition_has_its_edge(
    test: dict[str, Any], known: dict[str, Any], shown: dict[str, Any], expected: Unfit | None
) -> None:
    """A condition holds at its limit and not one step beyond; all that are given must hold."""
    found = eligibility_of(person(**known), only(test, applies("C1", **shown)), DAY)
    assert found.unfit.get("x") == expected
    assert (found.category is None) == (expected is not None)


@pytest.mark.parametrize(
    ("tier", "minutes"),
    [
        (1, 1800),  # mild to moderate: 30 hours
        (3, 2700),  # severe: 45 hours
        (0, None),  # no loss of ability
    ],
)
def test_hours_by_loss_of_ability(tier: int, minutes: int | None) -> None:
    """Poor people of 60 with mild loss get 30 hours a month, with severe loss 45.

    Source: Liaozhong, Shenyang, 2025 (S79): 30 and 45 hours a month by degree of loss.
    """
    base = {"zh": "低保", "en": "poor", "start": SINCE}
    tests = [("mild", 1, 1800), ("severe", 3, 2700)]
    of = office(
        applies("C1", hardship="minimum_living"),
        categories=[
            {
                **base, "code": code, "monthly_minutes": cap,
                "test": {"min_age": 60, "min_tier": least, "hardship": ["minimum_living"]},
            }
            for code, least, cap in tests
        ],
    )  # fmt: skip
    found = eligibility_of(person(age=60, need_tier=tier), of, DAY)
    assert (None if found.category is None else found.category.monthly_minutes) == minutes


def test_the_best_category_counts_alone() -> None:
    """Of several that fit the one with most minutes counts; they do not add up.

    Source: Jurong, 2023 (S25): whoever fits several kinds of help is given one of them.
    """
    shown = applies("C1", hardship="low_income", disability="limb", disability_grade=1)
    for categories in ([HARDSHIP, ALONE, DISABLED], [DISABLED, ALONE, HARDSHIP]):
        of = office(shown, categories=categories)
        found = eligibility_of(person(age=80, living="alone"), of, DAY)
        assert found.category is not None
        assert (found.category.code, found.category.monthly_minutes) == ("disabled", 1200)
        assert found.unfit == {}


def test_of_equal_minutes_free_care_comes_first() -> None:
    """Where two categories give the same, the free one counts, whatever their ranks."""
    cheap = {**ALONE, "code": "b", "rank": 1, "test": {}}
    free = {**ALONE, "code": "c", "rank": 9, "test": {}, "track": "free"}
    found = eligibility_of(person(), office(applies("C1"), categories=[cheap, free]), DAY)
    assert found.category == Category.model_validate(free)


@pytest.mark.parametrize(
    ("applied", "begins"),
    [
        ("2026-01-01", "2026-02-01"),  # first of a month
        ("2026-01-31", "2026-02-01"),  # last of a month
        ("2025-12-31", "2026-01-01"),  # over the year's end
    ],
)
def test_apply_this_month_begin_the_next(applied: str, begins: str) -> None:
    """Care begins on the first day of the month after the application.

    Source: Hefei, 2022 (S26): apply this month, enjoy from the next.
    """
    assert first_of_next_month(dt.date.fromisoformat(applied)) == dt.date.fromisoformat(begins)


def test_care_is_not_bought_before_it_begins() -> None:
    """The day before the first of the next month there is none, on it there is."""
    shown = applies("C1", hardship="low_income", applied_on="2026-02-11")
    found = eligibility_of(person(age=70), office(shown), DAY)
    assert found.loss_on(dt.date(2026, 2, 28)) is Loss.NOT_STARTED
    assert found.loss_on(dt.date(2026, 3, 1)) is None


@pytest.mark.parametrize(
    ("state", "loss"),
    [
        ("hospital", Loss.PAUSED),
        ("institution", Loss.ENDED),
        ("moved", Loss.ENDED),
        ("deceased", Loss.ENDED),
    ],
)
def test_who_is_away_gets_no_care_from_the_next_day(state: str, loss: Loss) -> None:
    """Hospital pauses, institution, moving away and death end care; the day itself still counts.

    Source: Hefei, 2022 (S26): care pauses or ends with hospital, institution and death.
    """
    changes = [{"state": state, "date": "2026-03-02"}]
    shown = applies("C1", hardship="low_income", changes=changes)
    found = eligibility_of(person(age=70), office(shown), DAY)
    assert found.loss_on(DAY) is None
    assert found.loss_on(DAY + dt.timedelta(days=1)) is loss


def test_who_comes_home_is_at_home_that_day() -> None:
    """Coming home counts at once, leaving from the next day, whatever their order in the file."""
    changes = (
        StateChange(state=State.HOSPITAL, date=dt.date(2026, 3, 1)),
        StateChange(state=State.HOME, date=dt.date(2026, 3, 4)),
    )
    states = [state_on(changes, dt.date(2026, 3, day)) for day in (1, 2, 3, 4)]
    assert states == [State.HOME, State.HOSPITAL, State.HOSPITAL, State.HOME]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2025-12-31", None),  # before its first day
        ("2026-01-01", "x"),  # on it
        ("2026-06-30", "x"),  # on its last day
        ("2026-07-01", None),  # after it
    ],
)
def test_a_category_holds_from_its_first_to_its_last_day(day: str, code: str | None) -> None:
    """Whoever is recorded in a category counts in it while it is in force, and not otherwise."""
    of = only({}, end="2026-06-30")
    found = eligibility_of(person(category="x"), of, dt.date.fromisoformat(day))
    assert (None if found.category is None else found.category.code) == code
    assert not found.is_tested


def test_a_category_that_ends_ends_its_care() -> None:
    """Whoever is admitted under a category is cared for until its last day."""
    found = eligibility_of(person(category="x"), only({}, end="2026-03-02"), DAY)
    assert found.loss_on(dt.date(2026, 3, 2)) is None
    assert found.loss_on(dt.date(2026, 3, 3)) is Loss.ENDED


def test_without_an_application_the_recorded_category_counts() -> None:
    """The scenario's own category is taken as decided before; no other one is tried."""
    found = eligibility_of(person(category="alone", age=20), office(), DAY)
    assert found.category is not None
    assert found.category.code == "alone"
    assert set(found.unfit.values()) == {Unfit.NOT_RECORDED}


def test_an_application_is_tested_whatever_is_recorded() -> None:
    """A recorded category helps nobody whose application shows that it does not fit."""
    found = eligibility_of(person(category="alone", age=20), office(applies("C1")), DAY)
    assert found.category is None


@pytest.mark.parametrize(("track", "critical_only"), [("free", False), ("reduced", True)])
def test_only_reduced_care_can_be_declined(track: str, critical_only: bool) -> None:
    """Who declines to pay keeps critical care; free care has nothing to pay."""
    shown = applies("C1", copay_declined=True)
    found = eligibility_of(person(), only({}, shown, track=track), DAY)
    assert found.is_critical_only is critical_only


def test_care_begins_with_the_category_at_the_soonest() -> None:
    """Whoever applied long before is not cared for by a category that did not exist yet."""
    early = {**HARDSHIP, "start": "2026-03-01"}
    of = office(applies("C1", hardship="low_income", applied_on="2025-11-20"), categories=[early])
    assert eligibility_of(town().clients[0], of, DAY).starts == dt.date(2026, 3, 1)
