"""Children of this process: limits, death on either side, and long talk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from optimizer.parallel import (
    Cancelled,
    Failed,
    Finished,
    Kept,
    Limits,
    Lost,
    ProcessExecutor,
    Reported,
    WorkItem,
    processes,
)
from optimizer.parallel.pulse import Pulse
from tests.parallel import works
from tests.parallel.listening import ending, listen, wait_for
from tests.patience import wait_until

PRELOADED = """
from optimizer.parallel import ProcessExecutor, WorkItem
from tests.parallel import works
from tests.parallel.listening import ending
if __name__ == "__main__":
    executor = ProcessExecutor(1, ["colorsys"])
    executor.prepare()
    print(ending(executor, works.loaded, "colorsys").value)
    executor.close()
"""
SERVER = """
import os, signal
from optimizer.parallel import ProcessExecutor, processes
from tests.parallel import works
from tests.parallel.listening import ending
if __name__ == "__main__":
    executor = ProcessExecutor(1, stopped_seconds=0.0)
    executor.prepare()
    os.kill(processes._server(), signal.{number})
    print(ending(executor, works.double, 4).value)
    executor.close()
"""
PARENT = """
import sys, time
from optimizer.parallel import ProcessExecutor, WorkItem
from tests.parallel import works
if __name__ == "__main__":
    executor = ProcessExecutor(2)
    executor.submit(WorkItem("one", works.hold_the_interpreter, sys.argv[1]))
    executor.submit(WorkItem("two", works.sleep, 300.0))
    while True:
        executor.events(1.0)
"""


@pytest.fixture
def executor() -> Iterator[ProcessExecutor]:
    """Return an executor with two slots."""
    made = ProcessExecutor(2)
    yield made
    made.close()


def is_alive(pid: int) -> bool:
    """Return whether a process exists and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_task_is_killed_within_a_second_inside_compiled_code(executor: ProcessExecutor) -> None:
    """A cancel does not wait for the interpreter, which one long step holds for minutes."""
    executor.submit(WorkItem("one", works.hold_the_interpreter, ""))
    wait_for(executor, Reported)
    began = time.monotonic()
    executor.cancel("one")
    assert listen(executor, {"one"})[-1] == Cancelled("one")
    assert time.monotonic() - began < 1.0


def test_children_die_with_their_parent_also_inside_compiled_code(tmp_path: Path) -> None:
    """After a kill of the parent no child goes on for nobody."""
    note = tmp_path / "pid"
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, str(script), str(note)], env=env) as parent:
        child = int(wait_until(lambda: note.exists() and note.read_text(encoding="utf-8")))
        assert is_alive(child)
        parent.kill()
    until = time.monotonic() + 1.0
    while is_alive(child) and time.monotonic() < until:
        time.sleep(0.02)
    assert not is_alive(child)


def test_a_child_that_dies_is_lost(executor: ProcessExecutor) -> None:
    """A kill from outside is no fault of the work: it may be tried again."""
    event = ending(executor, works.die, signal.SIGKILL)
    assert isinstance(event, Lost)
    assert "signal 9" in event.reason


def test_a_child_that_leaves_is_lost(executor: ProcessExecutor) -> None:
    """An end without a word is not taken for a result."""
    assert ending(executor, works.leave, 0) == Lost("one", "its process ended with code 0")


def test_a_lost_child_takes_no_other_with_it(executor: ProcessExecutor) -> None:
    """The work item beside a crash ends as if nothing had been."""
    executor.submit(WorkItem("a", works.sleep, 0.5))
    executor.submit(WorkItem("b", works.die, signal.SIGSEGV))
    heard = listen(executor, {"a", "b"})
    assert Finished("a", 0.5) in heard


def test_memory_is_limited(executor: ProcessExecutor) -> None:
    """Work that asks for too much fails, and the machine is none the worse."""
    limits = Limits(memory_bytes=500_000_000)
    event = ending(executor, works.devour, 2_000_000_000, limits=limits)
    assert isinstance(event, Failed)
    assert event.code == "out-of-memory"


def test_processor_time_is_limited(executor: ProcessExecutor) -> None:
    """Work that spins for ever fails and is not tried again."""
    event = ending(executor, works.burn, limits=Limits(cpu_seconds=1))
    assert isinstance(event, Failed)
    assert event.code == "cpu-limit"


