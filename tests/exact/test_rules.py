"""Every hard rule changes some best plan; the optima are worked out by hand.

The lane of `tests.verification.worlds`: from home it is 10, 20 and 30 minutes to C1, C2 and C3,
15 from C1 to C2, 25 from C2 to C3, 35 from C1 to C3. All three visits on one route cost 80
minutes; V1 alone and V2 with V3 cost 20 + 75 = 95; V3 alone and V1 with V2 60 + 45 = 105; V2
alone and V1 with V3 40 + 75 = 115. An unserved visit costs 20,000 and ten for each minute.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from optimizer.domain.caregiver import BreakRule, Qualification
from optimizer.domain.client import Entitlement, EntitlementUnit, Flag, Period
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.night import NightHours
from optimizer.domain.place import MatrixTravel, Mode
from optimizer.domain.policy import Rule
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import (
    CarerNeed,
    Coupling,
    CouplingKind,
    Pin,
    Requirement,
    StartWindow,
)
from optimizer.exact.rules import BINDS, STRIKES_LEGS, STRIKES_PAIRS
from tests.exact.solved import minutes, proven, words
from tests.verification.worlds import (
    MINUTES,
    MONDAY,
    TUESDAY,
    caregiver,
    lane,
    lane_of_two_months,
    place,
    shifts,
    visit,
    with_client,
    with_visit,
)

SUNDAY = MONDAY.replace(day=2)


def both(**fields: Any) -> Scenario:
    """Return the lane with both caregivers varied."""
    return lane(caregivers=(caregiver("N1", **fields), caregiver("N2", **fields)))


def one(**fields: Any) -> Scenario:
    """Return the lane with only one caregiver."""
    return lane(caregivers=(caregiver("N1", **fields),))


def days(*dates: dt.date, **fields: Any) -> Scenario:
    """Return the lane over two days with one caregiver who works on both."""
    horizon = Horizon(start=min(dates), days=2)
    return one(shifts=shifts(*dates), **fields).model_copy(update={"horizon": horizon})


def exactly(world: Scenario, name: str, start: str) -> Scenario:
    """Return a world in which a visit has one possible start."""
    return with_visit(world, name, window=StartWindow(earliest=start, latest=start))


def until(world: Scenario, name: str, latest: str) -> Scenario:
    """Return a world in which a visit begins by some time."""
    return with_visit(world, name, window=StartWindow(earliest="08:00", latest=latest))


def tied(world: Scenario, kind: CouplingKind, **fields: Any) -> Scenario:
    """Return a world in which V1 and V2 are coupled."""
    coupling = Coupling(kind=kind, first="V1", second="V2", **fields)
    return world.model_copy(update={"couplings": (coupling,)})


def needing(world: Scenario, name: str, code: str) -> Scenario:
    """Return a world in which a visit needs a qualification."""
    need = next(v for v in world.visits if v.id == name).carers[0]
    asked = need.model_copy(update={"qualifications": (Requirement(code=code),)})
    return with_visit(world, name, carers=(asked,))


def specialists() -> Scenario:
    """V1 needs N1's nursing, V2 needs N2's lifting."""
    people = (
        caregiver("N1", qualifications=(Qualification(code="nursing"),)),
        caregiver("N2", qualifications=(Qualification(code="lifting"),)),
    )
    return needing(needing(lane(caregivers=people), "V1", "nursing"), "V2", "lifting")


def barred() -> Scenario:
    """There is no way between C1 and C2."""
    rows = [list(row) for row in MINUTES]
    rows[1][2] = rows[2][1] = -1
    return lane(travel=MatrixTravel(minutes={Mode.EBIKE: tuple(map(tuple, rows))}))


def broken() -> Scenario:
    """V1 and V3 must begin early, and everybody has an hour off from ten o'clock."""
    rule = BreakRule(duration=60, earliest="10:00", latest="10:00")
    return until(until(both(break_rule=rule), "V1", "08:30"), "V3", "10:20")


