"""Random weeks under law and continuity: what can only help never harms, and sums are recounted."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest

from optimizer.domain.burden import is_evening
from optimizer.domain.contract import Contract
from optimizer.domain.plan import Plan, Stop
from optimizer.domain.policy import Term
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.exact.model import solve_exact
from optimizer.prepare import prepare
from optimizer.solving import solve
from optimizer.verification import account, verify
from tests.properties.moves import Walk, walk
from tests.properties.price_by_the_page import price_by_the_page
from tests.sweeps import few
from tests.worlds import choices, law, nights
from tests.worlds.random_week import random_week

WEEKS = few(range(1, 41), 6)
STEPS = 300
_FAIR = (Term.BURDENS, Term.STREAKS)


def settled(number: int) -> Scenario:
    """Return a random week in which nobody's fair share depends on who else there is."""
    week = prepare(random_week(number)).for_engine
    weights = week.policy.weights.model_copy(update={"balance": 0})
    return week.model_copy(update={"policy": week.policy.model_copy(update={"weights": weights})})


def with_one_more(week: Scenario) -> Scenario:
    """Return the week with a caregiver more, like the first one but rested."""
    first = week.caregivers[0]
    more = first.model_copy(
        update={
            "id": "N99",
            "last_return": None,
            "days_worked": 0,
            "consecutive_days_worked": 0,
            "consecutive_nights_worked": 0,
            "week_nights_worked": 0,
            "month_overtime_worked": 0,
        }
    )
    return week.model_copy(update={"caregivers": (*week.caregivers, more)})


def with_an_idle_day(week: Scenario) -> Scenario:
    """Return the week with a day more, on which everybody works as on the first and nobody asks."""
    dates = week.horizon.dates()
    added = dates[-1] + dt.timedelta(days=1)
    people = tuple(
        one.model_copy(
            update={
                "shifts": one.shifts
                + tuple(
                    shift.model_copy(update={"date": added})
                    for shift in one.shifts
                    if shift.date == dates[0]
                )
            }
        )
        for one in week.caregivers
    )
    # What has no dates might take place on the day added; it keeps the days it had.
    visits = tuple(
        visit if visit.dates else visit.model_copy(update={"dates": dates}) for visit in week.visits
    )
    longer = Horizon(start=week.horizon.start, days=week.horizon.days + 1)
    return week.model_copy(update={"horizon": longer, "caregivers": people, "visits": visits})


def fair(number: int) -> Scenario:
    """Return a random week on which burdens and days in a row have a price."""
    rng = random.Random(f"fair week {number}")
    week = law.with_streaks(choices.with_burdens(random_week(number), rng), rng)
    # Few random weeks have nights, and evenings occur nowhere else.
    if rng.random() < 0.5 and not any(is_evening(visit) for visit in week.visits):
        week = nights.with_nights(week, rng, {"nights"})
    return prepare(week).for_engine


@pytest.mark.parametrize("first", few(range(20, 220, 20), 1))
def test_moves_keep_the_count_of_burdens_and_rows(first: int) -> None:
    """After random moves on weeks the search counts what the verifier counts."""
    done = Walk()
    for number in range(first, first + 20):
        done.add(walk(fair(number), number, 20))
    assert done.accepted > 100


@pytest.mark.parametrize("first", few(range(20, 220, 10), 1))
def test_burdens_and_rows_are_one_to_both_engines(first: int) -> None:
    """What is proven best costs by the verifier what the model says, and no search finds less."""
    counted: Counter[Term] = Counter()
    late = 0
    for number in range(first, first + 10):
        week = fair(number)
        best = solve_exact(week, seconds=20, workers=1)
        found = solve(week, iterations=STEPS, engine="search")
        of_evening = {visit.id for visit in week.visits if is_evening(visit)}
        assert best.plan is not None
        for plan, cost in ((best.plan, best.cost), (found.plan, found.cost)):
            verdict = verify(week, plan)
            assert verdict.violations == ()
            assert verdict.cost == cost
            counted.update({term: verdict.quantities[term] for term in _FAIR})
            late += sum(stop.visit in of_evening for route in plan.routes for stop in route.stops)
        assert best.cost is not None
        assert not best.proven or best.cost <= found.cost
    assert counted[Term.BURDENS] > 0
    assert late > 0


