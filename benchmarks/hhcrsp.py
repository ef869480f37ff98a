"""The public home-health-care benchmark: gap to the best published cost, each one recounted."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean

from benchmarks.best_known import Published, best_known
from benchmarks.markdown import cell, percent
from benchmarks.record import ROOT
from benchmarks.recounting import recount
from benchmarks.suite import Figure, Measurement, Settings, Suite, Table
from benchmarks.tiny_hhcrsp import tiny_instance
from optimizer.errors import UsageError
from optimizer.formats.hhcrsp import HhcrspInstance, parse_hhcrsp, read_hhcrsp
from optimizer.formats.hhcrsp_solution import hhcrsp_cost, write_hhcrsp_solution
from optimizer.solving import solve

USUAL_FOLDER = ROOT.parent / "shared" / "hhcrsp"


def run(settings: Settings) -> Iterator[Measurement]:
    """Solve every instance with every seed, recount it, and keep what is better than published.

    Raises
    ------
    UsageError
        If the folder of instances is not there or holds none that is wanted.
    """
    published = best_known()
    with tempfile.TemporaryDirectory() as scratch:
        folder = _tiny_folder(Path(scratch)) if settings.smoke else _folder(settings.data)
        paths = _instances(folder, settings)
        _warm_up()
        for path in paths:
            instance = read_hhcrsp(path)
            for seed in settings.seeds:
                yield _measure(path, instance, published.get(instance.name), seed, settings)


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return a table of all instances and one by size."""
    return [_by_instance(measurements), _by_size(measurements)]


def _measure(
    path: Path, instance: HhcrspInstance, known: Published | None, seed: int, settings: Settings
) -> Measurement:
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
        agreed = counted["valid"] and abs(counted["cost"] - cost.cost) < 1e-6
        if agreed and known is not None and known.judge(cost.cost) == "better":
            _keep(path, instance, written, counted["cost"], settings.out)
    figures: dict[str, Figure] = {
        "size": len(instance.scenario.clients),
        # What breaks a rule has no cost to be compared by.
        "cost": round(cost.cost, 6) if agreed else None,
        "distance": cost.distance,
        "total_tardiness": cost.total_tardiness,
        "max_tardiness": cost.max_tardiness,
        "best_known": known.cost if known else None,
        "gap_percent": round(known.gap(cost.cost), 4) if known and agreed else None,
        "against_published": known.judge(cost.cost) if known and agreed else None,
        "unserved": result.unserved,
        "iterations": result.iterations,
        "solve_seconds": round(result.seconds, 3),
        "valid": agreed,
    }
    if not agreed:
        complaint = f"recounted as {counted.get('cost')}, not {cost.cost}"
        figures["fault"] = "; ".join(counted["violations"]) or complaint
    return Measurement(instance.name, seed, figures)


def _keep(
    path: Path, instance: HhcrspInstance, solution: Path, cost: float, out: Path | None
) -> None:
    """Store a solution under the suite's folder, unless a cheaper one lies there."""
    if out is None:
        return
    kept = out / "hhcrsp" / f"{instance.name}.json.gz"
    if kept.is_file():
        before = recount(path, kept)
        if before["valid"] and before["cost"] <= cost:
            return
    kept.parent.mkdir(parents=True, exist_ok=True)
    compact = json.dumps(json.loads(solution.read_bytes()), separators=(",", ":"))
    kept.write_bytes(gzip.compress(compact.encode(), mtime=0))


def _warm_up() -> None:
    """Compile the kernels before anything is timed."""
    solve(parse_hhcrsp(tiny_instance(0)).scenario, iterations=20, engine="search")


def _folder(data: Path | None) -> Path:
    folder = data or USUAL_FOLDER
    if not folder.is_dir():
        where = f"There is no folder {folder}" if data else "The public instances are not here"
        raise UsageError(
            f"{where}; fetch them from github.com/iolab-uniud/hhcrsp and give the folder"
            " with --data (see docs/benchmarks.md)."
        )
    return folder


def instance_files(folder: Path) -> list[Path]:
    """Return the files of public instances in a folder and those below, small ones first."""
    paths = [
        path
        for path in folder.rglob("*.json*")
        if path.name.endswith((".json", ".json.gz", ".json.xz"))
    ]
    return sorted(paths, key=lambda path: [int(n) for n in re.findall(r"\d+", path.name)])


def _instances(folder: Path, settings: Settings) -> list[Path]:
    paths = [path for path in instance_files(folder) if settings.wants(path.name)]
    if not paths:
        raise UsageError(f"{folder} holds no instance that fits {settings.only or '*.json[.gz]'}.")
    return paths


def _tiny_folder(scratch: Path) -> Path:
    for seed, extended in ((1, False), (2, False), (3, True)):
        text = json.dumps(tiny_instance(seed, extended=extended))
        (scratch / f"tiny-{seed}.json").write_text(text, encoding="utf-8")
    return scratch


def _by_instance(measurements: Sequence[Measurement]) -> Table:
    figures = ("cost", "distance", "total_tardiness", "max_tardiness", "best_known")
    rows = [
        (
            m.case,
            cell(m.seed),
            *(cell(m.figures[name], 3) for name in figures),
            percent(_number(m, "gap_percent")),
            cell(m.figures["unserved"]),
            cell(m.figures["iterations"]),
            cell(m.figures["solve_seconds"], 1),
            cell(m.figures["valid"]),
        )
        for m in measurements
    ]
    columns = ("instance", "seed", "cost", "distance", "tardiness", "largest", "best known", "gap")
    return Table("Instances", (*columns, "unserved", "iterations", "s", "recounted"), tuple(rows))


def _by_size(measurements: Sequence[Measurement]) -> Table:
    groups: defaultdict[str, list[Measurement]] = defaultdict(list)
    for m in measurements:
        groups[cell(m.figures["size"])].append(m)
    rows = [_summary(size, group) for size, group in groups.items()]
    if len(groups) > 1:
        rows.append(_summary("all", measurements))
    return Table(
        "Gap to best known, by size (negative = better than published)",
        ("patients", "runs", "mean gap", "least", "largest", "better", "equal", "worse", "valid"),
        tuple(rows),
    )


def _summary(head: str, group: Sequence[Measurement]) -> tuple[str, ...]:
    gaps = [gap for m in group if (gap := _number(m, "gap_percent")) is not None]
    verdicts = [m.figures["against_published"] for m in group]
    # A mean over what happened to be valid would flatter, so there is none.
    whole = gaps and all(m.figures["valid"] for m in group)
    spread = (mean(gaps), min(gaps), max(gaps)) if whole else (None, None, None)
    return (
        head,
        cell(len(group)),
        *map(percent, spread),
        *(cell(verdicts.count(word)) for word in ("better", "equal", "worse")),
        cell(sum(m.figures["valid"] is True for m in group)),
    )


def _number(measurement: Measurement, name: str) -> float | None:
    value = measurement.figures.get(name)
    return float(value) if isinstance(value, int | float) else None


SUITE = Suite(
    name="hhcrsp",
    purpose="Gap to the best published cost on the public home-health-care instances.",
    headline="cost",
    seconds=10.0,
    run=run,
    tables=tables,
)
