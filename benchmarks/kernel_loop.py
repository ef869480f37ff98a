"""The search loop alone: a worker brought to work, and a stretch of steps at one temperature.

``python -m benchmarks.kernel_loop PROBLEM SEED STEPS`` does the stretch between two marks and
prints what was done. The problem comes as a file, because compiling it under a counter would
take longer than the stretch.
"""

from __future__ import annotations

import json
import pickle
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.instructions import mark
from optimizer.problem import ProblemData
from optimizer.search.kernels.world import INSERTED, ITERATIONS
from optimizer.search.parameters import SearchParameters
from optimizer.search.worker import Worker

TEMPERATURE = 240.0
"Ticks; about what the search has halfway through. The same for all, so that runs compare."
WARM_STEPS = 1_000
"Steps before the stretch, in which the worst of the first roster is mended."


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was done in a stretch of steps.

    Attributes
    ----------
    iterations
        Steps of the loop.
    insertions
        Units whose best place was priced; a unit is a visit, or two that are placed together.
    """

    iterations: int
    insertions: int


def at_work(data: ProblemData, seed: int) -> Worker:
    """Return a worker with a first roster and the warm steps behind it."""
    worker = Worker(data, SearchParameters(), seed, 0)
    worker.construct()
    worker.run(WARM_STEPS, TEMPERATURE, TEMPERATURE)
    return worker


def go_on(worker: Worker, steps: int) -> Stretch:
    """Do `steps` more steps and return what they were."""
    before = worker.tally.copy()
    worker.run(steps, TEMPERATURE, TEMPERATURE)
    done = worker.tally - before
    return Stretch(int(done[ITERATIONS]), int(done[INSERTED]))


def write_problem(data: ProblemData, path: Path) -> None:
    """Keep a compiled problem for another process."""
    path.write_bytes(pickle.dumps(data))


def read_problem(path: Path) -> ProblemData:
    """Return a problem that `write_problem` kept."""
    data: ProblemData = pickle.loads(path.read_bytes())
    for array in data.arrays:
        # Writable arrays are another type, for which all kernels would be compiled again.
        array.setflags(write=False)
    return data


def main(problem: str, seed: str, steps: str) -> None:
    """Do a stretch between two marks."""
    worker = at_work(read_problem(Path(problem)), int(seed))
    mark()
    stretch = go_on(worker, int(steps))
    mark()
    print(json.dumps(asdict(stretch)))


if __name__ == "__main__":
    main(*sys.argv[1:])
