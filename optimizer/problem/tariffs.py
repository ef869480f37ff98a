"""What contracts charge for each task on each day; tasks with the same prices share a row."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy import int32, int64
from numpy.typing import NDArray

from optimizer.domain.client import Client
from optimizer.domain.contract import Contract
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from optimizer.domain.tariff import book_prices, hourly_price, surcharges_of
from optimizer.domain.visit import Visit
from optimizer.errors import InputError
from optimizer.problem import layout as at
from optimizer.problem.accounts import counts_contracts
from optimizer.problem.data import Task
from optimizer.units import FEN_PER_YUAN, to_ticks

LARGEST_PRICE = 2**31 - 1
LARGEST_SUM = 2**62
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Tariffs:
    """The arrays `tariff_of` and `tariff` of `optimizer.problem.layout.Arrays`."""

    of: NDArray[int32]
    table: NDArray[int64]


def compile_tariffs(index: ScenarioIndex, tasks: tuple[Task, ...]) -> Tariffs:
    """Compile what each task costs under each contract on each day.

    Raises
    ------
    InputError
        If a price is too large, or the weight of `purchase` makes it cost more than 2**31 - 1.
    """
    scenario = index.scenario
    of = np.zeros(len(tasks), int32)
    if not counts_contracts(scenario):
        return Tariffs(of, np.zeros((1, 1, 2), int64))
    known: dict[Hashable, int] = {}
    number: dict[bytes, int] = {}
    rows: list[NDArray[int64]] = []
    has_books = any(one.prices or one.surcharges for one in scenario.contracts)
    for k, task in enumerate(tasks):
        visit = scenario.visits[task.visit]
        client = index.client[visit.client]
        key: Hashable = None
        if has_books:
            window = visit.window.earliest, visit.window.latest
            key = visit.services, client.town, window, task.carer == 1
        if key not in known:
            row = _row(index, client, visit, is_first=task.carer == 1)
            known[key] = number.setdefault(row.tobytes(), len(rows))
            if known[key] == len(rows):
                rows.append(row)
        of[k] = known[key]
    empty = np.zeros((0, len(scenario.contracts) * len(index.dates), 2), int64)
    table = np.stack(rows) if rows else empty
    _check_size(scenario, table)
    return Tariffs(of, table)


def _row(index: ScenarioIndex, client: Client, visit: Visit, *, is_first: bool) -> NDArray[int64]:
    """Return fen per stop and hundredths of a fen per hour, by contract and day."""
    cells = [
        _cell(index, contract, client, visit, day, is_first=is_first)
        for contract in index.scenario.contracts
        for day in range(len(index.dates))
    ]
    return np.array(cells, int64)


def _cell(
    index: ScenarioIndex,
    contract: Contract,
    client: Client,
    visit: Visit,
    day: int,
    *,
    is_first: bool,
) -> tuple[int, int]:
    dearer = surcharges_of(contract, client, visit, index.dates[day])
    percent = _WHOLE + sum(one.percent for one in dearer)
    hourly = hourly_price(contract, visit.services) * percent
    if not is_first:
        return 0, hourly
    times = sum(price.fen_per_time for price in book_prices(contract, visit.services))
    return times * percent // _WHOLE + sum(one.fen_per_visit for one in dearer), hourly


def _check_size(scenario: Scenario, table: NDArray[int64]) -> None:
    """Raise if a stop may cost more than the search can add up; counted without such a bound."""
    if table.size == 0:
        return
    weight, tpm = scenario.policy.weights.purchase, scenario.ticks_per_minute
    longest = max(to_ticks(one.minutes, tpm) for visit in scenario.visits for one in visit.carers)
    once, hourly = int(table[..., at.PER_STOP].max()), int(table[..., at.PER_HOUR].max())
    fen = once + hourly * longest // (_WHOLE * 60 * tpm)
    if hourly * longest > LARGEST_SUM or fen * weight * tpm // FEN_PER_YUAN > LARGEST_PRICE:
        raise InputError(
            "contracts: the price of a stop is too large to be counted; "
            "use smaller prices, or a smaller weight of purchase"
        )
