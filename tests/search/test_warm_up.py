"""Kernels are compiled once per machine: other processes load what one has compiled."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest

from optimizer.generate import RECIPES, generate_scenario
from optimizer.needs import derive
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.search import kernels, warm_up, worker
from optimizer.search.budget import Budget
from optimizer.search.kernels import compiled
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search
from optimizer.stop import AfterIterations
from tests.worlds.random_small import random_small


@cache
def problems() -> tuple[ProblemData, ...]:
    """Return a generated day and a small random one."""
    day = derive(generate_scenario(RECIPES["zhenhai-day-s"], 1)).scenario
    return compile_problem(day), compile_problem(random_small(3))


def dispatchers() -> Iterator[Any]:
    """Yield every compiled function of the kernels, once."""
    found = {}
    for module in iter_modules(kernels.__path__):
        for value in vars(import_module(f"{kernels.__name__}.{module.name}")).values():
            if hasattr(value, "py_func") and hasattr(value, "stats"):
                found[id(value)] = value
    yield from found.values()


def search_all(given: tuple[ProblemData, ...]) -> tuple[int, int, list[int]]:
    """Search every problem; return loaded and compiled functions, and the costs found."""
    costs = []
    for data in given:
        search = Search(data, SearchParameters(), seed=1, workers=2)
        routes = search.run(Budget(None, 60), AfterIterations(60)).routes
        again = Search(data, SearchParameters(), seed=1)
        costs.append(again.run(Budget(None, 60), AfterIterations(60), start=routes).cost)
    stats = [function.stats for function in dispatchers()]
    loaded = sum(sum(one.cache_hits.values()) for one in stats)
    made = sum(sum(one.cache_misses.values()) for one in stats)
    return loaded, made, costs


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_worker_process_compiles_nothing(method: str) -> None:
    """Whoever is started after the kernels were compiled has them, or loads them."""
    warm_up.warm_up()
    *here, costs = search_all(problems())
    with ProcessPoolExecutor(1, mp_context=get_context(method)) as pool:
        loaded, made, found = pool.submit(search_all, problems()).result(timeout=120)
    assert found == costs
    if not any(dispatchers()):
        pytest.skip("kernels are interpreted")
    if method == "fork":
        assert [loaded, made] == here
    else:
        assert made == 0
        assert 0 < loaded <= len(warm_up.ENTRIES)


def test_a_problem_stays_read_only_on_its_way() -> None:
    """Kernels are compiled for arrays that nobody changes, so a copy's are like that as well."""
    data = problems()[0]
    copy: ProblemData = pickle.loads(pickle.dumps(data))  # noqa: S301 (made here)
    flags = [array.flags.writeable for array in copy.arrays]
    assert not any(flags)
    assert copy.arrays.travel is copy.matrices.table
    assert (copy.tasks, copy.days) == (data.tasks, data.days)


def test_all_that_python_calls_is_warmed_up() -> None:
    """A kernel that the worker calls and nobody has warmed up would compile in mid-search."""
    called = {id(value) for value in vars(worker).values() if hasattr(value, "py_func")}
    assert called <= {id(entry) for entry in warm_up.ENTRIES}


def test_kernels_are_compiled_when_the_mark_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark of this processor counts; another processor's says nothing."""
    if not any(dispatchers()):
        assert warm_up.is_compiled()
        pytest.skip("kernels are interpreted")
    made = tmp_path / "anneal.nbi"
    monkeypatch.setattr(compiled, "FOLDER", tmp_path)
    monkeypatch.setattr(warm_up, "_search_tiny_day", made.touch)
    (tmp_path / "ready-0123456789abcdef").write_text(made.name)
    assert not warm_up.is_compiled()
    warm_up.warm_up.__wrapped__()
    assert warm_up.is_compiled()


def test_the_mark_says_nothing_once_compiled_code_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has cleared the folder, or a part of it, compiles again and is told so."""
    if not any(dispatchers()):
        pytest.skip("kernels are interpreted")
    made = tmp_path / "anneal.nbi"
    monkeypatch.setattr(compiled, "FOLDER", tmp_path)
    monkeypatch.setattr(warm_up, "_search_tiny_day", made.touch)
    warm_up.warm_up.__wrapped__()
    made.unlink()
    assert not warm_up.is_compiled()


def test_a_failed_compilation_leaves_no_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is interrupted while compiling has to begin again."""

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(compiled, "FOLDER", tmp_path)
    monkeypatch.setattr(warm_up, "is_compiled", lambda: False)
    monkeypatch.setattr(warm_up, "_search_tiny_day", interrupted)
    with pytest.raises(KeyboardInterrupt):
        warm_up.warm_up.__wrapped__()
    assert [path.name for path in tmp_path.iterdir()] == [warm_up.LOCK]


def test_one_compiles_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two who would compile do so one after the other."""
    monkeypatch.setattr(compiled, "FOLDER", tmp_path)
    all_are_there, busy = threading.Event(), threading.Lock()
    alone: list[bool] = []

    def compiling() -> None:
        alone.append(busy.acquire(blocking=False))
        all_are_there.wait(60)
        if alone[-1]:
            busy.release()

    monkeypatch.setattr(warm_up, "is_compiled", lambda: False)
    monkeypatch.setattr(warm_up, "_search_tiny_day", compiling)
    threads = [threading.Thread(target=warm_up.warm_up.__wrapped__) for _ in range(3)]
    for thread in threads:
        thread.start()
    all_are_there.set()
    for thread in threads:
        thread.join()
    assert alone == [True] * 3


def test_a_folder_that_cannot_be_written_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then everybody compiles alone."""
    monkeypatch.setattr(compiled, "FOLDER", tmp_path / "missing")
    monkeypatch.setattr(warm_up, "is_compiled", lambda: False)
    done: list[bool] = []
    monkeypatch.setattr(warm_up, "_search_tiny_day", lambda: done.append(True))
    assert warm_up.warm_up.__wrapped__() >= 0
    assert done == [True]
