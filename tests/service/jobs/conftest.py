"""Coordinators that are turned by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Protocol

import pytest

from optimizer.parallel import Executor, InlineExecutor, ProcessExecutor
from service.database.engine import Database
from service.jobs import coordinator as coordinating
from service.jobs import pace
from service.jobs.coordinator import Coordinator, CoordinatorSettings
from service.jobs.watch import Watch
from tests.patience import tries
from tests.service.jobs.kinds import KINDS
from tests.service.jobs.picture import are_over, picture

TURNS_BETWEEN_LOOKS = 50
"Turns after which `turn_until` looks whether anything can still happen."


class NewCoordinator(Protocol):
    """Makes a coordinator."""

    def __call__(
        self,
        database: Database,
        executor: Executor,
        settings: CoordinatorSettings | None = None,
        watch: Watch | None = None,
    ) -> Coordinator:
        """Return one that is given up after the test."""


def turn_until(coordinator: Coordinator, happened: Callable[[], bool]) -> None:
    """Turn a coordinator until something has happened.

    Where it does not, or nothing is left that could bring it about, the error says how things are.
    """
    over = False
    with suppress(TimeoutError):
        for number in tries("it has not happened"):
            if happened():
                return
            if over:
                break
            coordinator.turn()
            over = number % TURNS_BETWEEN_LOOKS == 0 and are_over(coordinator)
    raise TimeoutError(f"It has not happened.\n{picture(coordinator)}")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let coordinators know the kinds of the tests, and look more often."""
    monkeypatch.setattr(coordinating, "kinds", lambda: KINDS)
    monkeypatch.setattr(pace, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(coordinating, "WRITE_SECONDS", 0.05)
    monkeypatch.setattr(coordinating, "CHECK_SECONDS", 0.1)
    monkeypatch.setattr(coordinating, "SECONDS_AFTER_LOSS", (0.05, 0.1))


@pytest.fixture
def new_coordinator() -> Iterator[NewCoordinator]:
    """Return a maker of coordinators."""
    made: list[Coordinator] = []

    def make(
        database: Database,
        executor: Executor,
        settings: CoordinatorSettings | None = None,
        watch: Watch | None = None,
    ) -> Coordinator:
        made.append(Coordinator(database, executor, settings, watch=watch))
        return made[-1]

    yield make
    for coordinator in made:
        coordinator.stop()
        coordinator.run()


@pytest.fixture
def inline(database: Database, new_coordinator: NewCoordinator) -> Coordinator:
    """Return a coordinator whose jobs are done in this process."""
    return new_coordinator(database, InlineExecutor(2), CoordinatorSettings(drain_seconds=0))


@pytest.fixture
def processes(database: Database, new_coordinator: NewCoordinator) -> Coordinator:
    """Return a coordinator whose jobs are done by two children."""
    return new_coordinator(database, ProcessExecutor(2), CoordinatorSettings(drain_seconds=0))
