"""Visits that services become, and what ties those of a client."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import pytest

from optimizer.domain.client import Entitlement
from optimizer.domain.health import Condition
from optimizer.domain.policy import Priority
from optimizer.domain.visit import Coupling, CouplingKind, Visit
from optimizer.needs.derive import Needs
from optimizer.units import MS_PER_MINUTE, parse_clock
from tests.needs.worlds import (
    BOOK,
    MONDAY,
    Known,
    clock,
    derived,
    has,
    meals,
    needs_of,
    orders,
    ready_visit,
    visits_with,
)

SERVICES = BOOK.catalogue.services
ROSTERED = [code for code, service in SERVICES.items() if service.rostered]
"All services but the urgent response, which is kept in reserve."
CODES = [
    "MEAL_DELIVER",
    "MEAL_COOK",
    "FEED_ASSIST",
    "CLEAN_HOME",
    "LAUNDRY",
    "GROOM",
    "HYG_DAILY",
    "HYG_BEDBATH",
    "HYG_BATH",
    "HYG_SHAMPOO",
    "TOILET_CONT",
    "TURN_SKIN",
    "TRANSFER",
    "MED_ADMIN",
    "VITALS",
    "GLUCOSE",
    "INSULIN_INJ",
    "TUBE_FEED",
    "CATH_CARE",
    "CATH_CHANGE",
    "WOUND_PI",
    "WOUND_CARE",
    "STOMA_CARE",
    "BOWEL_CARE",
    "OXY_NEB",
    "NURSE_CHECK",
    "INJ_BLOOD",
    "PICC_CARE",
    "REHAB_TRAIN",
    "COG_TRAIN",
    "SOCIAL_WORK",
    "PSY_COMFORT",
    "ESCORT_MED",
    "ESCORT_OUT",
    "ERRAND",
    "SAFE_VISIT",
    "EMERG",
]
SOUND = Known(
    has("diabetes_insulin", "wound") + has("pressure_injury", stage=2),
    devices=("picc", "urinary_catheter", "stoma"),
)
TUBE = Known(devices=("nasogastric_tube",))
INSULIN = Known(has("diabetes_insulin"), items={"eating": 2})


def only_visit(service: str) -> Visit:
    """Return the first visit that holds a service, which a care plan orders."""
    known = TUBE if service == "TUBE_FEED" else SOUND
    needs = needs_of(known, care_plans=(orders(service, per_week=7),))
    return visits_with(needs, service)[0]


@pytest.mark.parametrize("service", ROSTERED)
def test_visit_respects_its_service(service: str) -> None:
    """A visit asks for what the service asks for and begins within one of its windows."""
    visit = only_visit(service)
    # Blood sugar before insulin is the nurse's, see the rule for insulin.
    usual = "N" if service == "GLUCOSE" else SERVICES[service].needs
    code, _, level = usual.partition("/")
    (need,) = visit.carers[0].qualifications
    assert need.code == code
    assert need.level >= int(level or 1)
    assert any(
        window.earliest <= visit.window.earliest <= visit.window.latest <= window.latest
        for window in SERVICES[service].windows
    )
    around = BOOK.catalogue.arrival + BOOK.catalogue.notes
    asked = sum(SERVICES[each].minutes for each in visit.services)
    assert visit.carers[0].minutes == asked + around


def test_nurse_only_is_for_nurses() -> None:
    """Twelve services are for nurses only, and each of their visits asks for one."""
    nurse_only = [code for code in ROSTERED if SERVICES[code].nurse_only]
    assert len(nurse_only) == 12
    for service in nurse_only:
        assert [need.code for need in only_visit(service).carers[0].qualifications] == ["N"]


def test_catalogue_is_complete() -> None:
    """The 37 services have both names, minutes and, save the urgent response, a price."""
    assert set(SERVICES) == set(CODES)
    assert len(CODES) == 37
    for code, service in SERVICES.items():
        assert service.en
        assert service.zh
        assert service.minutes > 0
        assert (service.shortest or service.minutes) <= service.minutes
        prices = [price.fen_per_hour or price.fen_per_time for price in service.prices.values()]
        assert prices or code == "EMERG"
        assert all(prices)
    assert not SERVICES["EMERG"].rostered


def test_windows_leave_room() -> None:
    """Every window ends after it begins, and names occur once per service."""
    for service in SERVICES.values():
        names = [window.name for window in service.windows]
        assert len(names) == len(set(names))
        for window in service.windows:
            assert window.earliest < window.latest
            late = window.preferred_until
            assert late is None or window.earliest <= late <= window.latest


def day_of(known: Known, **fields: Any) -> Needs:
    """Return one day of one client."""
    return derived(known.person(**fields), days=1)


def tie(needs: Needs, first: str, second: str) -> Coupling | None:
    """Return the tie between the visits of two services, if there is one."""
    holding = {v.id: set(v.services) for v in needs.scenario.visits}
    for coupling in needs.scenario.couplings:
        if first in holding[coupling.first] and second in holding[coupling.second]:
            return coupling
    return None


@pytest.mark.parametrize("breakfast", ["06:30", "07:15", "08:00"])
def test_injection_and_meal(breakfast: str) -> None:
    """The meal is a visit of its own, 15 to 30 minutes after the injection, twice a day."""
    needs = day_of(INSULIN, meals=meals(breakfast, "11:30", "17:15"))
    injections = visits_with(needs.clients[0], "INSULIN_INJ")
    assert len(injections) == 2
    assert clock(injections[0].window)[1] == breakfast
    fed = [set(v.services) for v in needs.scenario.visits if "FEED_ASSIST" in v.services]
    assert all("INSULIN_INJ" not in services for services in fed)
    after = [c for c in needs.scenario.couplings if c.max_gap == 30 * MS_PER_MINUTE]
    assert {c.first for c in after} == {v.id for v in injections}
    assert all(c.kind is CouplingKind.AFTER for c in after)
    assert all(c.min_gap == 15 * MS_PER_MINUTE for c in after)
    assert all(v.priority is Priority.CRITICAL for v in injections)


def test_injections_lie_nine_to_twelve_hours_apart() -> None:
    """Where meals leave a choice, two injections are tied to 9 to 12 hours."""
    needs = day_of(INSULIN, meals=meals("07:00", "11:30", "18:45"))
    between = tie(needs, "INSULIN_INJ", "INSULIN_INJ")
    assert between is not None
    assert (between.min_gap, between.max_gap) == (540 * MS_PER_MINUTE, 720 * MS_PER_MINUTE)
    assert tie(day_of(INSULIN), "INSULIN_INJ", "INSULIN_INJ") is None  # usual meals keep it anyway


UNFIT = "meals_unfit_for_insulin"


@pytest.mark.parametrize(
    ("breakfast", "dinner", "alert"),
    [
        ("07:15", "17:15", False),
        ("06:00", "18:30", False),  # 12 h 30, of which the windows take half an hour off
        ("06:00", "18:31", True),
        ("05:30", "19:30", True),  # 14 hours
        ("09:00", "17:30", False),  # 8 h 30 and half an hour
        ("09:00", "17:29", True),
        ("10:00", "17:00", True),
    ],
)
def test_meals_unfit_for_two_injections(breakfast: str, dinner: str, alert: bool) -> None:
    """Meals too near or far apart: injections stay before the meals, untied, and staff is told."""
    needs = day_of(INSULIN, meals=meals(breakfast, "12:30", dinner))
    told = [why for code, why in needs.clients[0].requirements.alerts if code == UNFIT]
    assert len(told) == alert
    injections = visits_with(needs.clients[0], "INSULIN_INJ")
    assert [clock(visit.window)[1] for visit in injections] == [breakfast, dinner]
    if alert:
        assert tie(needs, "INSULIN_INJ", "INSULIN_INJ") is None
        assert "meals" in told[0].fields


def test_one_injection_a_day_needs_no_distance() -> None:
    """Who gets one injection a day is told nothing about meals."""
    known = Known(has("diabetes_insulin", per_day=1))
    needs = day_of(known, meals=meals("10:00", "12:00", "14:00"))
    assert UNFIT not in [code for code, _ in needs.clients[0].requirements.alerts]


@pytest.mark.parametrize("breakfast", ["07:15", "08:30", "09:00", "09:30", "10:00", "10:40"])
def test_no_bath_soon_after_a_meal(breakfast: str) -> None:
    """Bath and meal are two visits, and the bath comes before it or 60 minutes after its end."""
    known = Known(items={"bathing": 0, "eating": 0})
    client = known.person(meals=meals(breakfast, "12:30", "17:15"))
    care_plans = (
        orders("HYG_BATH", per_week=7, per_day=2),
        orders("FEED_ASSIST", per_week=7, per_day=3),
    )
    result = derived(client, days=7, care_plans=care_plans)
    eats = parse_clock(breakfast)
    baths = [visit for visit in result.scenario.visits if "HYG_BATH" in visit.services]
    assert baths
    for visit in baths:
        assert "FEED_ASSIST" not in visit.services
        window = visit.window
        assert window.latest < eats or window.earliest >= eats + 80 * MS_PER_MINUTE
    meals_given = [visit for visit in result.scenario.visits if "FEED_ASSIST" in visit.services]
    ties = {(c.first, c.second): c for c in result.scenario.couplings}
    for one, meal in product(baths, meals_given):
        if meal.dates != one.dates:
            continue
        rest = meal.carers[0].minutes + 50 * MS_PER_MINUTE  # 10 of these are arrival and notes
        kept = one.window.earliest >= meal.window.latest + rest
        before = one.window.latest < meal.window.earliest
        tied = ties.get((meal.id, one.id))
        earlier = (one.id, meal.id) in ties
        assert kept or before or earlier or (tied is not None and tied.min_gap >= rest)


def test_what_is_not_daily_may_move_within_its_week() -> None:
    """A bath may be on any day of its week but that of the other one, two days from all others."""
    plans = (orders("HYG_BATH", per_week=2),)
    result = derived(Known(grade=1).person(), days=14, care_plans=plans)
    baths = [visit for visit in result.scenario.visits if visit.services == ("HYG_BATH",)]
    assert len(baths) == 4
    for bath in baths:
        assert len(bath.dates) == 6
        assert len({day.isocalendar().week for day in bath.dates}) == 1
    apart = {frozenset((c.first, c.second)) for c in result.scenario.couplings if c.min_days > 1}
    assert {frozenset((baths[0].id, baths[1].id)), frozenset((baths[1].id, baths[2].id))} <= apart


def test_flexible_visits_may_move_by_a_day_or_within_the_week() -> None:
    """A flexible visit has at least the days around its own; others that are daily have one."""
    result = derived(Known(grade=1).person(), days=7, care_plans=(orders("VITALS", per_week=7),))
    days = result.scenario.horizon.dates()
    for visit in result.scenario.visits:
        if visit.priority is Priority.FLEXIBLE and "MEAL_DELIVER" not in visit.services:
            assert 2 <= len(visit.dates) <= 7
            assert set(visit.dates) <= set(days)
        else:
            assert len(visit.dates) == 1


def test_daily_services_do_not_move() -> None:
    """A visit is never moved to a day on which one of its services is meant anyway."""
    result = derived(Known().person(), days=7, care_plans=(orders("MEAL_DELIVER", per_week=7),))
    assert {len(visit.dates) for visit in result.scenario.visits} == {1}


DIALYSIS = {"starts": "07:30", "lasts": 240, "weekdays": (1, 3, 5)}


def dialysed(**fields: Any) -> Condition:
    """Return dialysis on Monday, Wednesday and Friday morning, if not said otherwise."""
    return Condition.model_validate({"code": "dialysis", **DIALYSIS, **fields})


def test_flexible_visits_do_not_move_to_dialysis_days() -> None:
    """The days around a flexible visit are none of dialysis; only daily meals are on those, too.

    Source: judgement; whoever comes home from dialysis is tired.
    """
    known = Known((dialysed(),), grade=2, items={"daily_affairs": 0})
    needs = needs_of(known, care_plans=(orders("CLEAN_HOME", per_week=4),))
    meals = visits_with(needs, "MEAL_DELIVER")
    assert {visit.dates[0].isoweekday() for visit in meals} == set(range(1, 8))
    assert all(len(visit.dates) == 1 for visit in meals)
    flexible = [v for v in needs.visits if v.priority is Priority.FLEXIBLE and v not in meals]
    assert flexible
    assert not {day.isoweekday() for visit in flexible for day in visit.dates} & {1, 3, 5}


BEDBOUND = {
    "walking": 0,
    "bed_positioning": 1,
    "bladder": 0,
    "eating": 1,
    "dressing_lower": 0,
    "transfer": 2,
}


@pytest.mark.parametrize(
    ("fields", "leaves", "returns"),
    [
        ({}, "07:00", "12:00"),
        ({"starts": "12:30"}, "12:00", "17:00"),
        ({"starts": None, "lasts": None}, "07:00", "12:00"),  # four hours in the morning
        ({"lasts": 300}, "07:00", "13:00"),
    ],
)
def test_nobody_comes_while_the_client_is_on_dialysis(
    fields: dict[str, Any], leaves: str, returns: str
) -> None:
    """On days of dialysis care is given before leaving and after coming back, not in between.

    Source: a session lasts about four hours, three to five by type; half an hour each way is a
    judgement. That hours are barred and not days is a nurse's review.
    """
    known = Known((dialysed(**fields), *has("pressure_injury", stage=2)), items=BEDBOUND)
    needs = needs_of(known, days=7)
    away = parse_clock(leaves), parse_clock(returns)
    kept: set[str] = set()
    for visit in needs.visits:
        if visit.dates[0].isoweekday() not in (1, 3, 5) or "ESCORT_MED" in visit.services:
            continue
        kept.update(visit.services)
        lasts = visit.carers[0].minutes
        assert visit.window.latest + lasts <= away[0] or visit.window.earliest >= away[1]
    assert {"TURN_SKIN", "TOILET_CONT", "WOUND_PI", "FEED_ASSIST", "VITALS"} <= kept


@pytest.mark.parametrize(("lasts", "minutes"), [(240, 310), (300, 370), (180, 250)])
def test_the_escort_stays_as_long_as_the_session(lasts: int, minutes: int) -> None:
    """Half an hour each way, the session, arrival and notes, and never less.

    Source: judgement.
    """
    needs = needs_of(Known((dialysed(lasts=lasts),)), days=7)
    escorts = visits_with(needs, "ESCORT_MED")
    assert [visit.dates[0].isoweekday() for visit in escorts] == [1, 3, 5]
    for visit in escorts:
        assert clock(visit.window) == ("06:45", "07:00")
        assert visit.carers[0].minutes == minutes * MS_PER_MINUTE
        assert visit.carers[0].shortest is None


def test_no_injection_at_home_where_the_meal_is_eaten_away() -> None:
    """Insulin and its meal stay together on days of dialysis, before, after, or not at home.

    Source: rule R03, and judgement; the doctor says what is injected on such a day.
    """
    known = Known((dialysed(), *has("diabetes_insulin")), items={"eating": 2})
    for meal in ("07:15", "06:15", "12:15"):
        times = meals(meal, "15:30", "19:00") if meal == "12:15" else meals(meal, "11:30", "17:15")
        needs = derived(known.person(meals=times), days=7)
        found: dict[str, set[tuple[Any, str]]] = {}
        for visit in needs.scenario.visits:
            for service in visit.services:
                series = (visit.series or "").rpartition(":")[2]
                found.setdefault(service, set()).add((visit.dates, series))
        assert found["INSULIN_INJ"] <= found["FEED_ASSIST"]
        assert len(found["INSULIN_INJ"]) >= 11
    assert "insulin_on_dialysis_days" in needs.clients[0].requirements.notes


def test_rapid_insulin_is_injected_right_before_the_meal() -> None:
    """The nurse comes a quarter of an hour before it at most, the meal follows in 20 minutes.

    Source: rapid insulin about 10 minutes before the meal, short and premixed within 30.
    """
    for kind, earliest, most in (("rapid", "07:00", 20), ("premixed", "06:45", 30)):
        insulin = Condition.model_validate(
            {"code": "diabetes_insulin", "insulin": [{"kind": kind, "moment": "breakfast"}]}
        )
        needs = day_of(Known((insulin,), items={"eating": 2}))
        (injection,) = visits_with(needs.clients[0], "INSULIN_INJ")
        assert clock(injection.window) == (earliest, "07:15")
        tied = tie(needs, "INSULIN_INJ", "FEED_ASSIST")
        assert tied is not None
        assert (tied.min_gap, tied.max_gap) == (15 * MS_PER_MINUTE, most * MS_PER_MINUTE)


def test_bedtime_insulin_is_tied_to_no_meal() -> None:
    """Basal insulin at bedtime is a visit of its own in the evening.

    Source: basal insulin at a fixed hour or at bedtime.
    """
    insulin = Condition.model_validate(
        {"code": "diabetes_insulin", "insulin": [{"kind": "basal", "moment": "bedtime"}]}
    )
    needs = day_of(Known((insulin,), items={"eating": 2}))
    (injection,) = visits_with(needs.clients[0], "INSULIN_INJ")
    assert clock(injection.window) == ("20:30", "21:30")
    assert tie(needs, "INSULIN_INJ", "FEED_ASSIST") is None


def test_rapid_insulin_leaves_bedtime_as_it_is() -> None:
    """Beside rapid insulin at lunch the basal dose at bedtime keeps its hour.

    Source: basal insulin at a fixed hour or at bedtime, tied to no meal.
    """
    doses = [{"kind": "rapid", "moment": "lunch"}, {"kind": "basal", "moment": "bedtime"}]
    insulin = Condition.model_validate({"code": "diabetes_insulin", "insulin": doses})
    found = visits_with(day_of(Known((insulin,), items={"eating": 2})).clients[0], "INSULIN_INJ")
    assert [clock(visit.window) for visit in found] == [("11:15", "11:30"), ("20:30", "21:30")]


@pytest.mark.parametrize(
    ("starts", "window", "weekdays"),
    [
        ("07:30", ("13:30", "16:30"), [1, 3, 5]),
        ("12:30", ("17:00", "17:30"), [1, 3, 5]),  # right after the way back
        ("17:30", ("07:30", "10:30"), [2, 4, 6]),  # home at ten in the evening
    ],
)
def test_vital_signs_are_looked_at_after_dialysis(
    starts: str, window: tuple[str, str], weekdays: list[int]
) -> None:
    """They are looked at after the session, on the next morning if it is in the evening.

    Source: judgement; blood pressure may fall after a session.
    """
    needs = needs_of(Known((dialysed(starts=starts),)), days=7)
    found = visits_with(needs, "VITALS")
    assert [visit.dates[0].isoweekday() for visit in found] == weekdays
    assert {clock(visit.window) for visit in found} == {window}


@pytest.mark.parametrize(
    ("wound", "service"),
    [
        (Known(has("pressure_injury", stage=3), items={"bathing": 1}), "WOUND_PI"),
        (Known(has("pressure_injury", stage=4), items={"bathing": 1}), "WOUND_PI"),
        (Known(has("wound"), items={"walking": 0, "bed_positioning": 1}), "WOUND_CARE"),
    ],
)
def test_a_dressing_follows_the_bed_bath(wound: Known, service: str) -> None:
    """A bed bath is on a day with a dressing, and the dressing comes after it.

    Source: judgement; water soaks a dressing in bed as it does in the bath.
    """
    needs = derived(wound.person(), days=7)
    baths, dressings = (
        [v for v in needs.scenario.visits if code in v.services]
        for code in ("HYG_BEDBATH", service)
    )
    assert len(baths) == 2
    assert {v.dates for v in baths} <= {v.dates for v in dressings}
    ids = {v.id for v in dressings}
    ties = {c.first: c.min_gap for c in needs.scenario.couplings if c.second in ids}
    assert ties == dict.fromkeys((v.id for v in baths), 50 * MS_PER_MINUTE)


def test_a_delivered_meal_is_there_when_somebody_helps_to_eat() -> None:
    """Help with eating begins 10 to 60 minutes after the delivery.

    Source: judgement; nobody can be fed before there is food, and it gets cold.
    """
    needs = day_of(Known(items={"daily_affairs": 1, "eating": 1}))
    tied = tie(needs, "MEAL_DELIVER", "FEED_ASSIST")
    assert tied is not None
    assert (tied.min_gap, tied.max_gap) == (10 * MS_PER_MINUTE, 60 * MS_PER_MINUTE)


def test_medicines_come_at_their_times() -> None:
    """A quarter of an hour for what is due to the minute, half an hour for the rest.

    Source: field practice; 30 minutes about the time, 15 where the record says exact.
    """
    medicines = (
        {"code": "levodopa", "times": ["07:00", "11:00"], "exact": True},
        {"code": "aspirin", "times": ["11:00", "19:00"]},
        {"code": "statin", "times": ["21:00"], "helped": False},
    )
    needs = day_of(Known(has("parkinson"), more={"medicines": medicines}))
    found = visits_with(needs.clients[0], "MED_ADMIN")
    assert [clock(visit.window) for visit in found] == [
        ("06:45", "07:15"),
        ("10:45", "11:15"),
        ("18:30", "19:30"),
    ]


def test_levodopa_keeps_away_from_meals() -> None:
    """Without times in the record: an hour before a meal or two hours after it, in half an hour.

    Source: levodopa an hour before or two hours after meals, 15 minutes either way.
    """
    needs = day_of(Known(has("parkinson")))
    for visit in visits_with(needs.clients[0], "MED_ADMIN"):
        window = visit.window
        assert window.latest - window.earliest <= 30 * MS_PER_MINUTE
        for meal in ("07:15", "11:30", "17:15"):
            eats = parse_clock(meal)
            before = window.latest <= eats - 60 * MS_PER_MINUTE
            assert before or window.earliest >= eats + 140 * MS_PER_MINUTE


def test_days_apart_can_be_kept() -> None:
    """Ties of days ask for no more than the days chosen lie apart."""
    result = derived(Known(grade=1).person(), care_plans=(orders("CLEAN_HOME", per_week=3),))
    apart = [c for c in result.scenario.couplings if c.kind is CouplingKind.APART]
    dates = {visit.id: visit.dates for visit in result.scenario.visits}
    assert apart
    for one in apart:
        gaps = [abs((b - a).days) for a in dates[one.first] for b in dates[one.second]]
        most = 99 if one.max_days is None else one.max_days
        assert any(one.min_days <= gap <= most for gap in gaps)


def test_safety_visits_are_eight_days_apart_at_most() -> None:
    """Weekly visits are not more than eight days apart: by their days, or by a tie."""
    known = Known(client={"living": "alone", "age": 80})
    fixed = derived(known.person(meals=meals("07:15", "10:00", "17:15")))
    for result in (derived(known.person()), fixed):
        safe = [visit for visit in result.scenario.visits if "SAFE_VISIT" in visit.services]
        ties = {(c.first, c.second): c.max_days for c in result.scenario.couplings}
        assert len(safe) == 4
        for one, other in pairwise(safe):
            meant = (max(other.dates) - min(one.dates)).days
            assert meant <= 8 or ties[one.id, other.id] == 8


def test_shortest_paid_visit() -> None:
    """A visit is made at least as long as its payer pays for, in full and when shortened."""
    purse = Entitlement.model_validate(
        {"payer": "p", "unit": "visits", "cap": 7, "period": "week", "min_visit": 60}
    )
    for minutes, length in ((30, 60), (90, 100)):
        plan = orders("HYG_BATH", per_week=7, minutes=minutes)
        client = Known().person(entitlements=(purse,))
        (carer,) = derived(client, days=1, care_plans=(plan,)).scenario.visits[0].carers
        assert carer.minutes == length * MS_PER_MINUTE
        assert (carer.shortest or carer.minutes) >= 60 * MS_PER_MINUTE


def test_ids_are_nobody_elses() -> None:
    """A derived visit never has the id of a ready one, and ids fit however long the client's is."""
    known, name = Known(has("diabetes_insulin")), "C" * 80
    care = known.person(name)
    first = derived(care, days=1).scenario.visits[0].id
    ready = ready_visit("ERRAND", id=first, client=name)
    ids = [visit.id for visit in derived(care, days=7, visits=(ready,)).scenario.visits]
    assert len(ids) == len(set(ids)) == 1 + len(derived(care, days=7).scenario.visits)
    assert max(map(len, ids)) <= 80


def test_series_follow_the_service() -> None:
    """Visits of one service at one time of day are one series over all days."""
    needs = needs_of(Known(has("diabetes_insulin")), days=7)
    series = {visit.series for visit in visits_with(needs, "INSULIN_INJ")}
    assert series == {"C1:INSULIN_INJ:breakfast", "C1:INSULIN_INJ:dinner"}
    assert needs.visits[0].dates == (MONDAY,)
