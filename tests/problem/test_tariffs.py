"""Prices as arrays: tasks alike share a row, and no price is larger than can be added up."""

from __future__ import annotations

import pytest

from optimizer.domain.client import ServicePrice
from optimizer.domain.contract import Contract, Organisation, Surcharge
from optimizer.domain.policy import Policy, Weights
from optimizer.domain.scenario import Scenario
from optimizer.errors import InputError
from optimizer.problem.compile import compile_problem
from tests.verification.worlds import MONDAY, caregiver, lane, with_visit


def office(*, weight: int = 1, **fields: object) -> Scenario:
    """Return the lane with one contract, whose price weighs."""
    given = {"id": "K1", "purchaser": "P", "organisation": "O1", "start": MONDAY, "end": MONDAY}
    return lane(
        caregivers=(caregiver("N1", organisation="O1"),),
        organisations=(Organisation(id="O1"),),
        contracts=(Contract.model_validate({**given, **fields}),),
        policy=Policy(weights=Weights(purchase=weight)),
    )


def test_tasks_that_cost_the_same_share_a_row() -> None:
    """V2 alone is washed, on a day that is half as dear again."""
    wash = ServicePrice(service="wash", fen_per_hour=4_000, fen_per_time=101)
    monday = Surcharge(kind="monday", weekdays=(1,), percent=50, fen_per_visit=7)
    world = office(fen_per_hour=3_000, prices=(wash,), surcharges=(monday,))
    arrays = compile_problem(with_visit(world, "V2", services=("wash",))).arrays
    assert arrays.tariff_of.tolist() == [0, 1, 0]
    assert arrays.tariff.tolist() == [[[7, 450_000]], [[151 + 7, 600_000]]]


def test_without_a_book_there_is_one_row() -> None:
    """A price per hour holds for everything; where nothing counts contracts, none is kept."""
    assert compile_problem(office(fen_per_hour=3_000)).arrays.tariff.tolist() == [[[0, 300_000]]]
    assert compile_problem(office(weight=0, fen_per_hour=3_000)).arrays.tariff.max() == 0


@pytest.mark.parametrize("fields", [{"fen_per_hour": 10**16}, {"weight": 10**9}])
def test_prices_that_cannot_be_added_up_are_refused(fields: dict[str, int]) -> None:
    """Rather than that the search counts wrongly."""
    with pytest.raises(InputError, match="too large"):
        compile_problem(office(**{"fen_per_hour": 3_000, **fields}))
