"""Ctrl-C in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from optimizer.commands.interrupt import first_interrupt

ROOT = Path(__file__).parents[2]

# A stand-in for the engine that works until it is told to stop, or for ever.
PROGRAM = """
import sys, threading
from dataclasses import replace
from optimizer.progress import Progress
from optimizer.stop import Termination
from tests.cli.conftest import FakeEngine
from tests.report.village import village_plan
import optimizer.commands.searching as searching
import optimizer.commands.solve as command

class Engine(FakeEngine):
    def __call__(self, prepared, options, **asked):
        sys.stderr.write("working\\n"); sys.stderr.flush()
        while {deaf} or asked["stop"](Progress(phase="search")) is None:
            threading.Event().wait(0.01)
        result = super().__call__(prepared, options, **asked)
        return replace(result, termination=Termination.INTERRUPTED)

command.solve = Engine(village_plan())
searching.make_ready = lambda **_: None
from optimizer.cli import run
sys.exit(run(sys.argv[1:]))
"""


@contextmanager
def _working(
    village_file: Path, *arguments: str, deaf: bool = False
) -> Iterator[subprocess.Popen[str]]:
    program = PROGRAM.format(deaf=deaf)
    process = subprocess.Popen(
        [sys.executable, "-c", program, "solve", str(village_file), *arguments],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    with process:
        try:
            assert process.stderr is not None
            assert process.stderr.readline() == "working\n"
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_one_gives_the_best_plan_so_far(
    village_file: Path, tmp_path: Path, number: signal.Signals
) -> None:
    """The plan is printed and written, and the exit code is 0."""
    target = tmp_path / "plan-so-far.json"
    with _working(village_file, "--json", "-o", str(target)) as process:
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert json.loads(out)["termination"] == "interrupted"
    assert target.exists()
    assert "again to abort" in err


def test_the_second_one_aborts(village_file: Path) -> None:
    """An engine that does not listen is left: exit 130, no stack trace."""
    with _working(village_file, deaf=True) as process:
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert "again to abort" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err


def test_the_signals_old_meaning_comes_back() -> None:
    """After the block Ctrl-C does what it did before."""
    before = signal.getsignal(signal.SIGINT)
    with first_interrupt("note") as event:
        assert signal.getsignal(signal.SIGINT) != before
        assert not event.is_set()
    assert signal.getsignal(signal.SIGINT) == before