def test_wall_time_is_limited(executor: ProcessExecutor) -> None:
    """Work that hangs fails, although it uses no processor."""
    event = ending(executor, works.sleep, 60.0, limits=Limits(seconds=0.3))
    assert isinstance(event, Failed)
    assert event.code == "wall-limit"


def test_long_talk_does_not_starve_anybody(executor: ProcessExecutor) -> None:
    """While one child tells without end, every look at the events returns soon and little.

    A parent that read a pipe until it is empty would never come back to its other duties.
    """
    executor.submit(WorkItem("talker", works.chatter, 20_000))
    wait_for(executor, Kept)
    longest = 0.0
    most = 0
    until = time.monotonic() + 1.0
    while time.monotonic() < until:
        began = time.monotonic()
        most = max(most, len(executor.events(0.05)))
        longest = max(longest, time.monotonic() - began)
    assert most <= 3
    assert longest < 0.5


def test_a_child_frozen_in_the_middle_of_a_word_holds_up_nobody(executor: ProcessExecutor) -> None:
    """Half a message in a pipe would block whoever reads it in the main thread."""
    executor.submit(WorkItem("frozen", works.freeze_half_way, None))
    executor.submit(WorkItem("other", works.double, 4))
    assert Finished("other", 8) in listen(executor, {"other"})
    time.sleep(0.3)
    began = time.monotonic()
    executor.stop("frozen")
    executor.events(0.05)
    executor.cancel("frozen")
    assert listen(executor, {"frozen"})[-1] == Cancelled("frozen")
    assert time.monotonic() - began < 1.0


def test_what_cannot_be_sent_fails(executor: ProcessExecutor) -> None:
    """A result that no other process can receive is a defect of the work, told as such."""
    event = ending(executor, works.unsendable)
    assert isinstance(event, Failed)
    assert "pickle" in event.message


def test_a_payload_that_cannot_be_sent_fails(executor: ProcessExecutor) -> None:
    """So is a payload."""
    event = ending(executor, works.echo, (n for n in range(3)))
    assert isinstance(event, Failed)
    assert "pickle" in event.message


def test_a_large_payload_goes_there_and_back(executor: ProcessExecutor) -> None:
    """Twenty megabytes do not fit into a pipe at once."""
    event = ending(executor, works.echo, bytes(20_000_000))
    assert isinstance(event, Finished)
    assert len(event.value) == 20_000_000


def test_reports_are_at_most_two_a_second(executor: ProcessExecutor) -> None:
    """What a search tells more often stays in the child."""
    executor.submit(WorkItem("talker", works.chatter, 300))
    heard = listen(executor, {"talker"})
    assert sum(isinstance(event, Reported) for event in heard) <= 2


def test_closing_kills_the_children() -> None:
    """Nothing is left of the work items in flight once an executor is closed."""
    executor = ProcessExecutor(1)
    executor.submit(WorkItem("one", works.hold_the_interpreter, ""))
    wait_for(executor, Reported)
    began = time.monotonic()
    executor.close()
    assert time.monotonic() - began < 1.0
    assert executor.in_flight == 0


def test_a_slot_is_free_again_after_the_ending(executor: ProcessExecutor) -> None:
    """Ten work items go through two slots."""
    for number in range(10):
        assert ending(executor, works.double, number) == Finished("one", 2 * number)
    assert executor.in_flight == 0


def test_a_child_that_hangs_before_it_begins_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that somebody held at the fork is never released; the work may be tried again."""
    monkeypatch.setattr(processes, "Pulse", partial(Pulse, beginning_seconds=0.3))
    executor = ProcessExecutor(1)
    event = ending(executor, works.double, works.Hanging())
    executor.close()
    assert isinstance(event, Lost)


@pytest.mark.parametrize("number", ["SIGSTOP", "SIGKILL"])
def test_a_fork_server_that_is_stopped_or_killed_is_replaced(tmp_path: Path, number: str) -> None:
    """It would start no child any more, and everybody would wait for ever; nothing is lost."""
    assert _printed(tmp_path, SERVER.format(number=number)) == "8\n"


def test_children_have_what_was_loaded_for_them(tmp_path: Path) -> None:
    """A module that is named as preload is there when the work begins."""
    assert _printed(tmp_path, PRELOADED) == "True\n"


def _printed(folder: Path, program: str) -> str:
    """Return what a program prints that has a fork server of its own."""
    script = folder / "program.py"
    script.write_text(program, encoding="utf-8")
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(script)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
