"""A large day's roster mended after random events: seconds, calls, and what is left out."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from statistics import mean

from benchmarks.markdown import cell
from benchmarks.named_days import named_day
from benchmarks.suite import Measurement, Settings, Suite, Table
from optimizer.domain import Absent, Added, Cancelled, Event, Events, Plan, Scenario, StartWindow
from optimizer.errors import UsageError
from optimizer.replan import Aim, Proposal, Repair, repair
from optimizer.solving import solve
from optimizer.travel import TravelMatrices, travel_matrices
from optimizer.verification import verify

KINDS = {"sick": 50, "cancelled": 20, "added": 20}
"Events of each kind, one per repair."
PLANNED = 60_000
"Iterations of the roster that is mended."
FREE = 40_000
"Iterations of the free replan: everybody may be moved, and no call is counted."
HOUR = 3_600_000
FIGURES = (
    "repairs",
    "p50",
    "p95",
    "all_p95",
    "cpu_p95",
    "lost",
    "free_lost",
    "calls",
    "free_calls",
)


def run(settings: Settings) -> Iterator[Measurement]:
    """Mend the roster of a day after events of each kind.

    Raises
    ------
    UsageError
        If no kind of event is wanted.
    """
    kinds = [kind for kind in KINDS if settings.wants(kind)]
    if not kinds:
        raise UsageError(f"Nothing fits {settings.only}; there are {', '.join(KINDS)}.")
    scenario = named_day("hamlet" if settings.smoke else "zhenhai-day-l")
    roads = travel_matrices(scenario)
    planned = 300 if settings.smoke else PLANNED
    for seed in settings.seeds:
        plan = solve(scenario, iterations=planned, seed=seed, engine="search").plan
        for kind in kinds:
            yield _measured(_Day(scenario, plan, roads), kind, settings, seed)


class _Day:
    """A scenario with the roster that was told."""

    def __init__(self, scenario: Scenario, plan: Plan, roads: TravelMatrices) -> None:
        self.scenario, self.plan, self.roads = scenario, plan, roads
        # Nobody counts calls where everybody is planned anew.
        weights = scenario.policy.weights.model_copy(update={"disruption": 0})
        policy = scenario.policy.model_copy(update={"weights": weights})
        self.free = scenario.model_copy(update={"policy": policy})


def _measured(day: _Day, kind: str, settings: Settings, seed: int) -> Measurement:
    rng = random.Random(f"{kind} {seed}")
    count = 2 if settings.smoke else KINDS[kind]
    free = settings.iterations or (300 if settings.smoke else FREE)
    seconds, seconds_all, cpu = list[float](), list[float](), list[float]()
    lost = {"lost": 0, "free_lost": 0, "worse": 0}
    calls = {"calls": 0, "free_calls": 0, "own": 0}
    valid = True
    for number in range(count):
        events = _drawn(day, kind, rng, number)
        begun, work = time.perf_counter(), time.process_time()
        first = repair(day.scenario, day.plan, events, matrices=day.roads,
                       aims=(Aim.FEWEST_CALLS,))  # fmt: skip
        seconds.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - work)
        begun = time.perf_counter()
        found = repair(day.scenario, day.plan, events, matrices=day.roads)
        seconds_all.append(time.perf_counter() - begun)
        anew = repair(day.free, day.plan, events, matrices=day.roads, iterations=free,
                      aims=(Aim.BEST_ROSTER,), around=None, freeze=0)  # fmt: skip
        one, other = first.proposals[0], anew.proposals[0]
        lost["lost"] += len(one.lost)
        lost["free_lost"] += len(other.lost)
        lost["worse"] += _is_worse(found, one, other)
        calls["calls"] += one.calls
        calls["free_calls"] += other.calls
        calls["own"] += sum(not _is_kept(found, change.visit) for change in one.changes)
        valid &= all(_is_sound(found, proposal) for proposal in found.proposals)
    figures: dict[str, float] = {**lost, **{key: n / count for key, n in calls.items()}}
    figures |= {
        "repairs": count,
        "free_iterations": free,
        "p50": round(_quantile(seconds, 0.5), 2),
        "p95": round(_quantile(seconds, 0.95), 2),
        "all_p95": round(_quantile(seconds_all, 0.95), 2),
        "cpu_p95": round(_quantile(cpu, 0.95), 2),
        "cpu_mean": round(mean(cpu), 2),
    }
    return Measurement(kind, seed, {**figures, "valid": valid})


def _drawn(day: _Day, kind: str, rng: random.Random, number: int) -> Events:
    """Draw an event and the moment at which it is told."""
    now = int(rng.uniform(6, 16) * 60) * 60_000
    stops = [(route.caregiver, stop) for route in day.plan.routes for stop in route.stops]
    later = [(who, stop) for who, stop in stops if stop.start > now]
    who, stop = rng.choice(later or stops)
    if not later:
        now = 0
    event: Event = Absent(caregiver=who)
    if kind == "cancelled":
        event = Cancelled(visit=stop.visit)
    if kind == "added":
        like = rng.choice(day.scenario.visits)
        earliest = max(now + HOUR // 2, like.window.earliest)
        window = StartWindow.model_construct(earliest=earliest, latest=earliest + 2 * HOUR)
        more = {"id": f"NEW{number}", "window": window, "preferred_until": None, "pin": None}
        event = Added(visit=like.model_copy(update=more))
    return Events(now=now, events=(event,))


def _is_kept(found: Repair, visit: str) -> bool:
    """Return whether a visit could have stayed with those whom it was told."""
    gone = found.situation.absent
    return not any(
        stop.visit == visit and route.caregiver in gone
        for route in found.situation.plan.routes
        for stop in route.stops
    )


def _is_worse(found: Repair, one: Proposal, other: Proposal) -> bool:
    """Return whether a proposal leaves out more than another, but for one flexible visit."""
    ranks = {visit.id: visit.priority for visit in found.scenario.visits}
    mine, theirs = (
        [sum(ranks[visit] == rank for visit in plan.verdict.unserved)
         for rank in ("critical", "essential", "flexible")]
        for plan in (one, other)
    )  # fmt: skip
    return mine > [*theirs[:2], theirs[2] + 1]


def _is_sound(found: Repair, one: Proposal) -> bool:
    """Return whether the verifier finds no breach and nothing that has begun is moved."""
    stops = {
        (stop.visit, stop.carer): (route.caregiver, route.date, stop.start)
        for route in one.plan.routes
        for stop in route.stops
    }
    begun = (
        (stops.get((stop.visit, stop.carer)), (route.caregiver, route.date, stop.start))
        for route in found.situation.plan.routes
        for stop in route.stops
        if stop.visit in found.situation.fixed
    )
    return verify(found.scenario, one.plan).feasible and all(now == was for now, was in begun)


def _quantile(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one table, a row per kind of event."""
    columns = (
        "event", "repairs", "p50 (s)", "p95 (s)", "three proposals, p95 (s)", "p95 (CPU s)",
        "left out", "left out, free", "calls each", "calls each, free",
    )  # fmt: skip
    rows = tuple((m.case, *(cell(m.figures[name], 2) for name in FIGURES)) for m in measurements)
    worse = sum(
        int(m.figures["worse"] or 0) for m in measurements if isinstance(m.figures["worse"], int)
    )
    note = (
        "Left out: visits newly left out in all repairs together; free: everybody planned anew "
        "but for what has begun. Worse than that by more than one flexible visit: "
        f"{worse}."
    )
    return [Table("Repairs of a large day", columns, rows, (note,))]


SUITE = Suite(
    name="replan",
    purpose="Seconds and calls to mend a large roster, and visits left out, beside a free replan.",
    headline="p95",
    seconds=None,
    run=run,
    tables=tables,
)
