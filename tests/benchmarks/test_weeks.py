"""The suite of weeks: figures of continuity, and a small fortnight planned whole."""

from __future__ import annotations

from benchmarks import weeks
from benchmarks.suite import Settings
from optimizer.domain import UnservedReason
from optimizer.generate import generate_scenario
from optimizer.needs import derive
from optimizer.problem import compile_problem, to_plan
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search
from optimizer.stop import AfterIterations


def test_a_small_fortnight_has_all_figures() -> None:
    """Every column is filled, the plan is valid and its cost the verifier's."""
    (found,) = weeks.run(Settings(iterations=300, smoke=True))
    assert found.figures["valid"] is True
    assert all(found.figures[name] is not None for name in weeks.COLUMNS)
    assert float(str(found.figures["care_to_travel"])) >= float(str(found.figures["care_share"]))
    mean, most, main, two = (
        float(str(found.figures[name]))
        for name in ("carers_mean", "carers_most", "main_share", "top_two_share")
    )
    assert 1 <= mean <= most <= 6
    assert 0 < main <= two <= 100
    table, over_time = weeks.tables([found])
    assert len(table.rows) == 1
    assert len(table.rows[0]) == len(table.columns)
    assert over_time.rows == ()  # Too short for the first mark.


def test_a_mark_tells_of_the_best_roster_before_it() -> None:
    """What is found after a mark is of the next one, and there is none after the end."""
    scenario = derive(generate_scenario(weeks.SMALL, 1)).scenario
    data = compile_problem(scenario)
    found = [
        Search(data, SearchParameters()).run(Budget(None, steps), AfterIterations(steps)).routes
        for steps in (1, 300)
    ]
    rows = weeks.over_time(data, [(4.0, found[0]), (29.0, found[1])], 59.0)
    assert [row[0] for row in rows] == [10, 30]
    plans = [to_plan(data, routes, lambda _: UnservedReason.NOBODY_FOUND) for routes in found]
    assert [row[1] for row in rows] == [len(plan.unserved) for plan in plans]
    assert rows[0] != rows[1]
