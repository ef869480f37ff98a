"""What chance does to a scenario: as often as assumed, alike in every arm, nobody left dangling."""

from __future__ import annotations

from statistics import fmean, stdev

import pytest

from benchmarks.named_days import named_day
from optimizer.domain.assumption import CERTAIN, Assumptions
from optimizer.domain.edit import TravelTime
from optimizer.domain.scenario import Scenario
from optimizer.formats import check_scenario
from optimizer.needs import for_engine
from optimizer.shortfall.chance import Chance, poisson_quantile
from optimizer.shortfall.cohort import DISABLED, in_years
from optimizer.shortfall.edits import apply
from optimizer.shortfall.futures import draw
from optimizer.shortfall.one_future import matrices_for
from optimizer.travel import travel_matrices

MANY = 60
SICK = Assumptions(sick=20, leave=5, growth=60, months=3, deaths=3, cancels=10, hired=50)


@pytest.fixture(scope="module")
def day() -> Scenario:
    """A small day with its visits."""
    return for_engine(named_day("zhenhai-day-s"))


def test_without_chances_nothing_happens(day: Scenario) -> None:
    """Where nothing is left to chance the future is the day itself."""
    future = draw(day, CERTAIN, seed=1, replication=3)
    assert future.scenario == day
    assert future.absent == ()
    assert all(abs(one) < 1e-9 for one in future.surplus.values())


def test_a_drawn_day_is_a_scenario_without_faults(day: Scenario) -> None:
    """Nobody names anybody who is not there: the check of files finds nothing."""
    for replication in range(4):
        future = draw(day, SICK, seed=1, replication=replication)
        assert check_scenario(future.scenario).faults == ()


def test_surpluses_are_nothing_on_average(day: Scenario) -> None:
    """Over many futures as much happens as is expected: the controls correct without bias."""
    drawn = [draw(day, SICK, seed=5, replication=n) for n in range(MANY)]
    for name in ("hours_asked", "hours_lost"):
        pairs = [
            (drawn[n].surplus[name] + drawn[n + 1].surplus[name]) / 2 for n in range(0, MANY, 2)
        ]
        assert abs(fmean(pairs)) < 3.5 * stdev(pairs) / len(pairs) ** 0.5
        assert stdev(pairs) > 0
    assert any(one.absent for one in drawn)
    assert any(one.new_clients for one in drawn)
    assert any(one.gone_clients for one in drawn)


def test_the_same_luck_befalls_the_same_people(day: Scenario) -> None:
    """With half the caregivers and clients gone, the others are drawn as before."""
    fewer = day.model_copy(update={"caregivers": day.caregivers[::2]})
    left = {one.id for one in fewer.caregivers}
    for replication in range(6):
        whole = draw(day, SICK, seed=2, replication=replication)
        part = draw(fewer, SICK, seed=2, replication=replication)
        assert set(part.absent) == set(whole.absent) & left
        assert [one.id for one in part.scenario.visits] == [one.id for one in whole.scenario.visits]


def sick_days(person: int, chance: Chance, day: Scenario, days: int) -> list[bool]:
    """Return on which days a caregiver is sick."""
    return list(chance.sick(day.caregivers[person], "town", days))


def test_sickness_comes_in_waves_and_spells(day: Scenario) -> None:
    """Its share is as assumed; whoever is sick stays so for days, and others are sick as well."""
    given = Assumptions(sick=30, sick_together=60, sick_days=6)
    futures = [Chance(given, 1, n) for n in range(200)]
    one = [sick_days(0, chance, day, 2) for chance in futures]
    two = [sick_days(1, chance, day, 1)[0] for chance in futures]
    share = fmean(days[0] for days in one)
    assert share == pytest.approx(0.3, abs=0.08)
    both = fmean(days[0] and other for days, other in zip(one, two, strict=True))
    assert both > share * fmean(two) + 0.03
    stays = fmean(days[0] and days[1] for days in one)
    assert stays > share * share + 0.08


@pytest.mark.parametrize(("sick", "expected"), [(0, False), (100, True)])
def test_nobody_or_everybody_is_sick(day: Scenario, sick: int, expected: bool) -> None:
    """At both ends of the range nothing is left to chance."""
    assert sick_days(0, Chance(Assumptions(sick=sick), 1, 0), day, 3) == [expected] * 3


