"""Which contract each stop of a plan is charged to, as ``docs/problem.md`` defines it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from optimizer.domain.contract import Contract
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.tariff import tariff_of
from optimizer.matching import covering_contracts
from optimizer.units import to_ms, to_ticks
from optimizer.verification.stop_replay import StopReplay


def charged_contracts(
    index: ScenarioIndex, stops: Sequence[StopReplay]
) -> Mapping[str, tuple[StopReplay, ...]]:
    """Return the stops charged to each contract, by its id; absent where there are none.

    Stops that name a contract come first. The others are charged in order of date, start,
    visit and carer, each to the first contract that covers it and has room, or to the first
    that covers it if none has. A contract that is named and does not cover the stop is charged
    nothing; the rule `allowed` reports it.
    """
    covering = [covering_contracts(index, s.visit, s.caregiver, s.date) for s in stops]
    ledger = _Ledger(index.scenario.ticks_per_minute)
    charged: dict[int, Contract] = {}
    for number, stop in enumerate(stops):
        for contract in covering[number]:
            if contract.id == stop.stop.contract:
                charged[number] = contract
                ledger.book(contract, stop)
    unnamed = [n for n, stop in enumerate(stops) if stop.stop.contract is None and covering[n]]
    for number in sorted(unnamed, key=lambda n: _order(stops[n])):
        found = next((c for c in covering[number] if ledger.has_room(c, stops[number])), None)
        charged[number] = covering[number][0] if found is None else found
        ledger.book(charged[number], stops[number])
    grouped: dict[str, list[StopReplay]] = defaultdict(list)
    for number, contract in sorted(charged.items()):
        grouped[contract.id].append(stops[number])
    return {contract: tuple(found) for contract, found in grouped.items()}


def _order(stop: StopReplay) -> tuple[object, ...]:
    return stop.date, stop.start, stop.visit.id, stop.stop.carer


def fen_charged(stop: StopReplay, contract: Contract, ticks_per_minute: int) -> int:
    """Return the price of one stop, rounded down to a fen."""
    tariff = tariff_of(contract, stop.client, stop.visit, stop.stop.carer, stop.date)
    return tariff.fen(to_ms(stop.care, ticks_per_minute))


class _Ledger:
    """What contracts have been charged so far: ticks of care, visits and fen."""

    def __init__(self, ticks_per_minute: int) -> None:
        self._tpm = ticks_per_minute
        self._used: dict[str, tuple[int, int, int]] = {}

    def book(self, contract: Contract, stop: StopReplay) -> None:
        self._used[contract.id] = self._with(contract, stop)

    def has_room(self, contract: Contract, stop: StopReplay) -> bool:
        care = None if contract.left is None else to_ticks(contract.left, self._tpm)
        caps = (care, contract.left_visits, contract.left_fen)
        after = self._with(contract, stop)
        return all(cap is None or amount <= cap for amount, cap in zip(after, caps, strict=True))

    def _with(self, contract: Contract, stop: StopReplay) -> tuple[int, int, int]:
        care, visits, fen = self._used.get(contract.id, (0, 0, 0))
        is_first = int(stop.stop.carer == 1)
        return care + stop.care, visits + is_first, fen + fen_charged(stop, contract, self._tpm)
