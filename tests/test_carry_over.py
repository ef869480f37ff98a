"""What one period hands on to the next."""

from __future__ import annotations

import datetime as dt

import pytest

from optimizer.carry_over import carried_over
from optimizer.domain.client import Entitlement, EntitlementUnit, Period
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.night import NightHours
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Familiar, Scenario
from optimizer.domain.series import Series
from optimizer.domain.visit import CarerNeed, StartWindow
from optimizer.errors import UsageError
from optimizer.units import MS_PER_MINUTE
from optimizer.verification import account
from tests.pattern.test_pattern import roster
from tests.pattern.weeks import HOUR, MONDAY, weeks

WEDNESDAY = MONDAY + dt.timedelta(days=2)
NEXT = MONDAY + dt.timedelta(days=7)
LATER = MONDAY + dt.timedelta(days=60)


def known(scenario: Scenario) -> dict[tuple[str, str], int | None]:
    """Return the history of a scenario."""
    return {(one.client, one.caregiver): one.visits for one in scenario.history}


def test_days_worked_are_those_of_the_same_week() -> None:
    """A plan of Monday and Tuesday leaves two days worked for Wednesday, none for next week."""
    week = weeks()
    made = carried_over(week, roster(week), weeks(WEDNESDAY, days=5))
    assert [one.days_worked for one in made.scenario.caregivers] == [2, 0]
    made = carried_over(week, roster(week), weeks(NEXT))
    assert [one.days_worked for one in made.scenario.caregivers] == [0, 0]


def test_days_worked_add_up_over_three_periods_of_a_week() -> None:
    """What the earlier period was told of the same week is told on."""
    tuesday = weeks(MONDAY + dt.timedelta(days=1), days=1)
    people = tuple(one.model_copy(update={"days_worked": 1}) for one in tuesday.caregivers)
    tuesday = tuesday.model_copy(update={"caregivers": people})
    made = carried_over(tuesday, roster(tuesday), weeks(WEDNESDAY, days=1))
    assert [one.days_worked for one in made.scenario.caregivers] == [2, 1]


