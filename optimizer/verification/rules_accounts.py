"""Rules about accounts: what contracts and entitlements still pay for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from types import MappingProxyType

from optimizer.domain.client import Entitlement, EntitlementUnit
from optimizer.domain.contract import Contract
from optimizer.domain.policy import Rule
from optimizer.domain.purse import begin_of, prices_of, purses_of
from optimizer.i18n import Sentence, say
from optimizer.verification.charging import fen_charged
from optimizer.verification.replay import Checks, Replay
from optimizer.verification.stop_replay import StopReplay
from optimizer.verification.verdict import Violation


def contract_cap(replay: Replay) -> Iterator[Violation]:
    """Care, visits and fen charged to a contract stay within what is left of its caps."""
    for contract in replay.scenario.contracts:
        stops = replay.charged_to.get(contract.id, ())
        if contract.left is not None:
            over = sum(stop.care for stop in stops) - replay.ticks(contract.left)
            yield from _over_cap(contract, over, replay.lasting(over))
        if contract.left_visits is not None:
            over = sum(stop.stop.carer == 1 for stop in stops) - contract.left_visits
            yield from _over_cap(contract, over, say("violation.visits", count=over))
        if contract.left_fen is not None:
            tpm = replay.scenario.ticks_per_minute
            fen = sum(fen_charged(stop, contract, tpm) for stop in stops)
            over = fen - contract.left_fen
            yield from _over_cap(contract, over, say("violation.money", yuan=f"{over / 100:,.2f}"))


def _over_cap(contract: Contract, over: int, what: Sentence) -> Iterator[Violation]:
    """Report a contract that is charged too much; it lies at the plan as a whole."""
    if over > 0:
        detail = say("violation.contract_cap", contract=contract.id, over=what)
        yield Violation(Rule.CONTRACT_CAP, None, None, None, over, "plan", detail)


def entitlement(replay: Replay) -> Iterator[Violation]:
    """Check that what a client's visits charge to an entitlement stays within it, per period."""
    charged: dict[tuple[str, int], dict[date, list[StopReplay]]] = {}
    for stop in replay.stops():
        for position, granted in purses_of(stop.client, stop.visit):
            begin = begin_of(granted.period, stop.date) or replay.scenario.horizon.start
            periods = charged.setdefault((stop.client.id, position), defaultdict(list))
            periods[begin].append(stop)
    for client in replay.scenario.clients:
        for position, granted in enumerate(client.entitlements):
            for begin, stops in sorted(charged.get((client.id, position), {}).items()):
                # What lies before the first day planned was charged in the period of that day.
                used = granted.used if begin <= replay.scenario.horizon.start else 0
                yield from _over_entitlement(replay, granted, max(0, granted.cap - used), stops)


def _over_entitlement(
    replay: Replay, granted: Entitlement, cap: int, stops: list[StopReplay]
) -> Iterator[Violation]:
    """Compare what is left of one period with its stops; reported at the last of them."""
    if granted.unit is EntitlementUnit.MINUTES:
        over = sum(stop.care for stop in stops) - cap * replay.scenario.ticks_per_minute
        what = replay.lasting(over)
    elif granted.unit is EntitlementUnit.VISITS:
        over = len({stop.visit.id for stop in stops}) - cap
        what = say("violation.visits", count=over)
    else:
        over = sum(fen_paid(replay, stop, granted) for stop in stops) - cap
        what = say("violation.money", yuan=f"{over / 100:,.2f}")
    if over > 0:
        client = stops[-1].client.id
        detail = say("violation.entitlement", client=client, payer=granted.payer, over=what)
        yield stops[-1].breach(Rule.ENTITLEMENT, over, detail)


def fen_paid(replay: Replay, stop: StopReplay, granted: Entitlement) -> int:
    """Return what a payer pays for one stop: by the hour of its care, and once per visit."""
    by_hour = [price.fen_per_hour for price in prices_of(granted, stop.visit)]
    by_time = [price.fen_per_time for price in prices_of(granted, stop.visit)]
    ticks_per_hour = 60 * replay.scenario.ticks_per_minute
    care = stop.care * max(by_hour, default=0) // ticks_per_hour
    return care + (sum(by_time) if stop.stop.carer == 1 else 0)


CHECKS: Checks = MappingProxyType({Rule.CONTRACT_CAP: contract_cap, Rule.ENTITLEMENT: entitlement})
