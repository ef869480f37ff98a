"""How work is spread: work items done in this process, in children of it, or on a cluster."""

from __future__ import annotations

from optimizer.parallel.events import (
    Cancelled,
    Ending,
    Event,
    Failed,
    Finished,
    Kept,
    Lost,
    Reported,
)
from optimizer.parallel.executor import Executor
from optimizer.parallel.inline import InlineExecutor
from optimizer.parallel.processes import ProcessExecutor
from optimizer.parallel.standing import StandingChild
from optimizer.parallel.threaded import ThreadExecutor
from optimizer.parallel.work_item import Limits, Link, Work, WorkItem

__all__ = [
    "Cancelled",
    "Ending",
    "Event",
    "Executor",
    "Failed",
    "Finished",
    "InlineExecutor",
    "Kept",
    "Limits",
    "Link",
    "Lost",
    "ProcessExecutor",
    "Reported",
    "StandingChild",
    "ThreadExecutor",
    "Work",
    "WorkItem",
]
