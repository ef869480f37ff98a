"""A process that is stopped, or silent for very long, counts as lost."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from optimizer.parallel import Ending, Lost, ProcessExecutor, WorkItem
from optimizer.parallel.pulse import Pulse, Sign, sign_of
from tests.parallel import works
from tests.patience import wait_until


class Watched:
    """A process of which a test says how it is, and the time that passes."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sign: Sign | None = Sign(1.0, is_stopped=False)
        self.pulse = Pulse(
            lambda: self.sign,
            stopped_seconds=30,
            beginning_seconds=60,
            silent_seconds=900,
            clock=lambda: self.now,
        )
        assert not self.pulse.is_gone()

    def after(self, seconds: float) -> bool:
        """Return whether it is gone after so long."""
        self.now += seconds
        return self.pulse.is_gone()


@pytest.mark.parametrize(("stopped", "seconds"), [(True, 30.0), (False, 900.0)])
def test_silence_has_an_end(stopped: bool, seconds: float) -> None:
    """A stopped process is given up soon, one that only waits for something much later."""
    watched = Watched()
    watched.pulse.beat()
    watched.sign = Sign(1.0, is_stopped=stopped)
    assert not watched.after(seconds - 1)
    assert watched.after(1)


def test_a_process_that_has_not_said_a_word_is_given_up_earlier() -> None:
    """Until then it only loads what it needs, and that takes processor time."""
    watched = Watched()
    assert not watched.after(59)
    watched.sign = Sign(1.5, is_stopped=False)
    assert not watched.after(59)
    assert not watched.after(59)
    assert watched.after(1)


def test_whoever_works_lives() -> None:
    """A bit of processor time, or a word, is a sign of life; so is a system that says nothing."""
    watched = Watched()
    watched.pulse.beat()
    for number in range(5):
        assert not watched.after(899)
        watched.sign = Sign(2.0 + number, is_stopped=False)
    assert not watched.after(899)
    watched.pulse.beat()
    assert not watched.after(899)
    watched.sign = None
    assert not watched.after(10_000)


def test_the_system_knows_this_process() -> None:
    """It has used some time and runs; of a process that is none nothing is said."""
    sign = sign_of(os.getpid())
    if Path("/proc/self/stat").exists():
        assert sign is not None
        assert sign.seconds > 0
        assert not sign.is_stopped
    assert sign_of(2**30) is None


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system says nothing")
def test_a_stopped_child_is_lost(tmp_path: Path) -> None:
    """SIGSTOP in the middle of compiled code is noticed, and the slot is free again."""
    executor = ProcessExecutor(1, stopped_seconds=0.0)
    file = tmp_path / "pid"
    executor.submit(WorkItem("one", works.hold_the_interpreter, str(file)))
    pid = int(wait_until(lambda: file.exists() and file.read_text(encoding="utf-8")))
    os.kill(pid, signal.SIGSTOP)
    told = wait_until(lambda: [e for e in executor.events(0.01) if isinstance(e, Ending)])
    executor.close()
    assert [type(event) for event in told] == [Lost]