def test_the_return_of_the_evening_before_is_handed_on() -> None:
    """Rest begins with it; who was not out that day has none."""
    week = weeks()
    made = carried_over(week, roster(week), weeks(WEDNESDAY, days=5))
    assert [one.last_return for one in made.scenario.caregivers] == [8 * HOUR + HOUR // 2, None]


def test_days_in_a_row_go_on() -> None:
    """Monday and Tuesday are two in a row for Wednesday; with three before Monday they are five."""
    week = weeks()
    made = carried_over(week, roster(week), weeks(WEDNESDAY, days=5))
    assert [one.consecutive_days_worked for one in made.scenario.caregivers] == [2, 0]
    told = tuple(one.model_copy(update={"consecutive_days_worked": 3}) for one in week.caregivers)
    known = week.model_copy(update={"caregivers": told})
    made = carried_over(known, roster(known), weeks(WEDNESDAY, days=5))
    assert [one.consecutive_days_worked for one in made.scenario.caregivers] == [5, 0]
    made = carried_over(known, roster(known), weeks(NEXT + dt.timedelta(days=30)))
    assert [one.consecutive_days_worked for one in made.scenario.caregivers] == [0, 0]


def test_nights_go_on() -> None:
    """If mornings are night, two nights were worked in the week and in a row."""
    week = weeks()
    night = NightHours(start="05:00", end="12:00", least=60)
    policy = week.policy.model_copy(update={"night": night})
    week = week.model_copy(update={"policy": policy})
    first = carried_over(week, roster(week), weeks(WEDNESDAY, days=5)).scenario.caregivers[0]
    assert (first.week_nights_worked, first.consecutive_nights_worked) == (2, 2)
    next_week = carried_over(week, roster(week), weeks(NEXT)).scenario.caregivers[0]
    assert next_week.week_nights_worked == 0


def test_overtime_of_the_month_goes_on() -> None:
    """Work above ten minutes a day adds to what was before, in the same month alone."""
    week = weeks()
    told = tuple(
        one.model_copy(
            update={"day_minutes": 10 * MS_PER_MINUTE, "month_overtime_worked": 5 * MS_PER_MINUTE}
        )
        for one in week.caregivers
    )
    week = week.model_copy(update={"caregivers": told})
    work = [day.work for day in account(week, roster(week)).days if day.date < WEDNESDAY]
    over = sum(max(0, each - 10 * MS_PER_MINUTE) for each in work)
    made = carried_over(week, roster(week), weeks(WEDNESDAY, days=5)).scenario.caregivers[0]
    assert over > 0
    assert made.month_overtime_worked == over + 5 * MS_PER_MINUTE
    later = weeks(MONDAY + dt.timedelta(days=35))
    assert carried_over(week, roster(week), later).scenario.caregivers[0].month_overtime_worked == 0


def test_visits_make_people_known_and_older_ones_fade() -> None:
    """G1 came three times, and nine times before: three and half of nine; G2 is known for good."""
    week = weeks().model_copy(
        update={
            "history": (
                Familiar(client="C1", caregiver="G1", visits=9),
                Familiar(client="C2", caregiver="G2"),
                Familiar(client="C1", caregiver="G2", visits=1),
            )
        }
    )
    made = carried_over(week, roster(week), weeks(NEXT))
    assert known(made.scenario) == {
        ("C1", "G1"): 3 + 4,
        ("C2", "G1"): 1,
        ("C2", "G2"): None,
    }
    assert made.pairs == 3


def test_people_who_are_gone_are_forgotten() -> None:
    """The history names only people of the later scenario."""
    week = weeks()
    made = carried_over(week, roster(week), weeks(NEXT, people=("G2",)))
    assert known(made.scenario) == {}


def test_missed_visits_are_counted_and_older_ones_fade() -> None:
    """One left out this time and three before: one and half of three."""
    week = weeks()
    client = week.clients[0].model_copy(update={"missed": 3})
    week = week.model_copy(update={"clients": (client, week.clients[1])})
    made = carried_over(week, roster(week, C1_0302="nobody"), weeks(NEXT))
    assert [one.missed for one in made.scenario.clients] == [2, 0]
    assert made.clients == 1


def test_what_is_not_over_is_not_missed() -> None:
    """Where periods overlap, only what was due before the later one counts."""
    week = weeks()
    made = carried_over(week, Plan(scenario=week.id), weeks(WEDNESDAY, days=5))
    assert [one.missed for one in made.scenario.clients] == [1, 1]


def test_a_series_knows_when_it_took_place() -> None:
    """The days within its reach, those told before among them, and none of the later days."""
    series = Series(
        id="bath",
        client="C1",
        carers=(CarerNeed(minutes=30),),
        window=StartWindow(earliest=8 * HOUR, latest=10 * HOUR),
        done=(MONDAY - dt.timedelta(days=1), MONDAY - dt.timedelta(days=300)),
    )
    week = weeks()
    visits = tuple(
        one.model_copy(update={"series": "bath"}) for one in week.visits if "C1" in one.id
    )
    week = week.model_copy(update={"visits": visits, "series": (series,)})
    later = weeks(WEDNESDAY, days=5).model_copy(update={"series": (series,)})
    (made,) = carried_over(week, roster(week), later).scenario.series
    assert made.done == (MONDAY - dt.timedelta(days=1), MONDAY)


@pytest.mark.parametrize(
    ("unit", "cap", "used"),
    [(EntitlementUnit.MINUTES, 120, 30), (EntitlementUnit.VISITS, 4, 1)],
)
def test_what_was_paid_this_week_is_used_up(unit: EntitlementUnit, cap: int, used: int) -> None:
    """A breakfast on Monday counts on Wednesday, beside what was used before; not next week."""
    granted = Entitlement(payer="civil", unit=unit, cap=cap, period=Period.WEEK)

    def paid(scenario: Scenario, **fields: object) -> Scenario:
        purse = granted.model_copy(update=fields)
        clients = tuple(
            one.model_copy(update={"entitlements": (purse,)}) for one in scenario.clients
        )
        visits = tuple(one.model_copy(update={"payer": "civil"}) for one in scenario.visits)
        return scenario.model_copy(update={"clients": clients, "visits": visits})

    week, later, after = paid(weeks()), paid(weeks(WEDNESDAY, days=5)), paid(weeks(NEXT))
    told = carried_over(week, roster(week), later).scenario
    assert [one.entitlements[0].used for one in told.clients] == [used, used]
    again = carried_over(told, roster(told), paid(weeks(WEDNESDAY + dt.timedelta(days=2), days=3)))
    assert [one.entitlements[0].used for one in again.scenario.clients] == [2 * used, used]
    told = carried_over(week, roster(week), after).scenario
    assert [one.entitlements[0].used for one in told.clients] == [0, 0]


def test_contracts_know_what_was_charged_and_is_owed() -> None:
    """A third of the promised care of three days was given: it is used, the rest is owed."""

    def bought(scenario: Scenario, start: dt.date = MONDAY) -> Scenario:
        contract = Contract(
            id="K1", purchaser="civil", organisation="O1", start=start, end=LATER, min_share=100,
            fen_per_hour=1_200, cap=6_000,
        )  # fmt: skip
        people = tuple(one.model_copy(update={"organisation": "O1"}) for one in scenario.caregivers)
        return scenario.model_copy(
            update={
                "caregivers": people,
                "organisations": (Organisation(id="O1"),),
                "contracts": (contract,),
            }
        )

    week = bought(weeks())
    plan = roster(week)
    (told,) = carried_over(week, plan, bought(weeks(NEXT))).scenario.contracts
    charges = [one for one in account(week, plan).charges if one.contract == "K1"]
    assert charges
    assert told.used == sum(one.care for one in charges)
    assert told.used_visits == len({one.visit for one in charges})
    assert told.used_fen == sum(one.fen for one in charges)
    wanted = sum(need.minutes for visit in week.visits for need in visit.carers)
    assert told.owed == wanted - told.used
    assert told.left == 6_000 * MS_PER_MINUTE - told.used
    (anew,) = carried_over(week, plan, bought(weeks(NEXT), NEXT)).scenario.contracts
    assert (anew.used, anew.owed) == (0, 0)


def test_the_later_scenario_must_be_later() -> None:
    """A period hands nothing on to itself."""
    week = weeks()
    with pytest.raises(UsageError, match="later"):
        carried_over(week, roster(week), week)