@pytest.mark.parametrize("number", WEEKS)
def test_a_caregiver_or_an_idle_day_more_never_worsens_a_plan(number: int) -> None:
    """The plan costs as much as before, and a search that begins from it never comes out dearer."""
    week = settled(number)
    before = solve(week, iterations=STEPS, engine="search")
    for more in (with_one_more(week), with_an_idle_day(week)):
        prepared = prepare(more)
        kept = verify(prepared.for_engine, before.plan, prepared.matrices)
        assert kept.violations == ()
        assert kept.cost == before.cost
        after = solve(prepared, start=before.plan, iterations=STEPS, engine="search")
        assert after.cost <= before.cost


Sums = Counter[tuple[str, str]]


def left(contract: Contract) -> dict[str, int | None]:
    """Return what is left of the caps of a contract."""
    caps = {
        "care": (contract.cap, contract.used),
        "visits": (contract.cap_visits, contract.used_visits),
        "fen": (contract.cap_fen, contract.used_fen),
    }
    return {unit: None if cap is None else max(0, cap - used) for unit, (cap, used) in caps.items()}


def recounted(week: Scenario, plan: Plan) -> Sums:
    """Add up care, visits and fen of every contract from the plan's stops, by the page alone.

    Written from docs/problem.md: stops that name a contract come first, the others are charged in
    order of date, start, visit and carer to the first that covers them and has room.
    """
    visits = {visit.id: visit for visit in week.visits}
    clients = {client.id: client for client in week.clients}
    people = {person.id: person for person in week.caregivers}
    stops = [(route, stop) for route in plan.routes for stop in route.stops]
    stops.sort(key=lambda p: (p[1].contract is None, p[0].date, p[1].start, p[1].visit, p[1].carer))
    sums: Sums = Counter()

    def after(contract: Contract, stop: Stop, day: dt.date) -> dict[str, int]:
        care, visit = stop.end - stop.start, visits[stop.visit]
        client = clients[visit.client]
        adds = {
            "care": care,
            "visits": int(stop.carer == 1),
            "fen": price_by_the_page(contract, client, visit, stop.carer, day, care),
        }
        return {unit: sums[contract.id, unit] + more for unit, more in adds.items()}

    for route, stop in stops:
        visit, person = visits[stop.visit], people[route.caregiver]
        client = clients[visit.client]
        chosen = (
            choice.organisation
            for choice in client.service_choices
            if visit.services and set(visit.services) <= set(choice.services)
        )
        body = next(chosen, client.organisation) or person.organisation
        covering = [
            one
            for one in week.contracts
            if one.organisation == body
            and (not one.towns or client.town in one.towns)
            and (not one.services or set(visit.services) <= set(one.services))
            and one.start <= route.date <= one.end
        ]
        if not covering or (person.volunteer and person.organisation is None):
            continue
        named = [one for one in covering if one.id == stop.contract]
        room = [
            one
            for one in covering
            if all(
                (most := left(one)[unit]) is None or amount <= most
                for unit, amount in after(one, stop, route.date).items()
            )
        ]
        contract = (named or room or covering)[0]
        for unit, amount in after(contract, stop, route.date).items():
            sums[contract.id, unit] = amount
    return sums


@pytest.mark.parametrize("first", few(range(0, 600, 60), 1))
def test_totals_of_contracts_are_those_of_a_recount(first: int) -> None:
    """Care, visits and yuan per contract add up alike for verifier and recount, within caps."""
    counted = 0
    for number in range(first, first + 60):
        week = prepare(random_week(number)).for_engine
        if not week.contracts:
            continue
        plan = solve(week, iterations=60, engine="search").plan
        own, theirs = recounted(week, plan), Counter[tuple[str, str]]()
        for charge in account(week, plan).charges:
            if charge.contract is not None:
                theirs[charge.contract, "care"] += charge.care
                theirs[charge.contract, "visits"] += charge.carer == 1
                theirs[charge.contract, "fen"] += charge.fen
        assert +own == +theirs, number
        for contract in week.contracts:
            for unit, most in left(contract).items():
                assert most is None or own[contract.id, unit] <= most
        counted += len(own) > 0
    assert counted > 5
