"""Shortfall studies: how fast, how exact, how sharp, and whether any end of them leaves a trace."""

from __future__ import annotations

import math
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean, variance
from typing import TYPE_CHECKING

from benchmarks.markdown import cell
from benchmarks.study_process import PRELOAD, SEED, measured_study
from benchmarks.suite import Measurement, Settings, Suite, Table
from optimizer.domain.study import Effort
from optimizer.errors import UsageError
from optimizer.formats import parse_plan
from optimizer.parallel import Executor, InlineExecutor, ProcessExecutor
from optimizer.problem import compile_problem, from_plan, to_plan
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search
from optimizer.search.warm_up import warm_up
from optimizer.shortfall import PreparedStudy, StudyProgress, broken_seals, conduct
from optimizer.shortfall.block import Block, drawn_days
from optimizer.shortfall.conduct import USUAL
from optimizer.shortfall.estimate import difference, level
from optimizer.shortfall.one_future import matrices_for
from optimizer.shortfall.rows import Effort as Tried
from optimizer.shortfall.rows import Row
from optimizer.shortfall.study_folder import JOURNAL, RESULTS, SEAL
from optimizer.stop import AfterSeconds
from optimizer.verification import verify

if TYPE_CHECKING:
    from optimizer.parallel.ray_cluster import RayExecutor

DAY, SMOKE_DAY = "zhenhai-day-m", "zhenhai-day-s"
FUTURES = 1_000
SECONDS = 30.0
"Of each search that the error is measured against."
AGAINST = 30
"Futures that are searched so long."
PAIRED = 100
KILLS = 20
ALONE = {"kills", "ray"}
"Cases that a smoke run leaves out."
TRIES = 50
"Of resuming a study whose folder the children of a killed process may still hold."
SEALED = (RESULTS, SEAL, "outcome.json", "manifest.json", USUAL)


def run(settings: Settings) -> Iterator[Measurement]:
    """Measure the cases that are wanted, one after the other.

    Raises
    ------
    UsageError
        If none is.
    """
    wanted = [name for name in CASES if settings.wants(name)]
    if not wanted:
        raise UsageError(f"No case fits {settings.only}; there are {', '.join(CASES)}.")
    for name in wanted:
        if name in ALONE and settings.smoke:
            continue  # These are about processes that end, and take their time to begin.
        if name != "ray" or find_spec("ray") is not None:
            began = time.perf_counter()
            figures = CASES[name](settings)
            usual = {"seconds": round(time.perf_counter() - began, 1)}
            load = round(os.getloadavg()[0], 1)
            yield Measurement(name, None, {**usual, **figures, "load": load})


def _study(settings: Settings, replications: int, *, with_hire: bool) -> PreparedStudy:
    """Return the study of a case; a smoke run has a small day and few steps."""
    if settings.smoke:
        effort = Effort(iterations=20, long_iterations=40, long_every=4, certificates=0)
        return measured_study(SMOKE_DAY, 4, with_hire=with_hire, effort=effort)
    count = settings.iterations or replications
    return measured_study(DAY, count, with_hire=with_hire)


def _processes(settings: Settings) -> int:
    return 0 if settings.smoke else settings.workers


@contextmanager
def _executor(workers: int) -> Iterator[Executor]:
    """Give children, so many at once; none of them is this process itself, for smoke runs."""
    executor = ProcessExecutor(workers, preload=PRELOAD) if workers else InlineExecutor()
    try:
        yield executor
    finally:
        executor.close()


def _conducted(study: PreparedStudy, folder: Path, workers: int) -> tuple[float, list[Row]]:
    """Return the wall time of a study and its rows."""
    began = time.perf_counter()
    with _executor(workers) as executor:
        conduct(study, folder, executor)
    seconds = time.perf_counter() - began
    if broken_seals(folder):
        raise AssertionError(f"The seal of {folder} does not hold.")
    return seconds, [Row.from_line(one) for one in (folder / RESULTS).read_bytes().splitlines()]


def _futures(settings: Settings) -> dict[str, int | float | bool]:
    """Many futures of a day at the usual effort: minutes, and how sure the mean is."""
    study = _study(settings, FUTURES, with_hire=False)
    with tempfile.TemporaryDirectory() as folder:
        seconds, rows = _conducted(study, Path(folder), _processes(settings))
    short = [row for row in rows if row.effort is Tried.SHORT]
    found = level(rows)
    first = level([row for row in rows if row.replication < 100])
    return {
        "futures": len(short),
        "seconds": round(seconds, 1),
        "per_minute": round(60 * len(short) / seconds, 1),
        "processor_seconds": round(seconds * settings.workers, 1),
        "mean": round(found.mean, 3),
        "half_width": round(found.half_width, 3),
        "half_width_100": round(first.half_width, 3),
        "valid": len({row.key for row in rows}) == len(rows),
    }


