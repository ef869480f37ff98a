"""Every cost term on the lane, counted by hand beside each assert (60 ticks a minute)."""

from __future__ import annotations

from typing import Any

import pytest

from optimizer.domain.caregiver import BreakRule, Shift
from optimizer.domain.client import Flag, Gender, GenderWish, ResponsibleCarer
from optimizer.domain.contract import Contract, Lending, Organisation, Surcharge
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Policy, Priority, Term, UnservedWeights, Weights
from optimizer.domain.scenario import Familiar, Horizon, Scenario
from optimizer.domain.visit import CarerNeed, StartWindow
from optimizer.units import parse_clock
from optimizer.verification import Verdict, verify
from tests.verification.worlds import (
    METRES,
    MIN,
    MINUTES,
    MONDAY,
    SUNDAY,
    TICKS,
    TUESDAY,
    caregiver,
    clean,
    lane,
    roster,
    route,
    shifts,
    visit,
    with_caregiver,
    with_client,
    with_visit,
)


def counted(term: Term, world: Scenario, plan: Plan) -> int:
    """Return the quantity of one term."""
    return verify(world, plan).quantities[term]


def priced(term: Term, world: Scenario, plan: Plan, **weights: Any) -> int:
    """Return the weighted cost of one term under other weights."""
    policy = world.policy.model_copy(update={"weights": Weights(**weights)})
    verdict: Verdict = verify(world.model_copy(update={"policy": policy}), plan)
    return verdict.cost_breakdown[term]


def test_clean_plan_costs_its_travel() -> None:
    """On the clean plan only travel costs something: 10 + 15 + 20 and 30 + 30 minutes."""
    verdict = verify(lane(), clean())
    assert verdict.cost_breakdown[Term.TRAVEL] == 105 * TICKS
    assert verdict.cost == 105 * TICKS
    assert (verdict.served, verdict.unserved, verdict.feasible) == (3, (), True)


def test_cost_is_the_sum_of_its_terms() -> None:
    """The cost of a plan is the sum of its breakdown, which has all terms."""
    verdict = verify(lane(), roster(route("N1", ("V1", "C1", "09:00", 30)), unserved=("V2", "V3")))
    assert verdict.cost == sum(verdict.cost_breakdown.values())
    assert set(verdict.cost_breakdown) == set(verdict.quantities) == set(Term)


@pytest.mark.parametrize(
    ("fields", "minutes"),
    [
        ({"priority": Priority.CRITICAL}, 100_000 + 10 * 45),
        ({"priority": Priority.ESSENTIAL}, 20_000 + 10 * 45),
        ({"priority": Priority.FLEXIBLE}, 4_000 + 10 * 45),
        ({"priority": Priority.FLEXIBLE, "mandatory": True}, 4_000 + 1_000_000 + 10 * 45),
        # Two carers: 45 + 15 minutes not given.
        ({"carers": (CarerNeed(minutes=45), CarerNeed(minutes=15))}, 20_000 + 10 * 60),
    ],
)
def test_unserved(fields: dict[str, Any], minutes: int) -> None:
    """A visit left out costs the base of its priority and ten per minute of care not given."""
    world = with_visit(lane(), "V3", **fields)
    verdict = verify(world, roster(clean().routes[0], unserved=("V3",)))
    assert verdict.quantities[Term.UNSERVED] == 1
    assert verdict.cost_breakdown[Term.UNSERVED] == minutes * TICKS
    assert verdict.unserved == ("V3",)


def test_a_client_who_lives_alone_is_left_out_last() -> None:
    """Leaving out a visit to somebody who lives alone costs `alone` more."""
    world = with_client(lane(), "C3", flags=(Flag.ALONE,))
    plan = roster(clean().routes[0], unserved=("V3",))
    more = verify(world, plan).cost - verify(lane(), plan).cost
    assert more == UnservedWeights().alone * TICKS == 1_000 * TICKS


@pytest.mark.parametrize(("missed", "counted"), [(0, 0), (1, 1), (5, 5), (6, 5), (1_000, 5)])
def test_whoever_was_left_out_before_is_not_left_out_first_again(missed: int, counted: int) -> None:
    """Each visit missed lately adds `missed` to the price, five at most."""
    world = with_client(lane(), "C3", missed=missed)
    plan = roster(clean().routes[0], unserved=("V3",))
    more = verify(world, plan).cost - verify(lane(), plan).cost
    assert more == UnservedWeights().missed * counted * TICKS == 500 * counted * TICKS


