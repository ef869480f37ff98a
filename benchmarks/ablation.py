"""The part that each component of the search has: the same solves with it switched off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import mean

from benchmarks.hhcrsp import instance_files
from benchmarks.markdown import cell, percent
from benchmarks.named_days import SCARCE, named_day
from benchmarks.solved import solved
from benchmarks.suite import Measurement, Settings, Suite, Table
from optimizer.domain import Scenario
from optimizer.errors import UsageError
from optimizer.formats.hhcrsp import read_hhcrsp
from optimizer.search.parameters import SearchParameters
from optimizer.search.warm_up import warm_up

DAYS = (
    *("zhenhai-day-l", "zhenhai-day-m", "district-300", "district-500", "uncoupled-200"),
    *SCARCE,
)
"Ten days: served as a whole, and short of caregivers."
SMOKE_DAYS = ("hamlet",)
FULL = "full"

USUAL = SearchParameters()
SECOND_WORKER = "second-worker"
COMPONENTS = {
    "route-swap": replace(USUAL, swap=0.0),
    "tail-swap": replace(USUAL, tail=0.0),
    "string-ruin": replace(USUAL, string_share=0.0),
    "route-ruin": replace(USUAL, route_share=0.0),
    "related-ruin": replace(USUAL, string_share=1.0 - USUAL.route_share),
    "split-strings": replace(USUAL, split=0.0),
    "spared-visits": replace(USUAL, skip=0.0),
    "blinks": replace(USUAL, blink=1e-9),
    "wild-steps": replace(USUAL, wild=0.0),
    "absent-visits": replace(USUAL, unserved=1),
    "absence-memory": replace(USUAL, memory=0.0),
    "ejection": replace(USUAL, eject=0.0),
    "moved-breaks": replace(USUAL, move_break=0.0),
    "annealing": replace(USUAL, warm=USUAL.cool),
    "several-starts": replace(USUAL, restart_steps=1_000_000),
    "scarce-first": replace(USUAL, scarce=0.0),
    "guided-ejection": replace(USUAL, scarce_guide=0.0),
    "scarce-starts": replace(USUAL, scarce_restart_steps=1_000_000),
    SECOND_WORKER: USUAL,
}
"Every component, and the parameters that switch it off; the docs say what takes its place."


def run(settings: Settings) -> Iterator[Measurement]:
    """Solve every day in full and without each component, with the same seeds.

    Raises
    ------
    UsageError
        If nothing is wanted, or `data` holds no instance.
    """
    days = _days(settings)
    wanted = {day: parts for day in days if (parts := _wanted_parts(settings, day))}
    if not wanted:
        example = f"{DAYS[0]}/{SECOND_WORKER}"
        raise UsageError(f"No DAY/COMPONENT fits {settings.only}; {example} is one of them.")
    warm_up()
    for day, parts in wanted.items():
        scenario = days[day]()
        for seed in settings.seeds:
            result, figures = solved(scenario, settings, seed, engine="search")
            yield Measurement(f"{day}/{FULL}", seed, figures)
            for name in parts:
                yield _without(name, day, scenario, seed, settings, result.cost)


def _days(settings: Settings) -> dict[str, Callable[[], Scenario]]:
    """Return what makes each day, by name."""
    names = SMOKE_DAYS if settings.smoke else DAYS
    days: dict[str, Callable[[], Scenario]] = {name: partial(named_day, name) for name in names}
    if settings.data is not None:
        files = instance_files(settings.data)
        if not files:
            raise UsageError(f"{settings.data} holds no instance.")
        days |= {path.name.partition(".")[0]: partial(_instance, path) for path in files}
    return days


def _wanted_parts(settings: Settings, day: str) -> list[str]:
    """Return the components to switch off; one worker has no second one."""
    return [
        name
        for name in COMPONENTS
        if settings.wants(f"{day}/{name}") and (name != SECOND_WORKER or settings.workers > 1)
    ]


def _instance(path: Path) -> Scenario:
    return read_hhcrsp(path).scenario


def _without(
    name: str, day: str, scenario: Scenario, seed: int, settings: Settings, full: int
) -> Measurement:
    workers = 1 if name == SECOND_WORKER else settings.workers
    _, figures = solved(
        scenario,
        settings,
        seed,
        workers=workers,
        parameters=COMPONENTS[name],
        engine="search",
    )
    cost = figures["cost"]
    if isinstance(cost, int) and full:
        figures["worse_percent"] = round(100 * (cost / full - 1), 4)
    return Measurement(f"{day}/{name}", seed, figures)


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return the full search's results, and tables of components by days."""
    whole = [m for m in measurements if _part(m) == FULL]
    days = list(dict.fromkeys(_day(m) for m in whole))
    names = ("visits", "unserved", "cost_minutes", "iterations")
    rows = tuple((_day(m), cell(m.seed), *(cell(m.figures[n], 1) for n in names)) for m in whole)
    worse = _rows(measurements, days, "worse_percent", percent)
    unserved = _rows(measurements, days, "unserved", lambda visits: cell(visits, 1))
    note = "Mean over the seeds; + says that the cost is higher without the component."
    return [
        Table(
            "The full search",
            ("day", "seed", "visits", "unserved", "cost (min)", "iterations"),
            rows,
        ),
        Table("Change of the cost without a component", ("without", *days), worse, (note,)),
        Table("Visits unserved without a component", ("without", *days), unserved),
    ]


def _rows(
    measurements: Sequence[Measurement],
    days: Sequence[str],
    figure: str,
    shown: Callable[[float | None], str],
) -> tuple[tuple[str, ...], ...]:
    """Return a row per component with the means of a figure over the seeds of each day."""
    values: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for m in measurements:
        if isinstance(value := m.figures.get(figure), int | float):
            values[_part(m), _day(m)].append(float(value))
    return tuple(
        (name, *(shown(mean(found) if (found := values[name, day]) else None) for day in days))
        for name in COMPONENTS
        if any(values[name, day] for day in days)
    )


def _part(measurement: Measurement) -> str:
    return measurement.case.rpartition("/")[2]


def _day(measurement: Measurement) -> str:
    return measurement.case.rpartition("/")[0]


SUITE = Suite(
    name="ablation",
    purpose="Change of the cost when a component of the search is switched off, at equal time.",
    headline="cost",
    seconds=10.0,
    run=run,
    tables=tables,
    workers=2,
)
