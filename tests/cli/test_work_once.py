"""Nothing is worked out twice between a scenario file and its plan."""

from __future__ import annotations

import functools
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import optimizer.needs.derive
import optimizer.search.warm_up
from optimizer.formats import read_scenario
from optimizer.formats.checks import scenario as checks
from optimizer.needs import derive
from optimizer.prepare import prepare
from optimizer.solving import solve
from optimizer.travel import matrix
from service.jobs.kind import Assignment
from service.jobs.kinds.solve import work
from tests.cli.conftest import Run
from tests.service.jobs.test_solve_kind import NobodysLink

DAY = Path(__file__).parents[2] / "scenarios" / "zhenhai-day-s.json"


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each kind of work is done, whoever does it."""
    done: Counter[str] = Counter()

    def counting(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def counted(*arguments: Any, **more: Any) -> Any:
            done[name] += 1
            return function(*arguments, **more)

        return counted

    def watch(name: str, function: Callable[..., Any]) -> None:
        """Replace a function in every module that has imported it."""
        replaced = counting(name, function)
        for module in list(sys.modules.values()):
            named = getattr(module, "__name__", "").partition(".")[0]
            if named in ("optimizer", "service"):
                for key, value in list(vars(module).items()):
                    if value is function:
                        monkeypatch.setattr(module, key, replaced)

    watch("derive", derive)
    watch("matrices", matrix.travel_matrices)
    watch("cross-references", checks.cross_faults)
    watch("warm-up", optimizer.search.warm_up._search_tiny_day)
    loads = json.loads

    def parsed(text: str, **more: Any) -> Any:
        done["parse"] += '"homecare-scenario"' in text[:200]
        return loads(text, **more)

    monkeypatch.setattr(json, "loads", parsed)
    optimizer.search.warm_up.warm_up.cache_clear()
    return done


ONCE = {"derive": 1, "matrices": 2, "cross-references": 1, "parse": 1, "warm-up": 1}
"The search's tiny day for warming up has a matrix as well."


def test_the_command_does_each_thing_once(homecare: Run, count: Counter[str]) -> None:
    """From a file with health records to a plan, nothing is read, derived or built twice."""
    count.clear()
    code, out, _ = homecare("solve", DAY, "--iterations", 50, "--json")
    told = +count
    assert code == 0
    assert json.loads(out)["served"] > 0
    assert told == ONCE


def test_a_job_does_each_thing_once(count: Counter[str]) -> None:
    """The document was checked when the job was accepted: it is only read, derived and solved."""
    document = prepare(read_scenario(DAY)).for_engine.model_dump_json().encode()
    count.clear()
    outcome = work(Assignment({"iterations": 50}, document), NobodysLink())
    assert outcome.is_complete
    assert +count == {"derive": 1, "matrices": 2, "warm-up": 1}


def test_a_prepared_day_is_not_prepared_again(count: Counter[str]) -> None:
    """What is handed over prepared is solved as it is."""
    ready = prepare(read_scenario(DAY))
    assert ready.warnings == ready.warnings
    count.clear()
    first = solve(ready, iterations=20)
    second = solve(ready, iterations=20)
    assert first.plan == second.plan
    assert +count == {"warm-up": 1, "matrices": 1}, "the matrix is that of the warm-up"
