"""Rules about accounts: what contracts and entitlements still pay for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from optimizer.domain.client import Client, Entitlement, EntitlementUnit
from optimizer.domain.contract import Contract
from optimizer.domain.policy import Rule
from optimizer.i18n import Sentence, say
from optimizer.verification.replay import Replay, StopReplay
from optimizer.verification.verdict import Violation


def contract_cap(replay: Replay) -> Iterator[Violation]:
    """Care, visits and fen charged to a contract stay within its caps."""
    for contract in replay.scenario.contracts:
        stops = replay.charged_to.get(contract.id, ())
        if contract.cap is not None:
            over = sum(stop.care for stop in stops) - replay.ticks(contract.cap)
            yield from _over_cap(contract, over, replay.lasting(over))
        if contract.cap_visits is not None:
            over = sum(stop.stop.carer == 1 for stop in stops) - contract.cap_visits
            yield from _over_cap(contract, over, say("violation.visits", count=over))
        if contract.cap_fen is not None:
            over = sum(_fen(replay, stop, contract) for stop in stops) - contract.cap_fen
            yield from _over_cap(contract, over, say("violation.money", yuan=f"{over / 100:,.2f}"))


def _fen(replay: Replay, stop: StopReplay, contract: Contract) -> int:
    """Return the price of one stop, rounded down to a fen."""
    ticks_per_hour = 60 * replay.scenario.ticks_per_minute
    return stop.care * contract.fen_per_hour // ticks_per_hour


def _over_cap(contract: Contract, over: int, what: Sentence) -> Iterator[Violation]:
    """Report a contract that is charged too much; it lies at the plan as a whole."""
    if over > 0:
        detail = say("violation.contract_cap", contract=contract.id, over=what)
        yield Violation(Rule.CONTRACT_CAP, None, None, None, over, "plan", detail)


def entitlement(replay: Replay) -> Iterator[Violation]:
    """Check that what a client's visits charge to a payer stays within the entitlement."""
    charged: dict[tuple[str, str], list[StopReplay]] = defaultdict(list)
    for stop in replay.stops():
        if stop.visit.payer is not None:
            charged[stop.client.id, stop.visit.payer].append(stop)
    for client in replay.scenario.clients:
        for granted in client.entitlements:
            stops = charged.get((client.id, granted.payer), [])
            yield from _over_entitlement(replay, client, granted, stops)


def _over_entitlement(
    replay: Replay, client: Client, granted: Entitlement, stops: list[StopReplay]
) -> Iterator[Violation]:
    """Compare one entitlement with the stops charged to it; reported at the last of them."""
    if granted.unit is EntitlementUnit.MINUTES:
        cap = granted.cap * replay.scenario.ticks_per_minute
        over = sum(stop.care for stop in stops) - cap
        what = replay.lasting(over)
    else:
        over = len({stop.visit.id for stop in stops}) - granted.cap
        what = say("violation.visits", count=over)
    if over > 0:
        detail = say("violation.entitlement", client=client.id, payer=granted.payer, over=what)
        yield stops[-1].breach(Rule.ENTITLEMENT, over, detail)
