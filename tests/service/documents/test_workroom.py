"""Large documents are worked on in a child that may not grow; what it raises comes back."""

from __future__ import annotations

import pickle

import pytest

from optimizer.errors import Fault, InternalError, InvalidDocument
from optimizer.parallel import (
    Ending,
    Executor,
    Failed,
    Finished,
    InlineExecutor,
    Lost,
    ProcessExecutor,
    WorkItem,
)
from service.documents.limits import LimitExceeded
from service.documents.workroom import LARGE, WorkLost, Workroom

FAULT = Fault(path="visits[0]", code="odd", message="is odd.")


def told(text: str) -> str:
    """Return a text as it was given."""
    return text


def refused(_text: str) -> str:
    """Refuse it."""
    raise InvalidDocument([FAULT], "day.json")


def greedy(_text: str) -> int:
    """Take two gigabytes."""
    return len(bytearray(2 * 2**30))


def room(executor: Executor | None) -> Workroom:
    """Return a workroom in which everything is done by an executor, or in this process."""
    made = None if executor is None else lambda: executor
    return Workroom(made, memory_mb=512, seconds=60)


class Ended:
    """An executor in which every work item ends in the same way."""

    slots = 1
    in_flight = 0

    def __init__(self, ending: Ending) -> None:
        self.ending = ending
        self.items: list[WorkItem] = []

    def prepare(self) -> None:
        """Do nothing."""

    def submit(self, item: WorkItem, /) -> None:
        """Take a work item."""
        self.items.append(item)

    def events(self, timeout: float) -> list[Ending]:
        """Tell the ending."""
        return [self.ending]

    def stop(self, key: str) -> None:
        """Do nothing."""

    def cancel(self, key: str) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


def test_a_small_document_starts_no_child() -> None:
    """To start one would take longer than the work."""
    executor = Ended(Finished("x", "from a child"))
    assert room(executor).do(told, "here", LARGE - 1) == "here"
    assert executor.items == []
    assert room(executor).do(told, "here", LARGE) == "from a child"


def test_what_is_raised_comes_back() -> None:
    """Faults are told as if the document had been read here."""
    for executor in (None, InlineExecutor()):
        with pytest.raises(InvalidDocument) as caught:
            room(executor).do(refused, "", LARGE)
        assert (caught.value.faults, caught.value.source) == ((FAULT,), "day.json")


def test_a_child_that_grows_is_ended() -> None:
    """More memory than it may use is a limit with a name, and this process has not grown."""
    with pytest.raises(LimitExceeded) as caught:
        room(ProcessExecutor(1)).do(greedy, "", LARGE)
    assert (caught.value.limit, caught.value.value) == ("document_memory_mb", 512)


@pytest.mark.parametrize(
    ("ending", "error"),
    [
        (Failed("x", "cpu-limit", "The work used up its processor time."), LimitExceeded),
        (Failed("x", "wall-limit", "It did not end."), LimitExceeded),
        (Failed("x", "internal", "A defect."), InternalError),
        (Lost("x", "its process was ended by signal 9"), WorkLost),
    ],
)
def test_other_ends(ending: Ending, error: type[Exception]) -> None:
    """Too much time is a limit, a defect is one, and what was killed may be tried again."""
    with pytest.raises(error):
        room(Ended(ending)).do(told, "", LARGE)


def test_errors_travel_between_processes() -> None:
    """An error that was packed and unpacked says the same, and has the same fields."""
    limit = pickle.loads(pickle.dumps(LimitExceeded("too much", limit="max_visits", value=5)))  # noqa: S301 (our own)
    assert (str(limit), limit.limit, limit.value) == ("too much", "max_visits", 5)
