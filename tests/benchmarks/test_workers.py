"""The suite that sets several workers against one."""

from __future__ import annotations

import pytest

from benchmarks import workers
from benchmarks.named_days import named_day
from benchmarks.suite import Settings


@pytest.mark.parametrize(
    ("plans", "identical"),
    [
        ([["a", "b"], ["a", "b"]], [True, True]),  # as it has to be
        ([["a", "b"], ["a", "c"]], [True, False]),  # two workers differ
        ([["a", "b"], ["c", "b"]], [False, True]),  # one worker differs
    ],
)
def test_a_plan_that_does_not_repeat_is_invalid(
    plans: list[list[str]], identical: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The promise is part of the case, for each number of workers on its own."""
    monkeypatch.setattr(workers, "_repeated", lambda *_: plans)
    measured = list(workers.run(Settings(iterations=100, workers=2, smoke=True)))
    assert [m.case for m in measured] == ["hamlet/1", "hamlet/2"]
    assert [m.figures["identical"] for m in measured] == identical
    assert [m.figures["valid"] for m in measured] == identical
    assert ["different plans" in str(m.figures.get("fault")) for m in measured] == [
        not same for same in identical
    ]


def test_several_workers_are_set_against_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The change is that of the cost against one worker with the same seed."""
    monkeypatch.setattr(workers, "_repeated", lambda *_: [["a", "b"]])
    one, two = workers.run(Settings(iterations=100, workers=2, smoke=True))
    assert one.figures["change_percent"] == 0.0
    costs = [m.figures["cost"] for m in (one, two)]
    assert all(isinstance(cost, int) for cost in costs)
    (table,) = workers.tables([one, two])
    assert [row[:3] for row in table.rows] == [("hamlet", "1", "1"), ("hamlet", "1", "2")]


def test_a_repetition_plans_with_each_number_of_workers() -> None:
    """What a process of its own does: the same plans as this one, in the order asked for."""
    day = named_day("hamlet")
    first, second = (workers._plans(day, 1, (1, 2), 200) for _ in range(2))
    assert first == second
    assert len(first) == 2
