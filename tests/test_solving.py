"""From a scenario to a verified plan, with every engine."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from optimizer import solving, strategy
from optimizer.bound.cost_bound import CostBound
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Policy, Rule, Term, Weights
from optimizer.domain.scenario import Scenario
from optimizer.errors import EngineDisagreement, UsageError
from optimizer.exact.model import solve_exact
from optimizer.formats import read_scenario
from optimizer.generate import coupled_day
from optimizer.heuristic import Run
from optimizer.needs import derive
from optimizer.options import Engine, SolveOptions
from optimizer.progress import Progress
from optimizer.result import Status
from optimizer.solving import solve
from optimizer.stop import Termination
from optimizer.units import MS_PER_MINUTE, format_clock, parse_clock
from optimizer.verification import Verdict, Violation, verify
from tests.verification.worlds import lane, roster, route
from tests.worlds.random_small import USUAL, random_small
from tests.worlds.random_week import random_week

SCENARIOS = Path(__file__).parents[1] / "scenarios"
ENGINES: tuple[Engine, ...] = ("auto", "search", "cp-sat")
EMPTY = lane(visits=())
NOBODY = lane(caregivers=())
IDLE = lane(caregivers=tuple(g.model_copy(update={"shifts": ()}) for g in lane().caregivers))


def limits(engine: Engine) -> dict[str, Any]:
    """Return limits under which an engine certainly solves a tiny day."""
    # Of `auto` a quarter goes by before the exact model begins.
    return {"search": {"iterations": 3_000}, "auto": {"seconds": 6}}.get(engine, {"seconds": 20})


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_agree_on_the_hamlet(engine: Engine) -> None:
    """424 minutes, as worked out by hand; the exact model proves it."""
    result = solve(read_scenario(SCENARIOS / "hamlet.json"), engine=engine, **limits(engine))
    assert result.cost == 424 * 60 == sum(result.cost_breakdown.values())
    assert (result.served, result.unserved, result.violations) == (12, 0, ())
    if engine != "search":
        assert (result.status, result.termination) == (Status.OPTIMAL, Termination.OPTIMAL)
        assert (result.lower_bound, result.gap) == (result.cost, 0.0)
    else:
        assert (result.status, result.termination) == (Status.FEASIBLE, Termination.ITERATIONS)
        assert (result.lower_bound, result.gap) == (None, None)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("scenario", "unserved"),
    [
        (EMPTY, 0),  # nobody asks for anything
        (NOBODY, 3),  # nobody works
        (IDLE, 3),  # nobody works today
        (lane(clients=(), visits=(), caregivers=()), 0),  # nothing at all
    ],
)
def test_empty_days_are_solved(scenario: Scenario, unserved: int, engine: Engine) -> None:
    """A plan without routes, with everybody unserved."""
    result = solve(scenario, engine=engine, seed=2, iterations=50)
    assert result.plan.routes == ()
    assert (result.served, result.unserved) == (0, unserved)
    assert result.cost == result.cost_breakdown[Term.UNSERVED]


@pytest.mark.parametrize(
    ("name", "unserved"),
    [
        ("zhenhai-day-s", 1),  # 30 clients with health records
        ("zhenhai-day-m", 8),  # 150 clients, organisations and contracts
    ],
)
def test_shipped_days_are_solved(name: str, unserved: int) -> None:
    """A thousand steps serve (nearly) everybody, and the result is the verifier's."""
    scenario = derive(read_scenario(SCENARIOS / f"{name}.json")).scenario
    result = solve(scenario, iterations=1_000)
    verdict = verify(scenario, result.plan)
    assert verdict.feasible
    assert (verdict.cost, verdict.cost_breakdown) == (result.cost, result.cost_breakdown)
    assert result.unserved <= unserved
    assert result.iterations == 1_000


@pytest.mark.sweep
@pytest.mark.parametrize("name", ["zhenhai-day-l.json", "zhenhai-day-xl.json.gz"])
def test_large_shipped_days_are_solved(name: str) -> None:
    """A district's day gets a clean plan with most visits from the construction alone."""
    scenario = derive(read_scenario(SCENARIOS / name)).scenario
    result = solve(scenario, iterations=10)
    assert verify(scenario, result.plan).feasible
    assert result.served > len(scenario.visits) // 3


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"seconds": 0}, "seconds"),  # no time at all
        ({"seconds": -1.5}, "seconds"),  # before it began
        ({"seconds": float("nan")}, "seconds"),  # no number
        ({"iterations": -1}, "iterations"),  # fewer than none
        ({"workers": 0}, "workers"),  # nobody to do it
        ({"seed": -1}, "seed"),  # seeds count from 0
    ],
)
def test_limits_out_of_range_are_refused(fields: dict[str, Any], message: str) -> None:
    """The error names what is out of range."""
    with pytest.raises(UsageError, match=message):
        solve(lane(), **fields)


