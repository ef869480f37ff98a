"""The whole gate: nothing raises, nothing strange passes, and a large plan takes no second."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.domain.caregiver import BreakRule
from optimizer.domain.client import Client, Entitlement, EntitlementUnit
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.place import MatrixTravel, Mode
from optimizer.domain.plan import Break, Plan, Route, Stop, Unserved
from optimizer.domain.policy import Rule
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import Coupling, CouplingKind, Pin
from optimizer.travel import travel_matrices
from optimizer.units import MS_PER_DAY
from optimizer.verification import verify
from tests.verification.worlds import (
    MIN,
    MONDAY,
    TUESDAY,
    caregiver,
    clean,
    lane,
    place,
    roster,
    route,
    shifts,
    visit,
)


def tangled() -> Scenario:
    """Return a lane in which every rule has something to say."""
    terms = {"purchaser": "P", "organisation": "O1", "start": MONDAY, "end": TUESDAY}
    people = tuple(
        caregiver(
            name,
            organisation="O1",
            shifts=shifts(MONDAY, TUESDAY),
            break_rule=BreakRule(duration=30, earliest="11:00", latest="13:00"),
            day_minutes=60,
            day_minutes_limit=120,
            week_minutes=90,
            week_minutes_limit=150,
            visits_per_day=2,
            longest_leg=30,
            fen_per_minute=3,
            fen_per_km=5,
        )
        for name in ("N1", "N2")
    )
    entitlements = (
        Entitlement(payer="ltci", unit=EntitlementUnit.VISITS, cap=1),
        Entitlement(payer="ltci", unit=EntitlementUnit.MINUTES, cap=40),
    )
    return lane(
        horizon=Horizon(start=MONDAY, days=2),
        clients=tuple(
            Client(id=f"C{n}", home=place(n), organisation="O1", entitlements=entitlements)
            for n in (1, 2, 3)
        ),
        caregivers=people,
        organisations=(Organisation(id="O1"),),
        contracts=(Contract(id="K1", cap=100, cap_visits=2, cap_fen=9, min_share=90, **terms),),
        visits=(
            visit("V1", "C1", 30, payer="ltci", pin=Pin(caregivers=("N1",), date=MONDAY)),
            visit("V2", "C2", 60, 60, preferred_until="09:00"),
            visit("V3", "C3", 45, payer="ltci"),
            visit("V4", "C3", 45, payer="ltci"),
        ),
        couplings=(
            Coupling(kind=CouplingKind.TOGETHER, first="V3", second="V4"),
            Coupling(kind=CouplingKind.AFTER, first="V1", second="V2", min_gap=60, max_gap=90),
            Coupling(kind=CouplingKind.APART, first="V1", second="V4", min_days=1),
        ),
        published=clean(),
    )


clocks = st.integers(0, MS_PER_DAY)
durations = st.integers(0, 300).map(float)
days = st.sampled_from(
    [
        MONDAY,
        TUESDAY,
        dt.date(1, 1, 1),
        dt.date(9999, 12, 31),
        dt.date(2025, 3, 9),
    ]
)
stops = st.builds(
    Stop,
    visit=st.sampled_from(["V1", "V2", "V3", "V4", "X9"]),
    carer=st.integers(1, 2),
    arrival=clocks,
    start=clocks,
    end=clocks,
    travel=durations,
)
routes = st.builds(
    Route,
    caregiver=st.sampled_from(["N1", "N2", "X9"]),
    date=days,
    shift=st.integers(0, 2),
    departure=clocks,
    stops=st.lists(stops, min_size=1, max_size=4).map(tuple),
    pause=st.none() | st.builds(Break, start=clocks, end=clocks, after_stops=st.integers(0, 9)),
    back=clocks,
    travel_back=durations,
)
unserved = st.builds(
    Unserved, visit=st.sampled_from(["V1", "V2", "V3", "V4", "X9"]), reason=st.just("travel")
)
plans = st.builds(
    Plan,
    scenario=st.just("lane"),
    routes=st.lists(routes, max_size=4).map(tuple),
    unserved=st.lists(unserved, max_size=4).map(tuple),
)


@given(plan=plans)
@settings(max_examples=200, deadline=None)
def test_strange_plans_never_raise(plan: Plan) -> None:
    """Any plan gets a verdict: places within the plan, whole positive amounts, a sentence."""
    scenario = tangled()
    verdict = verify(scenario, plan)
    for found in verdict.violations:
        assert found.amount is None or found.amount > 0
        assert found.place.startswith(("routes[", "unserved", "plan"))
        assert found.detail.endswith(".")
    assert verdict.served + len(verdict.unserved) == len(scenario.visits)
    assert verdict.cost == sum(verdict.cost_breakdown.values())
    assert min(verdict.quantities.values()) >= 0


@given(number=st.integers(0, 5), change=st.integers(-120, 120))
@settings(max_examples=100, deadline=None)
def test_one_moved_number_of_a_clean_plan_is_found(number: int, change: int) -> None:
    """The clean plan leaves no slack, so that any moved time of it breaks a rule."""
    first = clean().routes[0]
    second = first.stops[1]
    fields = ("arrival", "start", "end")
    if number < 3:
        moved = {fields[number]: getattr(second, fields[number]) + change * MIN}
        first = first.model_copy(
            update={"stops": (first.stops[0], second.model_copy(update=moved))}
        )
    else:
        name = ("departure", "back", "travel_back")[number - 3]
        first = first.model_copy(update={name: max(0, getattr(first, name) + change * MIN)})
    changed = clean().model_copy(update={"routes": (first, clean().routes[1])})
    harmless = change == 0 or (number == 4 and change > 0)  # coming home late from a walk
    assert verify(lane(), changed).feasible == harmless


def test_given_matrices_are_used() -> None:
    """The caller's matrices replace those of the scenario."""
    scenario = lane()
    doubled = MatrixTravel(minutes={Mode.EBIKE: tuple((99.0,) * 4 for _ in range(4))})
    matrices = travel_matrices(scenario.model_copy(update={"travel": doubled}))
    found = {entry.rule for entry in verify(scenario, clean(), matrices).violations}
    assert found == {Rule.TRAVEL, Rule.SHIFT}
    assert verify(scenario, clean(), travel_matrices(scenario)) == verify(scenario, clean())


