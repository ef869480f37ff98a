"""Entitlements as accounts: one per entitlement and period, and what each task charges to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.domain.client import Entitlement, EntitlementUnit, Period
from optimizer.domain.purse import begin_of, left_of, prices_of, purses_of
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.problem.data import Task

KINDS = (Period.HORIZON, Period.WEEK, Period.MONTH)
"In the order of the rows of `Arrays.period`."


@dataclass(frozen=True, slots=True)
class Purses:
    """The arrays `purse`, `period` and `payer_cap` of `optimizer.problem.layout.Arrays`.

    Attributes
    ----------
    ptr
        Per task, the slice of `purse` with what it charges; shape ``(tasks + 1,)``.
    """

    ptr: NDArray[int64]
    purse: NDArray[int64]
    period: NDArray[int64]
    caps: NDArray[int64]


def compile_purses(scenario: Scenario, tasks: tuple[Task, ...]) -> Purses:
    """Compile the entitlements of all clients and what tasks charge to them.

    An entitlement has one account per period that the horizon touches, one after the other.
    """
    dates = scenario.horizon.dates()
    period = np.array([_numbers(kind, dates) for kind in KINDS], int64)
    clients = {client.id: client for client in scenario.clients}
    first: dict[tuple[str, int], int] = {}
    caps: list[int] = []
    for client in scenario.clients:
        for position, granted in enumerate(client.entitlements):
            first[client.id, position] = len(caps)
            scale = scenario.ticks_per_minute if granted.unit is EntitlementUnit.MINUTES else 1
            begins = dict.fromkeys(begin_of(granted.period, day) for day in dates)
            caps += [left_of(granted, begin, dates[0]) * scale for begin in begins]
    rows: list[tuple[int, int, int, int, int]] = []
    ptr = [0]
    for task in tasks:
        visit = scenario.visits[task.visit]
        for position, granted in purses_of(clients[visit.client], visit):
            amount = _amount(granted, visit, is_first=task.carer == 1)
            rows.append((first[visit.client, position], KINDS.index(granted.period), *amount))
        ptr.append(len(rows))
    purse = np.array(rows, int64).reshape(-1, 5)
    return Purses(np.array(ptr, int64), purse, period, np.array(caps, int64))


def _amount(granted: Entitlement, visit: Visit, *, is_first: bool) -> tuple[int, int, int]:
    """Return whether care counts, what the stop charges once, and fen per hour of care."""
    if granted.unit is EntitlementUnit.MINUTES:
        return 1, 0, 0
    if granted.unit is EntitlementUnit.VISITS:
        return 0, int(is_first), 0
    prices = prices_of(granted, visit)
    once = sum(price.fen_per_time for price in prices) if is_first else 0
    return 0, once, max((price.fen_per_hour for price in prices), default=0)


def _numbers(kind: Period, dates: tuple[date, ...]) -> list[int]:
    """Return the number of the period that each date lies in, from 0."""
    begins = [begin_of(kind, day) for day in dates]
    number = {begin: n for n, begin in enumerate(dict.fromkeys(begins))}
    return [number[begin] for begin in begins]