def _error(settings: Settings) -> dict[str, int | float | bool]:
    """Futures at the usual effort against long searches, before correction and after."""
    study = _study(settings, PAIRED, with_hire=False)
    seconds = 0.05 if settings.smoke else settings.seconds or SECONDS
    with tempfile.TemporaryDirectory() as folder:
        _, rows = _conducted(study, Path(folder), _processes(settings))
        usual = parse_plan((Path(folder) / USUAL).read_bytes())
    short = {row.replication: row.num_unserved for row in rows if row.effort is Tried.SHORT}
    numbers = sorted(short)[:AGAINST]
    blocks = [study.block((number,), usual) for number in numbers]
    tried = partial(_best_known, seconds=seconds)
    if settings.smoke:
        longest = list(map(tried, blocks))
    else:
        with ProcessPoolExecutor(settings.workers, get_context("spawn")) as pool:
            longest = list(pool.map(tried, blocks))
    best = {n: min(short[n], found) for n, found in zip(numbers, longest, strict=True)}
    gap = fmean(short[number] - best[number] for number in numbers)
    excess = level(rows).excess
    return {
        "futures": len(numbers),
        "seconds": seconds,
        "best": round(fmean(best.values()), 3),
        "error": round(gap, 3),
        "worst": max(short[number] - best[number] for number in numbers),
        "corrected": round(gap + excess, 3),
        "valid": True,
    }


def _best_known(block: Block, *, seconds: float) -> int:
    """Return the visits left out by a search of so many seconds of a block's one future."""
    warm_up()
    _, future = next(drawn_days(block, block.variants[0], block.replications[0]))
    scenario = future.scenario
    data = compile_problem(
        scenario, matrices_for(scenario, block.matrices, block.variants[0].scenario.travel)
    )
    search = Search(data, SearchParameters(), seed=SEED, workers=1)
    start = from_plan(data, block.usual)
    found = search.run(Budget(seconds, None), AfterSeconds(seconds), start=start)
    plan = to_plan(data, found.routes, lambda _: "nobody_found")
    return len(verify(scenario, plan, data.matrices).unserved)


def _pairing(settings: Settings) -> dict[str, int | float | bool]:
    """One caregiver more against none: variance with the same draws and with others."""
    study = _study(settings, PAIRED, with_hire=True)
    with tempfile.TemporaryDirectory() as folder:
        _, rows = _conducted(study, Path(folder), _processes(settings))
    base, hire = (
        [row for row in rows if row.arm == name and row.effort is Tried.SHORT]
        for name in ("base", "hire")
    )
    saved = [one.num_unserved - two.num_unserved for one, two in zip(base, hire, strict=True)]
    numbers = [row.num_unserved for row in base]
    pairs = [(numbers[n] + numbers[n + 1]) / 2 for n in range(0, len(numbers) - 1, 2)]
    apart = variance(numbers) + variance(row.num_unserved for row in hire)
    blind = level([replace(row, surplus={}) for row in base]).error
    sharp = level(base).error
    found = difference(hire, base)
    return {
        "futures": len(base) + len(hire),
        "saved": round(-found.mean, 3),
        "ratio": round(apart / variance(saved), 2) if variance(saved) else math.inf,
        "antithetic": round(variance(numbers) / 2 / variance(pairs), 2) if variance(pairs) else 1.0,
        "controls": round((blind / sharp) ** 2, 2) if sharp else 1.0,
        "for_level": _replications(variance(numbers)),
        "for_level_used": math.ceil(len(numbers) * (1.96 * sharp) ** 2),
        "for_paired": _replications(variance(saved)),
        "for_unpaired": _replications(apart),
        "valid": True,
    }


def _replications(var: float) -> int:
    """Return how many independent observations give a mean to plus or minus one visit."""
    return max(1, math.ceil(1.96**2 * var))


