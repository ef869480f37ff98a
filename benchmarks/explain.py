"""How long it takes to say why visits are left out, and whether all that is said is true."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from benchmarks.alone import can_be_alone
from benchmarks.markdown import cell
from benchmarks.named_days import SCARCE, ZHENHAI, named_day
from benchmarks.suite import Measurement, Settings, Suite, Table
from optimizer.domain import Scenario
from optimizer.errors import UsageError
from optimizer.explanation import (
    Insertions,
    PlanState,
    Standing,
    VisitReasons,
    fixes,
    unserved_visits,
    visit_reasons,
)
from optimizer.solving import solve
from optimizer.travel import travel_matrices
from optimizer.verification import verify

DAYS = ("hamlet", *ZHENHAI, *SCARCE)
SMOKE = ("scarce-20",)
ITERATIONS = 5_000
REPETITIONS = 3
SAMPLE = 40
"Sample size of the unproven visits that are checked; on a day with fewer, all are."
FIGURES = ("visits", "unserved", "milliseconds", "fixes", "verified", "fix_milliseconds")
CHECKS = (
    "unserved",
    "proven",
    "confirmed",
    "tried",
    "able_alone",
    "verified",
    "check_seconds",
)


def run(settings: Settings) -> Iterator[Measurement]:
    """Plan every day with every seed and explain what the plan leaves out.

    Raises
    ------
    UsageError
        If no case is wanted.
    """
    days = [name for name in (SMOKE if settings.smoke else DAYS) if settings.wants(name)]
    if not days:
        raise UsageError(f"Nothing fits {settings.only}; there are {', '.join(DAYS)}.")
    iterations = settings.iterations or (100 if settings.smoke else ITERATIONS)
    for name in days:
        for seed in settings.seeds:
            yield _measured(name, named_day(name), iterations, seed)


def _measured(name: str, scenario: Scenario, iterations: int, seed: int) -> Measurement:
    plan = solve(scenario, iterations=iterations, seed=seed, engine="search").plan
    roads = travel_matrices(scenario)
    times = []
    for _ in range(REPETITIONS):
        begun = time.perf_counter()
        insertions = Insertions(PlanState.of(scenario, plan, roads))
        left = unserved_visits(insertions.state)
        found = [visit_reasons(insertions, visit) for visit in left]
        reasoned = time.perf_counter()
        looked_at = _sample(found)
        helps = [fixes(insertions, left[number]) for number in looked_at]
        times.append((reasoned - begun, time.perf_counter() - reasoned))
    begun = time.perf_counter()
    able = {number: can_be_alone(scenario, roads, left[number]) for number in looked_at}
    verdicts = [
        (fix.visit, verify(fix.scenario, fix.plan, roads)) for some in helps for fix in some
    ]
    checked = time.perf_counter() - begun
    proven = {number: one.standing is Standing.PROVEN for number, one in enumerate(found)}
    return Measurement(
        name,
        seed,
        {
            "visits": len(scenario.visits),
            "unserved": len(left),
            "proven": sum(proven.values()),
            "confirmed": sum(proven[number] and not can for number, can in able.items()),
            "crowded_out": sum(one.standing is Standing.CROWDED_OUT for one in found),
            "tried": len(able),
            "able_alone": sum(able.values()),
            "milliseconds": round(1000 * min(reasons for reasons, _ in times), 1),
            "fixes": sum(bool(some) for some in helps),
            "verified": len(verdicts),
            "fix_milliseconds": round(1000 * min(tried for _, tried in times), 1),
            "check_seconds": round(checked, 2),
            "valid": (
                all(_is_explained(one) for one in found)
                and all(proven[number] != can for number, can in able.items())
                and all(v.feasible and visit not in v.unserved for visit, v in verdicts)
            ),
        },
    )


def _sample(found: Sequence[VisitReasons]) -> list[int]:
    """Return the visits whose statements and fixes are checked: all, or on a large day some.

    All that are proven are among them, and as many of the others as there is room for, evenly
    spread.
    """
    proven = [n for n, one in enumerate(found) if one.standing is Standing.PROVEN]
    others = [n for n, one in enumerate(found) if one.standing is not Standing.PROVEN]
    step = -(-len(others) // SAMPLE) or 1
    return sorted([*proven, *others[::step]])


def _is_explained(found: VisitReasons) -> bool:
    """Return whether something stands against everybody, or somebody is named who can come."""
    if found.standing is Standing.FITS:
        return bool(found.openings)
    return found.obstacle is not None and all(one.counts for one in found.carers)


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one table of reasons and one of what was checked."""
    columns = ("day", "visits", "unserved", "ms", "visits with a fix", "fixes", "fixes (ms)")
    rows = tuple((m.case, *(cell(m.figures[name], 2) for name in FIGURES)) for m in measurements)
    note = "ms: all reasons of a plan, without fixes; fixes (ms): all fixes of a plan."
    checks = tuple((m.case, *(cell(m.figures[name], 2) for name in CHECKS)) for m in measurements)
    checked = (
        "day", "unserved", "proven", "confirmed", "tried", "can be alone", "fixes clean", "s",
    )  # fmt: skip
    by_trial = (
        "Confirmed: no caregiver at any minute makes it as the only visit, by the verifier and "
        "without the code that explains; s: all checks."
    )
    return [
        Table("Why visits are left out", columns, rows, (note,)),
        Table("Statements checked one by one", checked, checks, (by_trial,)),
    ]


SUITE = Suite(
    name="explain",
    purpose="Milliseconds to explain what a plan leaves out; every statement and fix checked.",
    headline="milliseconds",
    seconds=None,
    run=run,
    tables=tables,
)
