"""Random problems in VROOM's form, planned by VROOM and here: who serves what, at what travel."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.suite import Figure, Measurement, Settings, Suite, Table
from benchmarks.vroom_problems import random_problem
from optimizer.exact.model import solve_exact
from optimizer.formats.vroom import parse_vroom, vroom_solution
from optimizer.solving import solve

PROBLEMS = 1000
SMOKE_PROBLEMS = 3
ITERATIONS = 2000
EXPLORATION = 5
"VROOM's highest level."

Score = tuple[int, int, int]
"Sum of priorities and number of the jobs that are served, then travel with its sign reversed."


def run(settings: Settings) -> Iterator[Measurement]:
    """Plan every problem with both, and with the exact model where VROOM's plan is better."""
    for seed in settings.seeds:
        yield Measurement("random", seed, _figures(settings, seed))


def _figures(settings: Settings, seed: int) -> dict[str, Figure]:
    problems = SMOKE_PROBLEMS if settings.smoke else PROBLEMS
    outcomes: Counter[str] = Counter()
    missed: list[str] = []
    for number in range(problems):
        outcome = compare(number, settings.iterations or ITERATIONS, seed)
        outcomes[outcome] += 1
        if outcome == "missed":
            missed.append(str(number))
    return {
        "problems": problems,
        **{name: outcomes[name] for name in ("equal", "better", "other_rules", "missed")},
        "numbers": " ".join(missed),
        "valid": not missed,
    }


def compare(number: int, iterations: int, seed: int) -> str:
    """Return how our plan of a random problem stands to VROOM's.

    Returns
    -------
    str
        ``equal`` or ``better``; ``other_rules`` if VROOM's is better, but under the rules as they
        are documented none can be better than ours, by the exact model; otherwise ``missed``.
    """
    document = random_problem(number)
    problem = parse_vroom(json.dumps(document))
    found = solve(problem.scenario, iterations=iterations, seed=seed, engine="search")
    ours, theirs = score(vroom_solution(problem, found.plan)), score(_by_vroom(document))
    if ours >= theirs:
        return "equal" if ours == theirs else "better"
    exact = solve_exact(problem.scenario, seconds=60, workers=1)
    return "other_rules" if exact.proven and exact.cost == found.cost else "missed"


def score(solution: Mapping[str, Any]) -> Score:
    """Return what a plan in VROOM's form is worth in VROOM's own order; larger is better."""
    steps = (step for route in solution["routes"] for step in route["steps"])
    return (
        sum(route["priority"] for route in solution["routes"]),
        sum(step["type"] == "job" for step in steps),
        -solution["summary"]["cost"],
    )


def _by_vroom(document: Mapping[str, Any]) -> Mapping[str, Any]:
    vroom = import_module("vroom")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        problem = vroom.Input.from_json(path)
    solution: Mapping[str, Any] = problem.solve(EXPLORATION, nb_threads=1).to_dict()
    return solution


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one row per seed."""
    names = ("problems", "equal", "better", "other_rules", "missed", "numbers")
    rows = tuple((str(m.seed), *(str(m.figures[name]) for name in names)) for m in measurements)
    heads = ("seed", "problems", "equal", "better", "other rules", "missed", "numbers")
    note = (
        "better, missed: ours against VROOM's in its own order; other rules: VROOM's plan breaks a "
        "rule of ours that is documented, and ours is proven the best that keeps it"
    )
    return [Table("Random problems beside VROOM", heads, rows, (note,))]


SUITE = Suite(
    name="vroom",
    purpose="Random problems in VROOM's form beside VROOM: served by priority, then travel.",
    headline="missed",
    seconds=0.0,
    run=run,
    tables=tables,
)
