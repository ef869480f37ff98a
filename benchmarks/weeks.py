"""Weeks of recurring care: who is left out, how many caregivers a client sees, speed by days."""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import mean

from benchmarks.markdown import cell
from benchmarks.memory import peak_megabytes
from benchmarks.suite import Figure, Measurement, Settings, Suite, Table
from optimizer.certificate import Relaxation, certify
from optimizer.certificate.least import least_for
from optimizer.certificate.off_care_by_routes import off_care_by_routes
from optimizer.domain import Plan, Scenario, Term, UnservedReason
from optimizer.errors import UsageError
from optimizer.generate import RECIPES, Recipe, generate_scenario
from optimizer.needs import derive
from optimizer.problem import ProblemData, compile_problem, to_plan
from optimizer.problem import layout as at
from optimizer.problem.routes import Routes
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search
from optimizer.search.warm_up import warm_up
from optimizer.stop import AfterIterations, AfterSeconds, FirstOf, StoppingCriterion
from optimizer.units import MS_PER_MINUTE
from optimizer.verification import Verdict, verify

FORTNIGHT = "fortnight"
GROWTH = (1, 7, 28)
"Days over which the growth of time and memory is told; the fortnight itself lies between."


def _over(days: int) -> Recipe:
    return replace(RECIPES[FORTNIGHT], name=f"daily-{days}", days=days)


CASES: dict[str, Recipe] = {
    FORTNIGHT: RECIPES[FORTNIGHT],
    **{recipe.name: recipe for recipe in map(_over, GROWTH)},
    **{name: RECIPES[name] for name in ("zhenhai-week-m", "zhenhai-week-l", "month-m")},
}
"Recipes of the horizons."
SMALL = replace(RECIPES[FORTNIGHT], name="fortnight-small", clients=12, staff={"C": 6})
SMOKE: dict[str, Recipe] = {SMALL.name: SMALL}

COLUMNS = {
    "visits": "visits",
    "movable": "with a choice of days",
    "unserved": "unserved",
    "unserved_least": "proven",
    "uncoverable": "without anybody",
    "care_share": "care share (%)",
    "care_share_most": "at most",
    "care_to_travel": "care beside travel (%)",
    "carers_mean": "carers per client",
    "carers_least": "at least",
    "carers_most": "worst",
    "main_share": "main carer (%)",
    "top_two_share": "top two (%)",
    "travel_hours": "travel (h)",
    "travel_least": "at least (h)",
    "iterations": "steps",
    "steps_per_second": "steps/s",
    "compile_seconds": "compile (s)",
    "verify_seconds": "verify (s)",
    "peak_megabytes": "peak (MB)",
}
BOUNDS_SECONDS = 6.0
"Column generation for the care share of each day."
CERTIFY_SECONDS = 20.0
MARKS = (10, 30, 60, 120, 180, 300, 450, 600)
"Seconds at which the figures over time are read."
OVER_TIME = ("unserved", "care_to_travel", "carers_mean", "carers_most")
"Figures that are told over time."
NOTE = (
    "Care share: care given of all time at work between leaving home and coming back. Care beside "
    "travel: care given of care and travel alone, as published trials count it. Main carer "
    "and top two: their share of a client's visits, on average over clients. Proven: of any "
    "roster; at most and at least: of any that serves the same visits."
)


def run(settings: Settings) -> Iterator[Measurement]:
    """Plan every horizon with every seed.

    Raises
    ------
    UsageError
        If no case is wanted.
    """
    cases = SMOKE if settings.smoke else CASES
    wanted = [name for name in cases if settings.wants(name)]
    if not wanted:
        raise UsageError(f"No case fits {settings.only}; there are {', '.join(cases)}.")
    warm_up()
    for name in wanted:
        recipe = cases[name]
        scenario = derive(generate_scenario(recipe, recipe.seed)).scenario
        for seed in settings.seeds:
            yield Measurement(name, seed, _solved(scenario, seed, settings))


def _solved(scenario: Scenario, seed: int, settings: Settings) -> dict[str, Figure]:
    began = time.perf_counter()
    data = compile_problem(scenario)
    compiled = time.perf_counter()
    stops: list[StoppingCriterion] = []
    if settings.seconds is not None:
        stops.append(AfterSeconds(settings.seconds))
    if settings.iterations is not None:
        stops.append(AfterIterations(settings.iterations))
    search = Search(data, SearchParameters(), seed=seed, workers=settings.workers)
    kept: list[tuple[float, Routes]] = []
    found = search.run(
        Budget(settings.seconds, settings.iterations),
        FirstOf(tuple(stops)),
        keep=lambda routes: kept.append((time.perf_counter() - compiled, routes)),
    )
    searched = time.perf_counter()
    plan = to_plan(data, found.routes, lambda _: UnservedReason.NOBODY_FOUND)
    verdict = verify(scenario, plan, data.matrices)
    verified = time.perf_counter()
    # Before bounds are looked for, which need more than the search does.
    peak = round(peak_megabytes())
    return {
        "visits": len(scenario.visits),
        "movable": sum(len(visit.dates) > 1 for visit in scenario.visits),
        "unserved": len(plan.unserved),
        **_bounds(scenario, plan, settings),
        "travel_hours": round(verdict.quantities[Term.TRAVEL] / scenario.ticks_per_minute / 60, 1),
        "uncoverable": _uncoverable(data),
        **continuity_figures(scenario, plan),
        "care_to_travel": _care_to_travel(scenario, plan, verdict),
        "iterations": found.iterations,
        "steps_per_second": round(found.iterations / (searched - compiled)),
        "compile_seconds": round(compiled - began, 2),
        "verify_seconds": round(verified - searched, 2),
        "peak_megabytes": peak,
        "over_time": over_time(data, kept, searched - compiled),
        "cost_minutes": round(verdict.cost / scenario.ticks_per_minute),
        "valid": verdict.feasible and verdict.cost == found.cost,
    }


