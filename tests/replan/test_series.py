"""A series over weeks: figures of the verifier, weekdays that fit, nobody's visits taken."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from optimizer.domain import NewSeries
from optimizer.domain.policy import Term
from optimizer.formats import check_new_series
from optimizer.replan import SeriesRecommendation, SeriesRecommender, SeriesSuggestion
from optimizer.replan.changes import appointments
from optimizer.units import parse_clock
from optimizer.verification import verify
from tests.replan.fortnight import FORTNIGHT, HAMLET, LIKE, NEW, PLAN


def _found(series: NewSeries, most: int = 3) -> SeriesRecommendation:
    assert check_new_series(series, FORTNIGHT, PLAN).faults == ()
    return SeriesRecommender.of(FORTNIGHT, PLAN).recommend(series, most=most)


@pytest.fixture(scope="module")
def found() -> SeriesRecommendation:
    """Return who could take three mornings a week for a fortnight."""
    return _found(NEW)


def _counted(one: SeriesSuggestion) -> dict[Term, int]:
    """Return by how much the verifier's terms differ from the roster without the series."""
    names = {each.visit for each in one.occurrences}
    after = verify(one.scenario, one.plan)
    assert after.feasible
    before = verify(one.scenario, PLAN)
    assert names & set(after.unserved) == {o.visit for o in one.occurrences if not o.caregivers}
    assert names <= set(before.unserved)
    told = [term for term in Term if term not in {Term.UNSERVED, Term.SHARE}]
    both = {term: after.cost_breakdown[term] - before.cost_breakdown[term] for term in told}
    return {term: cost for term, cost in both.items() if cost}


def test_figures_are_the_verifiers(found: SeriesRecommendation) -> None:
    """Each way is verified, its terms are what it costs more, and the first is the cheapest."""
    assert found.suggestions
    for one in found.suggestions:
        assert dict(one.terms) == _counted(one)
        assert one.difference == sum(one.terms.values())
        told = appointments(one.plan)
        for each in one.occurrences:
            assert told[each.visit].caregivers == each.caregivers
            assert (told[each.visit].date, told[each.visit].start) == (each.date, each.start)
    costs = [one.difference / len(one.occurrences) for one in found.suggestions]
    assert costs == sorted(costs)


def test_weekdays_are_the_same_each_week(found: SeriesRecommendation) -> None:
    """Three days a week from Monday to Friday, two days from one to the next at least."""
    for one in found.suggestions:
        days = [each.date for each in one.occurrences]
        assert len(days) == 6
        assert len({day.isoweekday() for day in days}) == 3
        assert all(day.isoweekday() <= 5 for day in days)
        assert all((after - day).days >= 2 for day, after in pairwise(days))


def test_others_keep_their_visits(found: SeriesRecommendation) -> None:
    """No visit of the roster loses its caregiver; those that begin otherwise are told."""
    was = appointments(PLAN)
    for one in found.suggestions:
        now = appointments(one.plan)
        assert all(now[visit].caregivers == told.caregivers for visit, told in was.items())
        moved = {visit for visit, told in was.items() if now[visit].start != told.start}
        assert {change.visit for change in one.changes} == moved


def test_a_tolerance_keeps_the_time() -> None:
    """All visits begin within it of each other, and the agreed slot becomes their window."""
    series = NEW.model_copy(update={"tolerance": 20 * 60_000})
    for one in _found(series).suggestions:
        starts = [each.start for each in one.occurrences if each.start is not None]
        assert max(starts) - min(starts) <= 20 * 60_000
        windows = {v.window for v in one.scenario.visits if v.series == "BATH"}
        assert len(windows) == 1
        assert dict(one.terms) == _counted(one)


def test_whoever_is_away_is_stood_in_for() -> None:
    """On days without a shift of hers somebody else comes, and the obstacle is told."""
    first = _found(NEW, most=1).suggestions[0]
    (main,) = first.caregivers
    away = first.occurrences[0].date
    people = tuple(
        person.model_copy(
            update={"shifts": tuple(shift for shift in person.shifts if shift.date != away)}
        )
        if person.id == main
        else person
        for person in FORTNIGHT.caregivers
    )
    alike = NEW.model_copy(
        update={"weekdays": tuple(o.date.isoweekday() for o in first.occurrences)}
    )
    day = FORTNIGHT.model_copy(update={"caregivers": people})
    plan = PLAN if away != HAMLET.horizon.start else PLAN.model_copy(update={"routes": ()})
    ways = SeriesRecommender.of(day, plan).recommend(alike, most=9).suggestions
    theirs = [one for one in ways if one.caregivers == (main,)]
    others = [each for one in theirs for each in one.occurrences if each.caregivers != (main,)]
    assert others
    assert {each.date for each in others} == {away}
    assert all(each.obstacle is not None for each in others)


def test_two_caregivers_make_a_series_together() -> None:
    """Of a visit for two each occurrence has two, and the figures are the verifier's."""
    carers = (LIKE.carers[0], LIKE.carers[0].model_copy(update={"qualifications": ()}))
    both = LIKE.model_copy(update={"id": "LIFT", "carers": carers, "dates": ()})
    series = NewSeries(visit=both, per_week=1, weekdays=(3, 4))
    found = _found(series)
    assert found.suggestions
    for one in found.suggestions:
        assert all(len(each.caregivers) == 2 for each in one.occurrences if each.caregivers)
        assert dict(one.terms) == _counted(one)


def test_what_is_left_out_of_a_series_is_recommended_for() -> None:
    """Visits of a series that the scenario has are placed on their days."""
    first = _found(NEW, most=1).suggestions[0]
    again = SeriesRecommender.of(first.scenario, PLAN).recommend("BATH", most=1).suggestions[0]
    assert [each.date for each in again.occurrences] == [each.date for each in first.occurrences]
    assert again.difference == first.difference
    whole = SeriesRecommender.of(first.scenario, first.plan)
    with pytest.raises(ValueError, match="BATH"):
        whole.recommend("BATH")
    with pytest.raises(KeyError):
        whole.recommend("NONE")


def test_nobody_who_may_come_is_told_by_obstacle() -> None:
    """A window at night is in nobody's shift: nothing is made, every caregiver is counted once."""
    window = LIKE.window.model_copy(
        update={"earliest": parse_clock("02:00"), "latest": parse_clock("02:30")}
    )
    visit = NEW.visit.model_copy(update={"window": window, "preferred_until": None})
    found = _found(NEW.model_copy(update={"visit": visit}))
    assert sum(found.barred.values()) == len(FORTNIGHT.caregivers)
    assert all(one.left_out == len(one.occurrences) for one in found.suggestions)


def test_all_faults_of_a_series_are_told_at_once() -> None:
    """Days of its own, an id that is taken, weeks that hold it not, a day alone, nobody of it."""
    visit = LIKE.model_copy(update={"client": "C999", "dates": (dt.date(2026, 3, 2),)})
    series = NewSeries(visit=visit, per_week=4, weekdays=(1, 2, 3), min_days=1)
    faults = check_new_series(series, HAMLET, PLAN).faults
    assert [(one.path, one.code) for one in faults] == [
        ("visit.id", "duplicate-id"),
        ("visit.dates", "series-has-days"),
        ("per_week", "fits-no-week"),
        ("per_week", "fits-no-week"),
    ]
    strange = visit.model_copy(update={"id": "NEW", "dates": ()})
    (fault,) = check_new_series(NewSeries(visit=strange, per_week=1), FORTNIGHT, PLAN).faults
    assert (fault.path, fault.code) == ("visit.client", "unknown-client")
