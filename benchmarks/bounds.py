"""How close rosters are proven to be to the best: gaps, scarce days, and checks of the bound."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from benchmarks.markdown import cell
from benchmarks.named_days import independent_visits, named_day
from benchmarks.suite import Figure, Measurement, Settings, Suite, Table
from optimizer.bound import dual_weights, lower_bound
from optimizer.bound.column_generation import ColumnGeneration
from optimizer.bound.columns import columns_of, routes_of
from optimizer.bound.cost_bound import by_cheapest_legs
from optimizer.bound.dive import dive
from optimizer.bound.lower_bound import Proof
from optimizer.bound.network import network_of
from optimizer.bound.ng_sets import ng_sets_of
from optimizer.bound.pricing import Pricing
from optimizer.bound.warm_up import warm_up as warm_up_bound
from optimizer.certificate import certify, raised
from optimizer.domain import Scenario
from optimizer.errors import UsageError
from optimizer.exact.model import solve_exact
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes
from optimizer.problem.translate import from_plan
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search, SearchResult
from optimizer.search.warm_up import warm_up
from optimizer.solving import solve
from optimizer.stop import AfterIterations, AfterSeconds
from tests.bound.enumeration import optimum
from tests.worlds.random_small import USUAL, random_small

GAPS = {
    **{
        f"uncoupled-{visits}": partial(independent_visits, visits, caregivers, 1)
        for visits, caregivers in ((50, 8), (100, 15), (200, 29), (400, 58), (870, 125))
    },
    **{name: partial(named_day, name) for name in ("zhenhai-day-s", "zhenhai-day-m")},
}
"Days whose gap is measured."
SCARCE = {
    f"scarce-{visits}-{seed}": partial(independent_visits, visits, caregivers, seed, scarce=0.3)
    for visits, caregivers in ((100, 15), (200, 29))
    for seed in range(1, 6)
}
SHIPPED = ("hamlet", "zhenhai-day-s", "zhenhai-day-m", "zhenhai-day-l")
SCARCE_FIGURES = {
    "unserved": "unserved",
    "fewest": "fewest",
    "fewest_dived": "with a dive",
    "least_unserved": "at least",
    "within": "difference",
}
"Figures of scarce days and the heads of their columns."
CHECKS = ("enumerated", "proven", "plans")
MARKS = (10, 60, 300)
"Seconds in all."
PROOF = 0.25
"Share of them for the proof; the rest is search."
BEFORE_DIVE, PROOF_OF_DIVE, SEARCH_FROM = 0.1, 0.4, 0.6
"Shares of the time on scarce days: first plan, proof, and when the dive ends at the latest."
FEW_STEPS = 200
"Steps of search for the plan that a bound of a small day begins with."
SMALL_DAYS, RANDOM_DAYS, SMOKE_DAYS = 500, 200, 3


def run(settings: Settings) -> Iterator[Measurement]:
    """Check the bound on small days, then measure gaps and scarce days.

    Raises
    ------
    UsageError
        If no case is wanted.
    """
    names = [name for name in (*CHECKS, *GAPS, *SCARCE) if settings.wants(name)]
    if settings.smoke:
        names = [name for name in ("enumerated", "plans", "zhenhai-day-s") if settings.wants(name)]
    if not names:
        raise UsageError(f"Nothing fits {settings.only}; there are {', '.join(GAPS)}.")
    warm_up()
    warm_up_bound()
    seconds = (settings.seconds or MARKS[-1]) if not settings.smoke else 1.0
    for name in names:
        if name == "enumerated":
            yield Measurement(name, None, _against_optimum(settings, _enumerated))
        elif name == "proven":
            yield Measurement(name, None, _against_optimum(settings, _proven))
        elif name == "plans":
            yield Measurement(name, None, _below_plans(settings))
        elif name in SCARCE:
            yield Measurement(name, settings.seeds[0], _scarce(SCARCE[name](), settings, seconds))
        else:
            yield Measurement(name, settings.seeds[0], _gap(GAPS[name](), settings, seconds))


def _enumerated(number: int) -> tuple[Scenario, int]:
    day = independent_visits(7, 2 + number % 2, number)
    return day, optimum(day)


def _proven(number: int) -> tuple[Scenario, int]:
    day = random_small(number, 3 + number % 5, 2 + number % 3, USUAL)
    exact = solve_exact(day, seconds=30, workers=1)
    if not exact.proven or exact.cost is None:
        raise UsageError(f"Day {number} was not solved to its optimum in 30 s.")
    return day, exact.cost


def _against_optimum(
    settings: Settings, case: Callable[[int], tuple[Scenario, int]]
) -> dict[str, Figure]:
    """Compare the bound, alone and with what is certified, with the optimum of small days."""
    days = SMOKE_DAYS if settings.smoke else SMALL_DAYS
    above = equal = 0
    for number in range(1, days + 1):
        day, best = case(number)
        data = compile_problem(day)
        proof = Proof(data, _some_routes(data, number))
        bounds = proof.cost_bound(proof.bound(30)), by_cheapest_legs(data)
        ids, parts = [visit.id for visit in day.visits], certify(day).parts
        bound = max(
            raised(one.value, dict(zip(ids, one.reduced_prices, strict=True)), parts)
            for one in bounds
        )
        above += bound > best
        equal += bound == best
    return {"days": days, "above": above, "equal": equal, "valid": above == 0}


def _some_routes(data: ProblemData, number: int) -> Routes | None:
    """Return the routes of a plan to begin with; nothing for every fourth day."""
    if number % 4 == 0:
        return None
    search = Search(data, SearchParameters(), seed=number)
    return search.run(Budget(None, FEW_STEPS), AfterIterations(FEW_STEPS)).routes


def _below_plans(settings: Settings) -> dict[str, Figure]:
    """Compare the bound with plans of all shipped scenarios and of random days."""
    days = SMOKE_DAYS if settings.smoke else RANDOM_DAYS
    scenarios = [named_day(name) for name in (SHIPPED[:2] if settings.smoke else SHIPPED)]
    scenarios += [random_small(number, 12, 4, USUAL) for number in range(1, days + 1)]
    above = 0
    for scenario in scenarios:
        plan = solve(scenario, iterations=1_000, engine="search")
        data = compile_problem(scenario)
        routes = from_plan(data, plan.plan)
        above += lower_bound(data, 5, routes=routes).value > plan.cost
    return {"days": len(scenarios), "above": above, "equal": 0, "valid": above == 0}


def _searched(
    data: ProblemData, settings: Settings, seconds: float, start: Routes | None = None
) -> SearchResult:
    search = Search(data, SearchParameters(), seed=settings.seeds[0], workers=settings.workers)
    return search.run(Budget(seconds, None), AfterSeconds(seconds), start=start)


def _gap(scenario: Scenario, settings: Settings, seconds: float) -> dict[str, Figure]:
    """Solve as a user would, once for every mark."""
    figures: dict[str, Figure] = {
        "visits": len(scenario.visits),
        "ticks_per_minute": scenario.ticks_per_minute,
        "above": 0,
        "valid": True,
    }
    for mark in (mark for mark in MARKS if mark <= seconds or mark == MARKS[0]):
        found = solve(
            scenario,
            seconds=min(mark, seconds),
            seed=settings.seeds[0],
            workers=settings.workers,
            engine="search",
            proof=PROOF,
        )
        # A bound above the cost is a fault of its own, which ends the solve.
        bound = found.lower_bound or 0
        figures[f"cost_{mark}"] = found.cost
        figures[f"bound_{mark}"] = bound
        figures[f"gap_{mark}"] = round(100 * (found.cost - bound) / max(1, found.cost), 2)
    return figures


def _scarce(scenario: Scenario, settings: Settings, seconds: float) -> dict[str, Figure]:
    """Compare what the search leaves out with what must be left out.

    A roster weighs visits by their priority, and leaves out two that can wait rather than one
    that cannot; the fewest it could leave out are searched for with all visits weighing the same.
    """
    data = compile_problem(scenario)
    found = _searched(data, settings, seconds / 2)
    unserved = _left_out(data, found)
    alike = compile_problem(_alike(scenario))
    fewest = _left_out(data, _searched(alike, settings, seconds / 2))
    dived = _left_out(data, _dived(alike, settings, seconds / 2))
    weights = dual_weights(
        data, seconds / 2, routes=found.routes, unserved=unserved, threads=settings.workers
    )
    least = weights.least_unserved
    best = min(unserved, fewest, dived)
    return {
        "visits": len(scenario.visits),
        "unserved": unserved,
        "fewest": fewest,
        "fewest_dived": dived,
        "least_unserved": least,
        "within": best - least,
        "above": int(least > best),
        "valid": least <= best,
    }


def _dived(data: ProblemData, settings: Settings, seconds: float) -> SearchResult:
    """Search, prove, make a plan of the routes so far, and search on from there."""
    began = time.perf_counter()
    first = _searched(data, settings, BEFORE_DIVE * seconds)
    network = network_of(data)
    pricing = Pricing(network, ng_sets_of(data, network), threads=settings.workers)
    generation = ColumnGeneration(pricing, columns_of(pricing, data, first.routes))
    generation.run(PROOF_OF_DIVE * seconds, known_cost=first.cost, with_cuts=False)
    columns = dive(generation, is_over=lambda: time.perf_counter() - began > SEARCH_FROM * seconds)
    left = max(1.0, seconds - (time.perf_counter() - began))
    routes = routes_of(pricing, data, columns)
    found = _searched(data, settings, left, routes)
    return min(first, found, key=lambda result: result.cost)


def _left_out(data: ProblemData, found: SearchResult) -> int:
    served = {data.tasks[k].visit for k in found.routes.tasks.tolist()}
    return len(data.scenario.visits) - len(served)


def _alike(scenario: Scenario) -> Scenario:
    """Return the day with the price of an essential visit on every one."""
    weights = scenario.policy.weights
    price = weights.unserved.essential
    unserved = weights.unserved.model_copy(
        update={"critical": price, "essential": price, "flexible": price, "per_minute": 0}
    )
    weights = weights.model_copy(update={"unserved": unserved})
    policy = scenario.policy.model_copy(update={"weights": weights})
    return scenario.model_copy(update={"policy": policy})


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return checks, gaps and scarce days."""
    checks = tuple(
        (m.case, *(cell(m.figures[name]) for name in ("days", "above", "equal")))
        for m in measurements
        if m.case in CHECKS
    )
    gaps = tuple(
        (
            m.case,
            cell(m.figures["visits"]),
            *(
                f"{cell(m.figures[name], 2)} %" if name in m.figures else "-"
                for name in (f"gap_{mark}" for mark in MARKS)
            ),
            *(_minutes(m, f"{name}_{_last(m)}") for name in ("cost", "bound")),
        )
        for m in measurements
        if f"gap_{MARKS[0]}" in m.figures
    )
    scarce = tuple(
        (
            m.case,
            *(cell(m.figures.get(name)) for name in SCARCE_FIGURES),
        )
        for m in measurements
        if "least_unserved" in m.figures
    )
    marks = tuple(f"gap after {mark} s" for mark in MARKS)
    found = [
        Table("Bound against optimum and plans", ("days", "number", "above", "equal"), checks),
        Table(
            "Proven gap",
            ("day", "visits", *marks, "cost (min)", "bound (min)"),
            gaps,
            (f"{PROOF:.0%} of the time is proof; cost and bound after the longest time.",),
        ),
        Table("Scarce days", ("day", *SCARCE_FIGURES.values()), scarce),
    ]
    return [table for table in found if table.rows]


def _last(measurement: Measurement) -> int:
    """Return the longest time that was measured."""
    return max(mark for mark in MARKS if f"gap_{mark}" in measurement.figures)


def _minutes(measurement: Measurement, name: str) -> str:
    ticks, per_minute = measurement.figures[name], measurement.figures["ticks_per_minute"]
    if not isinstance(ticks, int) or not isinstance(per_minute, int):
        return cell(None)
    return cell(ticks / per_minute, 1)


SUITE = Suite(
    name="bounds",
    purpose="Proven gaps on a district's days, least unserved visits, and checks of the bound.",
    headline="above",
    seconds=float(MARKS[-1]),
    run=run,
    tables=tables,
)
