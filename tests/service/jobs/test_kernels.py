"""The service compiles the engine from its start on and is not ready before."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import asdict
from types import SimpleNamespace
from typing import Any, cast

import pytest

from optimizer.progress import Compiling, Progress
from service.api.health import Health
from service.api.parts import Parts
from service.api.routes.operation import readiness, readyz
from service.database.engine import Database
from service.jobs.compile_kernels import tell
from service.jobs.kernels import COMPILING, Kernels

HALF_WAY = Compiling("anneal", 3, 6, 0.5)
UNTIL_KILLED = (sys.executable, "-c", "import threading; threading.Event().wait()")


def ended(kernels: Kernels) -> None:
    """Wait until the child has ended."""
    child = cast(Any, kernels)._child
    child.wait(timeout=120)


def test_kernels_are_not_ready_while_they_compile() -> None:
    """The child's end says that all is compiled; whoever stops the service ends it."""
    kernels = Kernels(UNTIL_KILLED)
    assert not kernels.are_ready()
    kernels.start()
    try:
        assert not kernels.are_ready()
    finally:
        kernels.stop()
    ended(kernels)


@pytest.mark.parametrize("status", [0, 3])
def test_a_child_that_is_done_or_failed_holds_up_nobody(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Where compiling failed, jobs compile as they need to, and the log has it once."""
    kernels = Kernels((sys.executable, "-c", f"raise SystemExit({status})"))
    kernels.start()
    ended(kernels)
    assert [kernels.are_ready(), kernels.are_ready()] == [True, True]
    assert [record.message for record in caplog.records] == ["kernels.failed"] * (status != 0)


def test_what_the_child_says_is_heard(capsys: pytest.CaptureFixture[str]) -> None:
    """How far it has come goes as one line through a pipe, and counts until the child is done."""
    tell(Progress("compile"))
    tell(Progress("compile", compiling=HALF_WAY))
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 1
    kernels = Kernels(UNTIL_KILLED)
    assert kernels.compiling() is None
    kernels.start()
    try:
        kernels.hear(said)
        assert kernels.compiling() == HALF_WAY
    finally:
        kernels.stop()
    ended(kernels)
    assert kernels.compiling() is None


def test_a_service_that_compiles_is_not_ready() -> None:
    """``/readyz`` is 503 with ``Retry-After`` until the engine is there, and says what lacks."""
    database = SimpleNamespace(ping=lambda: None, is_migrated=lambda: True, has_room=True)
    for engine in (False, True):
        background = SimpleNamespace(
            is_alive=lambda: True,
            is_leading=lambda: True,
            has_engine=lambda engine=engine: engine,
            compiling=lambda engine=engine: None if engine else HALF_WAY,
        )
        health = Health(cast(Database, database))
        parts = cast(Parts, SimpleNamespace(health=health, background=background))
        found, answer = asyncio.run(readiness(parts)), asyncio.run(readyz(parts))
        assert (found.compiling is None) is engine
        assert found.waiting_for == ([] if engine else ["compiling of the engine"])
        assert (
            engine
            or asdict(HALF_WAY).items() <= json.loads(bytes(answer.body))["compiling"].items()
        )
        assert (found.ready, found.engine, found.coordinator) == (engine, engine, True)
        assert answer.status_code == (200 if engine else 503)
        assert ("retry-after" in answer.headers) is not engine


def test_the_command_ends_well() -> None:
    """What the service starts compiles or finds compiled kernels."""
    assert subprocess.run(COMPILING, check=False, timeout=600).returncode == 0
