"""Work items done on a cluster of machines by Ray; needs the extra ``cluster``.

What is sent leaves this machine: it holds ids and numbers, and nothing personal.
"""

# ruff: noqa: E402 (the environment is prepared before Ray is imported)

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from optimizer.parallel.ray_environment import prepare_environment

prepare_environment()  # Ray reads it when it is imported.

import ray
from ray.exceptions import OutOfMemoryError, RayError, RayTaskError, WorkerCrashedError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from optimizer.errors import UsageError
from optimizer.parallel.events import (
    OUT_OF_TIME,
    Cancelled,
    Ending,
    Event,
    Failed,
    Finished,
    Kept,
    Lost,
    Reported,
)
from optimizer.parallel.work_item import WorkItem
from optimizer.progress import Progress

IN_FLIGHT_PER_CPU = 3
"Work items with Ray at once for each processor: none is idle, and a lost cluster loses few."
ASK_SECONDS = 0.3
"Between two questions of a work item whether it is to stop; its reports go along."
ORPHANED = 113
"Exit code of a worker whose executor is gone."


class _Postbox:
    """An actor beside the executor: work items leave word here and ask whether to stop."""

    def __init__(self) -> None:
        self._told: dict[str, dict[type[Event], Event]] = {}
        self._stopped: set[str] = set()

    def tell(self, key: str, events: list[Event]) -> bool:
        """Take the latest word of a work item, and answer whether it is to stop."""
        box = self._told.setdefault(key, {})
        box.update({type(event): event for event in events})
        return key in self._stopped

    def take(self) -> list[Event]:
        """Return all word that was left since the last time: two events per work item at most."""
        told = [event for box in self._told.values() for event in box.values()]
        self._told.clear()
        return told

    def stop(self, key: str) -> None:
        """Note that a work item is to stop."""
        self._stopped.add(key)

    def forget(self, key: str) -> None:
        """Forget a work item that has ended."""
        self._told.pop(key, None)
        self._stopped.discard(key)


class _RayLink:
    """A work item's link to the postbox; a thread carries the word, so that work never waits."""

    def __init__(self, key: str, postbox: Any) -> None:
        self._key = key
        self._postbox = postbox
        self._latest: dict[type[Event], Event] = {}
        self._lock = threading.Lock()
        self._done = threading.Event()
        self.stopped = threading.Event()
        self._thread = threading.Thread(target=self._carry, name="carry", daemon=True)
        self._thread.start()

    def report(self, progress: Progress, /) -> None:
        """Tell how far the work is."""
        with self._lock:
            self._latest[Reported] = Reported(self._key, progress)

    def keep(self, checkpoint: bytes, /) -> None:
        """Hand over the best so far."""
        with self._lock:
            self._latest[Kept] = Kept(self._key, checkpoint)

    def close(self) -> None:
        """Say the last word."""
        self._done.set()
        self._thread.join()

    def _carry(self) -> None:
        is_last = False
        while not is_last:
            is_last = self._done.is_set()
            with self._lock:
                events = list(self._latest.values())
                self._latest.clear()
            try:
                if ray.get(self._postbox.tell.remote(self._key, events)):
                    self.stopped.set()
            except RayError:
                # The executor is gone with its postbox: nobody waits for this work.
                os._exit(ORPHANED)
            self._done.wait(ASK_SECONDS)


def _do(item: WorkItem, postbox: Any) -> Ending:
    """Do a work item in a worker of the cluster."""
    link = _RayLink(item.key, postbox)
    try:
        return Finished(item.key, item.work(item.payload, link))
    except Exception as error:  # noqa: BLE001 (whatever the work raises is its ending)
        return Failed.of(item.key, error)
    finally:
        link.close()


@dataclass(slots=True)
class _Flight:
    """A work item in flight."""

    key: str
    reference: Any
    deadline: float | None
    is_cancelled: bool = False
    is_overdue: bool = False


