"""How long it takes to derive a district's visits from its health records, and what follows."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from statistics import median

from benchmarks.markdown import cell
from benchmarks.named_days import SEED, ZHENHAI
from benchmarks.suite import Measurement, Settings, Suite, Table
from optimizer.errors import UsageError
from optimizer.generate import RECIPES, generate_scenario
from optimizer.needs import derive

REPETITIONS = 5
MINUTES_PER_HOUR = 60


def run(settings: Settings) -> Iterator[Measurement]:
    """Derive the visits of every district's day several times and take the median.

    Raises
    ------
    UsageError
        If no case is wanted.
    """
    names = [name for name in (ZHENHAI[:1] if settings.smoke else ZHENHAI) if settings.wants(name)]
    if not names:
        raise UsageError(f"Nothing fits {settings.only}; there are {', '.join(ZHENHAI)}.")
    for name in names:
        yield _measured(name, 1 if settings.smoke else REPETITIONS)


def _measured(name: str, repetitions: int) -> Measurement:
    scenario = generate_scenario(RECIPES[name], SEED)
    times = []
    for _ in range(repetitions):
        begun = time.perf_counter()
        needs = derive(scenario)
        times.append(time.perf_counter() - begun)
    again = derive(scenario)
    return Measurement(
        name,
        None,
        {
            "records": len(needs.clients),
            "visits": len(needs.scenario.visits),
            "couplings": len(needs.scenario.couplings),
            "seconds": round(median(times), 4),
            "fastest": round(min(times), 4),
            "needed_hours": sum(one.needed for one in needs.clients) // MINUTES_PER_HOUR,
            "entitled_hours": sum(one.entitled for one in needs.clients) // MINUTES_PER_HOUR,
            "cut_hours": sum(one.cut for one in needs.clients) // MINUTES_PER_HOUR,
            "valid": again.scenario == needs.scenario,
        },
    )


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one table of times and hours."""
    figures = (
        "records",
        "visits",
        "couplings",
        "seconds",
        "fastest",
        "needed_hours",
        "entitled_hours",
        "cut_hours",
    )
    columns = (
        "day",
        "records",
        "visits",
        "couplings",
        "seconds",
        "fastest",
        "needed (h)",
        "entitled (h)",
        "cut (h)",
    )
    rows = tuple((m.case, *(cell(m.figures[name], 3) for name in figures)) for m in measurements)
    note = "Hours of care are those of four weeks; visits those of the one day planned."
    return [Table("From records to visits", columns, rows, (note,))]


SUITE = Suite(
    name="needs",
    purpose="Seconds from health records to visits, and the care needed, paid for and cut.",
    headline="seconds",
    seconds=None,
    run=run,
    tables=tables,
)
