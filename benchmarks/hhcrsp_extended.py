"""The benchmark's extended set: the plain sum of its six components beside the published ones."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.hhcrsp import instance_files
from benchmarks.markdown import cell, percent
from benchmarks.recounting import recount
from benchmarks.suite import Figure, Measurement, Settings, Suite, Table
from benchmarks.tiny_hhcrsp import tiny_instance, tiny_soft_shifts
from optimizer.errors import UsageError
from optimizer.formats.hhcrsp import HhcrspInstance, parse_hhcrsp, read_hhcrsp
from optimizer.formats.hhcrsp_solution import hhcrsp_cost, write_hhcrsp_solution
from optimizer.solving import solve

FOLDER = "HHCRSP_EXTENDED"
"Environment variable with the folder of the set, where no ``--data`` is given."

PUBLISHED = "published.csv"
"Beside the instances, if there: the components of published solutions, a row per instance."

COMPONENTS = {
    "distance": "travel",
    "total_tardiness": "total_tardiness",
    "max_tardiness": "highest_tardiness",
    "total_waiting": "total_waiting",
    "total_extra_time": "total_extra_time",
    "max_idle": "max_idle",
}
"Our names of the components, and the columns of `PUBLISHED`."


def run(settings: Settings) -> Iterator[Measurement]:
    """Solve every instance with every seed and recount it.

    Raises
    ------
    UsageError
        If no folder of instances is given, or it holds none that is wanted.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = _tiny_folder(Path(scratch)) if settings.smoke else _folder(settings.data)
        paths = [path for path in instance_files(folder) if settings.wants(path.name)]
        if not paths:
            raise UsageError(f"{folder} holds no instance that fits {settings.only or '*.json'}.")
        published = published_sums(folder / PUBLISHED)
        _warm_up()
        for path in paths:
            instance = read_hhcrsp(path)
            for seed in settings.seeds:
                yield _measure(path, instance, published, seed, settings)


def published_sums(path: Path) -> dict[str, float]:
    """Return the plain sum of the published components by instance; empty without a file.

    Parameters
    ----------
    path
        CSV with the column ``instance`` and those of `COMPONENTS`, in minutes.
    """
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        row["instance"]: sum(float(row[column]) for column in COMPONENTS.values()) for row in rows
    }


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return a table of all instances."""
    columns = ("instance", "seed", "travel", "tardiness", "largest", "waiting", "extra", "idle",
               "sum", "published", "gap", "unserved", "s", "load", "recounted")  # fmt: skip
    shown = (*COMPONENTS, "plain_sum", "published_sum")
    rows = [
        (
            m.case,
            cell(m.seed),
            *(cell(m.figures[name], 0) for name in shown),
            percent(gap if isinstance(gap := m.figures["gap_percent"], float) else None),
            cell(m.figures["unserved"]),
            cell(m.figures["solve_seconds"], 1),
            cell(m.figures["load"], 1),
            cell(m.figures["valid"]),
        )
        for m in measurements
    ]
    notes = ("Minutes; the published weights are not known, so the components are added up.",)
    return [Table("Instances", columns, tuple(rows), notes)]


def _measure(
    path: Path,
    instance: HhcrspInstance,
    published: Mapping[str, float],
    seed: int,
    settings: Settings,
) -> Measurement:
    load = os.getloadavg()[0]
    result = solve(
        instance.scenario,
        seconds=settings.seconds,
        iterations=settings.iterations,
        seed=seed,
        workers=settings.workers,
        proof=0.0,
    )
    cost = hhcrsp_cost(instance, result.plan)
    with tempfile.TemporaryDirectory() as scratch:
        written = Path(scratch) / "solution.json"
        write_hhcrsp_solution(instance, result.plan, written)
        counted = recount(path, written)
    parts = {name: getattr(cost, name) for name in (*COMPONENTS, "plain_sum")}
    agreed = counted["valid"] and all(
        abs(counted[name] - value) < 1e-6 for name, value in parts.items()
    )
    # In the public files the instance's own name is its area, which many share.
    case = path.name.partition(".json")[0]
    known = published.get(case)
    figures: dict[str, Figure] = {
        "size": len(instance.scenario.clients),
        **parts,
        # What breaks a rule has no sum to be compared by.
        "plain_sum": cost.plain_sum if agreed else None,
        "published_sum": known,
        "gap_percent": round(100 * (cost.plain_sum / known - 1), 4) if known and agreed else None,
        "unserved": result.unserved,
        "iterations": result.iterations,
        "solve_seconds": round(result.seconds, 3),
        "load": round(load, 2),
        "valid": agreed,
    }
    if not agreed:
        differs = [name for name, value in parts.items() if counted.get(name) != value]
        figures["fault"] = "; ".join(counted["violations"]) or f"recounted otherwise: {differs}"
    return Measurement(case, seed, figures)


def _warm_up() -> None:
    """Compile the kernels before anything is timed."""
    instance = parse_hhcrsp(tiny_instance(3, extended=True))
    solve(instance.scenario, iterations=20, engine="search")


def _folder(data: Path | None) -> Path:
    told = data or os.environ.get(FOLDER)
    if not told:
        raise UsageError(
            "The extended set is not part of this project; fetch it from"
            f" github.com/iolab-uniud/hhcrsp and give the folder with --data or {FOLDER}."
        )
    folder = Path(told)
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.")
    return folder


def _tiny_folder(scratch: Path) -> Path:
    """Write two tiny instances and the components of a published solution that is easily beaten."""
    documents = (tiny_instance(3, extended=True), tiny_soft_shifts(4))
    for number, document in enumerate(documents):
        text = json.dumps(document | {"name": "tiny"})
        (scratch / f"tiny-{number}.json").write_text(text, encoding="utf-8")
    heads = ("instance", *COMPONENTS.values())
    row = ("tiny-0", *(["10000"] * len(COMPONENTS)))
    (scratch / PUBLISHED).write_text(f"{','.join(heads)}\n{','.join(row)}\n", encoding="utf-8")
    return scratch


SUITE = Suite(
    name="hhcrsp-extended",
    purpose="Components of plans on the extended set of public instances, with soft shift ends.",
    headline="plain_sum",
    seconds=30.0,
    run=run,
    tables=tables,
)