def test_five_missed_visits_outweigh_no_priority() -> None:
    """Alone and missed five times, a flexible visit still is given up before an essential one."""
    usual = UnservedWeights()
    assert usual.flexible + usual.alone + 5 * usual.missed < usual.essential
    assert usual.essential + usual.alone + 5 * usual.missed < usual.critical


def test_serve_everything_makes_every_visit_mandatory() -> None:
    """With `serve_everything` the price of a mandatory visit is due for each one left out."""
    weights = UnservedWeights(essential=3, mandatory=5, per_minute=0)
    policy = Policy(serve_everything=True, weights=Weights(unserved=weights))
    verdict = verify(lane(policy=policy), roster(unserved=("V1", "V2", "V3")))
    # Three visits at 3 + 5 minutes of travel.
    assert verdict.cost_breakdown[Term.UNSERVED] == 3 * 8 * TICKS


def test_shortened() -> None:
    """Twenty instead of thirty minutes are ten minutes short, at a weight of eight."""
    world = with_visit(lane(), "V1", carers=(CarerNeed(minutes=30, shortest=20),))
    plan = roster(route("N1", ("V1", "C1", "09:00", 20)), unserved=("V2", "V3"))
    assert counted(Term.SHORTENED, world, plan) == 10 * TICKS
    assert priced(Term.SHORTENED, world, plan) == 8 * 10 * TICKS


def test_travel_includes_another_end_place() -> None:
    """The last journey leads to the end place: N2 ends at C3's, so one way of 30 is saved."""
    world = with_caregiver(lane(), "N2", end_place=lane().clients[2].home)
    second = clean().routes[1].model_copy(update={"travel_back": 0})
    plan = roster(clean().routes[0], second)
    assert verify(world, plan).feasible
    assert counted(Term.TRAVEL, world, plan) == 75 * TICKS


def late() -> Scenario:
    """Return the lane with V1 preferred until 08:00, V2 until 08:30, V3 until 09:00."""
    world = lane()
    for name, until in (("V1", "08:00"), ("V2", "08:30"), ("V3", "09:00")):
        world = with_visit(world, name, preferred_until=parse_clock(until))
    return world


def test_lateness() -> None:
    """V1 is 10 minutes late, V2 25, and V3, half an hour early, is not."""
    assert counted(Term.LATENESS, late(), clean()) == (10 + 25) * TICKS
    assert priced(Term.LATENESS, late(), clean(), lateness=2) == 2 * 35 * TICKS


def test_worst_lateness() -> None:
    """The largest lateness is V2's, 25 minutes; an empty plan has none."""
    assert counted(Term.WORST_LATENESS, late(), clean()) == 25 * TICKS
    assert priced(Term.WORST_LATENESS, late(), clean(), worst_lateness=3) == 75 * TICKS
    assert counted(Term.WORST_LATENESS, late(), roster(unserved=("V1", "V2", "V3"))) == 0


def test_lateness_counts_every_carer() -> None:
    """A visit of two carers that begins five minutes late is late twice."""
    two = (CarerNeed(minutes=30), CarerNeed(minutes=30))
    world = with_visit(lane(), "V1", carers=two, preferred_until=parse_clock("08:55"))
    plan = roster(
        route("N1", ("V1", "C1", "09:00", 30)),
        route("N2", ("V1", "C1", "09:00", 30, 2)),
        unserved=("V2", "V3"),
    )
    assert counted(Term.LATENESS, world, plan) == 10 * TICKS


@pytest.mark.parametrize(
    ("pause", "idle"),
    [
        (None, 75),  # 09:00 to 10:30 less 15 of travel
        (("09:00", "09:30", 1), 45),  # less 30 of break between the stops
        (("08:00", "08:20", 0), 75),  # a break before leaving home changes nothing
        (("12:00", "12:30", 2), 75),  # nor does one after coming back
    ],
)
def test_waiting(pause: tuple[str, str, int] | None, idle: int) -> None:
    """Waiting is the time between two stops that is neither travel nor break."""
    stops = (("V1", "C1", "08:30", 30), ("V2", "C2", "10:30", 60))
    plan = roster(route("N1", *stops, pause=pause), unserved=("V3",))
    assert counted(Term.WAITING, lane(), plan) == idle * TICKS
    assert priced(Term.WAITING, lane(), plan, waiting=2) == 2 * idle * TICKS


