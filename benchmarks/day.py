"""A district's day in four sizes: cost, unserved visits and how they fall with time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.markdown import cell
from benchmarks.suite import Figure, Measurement, Settings, Suite, Table
from optimizer.errors import UsageError
from optimizer.generate import RECIPES, generate_scenario
from optimizer.solve import solve
from optimizer.verify import verify

CASES = ("zhenhai-day-s", "zhenhai-day-m", "zhenhai-day-l", "zhenhai-day-xl")
SMOKE_CASES = ("hamlet",)
MARKS = (5, 10, 30, 60, 300)
"Seconds at which the curve is read."

SCENARIO_SEED = 1
"The generated day is the same in all runs; seeds of a run are the engine's."


def run(settings: Settings) -> Iterator[Measurement]:
    """Solve every day with every seed.

    Raises
    ------
    UsageError
        If no day is wanted.
    """
    cases = [c for c in (SMOKE_CASES if settings.smoke else CASES) if settings.wants(c)]
    if not cases:
        raise UsageError(f"No day fits {settings.only}; there are {', '.join(CASES)}.")
    solve(generate_scenario(RECIPES["hamlet"], SCENARIO_SEED), iterations=20, engine="search")
    for case in cases:
        scenario = generate_scenario(RECIPES[case], SCENARIO_SEED)
        for seed in settings.seeds:
            result = solve(
                scenario,
                seconds=settings.seconds,
                iterations=settings.iterations,
                seed=seed,
                workers=settings.workers,
            )
            verdict = verify(scenario, result.plan)
            figures: dict[str, Figure] = {
                "visits": len(scenario.visits),
                "caregivers": len(scenario.caregivers),
                "cost": result.cost,
                "cost_minutes": result.cost / scenario.ticks_per_minute,
                "served": result.served,
                "unserved": result.unserved,
                "lower_bound": result.lower_bound,
                "iterations": result.iterations,
                "solve_seconds": round(result.seconds, 3),
                "curve": [[round(second, 3), cost] for second, cost in result.curve],
                "status": str(result.status),
                "valid": verdict.feasible and verdict.cost == result.cost,
            }
            figures |= {f"terms.{term}": cost for term, cost in result.cost_breakdown.items()}
            yield Measurement(case, seed, figures)


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return a table of the days and one of the costs at the marks."""
    figures = ("visits", "caregivers", "unserved", "cost_minutes", "iterations", "solve_seconds")
    days = tuple(
        (m.case, cell(m.seed), *(cell(m.figures[name], 1) for name in figures))
        for m in measurements
    )
    columns = ("day", "seed", "visits", "caregivers", "unserved", "cost (min)", "iterations", "s")
    curves = tuple((m.case, cell(m.seed), *_at_marks(m)) for m in measurements)
    heads = ("day", "seed", *(f"{mark} s" for mark in MARKS))
    return [
        Table("Days", columns, days),
        Table("Cost in minutes of travel after so many seconds", heads, curves),
    ]


def cost_at(curve: Sequence[Sequence[float]], second: float) -> float | None:
    """Return the best cost found by `second`, None if there was none yet.

    Parameters
    ----------
    curve
        Pairs of seconds and cost, in the order of time.
    second
        Seconds since the solve began.
    """
    found = [cost for moment, cost in curve if moment <= second]
    return found[-1] if found else None


def _at_marks(measurement: Measurement) -> list[str]:
    curve, cost = measurement.figures["curve"], measurement.figures["cost"]
    minutes = measurement.figures["cost_minutes"]
    took = measurement.figures["solve_seconds"]
    if not isinstance(curve, list) or not isinstance(cost, int) or not isinstance(minutes, float):
        return ["-"] * len(MARKS)
    per_minute = cost / minutes if minutes else 1.0
    texts = []
    for mark in MARKS:
        # A run that is over before the mark has nothing to say about it, unless it is proven.
        unproven = measurement.figures["status"] != "optimal"
        over = unproven and isinstance(took, float) and took < 0.95 * mark
        value = None if over else cost_at(curve, mark)
        texts.append(cell(value if value is None else value / per_minute, 1))
    return texts


SUITE = Suite(
    name="day",
    purpose="Cost, unserved visits and the curve over time on a district's day in four sizes.",
    headline="cost",
    seconds=30.0,
    run=run,
    tables=tables,
)
