"""Several contracts for one stop: exact model, search and verifier against brute force."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest

from optimizer.domain.client import Client, ServicePrice
from optimizer.domain.contract import Contract, Organisation, Surcharge
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Policy, Rule, Weights
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.exact.model import solve_exact
from optimizer.solving import solve
from optimizer.verification import verify
from tests.sweeps import few
from tests.verification.worlds import (
    MONDAY,
    TUESDAY,
    breaches,
    caregiver,
    lane,
    place,
    roster,
    route,
    visit,
)

CASES = 60
WEIGHTS = Weights(balance=0, waiting=0)
WASH = ServicePrice(service="wash", fen_per_hour=2_203, fen_per_time=111)
SURCHARGES = (
    Surcharge(kind="noon", start="10:00", end="12:00", percent=33),
    Surcharge(kind="east", towns=("east",), percent=7, fen_per_visit=59),
    Surcharge(kind="monday", weekdays=(1,), percent=50),
)
Charged = tuple[tuple[Contract, Visit, int], ...]
"""Contract, visit and carer of every stop."""


def contract(name: str, **fields: object) -> Contract:
    """Return a contract for everything of O1 on Monday."""
    given = {"purchaser": "P", "organisation": "O1", "start": MONDAY, "end": MONDAY, **fields}
    return Contract.model_validate({"id": name, **given})


def drawn(seed: int) -> Scenario:
    """Return up to three contracts that overlap, and five visits that only they can bar."""
    rng, earlier = random.Random(seed), random.Random(f"earlier {seed}")
    book = random.Random(f"book {seed}")
    contracts = tuple(
        contract(
            f"K{number}",
            towns=rng.choice(((), ("east",), ("west",))),
            services=rng.choice(((), (), ("wash",))),
            cap=rng.choice((None, rng.randint(20, 120))),
            cap_visits=rng.choice((None, None, rng.randint(0, 3))),
            cap_fen=rng.choice((None, None, rng.randint(500, 4_000))),
            fen_per_hour=rng.choice((1_999, 2_501)),
            min_share=rng.choice((0, 0, 0, 60, 90)),
            used=earlier.choice((0, 0, 15, 40)),
            used_visits=earlier.choice((0, 0, 1)),
            used_fen=earlier.choice((0, 0, 700)),
            owed=earlier.choice((0, 0, 30)),
            prices=book.choice(((), (WASH,))),
            surcharges=tuple(one for one in SURCHARGES if book.random() < 0.4),
        )
        for number in range(rng.choice((2, 3, 3)))
    )
    clients = tuple(
        Client(id=f"C{number}", home=place(0), town=rng.choice(("east", "west")))
        for number in range(3)
    )
    return lane(
        clients=clients,
        caregivers=tuple(caregiver(name, organisation="O1") for name in ("N1", "N2")),
        visits=tuple(hour_of(rng, number) for number in range(5)),
        organisations=(Organisation(id="O1"),),
        contracts=contracts,
        policy=Policy(
            weights=WEIGHTS.model_copy(update={"purchase": book.choice((0, 0, 1, 2, 13))})
        ),
    )


def price(one: Contract, visited: Visit, town: str | None, carer: int) -> int:
    """Return what a stop costs by a price book, worked out plainly."""
    by_hour, by_time = [], 0
    for service in visited.services or ("",):
        listed = [line for line in one.prices if line.service == service]
        by_hour.append(listed[0].fen_per_hour if listed else one.fen_per_hour)
        by_time += listed[0].fen_per_time if listed else 0
    percent, extra, hour = 100, 0, visited.window.earliest // 3_600_000
    for dearer in one.surcharges:
        is_due = {"noon": 10 <= hour < 12, "east": town == "east", "monday": True}[dearer.kind]
        percent += dearer.percent * is_due
        extra += dearer.fen_per_visit * is_due
    fen = visited.carers[carer].minutes * max(by_hour) * percent // 360_000_000
    return fen + (by_time * percent // 100 + extra if carer == 0 else 0)


def hour_of(rng: random.Random, number: int) -> Visit:
    """Draw a visit at an hour of its own, at a price of its own."""
    minutes = [rng.randint(2, 9) * 5 for _ in range(2 if number == 0 and rng.random() < 0.5 else 1)]
    services = rng.choice((("wash",), ("meal",), ()))
    made = visit(f"V{number}", f"C{rng.randrange(3)}", *minutes, services=services)
    clock = f"{9 + number:02}:00"
    window = made.window.model_validate({"earliest": clock, "latest": clock})
    return made.model_copy(update={"window": window, "unserved_price": 1_000 + 2**number})


def covers(one: Contract, scenario: Scenario, visited: Visit) -> bool:
    """Return whether a contract covers a visit by town and services."""
    town = next(client.town for client in scenario.clients if client.id == visited.client)
    in_town = not one.towns or town in one.towns
    return in_town and (not one.services or set(visited.services) <= set(one.services))


def ways(scenario: Scenario) -> Iterator[tuple[Charged, tuple[Visit, ...]]]:
    """Yield every choice of visits left out and of contracts for the stops of the others."""
    options: list[list[Charged | None]] = []
    for visited in scenario.visits:
        able = [one for one in scenario.contracts if covers(one, scenario, visited)]
        stops = range(len(visited.carers))
        each = itertools.product(able, repeat=len(visited.carers))
        options.append(
            [None, *(tuple((one[c], visited, c) for c in stops) for one in map(tuple, each))]
        )
    for chosen in itertools.product(*options):
        charged = tuple(stop for one in chosen if one is not None for stop in one)
        pairs = zip(scenario.visits, chosen, strict=True)
        yield charged, tuple(visited for visited, one in pairs if one is None)


def cost_of(scenario: Scenario, charged: Charged, left: tuple[Visit, ...]) -> int | None:
    """Return what a choice costs, or None if it exceeds a cap; counted plainly."""
    weight = scenario.policy.weights.purchase
    cost = sum(60 * (one.unserved_price or 0) for one in left)
    cost += WEIGHTS.unserved.per_minute * sum(
        need.minutes // 1_000 for one in left for need in one.carers
    )
    for one in scenario.contracts:
        mine = [(visited.carers[c].minutes, c) for k, visited, c in charged if k.id == one.id]
        care = sum(ms for ms, _ in mine)
        towns = {client.id: client.town for client in scenario.clients}
        prices = [price(one, v, towns[v.client], c) for k, v, c in charged if k.id == one.id]
        fen = sum(prices)
        cost += sum(fen * weight * 60 // 100 for fen in prices)
        amounts = (care, sum(c == 0 for _, c in mine), fen)
        caps = (one.cap, one.cap_visits, one.cap_fen)
        before = (one.used, one.used_visits, one.used_fen)
        for amount, cap, used in zip(amounts, caps, before, strict=True):
            # What was over its cap before leaves nothing, and asks for nothing back.
            if cap is not None and amount > max(0, cap - used):
                return None
        whole = sum(
            need.minutes // 1_000
            for visited in scenario.visits
            if covers(one, scenario, visited)
            for need in visited.carers
        )
        promised = one.owed // 1_000 + whole * one.min_share // 100
        cost += WEIGHTS.share * max(0, promised - care // 1_000)
    return cost


@pytest.mark.parametrize("first", few(range(0, CASES, 15), 1))
def test_all_readers_charge_alike(first: int) -> None:
    """Both engines find the cost that trying all contracts finds, and the verifier agrees."""
    bound = named = 0
    for seed in range(first, first + 15):
        scenario = drawn(seed)
        costs = [cost_of(scenario, *way) for way in ways(scenario)]
        least = min(cost for cost in costs if cost is not None)
        exact = solve_exact(scenario, seconds=20, workers=1)
        found = solve(scenario, iterations=6_000, seed=seed, engine="search")
        assert (exact.cost, found.cost) == (least, least), seed
        for plan in (exact.plan, found.plan):
            assert plan is not None
            verdict = verify(scenario, plan)
            assert (verdict.violations, verdict.cost) == ((), least)
        bound += bool(found.unserved)
        named += any(stop.contract for route in found.plan.routes for stop in route.stops)
    assert bound > 2
    assert named > 0


def two_visits(*contracts: str | None) -> Plan:
    """Return a plan of V1 (30 minutes) and V2 (60), whose stops name these contracts."""
    made = route("N1", ("V1", "C1", "09:00", 30), ("V2", "C2", "10:00", 60))
    stops = tuple(
        stop.model_copy(update={"contract": name})
        for stop, name in zip(made.stops, contracts, strict=True)
    )
    return roster(made.model_copy(update={"stops": stops}), unserved=("V3",))


def office(*contracts: Contract) -> Scenario:
    """Return the lane with these contracts and one caregiver of O1."""
    return lane(
        caregivers=(caregiver("N1", organisation="O1"),),
        organisations=(Organisation(id="O1"),),
        contracts=contracts,
    )


@pytest.mark.parametrize(
    ("caps", "names", "charged"),
    [
        ((30, None), (None, None), {"K1": 30, "K2": 60}),  # the second goes on to the next
        ((60, None), (None, None), {"K1": 30, "K2": 60}),
        ((90, None), (None, None), {"K1": 90}),  # room for both
        ((60, 30), (None, None), {"K1": 90}),  # none has room for the second: the first
        ((60, 30), ("K2", None), {"K1": 60, "K2": 30}),  # a name makes room
        ((60, 30), ("K2", "K1"), {"K1": 60, "K2": 30}),
        ((60, None), (None, "K1"), {"K1": 60, "K2": 30}),  # named ones come first
        ((90, 90), ("K2", "K2"), {"K2": 90}),  # a plan may pass over the first
    ],
)
def test_who_is_charged(
    caps: tuple[int | None, int | None],
    names: tuple[str | None, str | None],
    charged: dict[str, int],
) -> None:
    """Stops go to the contract they name, else to the first that has room for them."""
    world = office(contract("K1", cap=caps[0]), contract("K2", cap=caps[1]))
    verdict = verify(world, two_visits(*names))
    assert verdict.charged == {name: minutes * 60 for name, minutes in charged.items()}
    within = all(cap is None or charged.get(f"K{n}", 0) <= cap for n, cap in enumerate(caps, 1))
    assert (not verdict.violations) == within


def test_order_is_that_of_time() -> None:
    """Of two stops that name nothing the earlier one is charged first, wherever it stands."""
    world = office(contract("K1", cap=60), contract("K2", cap=30))
    early, late = ("V1", "C1", "09:00", 30), ("V2", "C2", "10:00", 60)
    assert breaches(world, roster(route("N1", early, late), unserved=("V3",))) == [
        (Rule.CONTRACT_CAP, "plan", 30 * 60)
    ]
    late_first = ("V2", "C2", "09:00", 60), ("V1", "C1", "10:30", 30)
    assert breaches(world, roster(route("N1", *late_first), unserved=("V3",))) == []


@pytest.mark.parametrize(
    "other",
    [
        contract("K2", end=MONDAY, start=MONDAY, organisation="O2"),
        contract("K2", start=TUESDAY, end=TUESDAY),
        contract("K2", towns=("elsewhere",)),
        contract("K2", services=("bath",)),
    ],
)
def test_a_contract_that_does_not_cover_the_stop_cannot_be_named(other: Contract) -> None:
    """A stop that names a contract of another body, day, town or service breaks a rule."""
    world = office(contract("K1", cap=30), other)
    world = world.model_copy(
        update={"organisations": (Organisation(id="O1"), Organisation(id="O2"))}
    )
    world = world.model_copy(
        update={
            "visits": tuple(one.model_copy(update={"services": ("meal",)}) for one in world.visits)
        }
    )
    found = breaches(world, two_visits(None, "K2"))
    assert found == [(Rule.ALLOWED, "routes[0].stops[1]", None)]


def test_a_full_contract_hands_on_to_the_next() -> None:
    """What the first contract has no room for is served under the second, in both engines."""
    world = office(contract("K1", cap=30), contract("K2", cap=105))
    for found in (
        solve(world, iterations=300, engine="search"),
        solve(world, seconds=10, engine="cp-sat"),
    ):
        assert found.unserved == 0
        assert found.verdict.charged == {"K1": 30 * 60, "K2": 105 * 60}


def test_a_plan_names_contracts_only_where_the_order_would_not_do() -> None:
    """With room enough no stop names one; where the first must be kept free, some do."""
    free = solve(office(contract("K1"), contract("K2", cap=90)), iterations=300, engine="search")
    assert [stop.contract for route in free.plan.routes for stop in route.stops] == [None] * 3
    # Only V2 fills the first contract so that V1 and V3 fit under the second.
    tight = office(contract("K1", cap=60), contract("K2", cap=75))
    kept = solve(tight, iterations=300, engine="search")
    assert kept.unserved == 0
    assert {stop.contract for route in kept.plan.routes for stop in route.stops} == {None, "K2"}


def test_a_plan_with_names_is_a_start() -> None:
    """A search that begins from a plan keeps the contracts that it names."""
    tight = office(contract("K1", cap=60), contract("K2", cap=75))
    best = solve(tight, iterations=300, engine="search")
    again = solve(tight, iterations=1, engine="search", start=best.plan)
    assert (again.unserved, again.cost) == (0, best.cost)
