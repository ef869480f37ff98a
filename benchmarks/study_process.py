"""A study conducted in a process of its own, so that it can be killed: ``python -m`` this."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from optimizer.domain.assumption import Assumptions
from optimizer.domain.edit import Hire
from optimizer.domain.study import BASE, Arm, Effort, Study
from optimizer.generate import RECIPES, generate_scenario
from optimizer.parallel import ProcessExecutor
from optimizer.prepare import Prepared, prepare
from optimizer.shortfall import PreparedStudy, conduct, prepare_study

PRELOAD = ("optimizer.shortfall.preload",)
SEED = 1


@cache
def prepared_day(name: str) -> Prepared:
    """Return a generated day with its visits, judged as an office would."""
    return prepare(generate_scenario(RECIPES[name], SEED))


def measured_study(
    day: str, replications: int, *, with_hire: bool, effort: Effort | None = None
) -> PreparedStudy:
    """Return a study of drawn days, with one caregiver more as a second arm or without.

    Sickness is that of a bad month: a tenth of the caregivers, much of it in waves; and clients
    grow by a tenth in a year.
    """
    arms = (Arm(name="hire", edits=(Hire(),)),) if with_hire else (Arm(name=BASE),)
    study = Study(
        id=f"{day}-measured",
        base=prepared_day(day).given.id,
        arms=arms,
        replications=replications,
        precision=0.0,
        seed=SEED,
        effort=effort or Effort(),
        assumptions=Assumptions(sick=10, growth=10, months=12),
    )
    return prepare_study(study, prepared_day(day))


def main() -> None:
    """Conduct a study: folder, day, replications, workers, steps of a future."""
    folder, day = Path(sys.argv[1]), sys.argv[2]
    replications, workers, steps = map(int, sys.argv[3:])
    effort = Effort(iterations=steps, long_iterations=4 * steps, certificates=1)
    study = measured_study(day, replications, with_hire=True, effort=effort)
    executor = ProcessExecutor(workers, preload=PRELOAD)
    try:
        conduct(study, folder, executor)
    finally:
        executor.close()


if __name__ == "__main__":
    main()
