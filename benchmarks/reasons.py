"""Small random days: whether every first reason on a roster is confirmed by exhaustive trial."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks.sentences import Sentences
from benchmarks.suite import Figure, Measurement, Settings, Suite, Table
from optimizer.domain import UnservedReason
from optimizer.solving import solve
from optimizer.travel import travel_matrices
from tests.worlds.random_small import USUAL, random_small

DAYS = 2_000
SMOKE_DAYS = 4
DAYS_AT_ONCE = 10
"Days that a worker is given at a time."
ITERATIONS = 60
"So short a search that rosters leave out what another one would serve, too."


def told(day: int) -> list[tuple[str, str, bool]]:
    """Return of every visit that the roster of a random day leaves out: visit, reason, truth."""
    scenario = random_small(day, 7, 2 + day % 2, USUAL)
    plan = solve(scenario, iterations=ITERATIONS, engine="search", seed=1).plan
    sentences = Sentences(scenario, travel_matrices(scenario), plan)
    visits = {one.id: one for one in scenario.visits}
    return [
        (one.visit, one.reason, sentences.is_true(visits[one.visit], one.reason))
        for one in plan.unserved
    ]


def run(settings: Settings) -> Iterator[Measurement]:
    """Ask about every visit left out of consecutive days, none of which is passed over."""
    began = time.perf_counter()
    said, confirmed = Counter[str](), Counter[str]()
    wrong: list[str] = []
    days = SMOKE_DAYS if settings.smoke else DAYS
    for day, visit, reason, is_true in _of_all(days, settings.workers):
        said[reason] += 1
        confirmed[reason] += is_true
        if not is_true:
            wrong.append(f"{day}/{visit}/{reason}")
    figures: dict[str, Figure] = {
        "days": days,
        "reasons": said.total(),
        "confirmed": confirmed.total(),
        "wrong": " ".join(wrong),
        "seconds": round(time.perf_counter() - began, 1),
        "valid": not wrong,
    }
    figures |= {f"{code.value}_said": said[code] for code in UnservedReason}
    figures |= {f"{code.value}_confirmed": confirmed[code] for code in UnservedReason}
    yield Measurement("random days", None, figures)


def _of_all(days: int, workers: int) -> Iterator[tuple[int, str, str, bool]]:
    """Yield day, visit, reason and truth of consecutive days, in their order."""
    if workers == 1:
        for day in range(days):
            yield from ((day, *one) for one in told(day))
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for day, found in enumerate(pool.map(told, range(days), chunksize=DAYS_AT_ONCE)):
            yield from ((day, *one) for one in found)


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one row per code."""
    rows = [
        (code, str(one.figures[f"{code}_said"]), str(one.figures[f"{code}_confirmed"]))
        for one in measurements
        for code in (reason.value for reason in UnservedReason)
    ]
    rows += [
        ("all", str(one.figures["reasons"]), str(one.figures["confirmed"])) for one in measurements
    ]
    notes = tuple(
        f"{one.figures['days']} days of 7 visits, {one.figures['seconds']} s. "
        f"Not confirmed: {one.figures['wrong'] or 'none'}."
        for one in measurements
    )
    columns = ("reason", "visits", "confirmed")
    return [Table("First reasons confirmed by trial", columns, tuple(rows), notes)]


SUITE = Suite(
    name="reasons",
    purpose="Whether each first reason on a roster is true, by exhaustive trial on random days.",
    headline="wrong",
    seconds=None,
    run=run,
    tables=tables,
)