@pytest.mark.parametrize("engine", ENGINES)
def test_another_cost_of_the_verifier_is_a_defect(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One tick less, and no plan is returned."""

    def cheaper(scenario: Scenario, plan: Plan, *rest: Any) -> Verdict:
        verdict = verify(scenario, plan, *rest)
        return replace(verdict, cost=verdict.cost - 1)

    monkeypatch.setattr(solving, "verify", cheaper)
    with pytest.raises(EngineDisagreement, match="cost") as caught:
        solve(lane(), engine=engine, **limits(engine))
    assert caught.value.exit_code == 70


def test_a_violation_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that breaks a rule is not returned; the error says where."""
    found = Violation(
        rule=Rule.WINDOW,
        caregiver="N1",
        visit="V1",
        date=None,
        amount=60,
        place="routes[0].stops[0]",
        detail="V1 begins a minute late.",
    )

    def strict(scenario: Scenario, plan: Plan, *rest: Any) -> Verdict:
        return replace(verify(scenario, plan, *rest), violations=(found,))

    monkeypatch.setattr(solving, "verify", strict)
    with pytest.raises(EngineDisagreement, match="V1 begins a minute late") as caught:
        solve(lane(), iterations=10)
    assert [difference.what for difference in caught.value.differences] == ["window"]


def test_a_bound_above_the_cost_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proof that contradicts the plan is no proof."""

    def proud(*asked: Any, **limits: Any) -> Any:
        result = solve_exact(*asked, **limits)
        assert result.lower_bound is not None
        return replace(result, lower_bound=result.lower_bound + 1)

    monkeypatch.setattr("optimizer.exact.model.solve_exact", proud)
    with pytest.raises(EngineDisagreement, match="lower bound"):
        solve(lane(), engine="cp-sat", seconds=20)


def test_same_limits_give_the_same_plan() -> None:
    """Seed, steps and workers fix the plan to the byte; with them ``auto`` only searches."""
    scenario = random_small(3, 7, 3)
    plans = {
        solve(scenario, iterations=500, seed=4, workers=2).plan.model_dump_json() for _ in range(2)
    }
    assert len(plans) == 1


def test_the_curve_ends_with_the_search() -> None:
    """The last cost of the curve is the one returned."""
    result = solve(coupled_day(40, 6, 1), iterations=500)
    assert result.curve[-1][1] == result.cost
    assert result.seconds >= result.curve[-1][0] > 0


def test_progress_names_every_phase() -> None:
    """A small day is prepared, searched, solved exactly and verified."""
    told: list[Progress] = []
    solve(lane(), seconds=4, observer=told.append)
    phases = [progress.phase for progress in told]
    assert phases[0] == "prepare"
    assert phases[-1] == "verify"


def test_a_plan_of_yesterday_is_a_start() -> None:
    """Starting from a plan, the result is never worse than that plan."""
    scenario = coupled_day(40, 6, 1)
    before = solve(scenario, iterations=1_500)
    again = solve(scenario, iterations=0, seed=2, start=before.plan)
    assert again.cost <= before.cost


def optimum(scenario: Scenario) -> int:
    """Return the proven least cost."""
    result = solve_exact(scenario, seconds=60, workers=1)
    assert result.proven
    assert result.cost is not None
    return result.cost


def rewritten(scenario: Scenario, change: Any) -> Scenario:
    """Return the scenario with every text of its document changed."""

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: walk(item) for key, item in value.items()}
        if isinstance(value, list):
            return [walk(item) for item in value]
        return change(value) if isinstance(value, str) else value

    return Scenario.model_validate_json(json.dumps(walk(json.loads(scenario.model_dump_json()))))


def relabelled(scenario: Scenario, mark: str) -> Scenario:
    """Return the scenario with a mark before every id of people, visits and bodies."""
    named = (
        scenario.clients,
        scenario.caregivers,
        scenario.visits,
        scenario.organisations,
        scenario.contracts,
    )
    ids = {record.id for records in named for record in records}
    return rewritten(scenario, lambda text: mark + text if text in ids else text)


def half_an_hour_later(scenario: Scenario) -> Scenario:
    """Return the scenario with every clock time moved by 30 minutes."""
    clock = re.compile(r"\d\d:\d\d")

    def later(text: str) -> str:
        if clock.fullmatch(text) is None:
            return text
        return format_clock(parse_clock(text) + 30 * MS_PER_MINUTE)

    return rewritten(scenario, later)


@pytest.mark.parametrize("case", range(1, 13))
def test_names_do_not_matter(case: int) -> None:
    """With other ids the optimum is the same, and the search finds the same plan."""
    scenario = random_small(case, 5, 3)
    other = relabelled(scenario, "x-")
    assert other != scenario
    assert optimum(other) == optimum(scenario)
    one, two = (solve(s, iterations=200, engine="search") for s in (scenario, other))
    assert one.cost == two.cost
    assert [route.departure for route in one.plan.routes] == [
        route.departure for route in two.plan.routes
    ]


@pytest.mark.parametrize("case", range(1, 13))
def test_names_do_not_matter_in_a_week(case: int) -> None:
    """With other ids in a week with law and continuity the search finds the same plan."""
    scenario = random_week(case)
    other = relabelled(scenario, "x-")
    one, two = (solve(s, iterations=200, engine="search") for s in (scenario, other))
    assert one.cost == two.cost
    assert [(route.date, route.departure) for route in one.plan.routes] == [
        (route.date, route.departure) for route in two.plan.routes
    ]


@pytest.mark.parametrize("case", range(1, 13))
def test_the_hour_does_not_matter(case: int) -> None:
    """With everything half an hour later the optimum is the same."""
    scenario = random_small(case, 5, 3)
    later = half_an_hour_later(scenario)
    assert later != scenario
    assert optimum(later) == optimum(scenario)


@pytest.mark.parametrize("case", range(1, 13))
def test_another_caregiver_never_makes_it_worse(case: int) -> None:
    """A twin of a caregiver may be left at home (without a fair share to be measured by)."""
    scenario = random_small(case, 6, 2, USUAL - {"balance"})
    twin = scenario.caregivers[0].model_copy(update={"id": "N9"})
    more = scenario.model_copy(update={"caregivers": (*scenario.caregivers, twin)})
    assert optimum(more) <= optimum(scenario)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_roster_is_made_anew_when_somebody_is_gone(engine: Engine) -> None:
    """What was published for a caregiver who is not listed any more is changed in any case."""
    then = roster(route("GONE", ("V1", "C1", "08:30", 30)))
    result = solve(lane(published=then), engine=engine, **limits(engine))
    assert (result.unserved, result.quantities[Term.DISRUPTION]) == (0, 1)


APART = Policy(weights=Weights(waiting=0, balance=0))
"Fair shares are those of everybody, so they would join what lies apart."
LOCAL = USUAL - {
    "published",
    "thousandths",
    "balance",
    "contracts",
    "days",
    "history",
    "spacing",
    "wage",
    "worst_lateness",
}
"What concerns one district only."
FAR = 900.0
"Minutes between districts: longer than any shift."


def moved(scenario: Scenario, by: int) -> Scenario:
    """Return the scenario with its places `by` rows further down in the matrix."""
    document = json.loads(scenario.model_dump_json())
    homes = [record["home"] for record in (*document["clients"], *document["caregivers"])]
    ends = [caregiver["end_place"] for caregiver in document["caregivers"]]
    for place in (*homes, *(end for end in ends if end is not None)):
        place["matrix_index"] += by
        place["lat"] += 1
    return Scenario.model_validate_json(json.dumps(document))


def side_by_side(one: Scenario, two: Scenario) -> Scenario:
    """Return both districts as one scenario, fifteen hours from each other."""
    tables = [json.loads(s.model_dump_json())["travel"] for s in (one, two)]
    size = len(tables[0]["metres"])
    far = relabelled(moved(two, size), "far-")

    def joined(name: str | None, blank: float) -> list[list[float]]:
        left, right = (t["metres"] if name is None else t["minutes"][name] for t in tables)
        return [[*row, *[blank] * len(right)] for row in left] + [
            [*[blank] * len(left), *row] for row in right
        ]

    document = json.loads(one.model_dump_json())
    other = json.loads(far.model_dump_json())
    for records in ("clients", "caregivers", "visits", "couplings"):
        document[records] += other[records]
    document["travel"]["minutes"] = {m: joined(m, FAR) for m in tables[0]["minutes"]}
    document["travel"]["metres"] = joined(None, 200_000)
    return Scenario.model_validate_json(json.dumps(document))


@pytest.mark.parametrize("case", range(1, 13))
def test_far_districts_do_not_disturb_each_other(case: int) -> None:
    """Two districts in one scenario cost what they cost alone, added up."""
    one, two = (
        random_small(seed, 4, 2, LOCAL).model_copy(update={"policy": APART})
        for seed in (case, _on_the_same_day(case))
    )
    assert optimum(side_by_side(one, two)) == optimum(one) + optimum(two)


def _on_the_same_day(case: int) -> int:
    """Return the seed of another district that is planned for the same day."""
    day = random_small(case, 4, 2, LOCAL).horizon.start
    seeds = range(case + 100, case + 200)
    return next(s for s in seeds if random_small(s, 4, 2, LOCAL).horizon.start == day)


def test_a_run_by_the_clock_has_a_bound() -> None:
    """A larger day comes with a proven bound, and its progress tells cost, bound and gap."""
    heard: list[Progress] = []
    result = solve(coupled_day(20, 4, 1), seconds=3, observer=heard.append)
    assert result.lower_bound is not None
    assert 0 < result.lower_bound <= result.cost
    told = [progress for progress in heard if progress.phase == "bound"]
    assert told
    assert {progress.cost for progress in told} == {result.cost}


@pytest.mark.parametrize("limit", [{"seconds": 0.5, "proof": 0.0}, {"iterations": 50}])
def test_no_proof_where_none_is_wanted(limit: dict[str, Any]) -> None:
    """Without a share of the time, or where steps end the run, nothing is proven."""
    heard: list[Progress] = []
    result = solve(coupled_day(20, 4, 1), observer=heard.append, **limit)
    assert (result.lower_bound, result.gap) == (None, None)
    assert "bound" not in {progress.phase for progress in heard}


def test_a_generated_bound_above_the_cost_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bound that a plan undercuts is never shown to anybody."""
    far = CostBound(10**9, (0,) * 20)
    monkeypatch.setattr(strategy, "_bound", lambda *_: far)
    with pytest.raises(EngineDisagreement, match="lower bound"):
        solve(coupled_day(20, 4, 1), seconds=0.5)


@pytest.mark.parametrize("proof", [-0.1, 0.95, float("nan")])
def test_a_share_of_proof_out_of_range(proof: float) -> None:
    """Proving takes no, some, or nearly all of the time."""
    with pytest.raises(UsageError, match="proof"):
        solve(EMPTY, seconds=1, proof=proof)


def test_the_best_so_far_is_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever keeps what a solve hands over can start from it, and is not worse off for that."""
    monkeypatch.setattr("optimizer.search.search.KEEP_SECONDS", 0.0)
    scenario = derive(read_scenario(SCENARIOS / "zhenhai-day-s.json")).scenario
    kept: list[Plan] = []
    solve(scenario, iterations=400, keep=kept.append)
    assert kept
    assert verify(scenario, kept[-1]).feasible
    again = solve(scenario, iterations=0, start=kept[-1])
    assert again.cost <= verify(scenario, kept[-1]).cost


def test_no_time_is_lost_on_a_proof_that_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a day too large for the share of the time, the search has all of it."""
    monkeypatch.setattr(strategy, "PAIRS_PER_SECOND", 1)
    heard: list[Progress] = []
    result = solve(coupled_day(20, 4, 1), seconds=1, observer=heard.append)
    assert "bound" not in {progress.phase for progress in heard}
    # What the cheapest legs and certificates prove takes no time.
    assert result.lower_bound is not None
    assert 0 < result.lower_bound <= result.cost


@pytest.mark.parametrize(
    ("options", "preparing", "reserve"),
    [
        (SolveOptions(seconds=4), 1.0, 0.75),  # 0.35 for reading over, 0.4 for certificates
        (SolveOptions(seconds=60), 1.0, 1.35),  # a second for certificates at most
        (SolveOptions(seconds=4, proof=0), 1.0, 0.35),  # no certificates
        (SolveOptions(seconds=4), 9.0, 2.0),  # never more than half
        (SolveOptions(iterations=10), 1.0, 0.0),  # steps end the run
    ],
)
def test_what_follows_the_plan_comes_out_of_the_time(
    options: SolveOptions, preparing: float, reserve: float
) -> None:
    """The search ends so much earlier, that the whole solve ends at its limit (issue 16)."""
    assert solving.reserve_of(options, preparing) == pytest.approx(reserve)


def test_the_engines_are_given_the_limit_less_the_reserve(monkeypatch: pytest.MonkeyPatch) -> None:
    """All shares of the time are shares of what is left to the plan."""
    runs: list[Run] = []

    def made(run: Run, start: Plan | None) -> strategy.Made:
        runs.append(run)
        return strategy.make_plan(run, start)

    monkeypatch.setattr(solving, "make_plan", made)
    monkeypatch.setattr(solving, "reserve_of", lambda *_: 0.3)
    solve(coupled_day(20, 4, 1), seconds=1)
    assert [(run.limit, run.seconds) for run in runs] == [(0.7, 0.7)]