def _workers(settings: Settings) -> dict[str, int | float | bool]:
    """Two processes against one: time, and that nothing else differs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        study = _study(settings, 2 * PAIRED, with_hire=False)
        one, _ = _conducted(study, folder / "one", min(1, _processes(settings)))
        two, _ = _conducted(study, folder / "two", _processes(settings))
        same = _sealed(folder / "one") == _sealed(folder / "two")
    return {"seconds": round(two, 1), "speed_up": round(one / two, 2), "valid": same}


def _sealed(folder: Path) -> Mapping[str, bytes]:
    return {name: (folder / name).read_bytes() for name in SEALED}


def _kills(settings: Settings) -> dict[str, int | float | bool]:
    """A study killed at random moments, its last line torn, against one that ran through."""
    draw = random.Random(1)
    kills, replications, steps = settings.iterations or KILLS, 40, 4_000
    with tempfile.TemporaryDirectory() as name:
        whole, torn = Path(name) / "whole", Path(name) / "torn"
        began = time.perf_counter()
        _process(whole, replications, steps).wait()
        seconds = time.perf_counter() - began
        killed = rows = 0
        while killed < kills:
            process = _process(torn, replications, steps)
            with suppress(subprocess.TimeoutExpired):
                process.wait(draw.uniform(0.0, 0.4) * seconds)
                break
            process.kill()
            process.wait()
            killed += 1
            rows += _tear(torn / JOURNAL, draw)
        _ended(torn, replications, steps)
        same = _sealed(whole) == _sealed(torn)
    return {"kills": killed, "torn": rows, "seconds": round(seconds, 1), "valid": same}


def _ended(folder: Path, replications: int, steps: int) -> None:
    """Run a study to its end.

    Raises
    ------
    RuntimeError
        If it ends in an error again and again.
    """
    for _ in range(TRIES):
        if _process(folder, replications, steps).wait() == 0:
            return
        time.sleep(0.2)  # Children of the killed process let go of the folder in a moment.
    raise RuntimeError(f"The study in {folder} cannot be resumed.")


def _tear(journal: Path, draw: random.Random) -> int:
    """Cut into the last row of a journal, or write the half of another; return whether it was."""
    if not journal.exists() or draw.random() < 0.3:
        return 0
    if draw.random() < 0.5:
        with journal.open("ab") as file:
            file.write(b"0123456789abcdef\t{" + b"x" * draw.randrange(200))
    else:
        os.truncate(journal, max(0, journal.stat().st_size - draw.randrange(1, 400)))
    return 1


def _process(folder: Path, replications: int, steps: int) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "benchmarks.study_process", str(folder), DAY]
    return subprocess.Popen([*words, str(replications), "2", str(steps)], stderr=subprocess.DEVNULL)


def _ray(settings: Settings) -> dict[str, int | float | bool]:
    """A study on two nodes of a Ray cluster, one of which is killed half-way."""
    # Ray is an extra; it reads the environment, which this module prepares.
    from optimizer.parallel.ray_cluster import RayExecutor  # noqa: PLC0415

    study = _study(settings, 40, with_hire=True)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        _conducted(study, folder / "here", 2)
        port = free_port()
        stack.enter_context(_node("--head", f"--port={port}", "--include-dashboard=false"))
        nodes = [stack.enter_context(_node(f"--address=127.0.0.1:{port}"))]
        executor = _joined(lambda: RayExecutor(f"127.0.0.1:{port}", slots=2))
        stack.callback(executor.close)
        lost: list[int] = []

        def kill_half_way(progress: StudyProgress, /) -> None:
            if nodes and 2 * progress.done >= progress.most:
                _kill(nodes.pop())
                lost.append(progress.done)

        outcome = conduct(study, folder / "ray", executor, observer=kill_half_way)
        same = _sealed(folder / "here") == _sealed(folder / "ray")
    return {
        "futures": outcome.replications * len(outcome.arms),
        "nodes_lost": len(lost),
        "rows_when_lost": lost[0] if lost else 0,
        "valid": same and bool(lost),
    }


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def _node(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a node of a Ray cluster with one processor, in a group of processes of its own."""
    command = [str(Path(sys.executable).with_name("ray")), "start", "--block", "--num-cpus=1"]
    nothing = subprocess.DEVNULL
    node = subprocess.Popen(
        [*command, *words], start_new_session=True, stdout=nothing, stderr=nothing
    )
    try:
        yield node
    finally:
        _kill(node)


def _kill(node: subprocess.Popen[bytes]) -> None:
    """Kill a node with everything that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(node.pid, signal.SIGKILL)
    node.wait()


def _joined(join: Callable[[], RayExecutor]) -> RayExecutor:
    """Return an executor on a cluster that takes its time to answer, with both its nodes."""
    import ray  # noqa: PLC0415 (an extra)

    for _ in range(60):
        with suppress(UsageError):
            executor = join()
            break
        time.sleep(1)
    else:
        raise UsageError("The Ray cluster does not answer.")
    while len([one for one in ray.nodes() if one["Alive"]]) < 2:
        time.sleep(0.5)
    return executor


CASES: Mapping[str, Callable[[Settings], dict[str, int | float | bool]]] = {
    "futures": _futures,
    "error": _error,
    "pairing": _pairing,
    "workers": _workers,
    "kills": _kills,
    "ray": _ray,
}


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one table per case, for their figures have nothing in common."""
    notes = {
        "futures": "Processor seconds: wall time by processes.",
        "error": (
            "Visits left out more than the best known; corrected: with what longer searches of "
            "every tenth future gain on average."
        ),
        "pairing": (
            "Ratio: variance of a difference of other draws over that of the same ones. "
            "Replications that a mean to plus or minus one visit takes."
        ),
    }
    return [
        Table(
            f"Studies: {one.case}",
            tuple(one.figures),
            (tuple(cell(figure, 2) for figure in one.figures.values()),),
            (notes[one.case],) if one.case in notes else (),
        )
        for one in measurements
    ]


SUITE = Suite(
    name="studies",
    purpose="Shortfall studies: futures a minute and their error, pairing, kills, a lost machine.",
    headline="seconds",
    seconds=SECONDS,
    run=run,
    tables=tables,
    workers=2,
)
