"""Kinds of jobs for the tests of the coordinator."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Mapping
from typing import Any

from optimizer.errors import UsageError
from optimizer.parallel import Limits, Link
from optimizer.progress import Progress
from service.jobs.kind import Assignment, Kind, Outcome
from service.jobs.states import Lane


def echo(assignment: Assignment, link: Link) -> Outcome:
    """Report once, and return what was given as it was given."""
    link.report(Progress("search", cost=100, bound=80, unserved=1))
    start = None if assignment.start is None else assignment.start.decode()
    answer = {"document": assignment.document.decode(), "start": start}
    return Outcome(json.dumps(answer).encode(), not link.stopped.is_set())


def patient(assignment: Assignment, link: Link) -> Outcome:
    """Keep a checkpoint, then wait to be stopped."""
    link.keep(b"checkpoint")
    link.report(Progress("search", cost=1))
    seconds = float(assignment.parameters.get("seconds", 600))
    return Outcome(b"best so far", not link.stopped.wait(seconds))


def dying(assignment: Assignment, link: Link) -> Outcome:
    """Keep a checkpoint and be killed, unless there is something to begin from."""
    if assignment.start is None:
        link.keep(b"from the first attempt")
        while not link.stopped.wait(0.7):
            os.kill(os.getpid(), signal.SIGKILL)
    return Outcome(assignment.start or b"")


def doomed(assignment: Assignment, link: Link) -> Outcome:
    """Be killed at every attempt."""
    os.kill(os.getpid(), signal.SIGKILL)
    return Outcome(b"")


def wrong(assignment: Assignment, link: Link) -> Outcome:
    """Raise an error of the project."""
    raise UsageError("This cannot be done.")


def broken(assignment: Assignment, link: Link) -> Outcome:
    """Raise an error that nobody has thought of."""
    raise ZeroDivisionError(assignment.document.decode())


def spinning(assignment: Assignment, link: Link) -> Outcome:
    """Stay in one long step of compiled code."""
    link.report(Progress("search"))
    return Outcome(str(pow(3, 10**1_000, 10**100_000 + 7)).encode())


def _limits(parameters: Mapping[str, Any], memory_bytes: int) -> Limits:
    return Limits(seconds=float(parameters.get("limit", 60)))


KINDS = {
    work.__name__: Kind(work.__name__, Lane.ROSTER, work, _limits, "solves")
    for work in (echo, patient, dying, doomed, wrong, broken, spinning)
}
