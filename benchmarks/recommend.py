"""How long it takes to say who could take a new visit, and whether the figures are true."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence

from benchmarks.markdown import cell
from benchmarks.named_days import named_day
from benchmarks.suite import Measurement, Settings, Suite, Table
from optimizer.domain import Added, Plan, Scenario, Term, Visit
from optimizer.errors import UsageError
from optimizer.replan import Recommender
from optimizer.solving import solve
from optimizer.travel import TravelMatrices, travel_matrices
from optimizer.verification import Verdict, verify

DAYS = ("zhenhai-day-l", "zhenhai-day-xl")
SMOKE = ("hamlet",)
ITERATIONS = 20_000
ASKED = 200
"New visits per day, each like one of the day."
CHECKED = 20
"First suggestions that the verifier counts."
FIGURES = ("visits", "caregivers", "asked", "with_somebody", "set_up", "p50", "p95", "checked")


def run(settings: Settings) -> Iterator[Measurement]:
    """Ask for new visits on every day.

    Raises
    ------
    UsageError
        If no day is wanted.
    """
    days = [name for name in (SMOKE if settings.smoke else DAYS) if settings.wants(name)]
    if not days:
        raise UsageError(f"Nothing fits {settings.only}; there are {', '.join(DAYS)}.")
    iterations = settings.iterations or (300 if settings.smoke else ITERATIONS)
    for name in days:
        scenario = named_day(name)
        # Room for a visit more: every tenth is not planned.
        visits = tuple(one for n, one in enumerate(scenario.visits) if n % 10)
        kept = {visit.id for visit in visits}
        ties = tuple(t for t in scenario.couplings if {t.first, t.second} <= kept)
        scenario = scenario.model_copy(update={"visits": visits, "couplings": ties})
        for seed in settings.seeds:
            yield _measured(name, scenario, iterations, seed, 5 if settings.smoke else ASKED)


def _measured(name: str, scenario: Scenario, steps: int, seed: int, asked: int) -> Measurement:
    plan = solve(scenario, iterations=steps, seed=seed, engine="search").plan
    roads = travel_matrices(scenario)
    rng = random.Random(seed)
    likes = [visit for visit in scenario.visits if len(visit.carers) == 1]
    begun = time.perf_counter()
    recommender = Recommender(scenario, plan, roads)
    set_up = time.perf_counter() - begun
    times, first, somebody, wrong = list[float](), list[float](), 0, 0
    checked = 0
    for number in range(asked):
        like = rng.choice(likes)
        visit = like.model_copy(update={"id": f"NEW{number}", "pin": None})
        begun, work = time.perf_counter(), time.process_time()
        found = recommender.recommend(Added(visit=visit))
        times.append(time.perf_counter() - begun)
        first.append(time.process_time() - work)
        somebody += bool(found.suggestions)
        if found.suggestions and checked < CHECKED:
            checked += 1
            one = found.suggestions[0]
            wrong += one.difference != _counted(scenario, roads, visit, plan, one.plan)
    figures: dict[str, float] = {
        "visits": len(scenario.visits),
        "caregivers": len(scenario.caregivers),
        "asked": asked,
        "with_somebody": somebody,
        "set_up": round(1000 * set_up, 1),
        "p50": round(1000 * _quantile(times, 0.5), 1),
        "p95": round(1000 * _quantile(times, 0.95), 1),
        "cpu_p95": round(1000 * _quantile(first, 0.95), 1),
        "checked": checked,
    }
    return Measurement(name, seed, {**figures, "valid": wrong == 0})


def _counted(scenario: Scenario, roads: TravelMatrices, visit: Visit, *plans: Plan) -> int | None:
    """Return by how much a plan with a new visit costs more than one without, by the verifier."""
    day = scenario.model_copy(update={"visits": (*scenario.visits, visit)})
    before, after = (verify(day, plan, roads) for plan in plans)
    return _others(after) - _others(before) if after.feasible else None


def _others(verdict: Verdict) -> int:
    of_the_whole = (Term.UNSERVED, Term.SHARE, Term.RESPONSIBLE, Term.PURCHASE)
    return verdict.cost - sum(verdict.cost_breakdown[term] for term in of_the_whole)


def _quantile(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one table, a row per day."""
    columns = (
        "day", "visits", "caregivers", "asked", "somebody", "set up (ms)", "p50 (ms)", "p95 (ms)",
        "checked", "p95 (CPU ms)",
    )  # fmt: skip
    names = (*FIGURES, "cpu_p95")
    rows = tuple((m.case, *(cell(m.figures[name], 1) for name in names)) for m in measurements)
    note = "Somebody: visits that a caregiver could take; checked: first suggestions verified."
    return [Table("Who could take a new visit", columns, rows, (note,))]


SUITE = Suite(
    name="recommend",
    purpose="Milliseconds to say who could take a new visit; first suggestions verified.",
    headline="p95",
    seconds=None,
    run=run,
    tables=tables,
)