def over_time(
    data: ProblemData, kept: Sequence[tuple[float, Routes]], seconds: float
) -> list[list[float]]:
    """Return what the best roster at each mark was like: the seconds, then the figures.

    Rosters are handed over every few seconds, so that one may be as much older than its mark.
    """
    scenario = data.scenario
    rows: list[list[float]] = []
    for mark in (mark for mark in MARKS if mark <= seconds):
        until = [routes for moment, routes in kept if moment <= mark]
        if not until:
            continue
        plan = to_plan(data, until[-1], lambda _: UnservedReason.NOBODY_FOUND)
        figures: dict[str, Figure] = {
            "unserved": len(plan.unserved),
            "care_to_travel": _care_to_travel(
                scenario, plan, verify(scenario, plan, data.matrices)
            ),
            **continuity_figures(scenario, plan),
        }
        told = [figures[name] for name in OVER_TIME]
        rows.append([mark, *(one for one in told if isinstance(one, (int, float)))])
    return rows


def _care_to_travel(scenario: Scenario, plan: Plan, verdict: Verdict) -> float | None:
    """Return the care of a plan in percent of its care and travel."""
    care = sum(stop.end - stop.start for route in plan.routes for stop in route.stops)
    travel = verdict.quantities[Term.TRAVEL] * MS_PER_MINUTE // scenario.ticks_per_minute
    return round(100 * care / (care + travel), 1) if care else None


def _bounds(scenario: Scenario, plan: Plan, settings: Settings) -> dict[str, Figure]:
    """Return what is proven of any roster, or of any that serves the same visits."""
    least = least_for(scenario, plan)
    off_care = least.off_care
    if not settings.smoke:
        relaxation = Relaxation.of(scenario)
        routed = off_care_by_routes(relaxation, plan, BOUNDS_SECONDS, threads=settings.workers)
        off_care = max(off_care, routed)
    total = least.care + off_care
    seconds = 1.0 if settings.smoke else CERTIFY_SECONDS
    return {
        "unserved_least": certify(scenario, plan=plan, seconds=seconds).least_unserved,
        "care_share_most": math.ceil(1000 * least.care / total) / 10 if total else None,
        "carers_least": math.floor(100 * mean(least.caregivers.values())) / 100
        if least.caregivers
        else None,
        "travel_least": math.floor(least.travel / scenario.ticks_per_minute / 6) / 10,
    }


def _uncoverable(data: ProblemData) -> int:
    """Return how many visits no caregiver's shift leaves any time for."""
    arrays = data.arrays
    lost = set()
    for k in range(data.num_tasks):
        task = arrays.task[k]
        row = task[at.ROW]
        routes = arrays.row_route[arrays.row_ptr[row] : arrays.row_ptr[row + 1]]
        opens, closes = arrays.route[routes, at.OPEN], arrays.route[routes, at.CLOSE_HARD]
        fits = (opens <= task[at.LATEST]) & (closes >= task[at.EARLIEST] + task[at.SHORT])
        if not fits.any():
            lost.add(int(task[at.VISIT]))
    return len(lost)


def continuity_figures(scenario: Scenario, plan: Plan) -> dict[str, Figure]:
    """Return how many caregivers clients see, and how much of the working time is care."""
    client = {visit.id: visit.client for visit in scenario.visits}
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    care = work = 0
    for route in plan.routes:
        work += route.back - route.departure
        for stop in route.stops:
            care += stop.end - stop.start
            seen[client[stop.visit]][route.caregiver] += 1
    counts = [len(by) for by in seen.values()]
    return {
        "care_share": round(100 * care / work, 1) if work else None,
        "carers_mean": round(mean(counts), 2) if counts else None,
        "carers_most": max(counts, default=0),
        "main_share": _share(seen, 1),
        "top_two_share": _share(seen, 2),
    }


def _share(seen: dict[str, Counter[str]], people: int) -> float | None:
    """Return the mean share of a client's visits by the most frequent caregivers, in percent."""
    shares = [sum(n for _, n in by.most_common(people)) / by.total() for by in seen.values()]
    return round(100 * mean(shares), 1) if shares else None


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one row per horizon and seed."""
    rows = tuple(
        (one.case, str(one.seed), *(cell(one.figures.get(name)) for name in COLUMNS))
        for one in measurements
    )
    marks = tuple(
        (one.case, str(one.seed), *map(cell, row))
        for one in measurements
        if isinstance(read := one.figures.get("over_time"), list)
        for row in read
    )
    heads = ("case", "seed", "second", *(COLUMNS[name] for name in OVER_TIME))
    return [
        Table("Weeks", ("case", "seed", *COLUMNS.values()), rows, (NOTE,)),
        Table("The best roster after so many seconds", heads, marks),
    ]


SUITE = Suite(
    name="weeks",
    purpose="Weeks of recurring care: unserved visits, caregivers per client, speed by days.",
    headline="cost_minutes",
    seconds=60.0,
    run=run,
    tables=tables,
)