def test_overtime_after_the_shift() -> None:
    """Back at 10:15 after a shift until 10:00 is a quarter of an hour of overtime."""
    short = shifts(MONDAY, end="10:00")
    world = with_caregiver(lane(), "N1", shifts=short, overtime_limit=30 * MIN)
    assert counted(Term.OVERTIME, world, clean()) == 15 * TICKS
    assert priced(Term.OVERTIME, world, clean(), overtime=4) == 60 * TICKS


def test_overtime_above_day_and_week() -> None:
    """N1 works 30 + 15 + 60 = 105 minutes: 5 above the day's 100, 15 above the week's 90."""
    world = with_caregiver(lane(), "N1", day_minutes=100 * MIN, week_minutes=90 * MIN)
    assert counted(Term.OVERTIME, world, clean()) == (5 + 15) * TICKS


def test_overtime_of_a_day_adds_its_routes() -> None:
    """Two routes of one day work 30 + 60 minutes, ten above the day's 80."""
    halves = (
        Shift(date=MONDAY, start="08:00", end="10:00"),
        Shift(date=MONDAY, start="12:00", end="15:00"),
    )
    world = with_caregiver(lane(), "N1", shifts=halves, day_minutes=80 * MIN)
    plan = roster(
        route("N1", ("V1", "C1", "08:10", 30)),
        route("N1", ("V2", "C2", "12:30", 60), shift=1),
        unserved=("V3",),
    )
    assert counted(Term.OVERTIME, world, plan) == 10 * TICKS


def test_wage_for_work() -> None:
    """At 50 fen a minute N1's 105 minutes of work are 5,250 fen."""
    world = with_caregiver(lane(), "N1", fen_per_minute=50)
    assert counted(Term.WAGE, world, clean()) == 5_250 * TICKS
    # The quantity carries the ticks already: one fen costs what one minute of travel does.
    assert priced(Term.WAGE, world, clean(), wage=2) == 2 * 5_250 * TICKS


def test_wage_for_overtime() -> None:
    """Fifteen minutes after the shift at 80 fen are 1,200 fen."""
    short = shifts(MONDAY, end="10:00")
    world = with_caregiver(
        lane(), "N1", shifts=short, overtime_limit=30 * MIN, fen_per_overtime_minute=80
    )
    assert counted(Term.WAGE, world, clean()) == 1_200 * TICKS


def test_wage_for_mileage() -> None:
    """Mileage is rounded down per journey: 1,000, 1,500 and 2,000 m at 7 fen a kilometre."""
    assert METRES[0][1] == 100 * MINUTES[0][1] == 1_000
    world = with_caregiver(lane(), "N1", fen_per_km=7)
    # 7 × 1000 × 60 ÷ 1000 = 420, 7 × 1500 × 60 ÷ 1000 = 630, 7 × 2000 × 60 ÷ 1000 = 840.
    assert counted(Term.WAGE, world, clean()) == 420 + 630 + 840


def test_mileage_is_rounded_down_per_journey() -> None:
    """Three journeys of 1,009 m at 1 fen a kilometre give 60 fen-ticks each, not 181 in all."""
    rows = tuple(tuple(1_009 if far else 0 for far in row) for row in MINUTES)
    travel = lane().travel.model_copy(update={"metres": rows})
    world = with_caregiver(lane(travel=travel), "N1", fen_per_km=1)
    # 1 × 1009 × 60 ÷ 1000 = 60.54, three times: 181.62 if it were rounded at the end.
    assert counted(Term.WAGE, world, clean()) == 3 * 60


