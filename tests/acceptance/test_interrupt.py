"""Ctrl-C during a real solve: the best plan so far is printed, written, and keeps every rule."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from optimizer.warm_up import make_ready

ROOT = Path(__file__).parents[2]
DAY = ROOT / "scenarios" / "zhenhai-day-s.json"
PROGRAM = """
import sys
from optimizer.cli import run
from optimizer.commands import solve as command

solve = command.solve

def told(*arguments, observer, **keywords):
    def tell(progress):
        observer(progress)
        if progress.phase == "search" and progress.iterations > 0:
            print("searching", file=sys.stderr, flush=True)
    return solve(*arguments, observer=tell, **keywords)

command.solve = told
sys.exit(run(sys.argv[1:]))
"""
"The command, which also tells on standard error when it has done steps of the search."


def homecare(*arguments: object) -> subprocess.Popen[str]:
    """Start a command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def interrupt_the_search(process: subprocess.Popen[str]) -> None:
    """Send Ctrl-C once the process has done steps of the search."""
    assert process.stderr is not None
    lines = iter(process.stderr.readline, "")
    before = list(itertools.takewhile(lambda line: line != "searching\n", lines))
    assert process.poll() is None, "".join(before)
    process.send_signal(signal.SIGINT)


@pytest.fixture(scope="module")
def _compiled() -> None:
    """Compile the kernels once, so that the processes find them in the cache."""
    make_ready(proof=True)


@pytest.mark.sweep
@pytest.mark.usefixtures("_compiled")
def test_an_interrupted_solve_leaves_a_clean_plan(tmp_path: Path) -> None:
    """Told ten minutes and interrupted in its search, it ends, and `verify` is content."""
    target = tmp_path / "plan.json"
    with homecare("solve", DAY, "--seconds", 600, "-o", target, "--json") as process:
        try:
            interrupt_the_search(process)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0, err
    result = json.loads(out)
    assert result["termination"] == "interrupted"
    assert result["iterations"] > 0
    assert result["violations"] == []
    with homecare("verify", DAY, target, "--json") as check:
        verdict = json.loads(check.communicate(timeout=60)[0])
    assert check.returncode == 0
    assert (verdict["feasible"], verdict["cost"]) == (True, result["cost"])


@pytest.mark.sweep
@pytest.mark.usefixtures("_compiled")
def test_an_interrupted_solve_tells_people_the_roster(tmp_path: Path) -> None:
    """Without --json the roster is printed in words and the file is written as well."""
    target = tmp_path / "plan.json"
    with homecare("solve", DAY, "--seconds", 600, "-o", target) as process:
        try:
            interrupt_the_search(process)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0, err
    assert "26 of 26 visits served" in out
    assert target.exists()
