"""The threads beside the requests: the coordinator of jobs and the sender of webhooks."""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Protocol

from optimizer.errors import UsageError
from optimizer.parallel import Executor, InlineExecutor, ProcessExecutor
from optimizer.progress import Compiling
from service.database.engine import Database
from service.documents.desk import Desk
from service.documents.workroom import Workroom
from service.jobs.coordinator import Coordinator, CoordinatorSettings
from service.jobs.kernels import Kernels
from service.jobs.registry import link_to
from service.jobs.watch import Watch
from service.people.retention_sweep import RetentionSweep
from service.settings import Settings
from service.webhooks.sender import Deliverer

_LOG = logging.getLogger(__name__)

SILENT_SECONDS = 30.0
"A coordinator that has not gone round its loop for this long is taken for dead."
PRELOAD = ("service.jobs.preload", "service.documents.work", "service.documents.rosters")


class Loop(Protocol):
    """Something that runs in a thread of its own until it is told to stop."""

    def run(self) -> None:
        """Work until `stop` is called."""

    def stop(self) -> None:
        """Ask it to end."""


class BackgroundThreads:
    """Starts the threads of one process beside the requests, and ends them.

    Parameters
    ----------
    coordinator
        Hands out jobs.
    others
        Further loops.
    drain_seconds
        How long to wait for each at the end.
    kernels
        Compiled meanwhile; None where jobs run elsewhere.
    """

    def __init__(
        self,
        coordinator: Coordinator,
        others: Sequence[Loop],
        drain_seconds: float,
        kernels: Kernels | None = None,
    ) -> None:
        self._coordinator = coordinator
        self._kernels = kernels
        self._drain = timedelta(seconds=drain_seconds)
        self._loops: tuple[Loop, ...] = (coordinator, *others)
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start every thread, and compile the engine."""
        if self._kernels is not None:
            self._kernels.start()
        for loop in self._loops:
            name = type(loop).__name__.lower()
            thread = threading.Thread(target=_guarded(loop.run, name), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End what can be ended; what cannot goes on at the next start."""
        if self._kernels is not None:
            self._kernels.stop()
        for loop in self._loops:
            loop.stop()
        for thread in self._threads:
            thread.join(self._drain.total_seconds() + 5)

    def wake(self) -> None:
        """Let the coordinator know that there is a new job."""
        self._coordinator.wake()

    def is_alive(self) -> bool:
        """Return whether the coordinator is at work, elected or waiting to be."""
        running = bool(self._threads) and all(thread.is_alive() for thread in self._threads)
        return running and self._coordinator.seconds_since_beat() < SILENT_SECONDS

    def has_engine(self) -> bool:
        """Return whether no job has to wait until the engine is compiled."""
        return self._kernels is None or self._kernels.are_ready()

    def compiling(self) -> Compiling | None:
        """Return how far compiling the engine has come; None where that is not going on."""
        return None if self._kernels is None else self._kernels.compiling()

    def is_leading(self) -> bool:
        """Return whether the coordinator of this process hands out jobs."""
        return self._coordinator.is_leading


def background_threads(settings: Settings, database: Database, watch: Watch) -> BackgroundThreads:
    """Return the threads that the settings ask for, not yet started.

    Parameters
    ----------
    settings, database
        Of the service.
    watch
        Is told what becomes of jobs.

    Raises
    ------
    UsageError
        If the executor that they name is not installed.
    """
    coordinator = Coordinator(
        database,
        executor_of(settings),
        CoordinatorSettings(
            running_per_key=settings.running_per_key,
            memory_bytes=settings.memory_mb * 2**20,
            drain_seconds=min(settings.drain_seconds, 5.0),
        ),
        watch=watch,
    )
    deliverer = Deliverer(
        database,
        lambda: coordinator.is_leading,
        link=partial(link_to, settings.public_url),
        private=settings.webhook_private_addresses,
        ports=settings.webhook_ports,
    )
    retention = RetentionSweep(
        database, lambda: coordinator.is_leading, timedelta(days=settings.keep_days)
    )
    kernels = Kernels() if settings.executor == "processes" else None
    return BackgroundThreads(coordinator, (deliverer, retention), settings.drain_seconds, kernels)


def executor_of(settings: Settings) -> Executor:
    """Return where jobs run.

    Raises
    ------
    UsageError
        If Ray is asked for and not installed.
    """
    if settings.executor == "inline":
        return InlineExecutor()
    if settings.executor == "ray":
        try:
            ray = importlib.import_module("optimizer.parallel.ray_cluster")
        except ModuleNotFoundError as error:
            raise UsageError("Ray is not installed; the extra [cluster] brings it.") from error
        executor: Executor = ray.RayExecutor(settings.ray_address, slots=settings.slots)
        return executor
    return ProcessExecutor(settings.job_slots, preload=PRELOAD)


def workroom_of(settings: Settings) -> Workroom:
    """Return where work on documents is done: on this machine, also where jobs run on a cluster."""
    children = None if settings.executor == "inline" else partial(ProcessExecutor, 1, PRELOAD)
    return Workroom(
        children, memory_mb=settings.document_memory_mb, seconds=settings.document_seconds
    )


def desk_of(settings: Settings) -> Desk:
    """Return where questions about rosters are answered, on this machine as well."""
    return Desk(
        in_child=settings.executor != "inline",
        memory_mb=settings.document_memory_mb,
        seconds=settings.document_seconds,
        preload=PRELOAD,
    )


def _guarded(run: Callable[[], None], name: str) -> Callable[[], None]:
    def guarded() -> None:
        try:
            run()
        except Exception:  # noqa: BLE001 (the last net of a thread)
            _LOG.exception("worker.died", extra={"worker": name})

    return guarded
