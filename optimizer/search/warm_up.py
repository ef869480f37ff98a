"""Compiling the kernels before they are needed, and telling whether that is still to do."""

from __future__ import annotations

import datetime
import time
from pathlib import Path
from typing import Any

from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.client import Client
from optimizer.domain.place import Place
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import CarerNeed, StartWindow, Visit
from optimizer.problem.compile import compile_problem
from optimizer.search.kernels.absence import forget
from optimizer.search.kernels.anneal import anneal
from optimizer.search.kernels.load import load_routes
from optimizer.search.kernels.recreate import construct
from optimizer.search.kernels.state import cost_of
from optimizer.search.parameters import SearchParameters
from optimizer.search.worker import Worker

ENTRIES = (anneal, construct, forget, load_routes, cost_of)
"Compiled functions that the search calls from Python."


def is_compiled() -> bool:
    """Return whether this installation's kernels need no compiling (or are interpreted)."""
    return all(_is_kept(entry) for entry in ENTRIES)


def _is_kept(entry: Any) -> bool:
    stats = getattr(entry, "stats", None)
    if stats is None:
        return True
    function = entry.py_func
    module = function.__module__.rpartition(".")[2]
    return any(Path(stats.cache_path).glob(f"{module}.{function.__name__}-*.nbi"))


def warm_up() -> float:
    """Compile or load all kernels by searching a tiny day; return the seconds it took."""
    began = time.perf_counter()
    worker = Worker(compile_problem(_tiny()), SearchParameters(), 0, 0)
    worker.construct()
    worker.restart()
    worker.run(2, 1.0, 1.0)
    worker.load(worker.best_routes())
    worker.forget()
    return time.perf_counter() - began


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
