"""Work in a thread: told of meanwhile, stopped with whoever has it."""

from __future__ import annotations

import threading

import pytest

from optimizer.errors import UsageError
from optimizer.parallel import Failed, Finished, Kept, Link, ThreadExecutor, WorkItem
from tests.parallel import works
from tests.parallel.listening import listen


def keep_until_stopped(payload: object, link: Link) -> object:
    """Keep something, then wait until told to stop."""
    link.keep(b"so far")
    link.stopped.wait(60)
    return payload


def test_work_is_done_and_failures_are_told() -> None:
    """A result comes back, and an error of this project with its code."""
    executor = ThreadExecutor(threading.Event())
    executor.submit(WorkItem("one", works.double, 21))
    assert listen(executor, {"one"}) == [Finished("one", 42)]
    executor.submit(WorkItem("two", works.refuse, "No."))
    (ending,) = listen(executor, {"two"})
    assert isinstance(ending, Failed)
    assert ending.code == UsageError.code


def test_it_tells_while_it_works_and_ends_when_told() -> None:
    """What is kept is heard before the end; one item at a time; stop ends it."""
    executor = ThreadExecutor(threading.Event())
    executor.submit(WorkItem("one", keep_until_stopped, "best"))
    with pytest.raises(UsageError):
        executor.submit(WorkItem("two", works.double, 1))
    assert list(executor.events(60)) == [Kept("one", b"so far")]
    executor.stop("one")
    assert listen(executor, {"one"}) == [Finished("one", "best")]
    assert executor.in_flight == 0
