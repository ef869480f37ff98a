"""The first reason why a visit is left out, each in the smallest world that shows it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from optimizer.domain.caregiver import BreakRule, Qualification, Shift
from optimizer.domain.client import Entitlement, EntitlementUnit, Flag
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.night import NightHours
from optimizer.domain.place import MatrixTravel, Mode
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import (
    CarerNeed,
    Coupling,
    CouplingKind,
    Pin,
    Requirement,
    StartWindow,
)
from optimizer.explanation import Insertions, PlanState, visit_reasons
from optimizer.explanation.first_reason import with_first_reasons
from optimizer.solving import solve
from optimizer.travel import travel_matrices
from optimizer.verification import verify
from tests.explanation.days import nobody
from tests.verification.worlds import (
    MINUTES,
    MONDAY,
    TUESDAY,
    caregiver,
    lane,
    roster,
    route,
    shifts,
    visit,
    with_caregiver,
    with_client,
    with_visit,
)

NURSING = (Requirement(code="nursing"),)
SKILLED = CarerNeed(minutes=30, qualifications=NURSING)
PLAIN = CarerNeed(minutes=30)
FAR = tuple(
    tuple(-1 if place == 1 != other else way for other, way in enumerate(row))
    for place, row in enumerate(MINUTES)
)
"There is no way back from C1."
CONTRACT = Contract(
    id="K1", purchaser="civil", organisation="O1", towns=("east",), start=MONDAY, end=MONDAY
)


def first(**fields: Any) -> Scenario:
    """Return the lane with V1 varied."""
    return with_visit(lane(), "V1", **fields)


def paid(unit: EntitlementUnit, cap: int) -> Scenario:
    """Return the lane with V1 paid by an entitlement of so many minutes or visits."""
    grant = Entitlement(payer="ltci", unit=unit, cap=cap)
    return with_client(first(payer="ltci"), "C1", entitlements=(grant,))


def window(earliest: str, latest: str) -> StartWindow:
    """Return a window."""
    return StartWindow(earliest=earliest, latest=latest)


def worked(*, night: bool = False, **fields: object) -> Scenario:
    """Return the lane with N1 alone, under limits across days; `night`: by day it is night."""
    hours = NightHours(start="07:00", end="19:00") if night else NightHours()
    policy = lane().policy.model_copy(update={"night": hours})
    return lane(caregivers=(caregiver("N1", **fields),), policy=policy)


def returned(last_return: str, latest: str) -> Scenario:
    """Return the lane with N1 only, who came home late the evening before, and V1 early."""
    tired = caregiver("N1", rest=660, last_return=last_return)
    return with_visit(lane(caregivers=(tired,)), "V1", window=window("08:00", latest))


AT_EIGHT = BreakRule(duration=60, earliest="08:00", latest="08:00")
ONE_NURSE = with_caregiver(lane(), "N1", qualifications=(Qualification(code="nursing"),))
EXPIRED = Qualification(code="nursing", expires=MONDAY - dt.timedelta(days=1))
NO_VISITS = with_caregiver(with_caregiver(lane(), "N1", visits_per_day=0), "N2", visits_per_day=0)
AT_NOON = BreakRule(duration=60, earliest="12:00", latest="12:00")


def proven_and_free() -> list[tuple[Scenario, str]]:
    """Return worlds in which nobody is served yet, with the reason for V1."""
    alone = caregiver("N1")
    resting = lane(caregivers=(caregiver("N1", break_rule=AT_NOON),))
    early = caregiver("N1", shifts=(Shift(date=MONDAY, start="08:00", end="12:00"),))
    late = caregiver("N2", shifts=(Shift(date=MONDAY, start="12:00", end="17:00"),))
    signed = caregiver("N1", organisation="O1")
    towns = lane(
        organisations=(Organisation(id="O1"),), contracts=(CONTRACT,), caregivers=(signed,)
    )
    capped = CONTRACT.model_copy(update={"towns": (), "cap": 29 * 60_000})
    return [
        (lane(), "fits"),  # anybody could serve it
        (first(carers=(SKILLED,)), "nobody_qualified"),  # nobody holds anything
        (
            with_caregiver(first(carers=(SKILLED,)), "N1", qualifications=(EXPIRED,)),
            "nobody_qualified",
        ),  # held until yesterday
        (first(dates=(TUESDAY,)), "not_on_this_day"),  # the horizon is Monday
        (lane(caregivers=(caregiver("N1", shifts=()),)), "not_on_this_day"),  # nobody works
        (
            with_visit(
                lane(
                    caregivers=(
                        caregiver("N1"),
                        caregiver("N2", shifts=(), qualifications=(Qualification(code="nursing"),)),
                    )
                ),
                "V1",
                carers=(SKILLED,),
            ),
            "not_on_this_day",
        ),  # the nurse has no shift at all
        (with_client(lane(), "C1", refused=("N1", "N2")), "refused_or_not_allowed"),  # both
        (first(pin=Pin(caregivers=("N9",))), "refused_or_not_allowed"),  # pinned to nobody
        (first(pin=Pin(start="19:00")), "refused_or_not_allowed"),  # pinned out of its window
        (lane(caregivers=()), "not_on_this_day"),  # nobody at all
        (with_visit(lane(caregivers=()), "V1", carers=(SKILLED,)), "nobody_qualified"),
        (first(window=window("17:00", "18:00")), "window_against_shift"),  # work is over
        (first(window=window("06:00", "08:09")), "travel"),  # ten minutes away
        (first(window=window("06:00", "08:10")), "fits"),  # reached in time
        (first(window=window("16:20", "16:20")), "fits"),  # home at 17:00
        (first(window=window("16:21", "16:21")), "travel"),  # home at 17:01
        (first(window=window("16:31", "16:31")), "window_against_shift"),  # done at 17:01
        (
            lane(
                caregivers=(
                    caregiver("N1", shifts=(Shift(date=MONDAY, start="09:00", end="09:29"),)),
                )
            ),
            "window_against_shift",
        ),  # on shift, but for 29 minutes
        (lane(travel=MatrixTravel(minutes={Mode.EBIKE: FAR})), "travel"),  # no way back
        (lane(caregivers=(caregiver("N1", longest_leg=9),)), "travel"),  # ten minutes to C1
        (with_visit(resting, "V1", window=window("12:30", "12:30")), "break"),  # due at noon
        (with_visit(resting, "V1", window=window("13:10", "13:10")), "fits"),  # after it
        (NO_VISITS, "work_limit"),  # shared case r01
        (lane(caregivers=(caregiver("N1", days_off=7),)), "work_limit"),  # no day may be worked
        (lane(caregivers=(caregiver("N1", days_off=6),)), "fits"),  # one may
        (worked(consecutive_days=2, consecutive_days_worked=2), "work_limit"),  # a third in a row
        (worked(consecutive_days=3, consecutive_days_worked=2), "fits"),  # three may be
        (worked(day_minutes=20, month_overtime_limit=60, month_overtime_worked=51), "work_limit"),
        (worked(day_minutes=20, month_overtime_limit=60, month_overtime_worked=50), "fits"),
        (worked(night=True, week_nights=1, week_nights_worked=1), "work_limit"),
        (worked(night=True, consecutive_nights=1, consecutive_nights_worked=1), "work_limit"),
        (
            worked(week_nights=0, consecutive_nights=1, consecutive_nights_worked=1),
            "fits",
        ),  # by day
        (returned("22:00", "09:09"), "rest"),  # leaves at 09:00 at the earliest
        (returned("22:00", "09:10"), "fits"),  # just rested
        (with_caregiver(returned("22:00", "09:10"), "N1", break_rule=AT_EIGHT), "fits"),  # at home
        (returned("22:00", "08:09"), "travel"),  # not reached by somebody rested either
        (with_caregiver(returned("22:00", "09:09"), "N1", visits_per_day=0), "work_limit"),
        (first(carers=(PLAIN, PLAIN)), "fits"),  # two are there
        (with_visit(lane(caregivers=(alone,)), "V1", carers=(PLAIN, PLAIN)), "partner_missing"),
        (with_visit(ONE_NURSE, "V1", carers=(SKILLED, SKILLED)), "partner_missing"),  # one nurse
        (
            with_visit(lane(caregivers=(early, late)), "V1", carers=(PLAIN, PLAIN)),
            "partner_missing",
        ),  # one until noon, the other from noon on
        (paid(EntitlementUnit.MINUTES, 29), "entitlement"),  # 30 minutes are needed
        (paid(EntitlementUnit.MINUTES, 30), "fits"),  # just enough
        (paid(EntitlementUnit.VISITS, 0), "entitlement"),  # used up
        (towns, "contract"),  # C1 lives in no town that the contract covers
        (towns.model_copy(update={"contracts": (capped,)}), "contract"),  # a minute too little
    ]


@pytest.mark.parametrize(("world", "reason"), proven_and_free())
def test_the_reason_on_an_empty_roster(world: Scenario, reason: str) -> None:
    """What nobody could serve has the last test that anybody came to; all else has room."""
    plan = with_first_reasons(world, nobody(world), travel_matrices(world))
    assert plan.unserved[0].reason == reason


TIGHT = window("10:00", "10:00")


def crowded() -> list[tuple[Scenario, str]]:
    """Return worlds with one caregiver for whom V1 or another visit is one too many."""
    one = lane(caregivers=(caregiver("N1"),))
    at_once = one.model_copy(
        update={"visits": tuple(v.model_copy(update={"window": TIGHT}) for v in one.visits)}
    )
    granted = Entitlement(payer="ltci", unit=EntitlementUnit.VISITS, cap=2)
    paid_for = tuple(v.model_copy(update={"client": "C1", "payer": "ltci"}) for v in one.visits)
    client = with_client(one, "C1", entitlements=(granted,))
    return [
        (at_once, "crowded_out"),  # three visits at ten
        (with_caregiver(one, "N1", day_minutes_limit=105), "work_limit"),  # 135 asked for
        (with_caregiver(one, "N1", visits_per_day=2), "work_limit"),  # three asked for
        (client.model_copy(update={"visits": paid_for}), "entitlement"),  # two granted
    ]


@pytest.mark.parametrize(("world", "reason"), crowded())
def test_the_reason_beside_other_visits(world: Scenario, reason: str) -> None:
    """A rule that keeps out everybody is named; a day that is full is not called anything else."""
    plan = solve(world, iterations=200, engine="search").plan
    assert {one.reason for one in plan.unserved} == {reason}


def beside_a_route() -> list[tuple[Scenario, Plan, str]]:
    """Return worlds with a route that serves V2, and what bars V1 beside it."""
    at_ten = roster(route("N1", ("V2", "C1", "10:00", 60)), unserved=("V1",))
    at_nine = roster(route("N1", ("V2", "C2", "09:00", 60)), unserved=("V1",))
    at_three = roster(route("N1", ("V2", "C2", "15:00", 60)), unserved=("V1",))
    before = visit("V1", "C1", 30).model_copy(update={"window": window("08:10", "09:30")})
    second = Coupling(kind=CouplingKind.AFTER, first="V2", second="V1", min_gap=15)
    tied = lane(visits=(before, visit("V2", "C1", 60)), couplings=(second,))
    eleven = visit("V1", "C1", 30).model_copy(update={"window": window("11:00", "11:00")})
    fixed = visit("V2", "C2", 60).model_copy(update={"window": window("09:00", "09:00")})
    ill = with_client(lane(visits=(eleven, fixed)), "C2", flags=(Flag.INFECTIOUS,))
    tomorrow = before.model_copy(update={"dates": (TUESDAY,)})
    works = {"shifts": shifts(MONDAY, TUESDAY), "rest": 20 * 60}
    two_days = lane(
        horizon=Horizon(start=MONDAY, days=2),
        caregivers=(caregiver("N1", **works),),
        visits=(tomorrow, visit("V2", "C2", 60)),
    )
    two = visit("V1", "C1", 30).model_copy(update={"window": window("14:00", "14:00")})
    circle = with_client(lane(visits=(two, visit("V2", "C1", 30))), "C1", most_caregivers=1)
    circle = with_caregiver(circle, "N1", shifts=shifts(MONDAY, end="12:00"))
    nine_only = roster(route("N1", ("V2", "C1", "09:00", 30)), unserved=("V1",))
    return [
        (circle, nine_only, "caregivers_per_client"),  # N1 is off at two, N2 would be the second
        (tied, at_ten, "coupling"),  # to begin at 10:15 at the earliest, and by 09:30
        (with_caregiver(ill, "N2", shifts=()), at_nine, "infection"),  # N1 comes from C2
        (ill, at_nine, "fits"),  # N2 comes from home
        (two_days, at_three, "rest"),  # back at 16:20, so not out before 12:20
    ]


@pytest.mark.parametrize(("world", "plan", "reason"), beside_a_route())
def test_the_reason_beside_a_given_route(world: Scenario, plan: Plan, reason: str) -> None:
    """What the roster fixes is named if it keeps out everybody who could make the visit."""
    matrices = travel_matrices(world)
    assert verify(world, plan, matrices).feasible
    assert with_first_reasons(world, plan, matrices).unserved[0].reason == reason


@pytest.mark.parametrize(("world", "reason"), [*proven_and_free(), *crowded()])
def test_roster_and_explanation_give_one_reason(world: Scenario, reason: str) -> None:
    """The code on a plan is the one that its explanation finds."""
    plan: Plan = solve(world, iterations=50, engine="search").plan
    insertions = Insertions(PlanState.of(world, plan, travel_matrices(world)))
    visits = insertions.state.index.visit
    for one in plan.unserved:
        assert one.reason == visit_reasons(insertions, visits[one.visit]).reason, reason