def neighbours() -> Scenario:
    """V1 and V2 are both C1's: 0 minutes apart, and 75 with V3 on one route."""
    return with_visit(lane(), "V2", client="C1")


def at_once() -> Scenario:
    """Both visits at C1 begin at nine."""
    return exactly(exactly(neighbours(), "V1", "09:00"), "V2", "09:00")


def contracted(**fields: Any) -> Scenario:
    """Everybody works for O1, which has one contract."""
    world = both(organisation="O1")
    contract = Contract(
        id="K1",
        purchaser="civil",
        organisation="O1",
        start=MONDAY,
        end=MONDAY,
        **fields,
    )
    return world.model_copy(
        update={"organisations": (Organisation(id="O1"),), "contracts": (contract,)}
    )


def entitled(*caps: int) -> Scenario:
    """V1 is paid by entitlements of so many visits each."""
    granted = tuple(
        Entitlement(payer="ltci", unit=EntitlementUnit.VISITS, cap=cap, period=period)
        for cap, period in zip(caps, Period, strict=False)
    )
    return with_visit(with_client(lane(), "C1", entitlements=granted), "V1", payer="ltci")


def overnight(hours: float, **fields: int) -> Scenario:
    """V1 brings N1 home at 16:40, V2 calls for leaving at 08:00 of the next day."""
    world = days(MONDAY, TUESDAY, rest=60 * hours, **fields)
    world = exactly(exactly(world, "V1", "16:00"), "V2", "08:20")
    world = with_visit(with_visit(world, "V1", dates=(MONDAY,)), "V2", dates=(TUESDAY,))
    return world.model_copy(update={"visits": world.visits[:2]})


def weekend(**fields: int) -> Scenario:
    """V1 is wanted on Sunday, V2 and V3 on Monday, and one caregiver works on both."""
    world = with_visit(days(SUNDAY, MONDAY, **fields), "V1", dates=(SUNDAY,))
    return with_visit(with_visit(world, "V2", dates=(MONDAY,)), "V3", dates=(MONDAY,))


def by_night(world: Scenario) -> Scenario:
    """Every shift is one of the night."""
    night = NightHours(start="07:00", end="23:00", least=60)
    return world.model_copy(update={"policy": world.policy.model_copy(update={"night": night})})


def pinned() -> Scenario:
    """V1 is fixed to N1 and V2 to N2."""
    world = with_visit(lane(), "V1", pin=Pin(caregivers=("N1",)))
    return with_visit(world, "V2", pin=Pin(caregivers=("N2",)))


def for_two(world: Scenario) -> Scenario:
    """V1 needs two carers."""
    return with_visit(world, "V1", carers=(CarerNeed(minutes=30), CarerNeed(minutes=30)))


