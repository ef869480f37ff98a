"""Entitlements are compiled to accounts, one per period, and to what each task charges."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from optimizer.domain.client import Client, Entitlement, EntitlementUnit, Period, ServicePrice
from optimizer.domain.scenario import Horizon
from optimizer.problem import layout as at
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from tests.verification.worlds import lane, place, visit

SATURDAY = dt.date(2025, 8, 30)
PRICES = (
    ServicePrice(service="wash", fen_per_hour=4_000, fen_per_time=900),
    ServicePrice(service="meal", fen_per_hour=3_000, fen_per_time=50),
)
PURSES = (
    Entitlement(payer="p", unit=EntitlementUnit.MINUTES, cap=90),
    Entitlement(payer="q", unit=EntitlementUnit.VISITS, cap=4),
    Entitlement(payer="p", unit=EntitlementUnit.VISITS, cap=2, period=Period.WEEK),
    Entitlement(
        payer="p",
        unit=EntitlementUnit.FEN,
        cap=700,
        period=Period.MONTH,
        services=("meal",),
        prices=PRICES,
    ),
)


@pytest.fixture(scope="module")
def data() -> ProblemData:
    """Saturday to Tuesday of a client with purses by horizon, week and month."""
    visits = (
        visit("V1", "C1", 30, 20, payer="p", services=("wash", "meal")),
        visit("V2", "C1", 30, payer="p", services=("wash",)),
        visit("V3", "C1", 30),
    )
    client = Client(id="C1", home=place(1), entitlements=PURSES)
    horizon = Horizon(start=SATURDAY, days=4)
    return compile_problem(lane(clients=(client,), visits=visits, horizon=horizon))


def test_every_period_is_an_account(data: ProblemData) -> None:
    """Caps stand once per period that the horizon touches, minutes as ticks."""
    assert data.arrays.payer_cap.tolist() == [90 * 60, 4, 2, 2, 700, 700]


def test_days_know_their_periods(data: ProblemData) -> None:
    """The horizon is one period; on Monday a week and a month begin."""
    assert data.arrays.period.tolist() == [[0, 0, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]]


def test_a_task_charges_all_purses_of_its_payer(data: ProblemData) -> None:
    """Carer 1 charges visits and prices per time, both carers their time; V3 charges nothing."""
    task, purse = data.arrays.task, data.arrays.purse
    charges = [purse[row[at.PURSE_FROM] : row[at.PURSE_UNTIL]].tolist() for row in task]
    assert charges == [
        [[0, 0, 1, 0, 0], [2, 1, 0, 1, 0], [4, 2, 0, 50, 3_000]],
        [[0, 0, 1, 0, 0], [2, 1, 0, 0, 0], [4, 2, 0, 0, 3_000]],
        [[0, 0, 1, 0, 0], [2, 1, 0, 1, 0]],
        [],
    ]


def test_without_purses_nothing_is_charged() -> None:
    """A scenario without entitlements has no accounts and no charges."""
    arrays = compile_problem(lane()).arrays
    assert arrays.payer_cap.shape == (0,)
    assert arrays.purse.shape == (0, 5)
    assert not np.any(arrays.task[:, at.PURSE_UNTIL])
