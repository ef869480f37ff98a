"""What a plan charges: the same sums as the verifier's caps, recounted another way."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from functools import cache

from optimizer.domain.client import EntitlementUnit
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Rule, Term
from optimizer.domain.scenario import Scenario
from optimizer.units import to_ms
from optimizer.verification import Account, account, verify
from tests.worlds.random_small import random_small

HOUR = 3_600_000


@cache
def _made() -> list[tuple[Scenario, Plan, Account]]:
    """Return random small days with a random plan of half of the visits."""
    scenarios = [random_small(seed) for seed in range(400)]
    plans = [(one, one.published) for one in scenarios if one.published is not None]
    return [(scenario, plan, account(scenario, plan)) for scenario, plan in plans]


def test_contracts_are_charged_what_the_verifier_says() -> None:
    """Care and money per contract are the verdict's; without a book each price is by the hour."""
    contracts = 0
    for scenario, plan, made in _made():
        care: dict[str, int] = defaultdict(int)
        fen: dict[str, int] = defaultdict(int)
        books = {contract.id: contract for contract in scenario.contracts}
        for one in made.charges:
            if one.contract is None:
                assert one.fen == 0
                continue
            contracts += 1
            care[one.contract] += one.care
            fen[one.contract] += one.fen
            book = books[one.contract]
            if not book.prices and not one.surcharges:
                assert one.fen == int(Fraction(one.care * book.fen_per_hour, HOUR))
        verdict = verify(scenario, plan)
        charged = verdict.charged
        assert dict(fen) == dict(verdict.charged_fen)
        assert sum(fen.values()) * scenario.ticks_per_minute == verdict.quantities[Term.PURCHASE]
        tpm = scenario.ticks_per_minute
        assert dict(care) == {name: to_ms(ticks, tpm) for name, ticks in charged.items()}
    assert contracts > 20


def test_purses_that_are_overdrawn_are_those_the_verifier_finds() -> None:
    """A period's charges exceed what is granted exactly where the rule is broken."""
    broken = 0
    for scenario, plan, made in _made():
        used: dict[tuple[object, ...], int] = defaultdict(int)
        for one in made.charges:
            for purse in one.purses:
                used[one.client, purse.position, purse.begins] += purse.amount
        granted = {client.id: client.entitlements for client in scenario.clients}
        over = 0
        for (client, position, begins), amount in used.items():
            own = granted[str(client)][int(str(position))]
            is_begun = str(begins) <= str(scenario.horizon.start)
            cap = max(0, own.cap - own.used) if is_begun else own.cap
            over += amount > (cap * 60_000 if own.unit is EntitlementUnit.MINUTES else cap)
        found = [v for v in verify(scenario, plan).violations if v.rule is Rule.ENTITLEMENT]
        assert over == len(found)
        broken += over
    assert broken > 5


def test_days_hold_all_care() -> None:
    """Care of the days is that of the stops, and work is never less."""
    for _, _, made in _made():
        care: dict[tuple[str, object], int] = defaultdict(int)
        for one in made.charges:
            care[one.caregiver, one.date] += one.care
        assert {(day.caregiver, day.date): day.care for day in made.days} == dict(care)
        assert all(day.work >= day.care for day in made.days)


def test_lending_costs_only_where_somebody_is_lent() -> None:
    """Only a lent caregiver's stop is charged the terms of lending, rounded down."""
    lent = 0
    for scenario, _, made in _made():
        terms = {body.id: body.lending for body in scenario.organisations}
        for one in made.charges:
            price = terms.get(one.organisation or "")
            owed = one.care * price.fen_per_hour // HOUR if one.is_lent and price else 0
            assert one.lending_fen == owed
            lent += one.is_lent
    assert lent > 5