ROWS = [
    (Rule.QUALIFIED, lane(), 80, specialists(), 95),  # V1 and V2 part, V3 is nearer to V2
    (Rule.ALLOWED, lane(), 80, with_client(lane(), "C2", flags=(Flag.INFECTIOUS,)), 90),  # C2 last
    (Rule.WINDOW, lane(), 80, exactly(exactly(lane(), "V1", "08:10"), "V3", "08:30"), 95),  # both
    (Rule.TRAVEL, lane(), 80, barred(), 90),  # V3 between V1 and V2: 10 + 35 + 25 + 20
    (Rule.TRAVEL, lane(), 80, both(longest_leg=20), 20_450 + 45),  # C3 lies too far away
    (Rule.SHIFT, lane(), 80, both(shifts=shifts(MONDAY, end="10:00")), 20_300 + 100),  # one each
    (
        Rule.BREAK,
        until(until(lane(), "V1", "08:30"), "V3", "10:20"),
        80,
        broken(),
        90,
    ),  # V1, V3, break
    (Rule.DAY_MINUTES, lane(), 80, both(day_minutes_limit=120), 105),  # 175 of work are too much
    (
        Rule.WEEK_MINUTES,
        days(SUNDAY, MONDAY, week_minutes_limit=120),
        105,  # Sunday closes one week, Monday opens the next
        days(MONDAY, TUESDAY, week_minutes_limit=120),
        20_300 + 100,  # V2 and V3 on a day each fit just so
    ),
    (Rule.DAYS_OFF, overnight(11), 60, overnight(11, days_off=6), 20_300 + 40),  # one day worked
    (Rule.DAYS_OFF, weekend(days_off=6), 95, weekend(days_off=1, days_worked=6), 20_300 + 75),
    (Rule.CONSECUTIVE_DAYS, overnight(11), 60, overnight(11, consecutive_days=1), 20_300 + 40),
    (
        Rule.CONSECUTIVE_DAYS,
        overnight(11, consecutive_days=2),
        60,  # two days in a row may be worked
        overnight(11, consecutive_days=2, consecutive_days_worked=1),
        20_300 + 40,  # of three in a row one is off
    ),
    (Rule.NIGHTS, overnight(11), 60, by_night(overnight(11, week_nights=1)), 20_300 + 40),
    (Rule.NIGHTS, overnight(11), 60, by_night(overnight(11, consecutive_nights=1)), 20_300 + 40),
    (Rule.REST, overnight(11), 60, by_night(overnight(11, rest_after_night=960)), 20_300 + 40),
    (
        Rule.MONTH_OVERTIME,
        overnight(11, day_minutes=25, month_overtime_limit=40),
        60 + 4 * 40,  # 5 and 35 minutes of overtime
        overnight(11, day_minutes=25, month_overtime_limit=40, month_overtime_worked=1),
        20_300 + 40 + 4 * 35,  # V2 alone
    ),
    (Rule.REST, overnight(11), 60, overnight(16), 20_300 + 40),  # 15 h 20 min lie between
    (
        Rule.CAREGIVERS_PER_CLIENT,
        at_once(),
        95,  # V1 and V3, V2 by somebody else
        with_client(at_once(), "C1", most_caregivers=1),
        20_375,  # one of two visits of 30 minutes is left out
    ),
    (Rule.VISITS_PER_DAY, lane(), 80, both(visits_per_day=2), 95),  # the third is somebody else's
    (Rule.TOGETHER, neighbours(), 75, tied(neighbours(), CouplingKind.TOGETHER), 95),
    (Rule.TOGETHER, lane(), 80, for_two(lane()), 100),  # the second carer comes for V1 only
    (
        Rule.GAP,
        lane(),
        80,
        tied(lane(), CouplingKind.AFTER, max_gap=30),
        95,
    ),  # 45 alone
    (
        Rule.GAP,
        lane(),
        80,
        tied(lane(), CouplingKind.AFTER, different_caregivers=True),
        95,  # two people
    ),
    (
        Rule.SPACING,
        days(MONDAY, TUESDAY),
        80,
        tied(days(MONDAY, TUESDAY), CouplingKind.APART, min_days=1),
        95,  # two days
    ),
    (Rule.CONTRACT_CAP, contracted(), 80, contracted(cap=105), 20_300 + 75),  # V1 is too much
    (Rule.CONTRACT_CAP, contracted(), 80, contracted(cap_visits=2), 20_300 + 75),  # two visits
    (
        Rule.CONTRACT_CAP,
        contracted(fen_per_hour=101),
        80,
        contracted(fen_per_hour=101, cap_fen=101 + 75 + 49),
        20_300 + 75,  # V1 is 50 fen, V3 75 fen, each rounded down
    ),
    (
        Rule.CONTRACT_CAP,
        contracted(fen_per_hour=101),
        80,
        contracted(fen_per_hour=101, cap_fen=101 + 75 + 50),
        80,  # rounded down per stop: 226, and not 227
    ),
    (Rule.ENTITLEMENT, entitled(1), 80, entitled(0), 20_300 + 75),  # nothing is left for V1
    (Rule.ENTITLEMENT, entitled(1, 1), 80, entitled(1, 0), 20_300 + 75),  # nor in another purse
    (Rule.PIN, lane(), 80, pinned(), 95),  # as with qualifications
    (Rule.SERVED_ONCE, one(), 80, for_two(one()), 20_600 + 75),  # one carer is not enough
]