@pytest.mark.parametrize(
    ("known", "flat", "steps"),
    [
        ((), 2, 0),  # one new caregiver, two are free
        ((), 0, 1),  # S(1) - S(0) = 1
        (("N1",), 0, 0),  # known already
        (("N2",), 0, 3),  # S(2) - S(1) = 4 - 1
        (("N2", "N3"), 1, 3),  # S(3) - S(2) = 4 - 1 with one free
        (("N9",), 0, 1),  # somebody who has left is no part of the circle
    ],
)
def test_continuity(known: tuple[str, ...], flat: int, steps: int) -> None:
    """A client's circle of caregivers costs nothing while small and grows with its square."""
    history = tuple(Familiar(client="C1", caregiver=name) for name in known)
    staff = (caregiver("N1"), caregiver("N2"), caregiver("N3"))
    world = lane(history=history, policy=Policy(continuity_flat=flat), caregivers=staff)
    plan = roster(route("N1", ("V1", "C1", "09:00", 30)), unserved=("V2", "V3"))
    assert counted(Term.CONTINUITY, world, plan) == steps
    assert priced(Term.CONTINUITY, world, plan, continuity=15) == 15 * steps * TICKS


@pytest.mark.parametrize(
    ("visits", "after", "steps"),
    [
        (2, 3, 1),  # twice is still a stranger
        (3, 3, 0),  # known
        (None, 3, 0),  # not counted: known
        (2, 2, 0),  # the policy decides
    ],
)
def test_continuity_asks_how_often_somebody_came(
    visits: int | None, after: int, steps: int
) -> None:
    """Whoever has been there as often as `familiar_after` says is known."""
    history = (Familiar(client="C1", caregiver="N1", visits=visits),)
    policy = Policy(continuity_flat=0, familiar_after=after)
    plan = roster(route("N1", ("V1", "C1", "09:00", 30)), unserved=("V2", "V3"))
    assert counted(Term.CONTINUITY, lane(history=history, policy=policy), plan) == steps


def test_continuity_ignores_clients_without_stops() -> None:
    """What a client has known for long costs nothing where nobody comes."""
    history = tuple(Familiar(client="C1", caregiver=name) for name in ("N1", "N2", "N3"))
    world = lane(history=history, policy=Policy(continuity_flat=0))
    assert counted(Term.CONTINUITY, world, roster(unserved=("V1", "V2", "V3"))) == 0


def test_preference() -> None:
    """C1 would like N2, a woman who speaks Wu, and gets N1, a man who does not: three wishes."""
    wishes = {
        "preferred": ("N2",),
        "gender_wish": GenderWish(gender=Gender.FEMALE),
        "languages": ("wuu",),
    }
    world = with_client(lane(), "C1", **wishes)
    world = with_caregiver(world, "N1", gender=Gender.MALE, languages=("cmn",))
    assert counted(Term.PREFERENCE, world, clean()) == 3
    assert priced(Term.PREFERENCE, world, clean(), preference=15) == 15 * 3 * TICKS


def test_balance() -> None:
    """Fair shares follow the shifts: 90 of 135 minutes for N1, 45 for N2."""
    world = with_caregiver(lane(), "N1", shifts=shifts(MONDAY, start="08:00", end="14:00"))
    world = with_caregiver(world, "N2", shifts=shifts(MONDAY, start="08:00", end="11:00"))
    # 135 min of care over 6 + 3 hours; N1 gives 90, N2 45: just fair.
    assert counted(Term.BALANCE, world, clean()) == 0
    equal = lane()
    # With equal shifts each has a share of 67.5 minutes = 4,050 ticks; N1 gives 90 minutes.
    assert counted(Term.BALANCE, equal, clean()) == 90 * TICKS - 4_050
    assert priced(Term.BALANCE, equal, clean(), balance=2) == 2 * (90 * TICKS - 4_050)


def test_balance_leaves_volunteers_out() -> None:
    """If N1 volunteers, N2 has the whole fair share and nobody is above it."""
    world = with_caregiver(lane(), "N1", volunteer=True)
    assert counted(Term.BALANCE, world, clean()) == 0


def contracted(**terms: Any) -> Scenario:
    """Return the lane with organisations O1 (N1, contract K1) and O2 (N2, contract K2)."""
    common: dict[str, Any] = {"purchaser": "P", "start": MONDAY, "end": MONDAY}
    first = Contract(**{"id": "K1", "organisation": "O1", **common, **terms})
    second = Contract(id="K2", organisation="O2", **common)
    bodies = (Organisation(id="O1"), Organisation(id="O2"))
    world = lane(organisations=bodies, contracts=(first, second))
    world = with_caregiver(world, "N1", organisation="O1")
    return with_caregiver(world, "N2", organisation="O2")


