"""What holds for every executor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from optimizer.errors import UsageError
from optimizer.parallel import (
    Cancelled,
    Executor,
    Failed,
    Finished,
    InlineExecutor,
    Kept,
    ProcessExecutor,
    Reported,
    WorkItem,
)
from tests.parallel import works
from tests.parallel.listening import ending, listen


@pytest.fixture(params=["inline", "processes"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    """Return an executor of each kind with two slots."""
    made: Executor = InlineExecutor(2) if request.param == "inline" else ProcessExecutor(2)
    yield made
    made.close()


def test_a_result_comes_back(executor: Executor) -> None:
    """What the work returns is what the ending holds."""
    assert ending(executor, works.double, 21) == Finished("one", 42)


def test_a_prepared_executor_works_as_well(executor: Executor) -> None:
    """To get ready changes nothing but the time that the first work item takes."""
    executor.prepare()
    assert ending(executor, works.double, 21) == Finished("one", 42)


def test_an_error_of_the_project_keeps_its_code(executor: Executor) -> None:
    """The code goes into a problem document, so it has to cross the border."""
    event = ending(executor, works.refuse, "Not so.")
    assert isinstance(event, Failed)
    assert (event.code, event.message) == ("bad-usage", "Not so.")


@pytest.mark.parametrize("work", [works.stumble, works.end_of_file])
def test_any_other_error_is_internal(executor: Executor, work: object) -> None:
    """An error without a code is a defect, and where it was raised is told."""
    event = ending(executor, work)
    assert isinstance(event, Failed)
    assert event.code == "internal"
    assert "works.py" in event.details


def test_reports_and_the_best_are_told(executor: Executor) -> None:
    """What the work tells on its way arrives before its ending."""
    executor.submit(WorkItem("one", works.wait_for_stop, None))
    executor.stop("one")
    kinds = [type(event) for event in listen(executor, {"one"})]
    assert kinds[-1] is Finished
    assert {Reported, Kept} <= set(kinds)


def test_a_stop_before_the_work_has_begun_is_not_lost(executor: Executor) -> None:
    """A work item that is stopped at once ends with its result, not after its time."""
    executor.submit(WorkItem("one", works.wait_for_stop, None))
    executor.stop("one")
    assert listen(executor, {"one"})[-1] == Finished("one", "stopped")


def test_a_cancelled_task_ends_cancelled(executor: Executor) -> None:
    """Nothing of a cancelled work item comes after the word that it is cancelled."""
    executor.submit(WorkItem("one", works.hold_the_interpreter, ""))
    executor.cancel("one")
    assert listen(executor, {"one"})[-1] == Cancelled("one")
    assert executor.in_flight == 0


def test_tasks_are_held_apart(executor: Executor) -> None:
    """Each ending carries the key of its own work item."""
    executor.submit(WorkItem("a", works.double, 1))
    executor.submit(WorkItem("b", works.double, 2))
    heard = listen(executor, {"a", "b"})
    assert {Finished("a", 2), Finished("b", 4)} <= set(heard)


def test_a_key_is_taken_once(executor: Executor) -> None:
    """Two work items of one name could not be told apart."""
    executor.submit(WorkItem("one", works.wait_for_stop, None))
    with pytest.raises(UsageError):
        executor.submit(WorkItem("one", works.double, 1))


def test_no_more_tasks_than_slots(executor: Executor) -> None:
    """Who submits has to wait for an ending first."""
    executor.submit(WorkItem("a", works.wait_for_stop, None))
    executor.submit(WorkItem("b", works.wait_for_stop, None))
    with pytest.raises(UsageError):
        executor.submit(WorkItem("c", works.double, 1))


def test_work_has_to_be_importable() -> None:
    """A function inside another one cannot be found by another process."""
    with pytest.raises(UsageError):
        WorkItem("one", lambda payload, link: payload, None)


def test_unknown_keys_are_nobodys(executor: Executor) -> None:
    """To stop or cancel a work item that has just ended is no fault."""
    executor.stop("nobody")
    executor.cancel("nobody")
    assert executor.events(0.01) == []
