"""A small study that tests conduct: a small day, two arms beside it, few steps."""

from __future__ import annotations

from functools import cache

from benchmarks.named_days import named_day
from optimizer.domain.assumption import Assumptions
from optimizer.domain.edit import CaregiversAway, Hire
from optimizer.domain.study import Arm, Day, Effort, Study, StudyHorizon
from optimizer.prepare import Prepared, prepare
from optimizer.shortfall import PreparedStudy, prepare_study

DAY = Day()


@cache
def small_day() -> Prepared:
    """Return a day of thirty clients."""
    return prepare(named_day("zhenhai-day-s"))


def small_study(
    replications: int = 4, *, precision: float = 0.0, seed: int = 1, horizon: StudyHorizon = DAY
) -> PreparedStudy:
    """Return a study of what happens where four in ten are away, or two more are there."""
    study = Study(
        id="small",
        base="zhenhai-day-s",
        arms=(
            Arm(name="away", edits=(CaregiversAway(percent=40),)),
            Arm(name="hire", edits=(Hire(count=2),)),
        ),
        horizon=horizon,
        replications=replications,
        precision=precision,
        seed=seed,
        effort=Effort(iterations=20, long_iterations=40, long_every=4, certificates=1),
        assumptions=Assumptions(sick=15),
    )
    return prepare_study(study, small_day())