@pytest.mark.parametrize(
    ("terms", "missing"),
    [
        ({"min_share": 60}, 0),  # 81 of 135 minutes promised, 90 given
        ({"min_share": 80}, 18 * TICKS),  # 108 promised, 90 given
        ({"min_share": 67}, 27),  # 67 % of 8,100 ticks = 5,427, given 5,400
        # Nothing is charged outside the contract's days, and nothing is covered there.
        ({"min_share": 80, "start": TUESDAY, "end": TUESDAY}, 0),
    ],
)
def test_share(terms: dict[str, Any], missing: int) -> None:
    """A contract is promised a percentage of the care that it covers."""
    world = contracted(**terms)
    assert counted(Term.SHARE, world, clean()) == missing
    assert priced(Term.SHARE, world, clean(), share=5) == 5 * missing


@pytest.mark.parametrize(
    ("caregiver_id", "share", "missing"),
    [
        ("N1", 100, 1),  # N1 makes V1 and V3, N2 makes V2: one of three is missing
        ("N1", 99, 0),  # 2.97 visits are due, rounded down
        ("N2", 100, 2),
        ("N2", 34, 0),  # 1.02
        ("N9", 100, 0),  # Who is gone answers for nobody.
    ],
)
def test_responsible(caregiver_id: str, share: int, missing: int) -> None:
    """Visits below the share of the responsible caregiver are counted, an hour each."""
    own = ResponsibleCarer(caregiver=caregiver_id, min_share=share)
    world = with_client(lane(), "C1", responsible=own)
    for name in ("V2", "V3"):
        world = with_visit(world, name, client="C1")
    assert counted(Term.RESPONSIBLE, world, clean()) == missing
    assert priced(Term.RESPONSIBLE, world, clean()) == 60 * missing * TICKS


def test_visits_left_out_are_due_all_the_same() -> None:
    """A share is of the visits of the scenario, not of those that take place."""
    own = ResponsibleCarer(caregiver="N1", min_share=100)
    world = with_client(lane(), "C1", responsible=own)
    assert counted(Term.RESPONSIBLE, world, roster(unserved=("V1", "V2", "V3"))) == 1


def test_share_of_towns_and_services() -> None:
    """Only visits in the contract's towns and of its services make up the promise."""
    world = contracted(min_share=100, towns=("T1",), services=("bath",))
    world = with_client(world, "C1", town="T1")
    world = with_client(world, "C3", town="T1")
    world = with_visit(world, "V1", services=("bath",))
    world = with_visit(world, "V3", services=("bath", "meal"))
    # V1 is covered (30 min), V2 lies elsewhere, V3 has a service more; N1 serves V1 itself.
    assert counted(Term.SHARE, world, clean()) == 0
    assert counted(Term.SHARE, world, roster(unserved=("V1", "V2", "V3"))) == 30 * TICKS


