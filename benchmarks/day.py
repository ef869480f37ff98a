"""A district's days: cost, unserved visits and how they fall with time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import mean

from benchmarks.markdown import cell
from benchmarks.named_days import DISTRICTS, SCARCE, UNCOUPLED, ZHENHAI, named_day
from benchmarks.solved import solved
from benchmarks.suite import Measurement, Settings, Suite, Table
from optimizer.errors import UsageError
from optimizer.search.warm_up import warm_up

CASES = (*ZHENHAI, *DISTRICTS, *UNCOUPLED)
SMOKE_CASES = ("hamlet",)
SMOKE_SCARCE = ("scarce-20",)
MARKS = (5, 10, 30, 60, 300)
"Seconds at which the curve is read."


def run(settings: Settings) -> Iterator[Measurement]:
    """Solve every day with every seed.

    Raises
    ------
    UsageError
        If no day is wanted.
    """
    days = _days(settings)
    cases = [day for day in days if settings.wants(day)]
    if not cases:
        raise UsageError(f"No day fits {settings.only}; there are {', '.join(days)}.")
    warm_up()
    for case in cases:
        scenario = named_day(case)
        for seed in settings.seeds:
            result, figures = solved(scenario, settings, seed)
            figures |= {
                "lower_bound": result.lower_bound,
                "curve": [[round(second, 3), cost] for second, cost in result.curve],
                "status": str(result.status),
            }
            figures |= {f"terms.{term}": cost for term, cost in result.cost_breakdown.items()}
            yield Measurement(case, seed, figures)


def _days(settings: Settings) -> tuple[str, ...]:
    if settings.smoke:
        return SMOKE_SCARCE if settings.scarce else SMOKE_CASES
    return SCARCE if settings.scarce else CASES


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return a table of the days, with their means if they are scarce, and the curves."""
    figures = (
        "visits", "caregivers", "unserved_critical", "unserved_essential", "unserved",
        "cost_minutes", "iterations", "solve_seconds", "load",
    )  # fmt: skip
    days = tuple(
        (m.case, cell(m.seed), *(cell(m.figures[name], 1) for name in figures))
        for m in measurements
    )
    if len(days) > 1 and all(m.case.startswith("scarce") for m in measurements):
        days += (("mean", "", *(_mean(measurements, name) for name in figures)),)
    columns = (
        "day", "seed", "visits", "caregivers", "critical unserved", "essential", "all",
        "cost (min)", "iterations", "s", "load",
    )  # fmt: skip
    curves = tuple((m.case, cell(m.seed), *_at_marks(m)) for m in measurements)
    heads = ("day", "seed", *(f"{mark} s" for mark in MARKS))
    return [
        Table("Days", columns, days),
        Table("Cost in minutes of travel after so many seconds", heads, curves),
    ]


def _mean(measurements: Sequence[Measurement], name: str) -> str:
    values = [value for m in measurements if isinstance(value := m.figures[name], int | float)]
    return cell(mean(map(float, values)), 1)


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
    purpose="Cost, unserved visits and the curve over time on a district's days.",
    headline="cost",
    seconds=30.0,
    run=run,
    tables=tables,
)
