"""Entitlements of every kind at once: exact model, search and verifier against brute force."""

from __future__ import annotations

import datetime as dt
import itertools
import random

import pytest

from optimizer.domain.client import Client, Entitlement, EntitlementUnit, Period, ServicePrice
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import CarerNeed, Visit
from optimizer.exact.model import solve_exact
from optimizer.solving import solve
from optimizer.verification import verify
from tests.sweeps import few
from tests.verification.worlds import caregiver, lane, place, shifts, visit

START = dt.date(2025, 8, 30)
"A Saturday; Monday begins a week and a month."
DAYS = tuple(START + dt.timedelta(days=n) for n in range(4))
PRICES = (
    ServicePrice(service="wash", fen_per_hour=4_001, fen_per_time=900),
    ServicePrice(service="meal", fen_per_hour=2_999),
)
CASES = 60


def purse(rng: random.Random) -> Entitlement:
    """Draw an entitlement of one of two payers."""
    unit = rng.choice(tuple(EntitlementUnit))
    most = {"minutes": 150, "visits": 3, "fen": 9_000}[unit]
    return Entitlement(
        payer=rng.choice(("p", "p", "q")),
        unit=unit,
        cap=rng.randint(0, most),
        period=rng.choice(tuple(Period)),
        services=rng.choice(((), (), ("wash",), ("meal",))),
        prices=PRICES if unit is EntitlementUnit.FEN else (),
    )


def day_of(rng: random.Random, number: int, payers: list[str]) -> Visit:
    """Draw a visit on a fixed day, at an hour of its own, at a price of its own."""
    minutes = [rng.randint(2, 9) * 5 for _ in range(rng.choice((1, 1, 2)))]
    services = rng.choice((("wash",), ("meal",), ("wash", "meal"), ()))
    fields = {"payer": rng.choice([*payers, None]), "services": services}
    made = visit(f"V{number}", "C1", *minutes, dates=(rng.choice(DAYS),), **fields)
    clock = f"{8 + number:02}:00"
    window = made.window.model_validate({"earliest": clock, "latest": clock})
    return made.model_copy(update={"window": window, "unserved_price": 1_000 + 2**number})


def drawn(seed: int) -> Scenario:
    """Return a client with up to four purses and seven visits that only purses can bar."""
    rng = random.Random(seed)
    purses = tuple(purse(rng) for _ in range(rng.randint(1, 4)))
    payers = [one.payer for one in purses]
    staff = tuple(caregiver(name, shifts=shifts(*DAYS)) for name in ("N1", "N2"))
    return lane(
        horizon=Horizon(start=START, days=len(DAYS)),
        clients=(Client(id="C1", home=place(0), entitlements=purses),),
        caregivers=staff,
        visits=tuple(day_of(rng, number, payers) for number in range(7)),
    )


def period_of(granted: Entitlement, day: dt.date) -> object:
    """Return what tells the periods of an entitlement apart."""
    return {"horizon": None, "week": day.isocalendar()[:2], "month": (day.year, day.month)}[
        granted.period
    ]


def price(granted: Entitlement, one: Visit, needs: tuple[CarerNeed, ...]) -> int:
    """Return the fen of a whole visit in full length."""
    rows = [row for row in granted.prices if row.service in one.services]
    rows = [row for row in rows if not granted.services or row.service in granted.services]
    hourly = max([row.fen_per_hour for row in rows] or [0])
    care = sum(hourly * need.minutes // 3_600_000 for need in needs)
    return care + sum(row.fen_per_time for row in rows)


def holds(scenario: Scenario, served: tuple[Visit, ...]) -> bool:
    """Count plainly whether every purse can pay for these visits in every period."""
    for granted in scenario.clients[0].entitlements:
        for day in DAYS:
            paid = [
                one
                for one in served
                if one.payer == granted.payer
                and (not granted.services or set(one.services) & set(granted.services))
                and period_of(granted, one.dates[0]) == period_of(granted, day)
            ]
            amount = {
                "minutes": sum(need.minutes for one in paid for need in one.carers) // 60_000,
                "visits": len(paid),
                "fen": sum(price(granted, one, one.carers) for one in paid),
            }[granted.unit]
            if amount > granted.cap:
                return False
    return True


def best_served(scenario: Scenario) -> set[str]:
    """Return the dearest set of visits that the purses pay for, by trying all."""
    sets = (
        chosen
        for size in range(len(scenario.visits) + 1)
        for chosen in itertools.combinations(scenario.visits, size)
        if holds(scenario, chosen)
    )

    def worth(chosen: tuple[Visit, ...]) -> int:
        per_minute = scenario.policy.weights.unserved.per_minute
        return sum(
            60 * (one.unserved_price or 0)
            + per_minute * sum(need.minutes for need in one.carers) // 1_000
            for one in chosen
        )

    return {one.id for one in max(sets, key=worth)}


@pytest.mark.parametrize("first", few(range(0, CASES, 20), 1))
def test_all_readers_count_purses_alike(first: int) -> None:
    """Both engines serve the visits that trying all sets finds, and the verifier agrees."""
    bound = 0
    for seed in range(first, first + 20):
        scenario = drawn(seed)
        expected = best_served(scenario)
        exact = solve_exact(scenario, seconds=20, workers=1)
        found = solve(scenario, iterations=400, seed=seed, engine="search")
        for plan, cost in ((exact.plan, exact.cost), (found.plan, found.cost)):
            assert plan is not None
            verdict = verify(scenario, plan)
            assert (verdict.violations, verdict.cost) == ((), cost)
            served = {stop.visit for route in plan.routes for stop in route.stops}
            assert served == expected, seed
        bound += len(expected) < len(scenario.visits)
    assert bound > 10


def test_two_purses_of_one_payer_hold_at_once() -> None:
    """Half an hour and five visits pay for one of two visits of half an hour, in either order."""
    visits = tuple(visit(name, "C1", 30, payer="p") for name in ("V1", "V2"))
    minutes = Entitlement(payer="p", unit="minutes", cap=30)
    number = Entitlement(payer="p", unit="visits", cap=5)
    for purses in ((minutes, number), (number, minutes)):
        client = Client(id="C1", home=place(1), entitlements=purses)
        scenario = lane(clients=(client,), visits=visits)
        for found in (
            solve(scenario, iterations=200, engine="search"),
            solve(scenario, seconds=10, engine="cp-sat"),
        ):
            assert len(found.plan.unserved) == 1


def test_the_verifier_refuses_what_a_purse_cannot_pay() -> None:
    """Serving every visit breaks the rule exactly where some purse is charged too much."""
    broken = 0
    for seed in range(100):
        scenario = drawn(seed)
        generous = tuple(
            one.model_copy(update={"cap": 10**9}) for one in scenario.clients[0].entitlements
        )
        free = scenario.model_copy(
            update={"clients": (scenario.clients[0].model_copy(update={"entitlements": generous}),)}
        )
        plan = solve(free, iterations=50, engine="search").plan
        if plan.unserved:
            continue
        verdict = verify(scenario, plan)
        assert (not verdict.violations) == holds(scenario, scenario.visits), seed
        broken += bool(verdict.violations)
    assert broken > 20
