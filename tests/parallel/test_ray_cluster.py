"""A cluster of one machine: what holds for every executor, and what Ray adds."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from optimizer.parallel import Cancelled, Failed, Finished, Kept, Limits, Lost, Reported, WorkItem
from tests.parallel import works
from tests.parallel.listening import ending, listen, wait_for

if TYPE_CHECKING:
    from optimizer.parallel.ray_cluster import RayExecutor

pytestmark = [
    pytest.mark.skipif(find_spec("ray") is None, reason="the extra cluster is not installed"),
    pytest.mark.sweep,
    # Ray leaves sockets and files to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def executor() -> Iterator[RayExecutor]:
    """Return an executor on a cluster that is started here."""
    from optimizer.parallel.ray_cluster import RayExecutor

    made = RayExecutor(cpus=2)
    yield made
    made.close()
    for each in gc.get_objects():
        # Ray ends the processes that it has started, and does not look after them.
        if isinstance(each, subprocess.Popen):
            each.wait(10)


def test_nothing_is_told_to_anybody_and_nobody_gets_in(executor: RayExecutor) -> None:
    """Usage statistics are off, access is by token, and few work items are in flight."""
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
    assert os.environ["RAY_AUTH_MODE"] == "token"
    assert executor.slots == 6


def test_a_result_comes_back(executor: RayExecutor) -> None:
    """What the work returns is what the ending holds."""
    assert ending(executor, works.double, 21) == Finished("one", 42)


def test_an_error_of_the_project_keeps_its_code(executor: RayExecutor) -> None:
    """As with every executor."""
    event = ending(executor, works.refuse, "Not so.")
    assert isinstance(event, Failed)
    assert (event.code, event.message) == ("bad-usage", "Not so.")


def test_a_stop_keeps_the_best(executor: RayExecutor) -> None:
    """Reports and checkpoints arrive, and a stop takes effect within a second."""
    executor.submit(WorkItem("one", works.wait_for_stop, None))
    assert wait_for(executor, Kept) == Kept("one", b"best so far")
    began = time.monotonic()
    executor.stop("one")
    assert listen(executor, {"one"})[-1] == Finished("one", "stopped")
    assert time.monotonic() - began < 1.0


def test_a_task_is_killed_within_a_second_inside_compiled_code(executor: RayExecutor) -> None:
    """A cancel kills the worker, whatever it does."""
    executor.submit(WorkItem("one", works.hold_the_interpreter, ""))
    time.sleep(2)
    began = time.monotonic()
    executor.cancel("one")
    assert listen(executor, {"one"})[-1] == Cancelled("one")
    assert time.monotonic() - began < 1.0


def test_a_worker_that_dies_is_lost(executor: RayExecutor) -> None:
    """Ray does not begin it again by itself: whoever submitted it decides."""
    assert isinstance(ending(executor, works.die, signal.SIGKILL), Lost)


def test_wall_time_is_limited(executor: RayExecutor) -> None:
    """Work that hangs fails."""
    event = ending(executor, works.sleep, 60.0, limits=Limits(seconds=0.5))
    assert isinstance(event, Failed)
    assert event.code == "wall-limit"


def test_an_urgent_task_does_not_wait_for_a_processor(executor: RayExecutor) -> None:
    """While all processors are taken it begins at once."""
    for name in ("a", "b", "c"):
        executor.submit(WorkItem(name, works.sleep, 4.0))
    executor.submit(WorkItem("urgent", works.double, 2, is_urgent=True))
    first = next(e for e in listen(executor, {"urgent"}) if not isinstance(e, Reported))
    assert first == Finished("urgent", 4)
    for name in ("a", "b", "c"):
        executor.cancel(name)
    listen(executor, {"a", "b", "c"})
