"""Random plans before engine, verifier and exact model."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from benchmarks.plans import run, tables
from benchmarks.random_plans import RandomPlans
from benchmarks.suite import Settings
from benchmarks.three_judges import ThreeJudges
from tests.verification.worlds import lane


def test_the_judges_agree_on_right_and_wrong_plans() -> None:
    """Of plans of three days and three weeks some are right, some are wrong, and nobody differs."""
    one, of_weeks = run(Settings(smoke=True))
    assert of_weeks.figures["differing"] == ""
    assert of_weeks.figures["plans"] == 6
    assert one.figures["differing"] == ""
    assert one.figures["agreed"] == one.figures["plans"] == 60
    assert min(int(str(one.figures[kind])) for kind in ("right", "wrong")) > 0
    (table,) = tables([one])
    assert table.rows[0][2:4] == ("3", "60")


def test_a_start_that_is_too_early_is_wrong_to_all_of_them() -> None:
    """A plan that all judges accept is refused by all once a visit begins at night."""
    judges = ThreeJudges(lane())
    plans = islice(RandomPlans(judges.data, 1).draw(40), 40)
    routes = next(one for one in plans if judges.judge(one).is_right and len(one.starts) > 0)
    starts = routes.starts.copy()
    starts[0] = 3_600
    judgement = judges.judge(replace(routes, starts=starts, floors=starts))
    assert not judgement.is_right
    assert "window" in judgement.broken
    assert judgement.difference == ""