def test_relabelling_changes_nothing() -> None:
    """Other ids for the same things give the same cost and the same breaches."""
    scenario, plan = tangled(), clean()
    text, other = scenario.model_dump_json(), plan.model_dump_json()
    for old, new in (("N1", "A7"), ("N2", "A3"), ("V1", "Z9"), ("V2", "Q4"), ("C2", "B5")):
        text, other = text.replace(f'"{old}"', f'"{new}"'), other.replace(f'"{old}"', f'"{new}"')
    before = verify(scenario, plan)
    after = verify(Scenario.model_validate_json(text), Plan.model_validate_json(other))
    assert after.quantities == before.quantities
    assert [(v.rule, v.amount, v.place) for v in after.violations] == [
        (v.rule, v.amount, v.place) for v in before.violations
    ]


def test_large_plan_takes_less_than_a_second() -> None:
    """A day of 2,340 visits by 180 caregivers is verified in well under a second."""
    people = tuple(caregiver(f"N{n}") for n in range(180))
    visits = tuple(visit(f"V{n}", "C1", 30) for n in range(2340))
    scenario = lane(caregivers=people, visits=visits)
    plan = roster(
        *(
            route(
                f"N{n}",
                *(
                    (
                        f"V{13 * n + k}",
                        "C1",
                        f"{8 + (10 + 30 * k) // 60:02d}:{(10 + 30 * k) % 60}",
                        30,
                    )
                    for k in range(13)
                ),
            )
            for n in range(180)
        )
    )
    matrices = travel_matrices(scenario)
    verdict = verify(scenario, plan, matrices)
    assert (verdict.feasible, verdict.served) == (True, 2340)


def test_two_carers_in_one_plan() -> None:
    """A verdict counts visits, not stops."""
    scenario = lane(visits=(visit("V1", "C1", 30, 30),))
    plan = roster(route("N1", ("V1", "C1", "09:00", 30)), route("N2", ("V1", "C1", "09:00", 30, 2)))
    verdict = verify(scenario, plan)
    assert (verdict.served, verdict.unserved, verdict.feasible) == (1, (), True)