@pytest.mark.parametrize(("rule", "free", "cheap", "bound", "dear"), ROWS)
def test_a_rule_changes_the_best_plan(
    rule: Rule, free: Scenario, cheap: float, bound: Scenario, dear: float
) -> None:
    """Without the rule's condition the best plan costs less than with it, both as by hand."""
    assert (minutes(proven(free)[0]), minutes(proven(bound)[0])) == (cheap, dear)


def test_every_rule_is_in_the_model_and_in_this_table() -> None:
    """Each rule has a function, and a row above that shows it at work."""
    assert STRIKES_PAIRS.keys() | STRIKES_LEGS.keys() | BINDS.keys() == set(Rule)
    assert {row[0] for row in ROWS} == set(Rule)


def test_expired_qualifications_do_not_count() -> None:
    """Somebody whose qualification ended yesterday leaves the visit unserved."""
    held = Qualification(code="nursing", expires=SUNDAY)
    world = needing(one(qualifications=(held,)), "V1", "nursing")
    assert "no V1" in words(proven(world)[1])


def test_a_pinned_day_and_start_are_kept() -> None:
    """A visit pinned to Tuesday at nine takes place then, although Monday is cheaper."""
    pin = Pin(date=TUESDAY, start="09:00")
    world = with_visit(days(MONDAY, TUESDAY), "V1", pin=pin)
    said = words(proven(exactly(world, "V2", "09:00"))[1])
    assert {"V1 09:00", "V1 on Tue", "V2 on Mon"} <= said


def test_a_cap_begins_anew_with_the_contract_of_the_next_day() -> None:
    """A contract for each day, of one visit each, pays for two visits and not for both on a day."""
    result, plan = proven(lane_of_two_months())
    assert minutes(result) == 20_300 + 40 + 60
    assert len(plan.routes) == 2
    assert "no V1" in words(plan)


def test_overtime_ends_where_the_next_shift_begins() -> None:
    """Half an hour of overtime is worth only the ten minutes until the next shift."""
    hours = (*shifts(MONDAY, end="09:00"), *shifts(MONDAY, start="09:10", end="09:20"))
    person = caregiver("N1", shifts=hours, overtime_limit=30)
    for length, served in ((50, True), (55, False)):  # with the way: 70 and 75 minutes
        world = lane(caregivers=(person,), visits=(visit("V1", "C1", length),))
        assert ("N1: V1" in words(proven(world)[1])) is served


@pytest.mark.parametrize(
    ("opens", "start", "after", "begins"),
    [
        ("08:00", "09:10", 0, 8 * 60),  # at home before leaving at nine
        ("09:00", "08:10", 1, 9 * 60),  # at home after coming back at 08:50
        ("08:45", "08:10", 1, 8 * 60 + 50),  # not before coming back
    ],
)
def test_a_break_before_and_after_all_stops_is_at_home(
    opens: str, start: str, after: int, begins: int
) -> None:
    """One visit leaves the break at home, and the time of coming back as it is."""
    rule = BreakRule(duration=60, earliest=opens, latest="09:00")
    world = exactly(one(break_rule=rule), "V1", start)
    plan = proven(world.model_copy(update={"visits": world.visits[:1]}))[1]
    pause = plan.routes[0].pause
    assert pause is not None
    assert (pause.after_stops, pause.start // 60_000) == (after, begins)
    assert plan.routes[0].back - plan.routes[0].stops[0].end == 10 * 60_000


def test_the_end_place_may_differ_from_home() -> None:
    """Whoever ends the day beside C3 goes there last and saves the way home."""
    result, plan = proven(one(end_place=place(3)))
    assert minutes(result) == 10 + 15 + 25
    assert [stop.visit for stop in plan.routes[0].stops] == ["V1", "V2", "V3"]
