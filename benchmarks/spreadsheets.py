"""How long an office's workbook takes to become a scenario, and to be written from one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.markdown import cell
from benchmarks.named_days import SEED, ZHENHAI
from benchmarks.suite import Measurement, Settings, Suite, Table
from optimizer.errors import UsageError
from optimizer.formats.names import NOBODY
from optimizer.generate import RECIPES, generate_scenario
from optimizer.needs import derive
from optimizer.spreadsheets import Asked, read_office, scenario_tables, workbook_bytes

REPETITIONS = 5


def run(settings: Settings) -> Iterator[Measurement]:
    """Write every district's day as a workbook and read it several times.

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
    scenario = derive(generate_scenario(RECIPES[name], SEED)).scenario
    asked = Asked(today=date(2026, 1, 1))
    begun = time.process_time()
    raw = workbook_bytes(scenario_tables(scenario, NOBODY, "zh"), "zh")
    written = time.process_time() - begun
    walls, processors = [], []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "office.xlsx"
        path.write_bytes(raw)
        office = read_office(path, asked)
        for _ in range(repetitions):
            begun_wall, begun = time.perf_counter(), time.process_time()
            read_office(path, asked)
            walls.append(time.perf_counter() - begun_wall)
            processors.append(time.process_time() - begun)
    return Measurement(
        name,
        None,
        {
            "clients": len(scenario.clients),
            "visits": len(scenario.visits),
            "kilobytes": len(raw) // 1024,
            "seconds": round(median(walls), 3),
            "processor_seconds": round(median(processors), 3),
            "writing_seconds": round(written, 3),
            "valid": office.scenario == scenario and not office.faults,
        },
    )


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one table of times."""
    figures = (
        "clients", "visits", "kilobytes", "seconds", "processor_seconds", "writing_seconds",
    )  # fmt: skip
    columns = ("day", "clients", "visits", "KB", "read (s)", "of a processor (s)", "written (s)")
    rows = tuple((m.case, *(cell(m.figures[name], 3) for name in figures)) for m in measurements)
    note = (
        "From the file to the checked scenario, its warnings included; what is written is read "
        "again as the same scenario, or the case is invalid."
    )
    return [Table("Workbooks of an office", columns, rows, (note,))]


SUITE = Suite(
    name="spreadsheets",
    purpose="Seconds from an office's workbook to a scenario, and back.",
    headline="processor_seconds",
    seconds=None,
    run=run,
    tables=tables,
)