class RayExecutor:
    """Does work items on a Ray cluster, so many at once, and hands on each result as it comes.

    A work item whose worker or machine is lost ends `Lost`; Ray itself begins none twice. Limits of
    memory and processor time are left to Ray, which ends what endangers a machine.

    Parameters
    ----------
    address
        Address of a running cluster, ``auto`` for the one of this machine, or None to start one
        here. The machines must have this package, in the same version. Access is by token: see
        ``RAY_AUTH_TOKEN`` and ``RAY_AUTH_TOKEN_PATH`` in Ray's manual.
    cpus
        Processors of a cluster that is started here; all if not given.
    slots
        Work items in flight at once; three for each processor of the cluster if not given.

    Raises
    ------
    UsageError
        If there is no such cluster.
    """

    def __init__(
        self, address: str | None = None, *, cpus: int | None = None, slots: int | None = None
    ) -> None:
        self._owns_ray = not ray.is_initialized()
        if self._owns_ray:
            try:
                ray.init(
                    address=address,
                    num_cpus=cpus if address is None else None,
                    include_dashboard=False if address is None else None,
                    log_to_driver=False,
                    configure_logging=False,
                )
            except (ConnectionError, ValueError, RuntimeError) as error:
                raise UsageError(f"The Ray cluster does not answer: {error}") from error
        self._slots = slots or IN_FLIGHT_PER_CPU * max(1, int(_cpus()))
        here = ray.get_runtime_context().get_node_id()
        beside = NodeAffinitySchedulingStrategy(node_id=here, soft=False)
        self._postbox: Any = (
            ray.remote(_Postbox).options(num_cpus=0, scheduling_strategy=beside).remote()
        )
        self._remote: Any = ray.remote(_do)
        self._flights: dict[str, _Flight] = {}
        self._asked = time.monotonic()

    @property
    def slots(self) -> int:
        """Return how many work items may be with Ray at once."""
        return self._slots

    @property
    def in_flight(self) -> int:
        """Return how many work items are with Ray."""
        return len(self._flights)

    def prepare(self) -> None:
        """Do nothing: Ray starts workers by itself, and keeps them."""

    def submit(self, item: WorkItem, /) -> None:
        """Hand a work item to Ray.

        Raises
        ------
        UsageError
            If no slot is free, or a work item of this key is in flight.
        """
        if self.in_flight >= self._slots:
            raise UsageError("No slot is free.")
        if item.key in self._flights:
            raise UsageError(f"A work item {item.key} is in flight already.")
        limit = item.limits.seconds
        options = {"num_cpus": 0 if item.is_urgent else 1, "max_retries": 0, "name": item.key}
        self._flights[item.key] = _Flight(
            item.key,
            self._remote.options(**options).remote(item, self._postbox),
            None if limit is None else time.monotonic() + limit,
        )

    def events(self, timeout: float) -> Sequence[Event]:
        """Return what has happened, after at most `timeout` seconds and an answer of Ray's."""
        if not self._flights:
            time.sleep(timeout)
            return []
        references = {flight.reference: flight for flight in self._flights.values()}
        ready, _ = ray.wait(list(references), num_returns=1, timeout=timeout)
        if ready:
            ready, _ = ray.wait(list(references), num_returns=len(references), timeout=0)
        events = self._told() if ready or time.monotonic() - self._asked > ASK_SECONDS else []
        for reference in ready:
            flight = references[reference]
            events.append(_ending(flight))
            del self._flights[flight.key]
            self._postbox.forget.remote(flight.key)
        self._kill_overdue()
        return events

    def stop(self, key: str) -> None:
        """Leave word that a work item is to end and keep its best; it asks three times a second."""
        if key in self._flights:
            self._postbox.stop.remote(key)

    def cancel(self, key: str) -> None:
        """Kill the worker that does the work item."""
        flight = self._flights.get(key)
        if flight is not None:
            flight.is_cancelled = True
            ray.cancel(flight.reference, force=True)

    def close(self) -> None:
        """Kill all work items, and leave the cluster if this executor joined it."""
        for flight in self._flights.values():
            with suppress(RayError):
                ray.cancel(flight.reference, force=True)
        self._flights.clear()
        ray.kill(self._postbox)
        if self._owns_ray:
            ray.shutdown()

    def _told(self) -> list[Event]:
        self._asked = time.monotonic()
        with suppress(RayError):
            told: list[Event] = ray.get(self._postbox.take.remote(), timeout=5)
            return [event for event in told if event.key in self._flights]
        return []

    def _kill_overdue(self) -> None:
        now = time.monotonic()
        for flight in self._flights.values():
            if flight.deadline is not None and now > flight.deadline and not flight.is_overdue:
                flight.is_overdue = True
                ray.cancel(flight.reference, force=True)


def _cpus() -> float:
    return float(ray.cluster_resources().get("CPU", 1))


def _ending(flight: _Flight) -> Ending:
    """Return how a work item ended whose answer is there."""
    try:
        ending: Ending = ray.get(flight.reference)
    except RayTaskError as error:
        # Raised by Ray's own code around the work, for instance if a worker lacks the package.
        ending = Failed.of(flight.key, error)
    except RayError as error:
        own = isinstance(error, WorkerCrashedError | OutOfMemoryError)
        ending = Lost(flight.key, f"Ray lost it: {type(error).__name__}", was_working=own)
    if isinstance(ending, Lost):
        if flight.is_cancelled:
            return Cancelled(flight.key)
        if flight.is_overdue:
            return Failed(flight.key, OUT_OF_TIME, "The work did not end when its time was over.")
    return ending