@pytest.mark.parametrize("growth", [0.0, 8.6])
def test_a_cohort_grows_as_is_assumed(day: Scenario, growth: float) -> None:
    """Whoever dies is followed by somebody new, and the growth comes on top: by construction."""
    given = Assumptions(growth=growth, quits=0)
    last = [
        tuple(in_years(day, Chance(given, 1, replication), 2026, 2031))[-1][1]
        for replication in range(40)
    ]
    expected = len(day.clients) * (1 + growth / 100) ** 5
    assert fmean(len(one.clients) for one in last) == pytest.approx(expected, rel=0.06)
    assert check_scenario(last[0]).faults == ()


def test_the_disabled_of_a_cohort_grow_faster(day: Scenario) -> None:
    """Each group for itself: both rates of the survey hold on average by construction."""
    given = Assumptions(growth=5, disabled_more=15, quits=0)
    last = [
        tuple(in_years(day, Chance(given, 1, replication), 2026, 2031))[-1][1]
        for replication in range(60)
    ]

    def disabled(scenario: Scenario) -> int:
        return sum(one.category == DISABLED for one in scenario.clients)

    others = len(day.clients) - disabled(day)
    assert fmean(map(disabled, last)) == pytest.approx(disabled(day) * 1.2**5, rel=0.1)
    assert fmean(len(one.clients) - disabled(one) for one in last) == pytest.approx(
        others * 1.05**5, rel=0.06
    )
    assert check_scenario(last[1]).faults == ()


def test_the_first_year_of_a_cohort_is_today(day: Scenario) -> None:
    """Nobody has moved on yet: the same visits of the same clients."""
    year, first = next(in_years(day, Chance(Assumptions(), 1, 0), 2026, 2030))
    assert year == 2026
    assert first.visits == day.visits
    assert {one.id for one in first.clients} == {one.id for one in day.clients}


def test_deaths_and_worsening_move_a_cohort(day: Scenario) -> None:
    """With more deaths fewer of today's clients are left; with more worsening need is higher."""

    def after(given: Assumptions) -> Scenario:
        return tuple(in_years(day, Chance(given, 1, 0), 2026, 2032))[-1][1]

    today = {one.id for one in day.clients}

    def stayed(scenario: Scenario) -> int:
        return sum(one.id in today for one in scenario.clients)

    def tier(scenario: Scenario) -> float:
        return fmean(one.need_tier or 0 for one in scenario.clients)

    assert stayed(after(Assumptions(mortality=300))) < stayed(after(Assumptions(mortality=30)))
    assert tier(after(Assumptions(worsening=400))) > tier(after(Assumptions(worsening=0)))


def test_a_cohort_of_many_is_that_of_fewer_and_more(day: Scenario) -> None:
    """Frozen staff that quits and is not replaced grows fewer, and staff that grows more."""
    fewer = Assumptions(quits=5, hired=0)
    more = Assumptions(quits=0, staff_growth=20)

    def working(given: Assumptions) -> int:
        last = tuple(in_years(day, Chance(given, 1, 0), 2026, 2030))[-1][1]
        return sum(bool(one.shifts) for one in last.caregivers)

    assert working(fewer) < len(day.caregivers) < working(more)


@pytest.mark.parametrize(
    ("mean", "share", "number"),
    [(0.0, 0.5, 0), (1.0, 0.36, 0), (1.0, 0.37, 1), (4.0, 0.5, 4), (50.0, 0.5, 50)],
)
def test_poisson_quantiles_are_those_of_the_table(mean: float, share: float, number: int) -> None:
    """The least number whose probability is reached."""
    assert poisson_quantile(mean, share) == number


def test_slower_journeys_are_worked_out_anew(day: Scenario) -> None:
    """Matrices of the usual day are used where nothing of travel has changed, and only there."""
    known = travel_matrices(day)
    slow = apply(day, [TravelTime(percent=50)]).scenario
    assert matrices_for(day, known, day.travel) is known
    assert matrices_for(slow, known, day.travel).table.sum() > known.table.sum()
