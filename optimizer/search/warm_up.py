"""Compiling the kernels before they are needed, and telling whether that is still to do.

Compiled code is shared by all processes of a machine (see `optimizer.search.kernels.compiled`):
a forked process has it in memory, every other one loads it. Which processor it was compiled for
and that nothing is missing stands in a mark beside it. Compiling is done by one process at a
time; the others wait and then load, as two that write at once could mix up what belongs to what.
"""

from __future__ import annotations

import datetime
import time
from functools import cache

from optimizer.compiled import LOCK, Compilation, alone, is_ready, set_ready
from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.client import Client
from optimizer.domain.place import Place
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import CarerNeed, StartWindow, Visit
from optimizer.problem.compile import compile_problem
from optimizer.search.kernels import compiled
from optimizer.search.kernels.anneal import anneal, keep_best
from optimizer.search.kernels.load import load_routes
from optimizer.search.kernels.recreate import construct
from optimizer.search.kernels.state import cost_of
from optimizer.search.kernels.unserved import forget
from optimizer.search.kernels.waiting import pack_all
from optimizer.search.parameters import SearchParameters
from optimizer.search.worker import Worker

__all__ = ["ENTRIES", "LOCK", "compilation", "is_compiled", "warm_up"]

ENTRIES = (anneal, construct, cost_of, forget, keep_best, load_routes, pack_all)
"Compiled functions that the search calls from Python."


def is_compiled() -> bool:
    """Return whether this machine's kernels need no compiling (or are interpreted)."""
    return not _is_jitted() or is_ready(compiled.FOLDER)


def compilation() -> Compilation:
    """Return how far compiling them has come, in whatever process."""
    return compiled.compilation()


def _is_jitted() -> bool:
    return any(hasattr(entry, "stats") for entry in ENTRIES)


@cache
def warm_up() -> float:
    """Compile or load all kernels by searching a tiny day; return the seconds it took.

    Once a process has done so, nothing is done again.
    """
    began = time.perf_counter()
    if is_compiled():
        _search_tiny_day()
    else:
        with alone(compiled.FOLDER):
            _search_tiny_day()
            set_ready(compiled.FOLDER)
    return time.perf_counter() - began


def _search_tiny_day() -> None:
    worker = Worker(compile_problem(_tiny()), SearchParameters(), 0, 0)
    worker.construct()
    worker.restart()
    worker.run(2, 1.0, 1.0)
    worker.load(worker.best_routes())
    worker.forget()
    pack_all(worker.world)


def _tiny() -> Scenario:
    day = datetime.date(2026, 1, 5)
    home = Place(lat=29.95, lon=121.71)
    return Scenario(
        id="warm-up",
        horizon=Horizon(start=day),
        clients=(Client(id="C1", home=home),),
        caregivers=(
            Caregiver(id="G1", home=home, shifts=(Shift(date=day, start="08:00", end="12:00"),)),
        ),
        visits=(
            Visit(
                id="V1",
                client="C1",
                carers=(CarerNeed(minutes=30),),
                window=StartWindow(earliest="08:00", latest="10:00"),
            ),
        ),
    )