def test_purchase() -> None:
    """Prices are whole fen per stop; a yuan costs its weight in minutes, rounded down per stop."""
    world = contracted(
        fen_per_hour=1_001,
        surcharges=(Surcharge(kind="market", weekdays=(1,), percent=10, fen_per_visit=3),),
    )
    for name in ("N1", "N2"):
        world = with_caregiver(world, name, organisation="O1")
    # 1,101.1 fen an hour: 550 + 1,101 + 825, and three fen for each visit.
    assert counted(Term.PURCHASE, world, clean()) == (553 + 1_104 + 828) * TICKS
    assert priced(Term.PURCHASE, world, clean()) == 0
    # 33.18, 66.24 and 49.68 yuan for 60 ticks a minute, doubled.
    each = [fen * 2 * TICKS // 100 for fen in (553, 1_104, 828)]
    assert priced(Term.PURCHASE, world, clean(), purchase=2) == sum(each)


def test_lending() -> None:
    """Half an hour at 6,001 fen is 3,000.5 fen; in fen-ticks that is whole."""
    bodies = (Organisation(id="O1", lending=Lending(fen_per_hour=6_001)), Organisation(id="O2"))
    world = with_client(lane(organisations=bodies), "C1", organisation="O2")
    world = with_caregiver(world, "N1", organisation="O1")
    # 6,001 × 1,800 ticks ÷ 60 = 180,030; V2's client has chosen nobody and costs nothing.
    assert counted(Term.LENDING, world, clean()) == 180_030
    assert priced(Term.LENDING, world, clean(), lending=2) == 2 * 180_030


def test_staff_used() -> None:
    """Two routes have stops; each costs its weight in minutes of travel."""
    assert counted(Term.STAFF_USED, lane(), clean()) == 2
    assert priced(Term.STAFF_USED, lane(), clean(), staff_used=7) == 7 * 2 * TICKS


def test_burdens() -> None:
    """The n-th hard visit of a caregiver costs n steps; evenings and weekends likewise, beside."""
    weekend = lane(horizon=Horizon(start=SUNDAY, days=2))
    for name in ("N1", "N2"):
        weekend = with_caregiver(weekend, name, shifts=shifts(SUNDAY, MONDAY))
    two = (CarerNeed(minutes=30), CarerNeed(minutes=30))
    weekend = with_visit(with_client(weekend, "C3", need_tier=2), "V3", carers=two)
    hard = with_client(with_client(weekend, "C1", need_tier=3), "C2", flags=(Flag.INFECTIOUS,))
    stops = ("V3", "C3", "08:30", 30), ("V1", "C1", "09:30", 30), ("V2", "C2", "10:30", 60)
    alone = roster(
        route("N1", *stops, day=SUNDAY), route("N2", ("V3", "C3", "08:30", 30, 2), day=SUNDAY)
    )
    monday = roster(route("N1", *stops[1:]), unserved=("V3",))
    assert counted(Term.BURDENS, lane(), clean()) == 0
    assert counted(Term.BURDENS, weekend, alone) == (1 + 2 + 3) + 1 + (1 + 1)
    assert counted(Term.BURDENS, hard, alone) == 2 * ((1 + 2 + 3) + 1)
    assert counted(Term.BURDENS, hard, monday) == 1 + 2
    late = with_visit(hard, "V1", window=StartWindow(earliest="18:00", latest="19:00"))
    soon = with_visit(hard, "V2", window=StartWindow(earliest="17:59", latest="19:00"))
    night = with_visit(late, "V2", window=StartWindow(earliest="01:00+1", latest="02:00+1"))
    early = with_visit(late, "V2", window=StartWindow(earliest="01:00", latest="02:00"))
    assert counted(Term.BURDENS, late, monday) == (1 + 2) + 1
    assert counted(Term.BURDENS, soon, monday) == 1 + 2
    assert counted(Term.BURDENS, night, monday) == 2 * (1 + 2)
    assert counted(Term.BURDENS, early, monday) == (1 + 2) + 1
    assert counted(Term.BURDENS, late, alone) == 2 * ((1 + 2 + 3) + 1) + 1
    assert priced(Term.BURDENS, hard, monday) == 0
    assert priced(Term.BURDENS, hard, monday, burdens=5) == 5 * 3 * TICKS


@pytest.mark.parametrize(
    ("days_before", "nights_before", "preferred", "more"),
    [
        (0, 0, 1, 2),  # the second and the third day
        (0, 0, 2, 1),  # the third day
        (0, 0, 3, 0),
        (1, 0, 3, 1),  # the third day is the fourth
        (9, 0, 3, 3),  # the row was too long before
        (0, 3, 3, 3),  # only the nights were
    ],
)
def test_streaks(days_before: int, nights_before: int, preferred: int, more: int) -> None:
    """Each day worked after as many in a row as are preferred counts, and each night as well."""
    policy = Policy(
        weights=Weights(streaks=7),
        preferred_consecutive_days=preferred,
        preferred_consecutive_nights=99 if nights_before == 0 else nights_before,
    )
    world = lane(horizon=Horizon(start=SUNDAY, days=4), policy=policy)
    world = with_caregiver(
        world,
        "N1",
        shifts=tuple(
            one.model_copy(update={"night": True}) for one in shifts(SUNDAY, MONDAY, TUESDAY)
        ),
        consecutive_days_worked=days_before,
        consecutive_nights_worked=nights_before,
    )
    plan = roster(
        route("N1", ("V1", "C1", "08:10", 30), day=SUNDAY),
        route("N1", ("V2", "C2", "08:20", 60), day=MONDAY),
        route("N1", ("V3", "C3", "08:30", 45), day=TUESDAY),
    )
    assert counted(Term.STREAKS, world, plan) == more
    verdict = verify(world, plan)
    assert verdict.cost_breakdown[Term.STREAKS] == 7 * more * TICKS
    apart = roster(*plan.routes[::2], unserved=("V2",))
    assert counted(Term.STREAKS, world, apart) == (more > 0) * (days_before + nights_before > 2)


def published(plan: Plan, **fields: Any) -> Scenario:
    """Return the lane over two days with a published plan."""
    world = lane(horizon=Horizon(start=MONDAY, days=2), published=plan, **fields)
    for name in ("N1", "N2"):
        world = with_caregiver(world, name, shifts=shifts(MONDAY, TUESDAY))
    return world


@pytest.mark.parametrize(
    ("planned", "calls"),
    [
        (route("N1", ("V1", "C1", "08:10", 30)), 0),  # as published
        (route("N1", ("V1", "C1", "08:25", 30)), 0),  # moved by the tolerance
        (route("N1", ("V1", "C1", "08:26", 30)), 1),  # moved by a minute more
        (route("N2", ("V1", "C1", "08:10", 30)), 1),  # somebody else
        (route("N1", ("V1", "C1", "08:10", 30), day=TUESDAY), 1),  # another day
        (route("N2", ("V1", "C1", "09:10", 30), day=TUESDAY), 2),  # somebody else, another day
    ],
)
def test_disruption(planned: Any, calls: int) -> None:
    """A changed caregiver is one change, a changed day or time is another."""
    world = published(roster(route("N1", ("V1", "C1", "08:10", 30))))
    plan = roster(planned, unserved=("V2", "V3"))
    assert counted(Term.DISRUPTION, world, plan) == calls
    assert priced(Term.DISRUPTION, world, plan, disruption=60) == 60 * calls * TICKS


def test_whoever_comes_for_somebody_who_is_gone_is_another_carer() -> None:
    """A published caregiver who is not listed any more cannot come: the change is due."""
    world = published(roster(route("GONE", ("V1", "C1", "08:10", 30))))
    plan = roster(route("N1", ("V1", "C1", "08:10", 30)), unserved=("V2", "V3"))
    assert counted(Term.DISRUPTION, world, plan) == 1


def test_disruption_only_of_published_visits() -> None:
    """A visit that was not published disrupts nobody."""
    world = published(roster(route("N1", ("V1", "C1", "08:10", 30))))
    plan = roster(route("N2", ("V3", "C3", "09:00", 45)), unserved=("V1", "V2"))
    assert counted(Term.DISRUPTION, world, plan) == 0


def test_swapped_carers_are_no_change_of_caregiver() -> None:
    """Two carers who change places are both still among those published."""
    two = (CarerNeed(minutes=30), CarerNeed(minutes=30))

    def pair(first: str, second: str) -> Plan:
        return roster(
            route(first, ("V1", "C1", "09:00", 30)),
            route(second, ("V1", "C1", "09:00", 30, 2)),
            unserved=("V2", "V3"),
        )

    world = with_visit(published(pair("N1", "N2")), "V1", carers=two)
    assert counted(Term.DISRUPTION, world, pair("N2", "N1")) == 0


def test_break_is_no_work() -> None:
    """A break between two visits is neither paid nor overtime."""
    rule = BreakRule(duration=30, earliest="08:00", latest="13:00")
    world = with_caregiver(lane(), "N1", break_rule=rule, fen_per_minute=1)
    stops = (("V1", "C1", "08:30", 30), ("V2", "C2", "10:30", 60))
    plan = roster(route("N1", *stops, pause=("09:00", "09:30", 1)), unserved=("V3",))
    assert counted(Term.WAGE, world, plan) == 105 * TICKS


def test_ticks_of_a_thousandth_of_a_minute() -> None:
    """With a thousand ticks a minute the same plan costs a thousand a minute."""
    verdict = verify(lane(ticks_per_minute=1000), clean())
    assert verdict.feasible
    assert verdict.cost == 105 * 1000
    assert visit("V9", "C1", 12.345).carers[0].minutes == 740_700
