"""The suite: its cases one after the other, and their tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.util import find_spec

from benchmarks.markdown import cell
from benchmarks.service import (
    answering,
    attacked,
    cluster,
    fuzzing,
    holding,
    planning,
    rebinding,
    soaking,
)
from benchmarks.service.answering import Figures
from benchmarks.service.attacks import ATTACKS
from benchmarks.suite import Measurement, Settings, Suite, Table
from optimizer.errors import UsageError
from tests.service.postgresql_server import programs

ANSWERING: dict[str, Callable[[bool], Figures]] = {
    "first-contact": answering.first_contact,
    "accept-sqlite": partial(answering.accept, "sqlite"),
    "accept-postgresql": partial(answering.accept, "postgresql"),
    "accept-records": partial(answering.accept, "sqlite", records=True),
    "plan-30": answering.plan_of_thirty,
    "stop": partial(answering.give_up, "stop"),
    "cancel": partial(answering.give_up, "cancel"),
    "stop-l": partial(answering.give_up_large, "stop"),
    "cancel-l": partial(answering.give_up_large, "cancel"),
}
HOLDING: dict[str, Callable[[bool], Figures]] = {
    "kills": holding.kills,
    "ray-node-lost": cluster.node_lost,
    "database-away": holding.database_away,
    "disk-full": holding.disk_full,
    "clock-jump": holding.clock_jump,
}
FUZZING: dict[str, Callable[[bool], Figures]] = {
    "fuzz-sqlite": partial(fuzzing.fuzz, "sqlite"),
    "fuzz-postgresql": partial(fuzzing.fuzz, "postgresql"),
}
LEADING: dict[str, Callable[[bool], Figures]] = {
    "attack-rebinding": rebinding.rebinding,
    "attack-redirects": rebinding.redirects,
}
PLANNING: dict[str, Callable[[bool], Figures]] = {
    "planning-l": partial(planning.planning, "zhenhai-day-l"),
    "planning-xl": partial(planning.planning, "zhenhai-day-xl"),
}
STANDING = (*ATTACKS, "soak")
"Cases whose length `--seconds` says: of an attack ten seconds, of a soak two hours if not given."
CASES = ANSWERING | HOLDING | FUZZING | LEADING | PLANNING
AIMS = {
    "accept-sqlite": 0.150,
    "plan-30": 2.0,
    "stop": 1.0,
    "cancel": 1.0,
    "stop-l": 1.0,
    "cancel-l": 1.0,
    **dict.fromkeys(ATTACKS, attacked.LIVE_SECONDS),
    **dict.fromkeys(PLANNING, 0.100),
}
"Seconds that are not to be exceeded."
SMOKE = ("accept-sqlite", "cancel", "kills")
"Cases of a smoke run; the others start the same things once more, a cluster, or need rights."


def run(settings: Settings) -> Iterator[Measurement]:
    """Measure each case that is wanted.

    Raises
    ------
    UsageError
        If no case is wanted.
    """
    cases = [case for case in (*CASES, *STANDING) if settings.wants(case)]
    if not settings.only:
        # Two hours are for whoever asks for them.
        cases.remove("soak")
    if settings.smoke and not settings.only:
        cases = [case for case in cases if case in SMOKE]
    if not cases:
        raise UsageError(
            f"Nothing fits {settings.only}; there are {', '.join((*CASES, *STANDING))}."
        )
    for case in cases:
        missing = _missing(case)
        if missing:
            yield Measurement(case, None, {"seconds": None, "skipped": f"{missing} is missing"})
            continue
        if case in ATTACKS:
            figures = attacked.attack(case, settings.seconds, settings.smoke)
        elif case == "soak":
            figures = soaking.soak(settings.seconds, settings.smoke)
        else:
            figures = CASES[case](settings.smoke)
        if case in AIMS:
            seconds = figures["seconds"]
            reached = isinstance(seconds, float) and seconds <= AIMS[case]
            figures |= {"aim": AIMS[case], "aim_reached": reached}
        yield Measurement(case, None, figures)


def _missing(case: str) -> str | None:
    """Return what a case needs and this machine has not."""
    if case in {"accept-postgresql", "database-away", "fuzz-postgresql"} and programs() is None:
        return "PostgreSQL"
    if case == "ray-node-lost" and find_spec("ray") is None:
        return "Ray"
    return None


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one table of times, and one of what was kept."""
    made = []
    times = [m for m in measurements if m.case in ANSWERING]
    if times:
        figures = ("seconds", "p50", "slowest", "requests", "aim", "aim_reached")
        rows = tuple((m.case, *(cell(m.figures.get(each), 3) for each in figures)) for m in times)
        notes: tuple[str, ...] = (
            "Of `accept-...`, `stop` and `cancel` the 99th percentile, of `plan-30` the median.",
            "Of `stop-l` and `cancel-l`, the day of 870 clients, the slowest.",
        )
        made.append(Table("Seconds until an answer", ("case", *figures), rows, notes))
    planned = [m for m in measurements if m.case in PLANNING]
    if planned:
        plan_names = (
            "visits", "seconds", "p50", "first", "move_p50", "move_p95", "replan_p50",
            "replan_p95", "take_over", "aim", "aim_reached", "load",
        )  # fmt: skip
        rows = tuple(
            (m.case, *(cell(m.figures.get(each), 3) for each in plan_names)) for m in planned
        )
        notes = (
            "`seconds`: of a recommendation, 95th percentile; `first`: with the roster read.",
            "Moves of a draft by chance, replans of a sick call, `take_over`: scenario and plan.",
        )
        made.append(
            Table("Seconds until a planner is answered", ("case", *plan_names), rows, notes)
        )
    stood = [m for m in measurements if m.case in ATTACKS]
    if stood:
        names = (
            "seconds", "rest", "slowest", "accepted_p50", "accepted_slowest", "others_jobs",
            "others_finished", "peak_mb_above", "descriptors_before", "descriptors_after",
            "descriptors_database", "news_p50", "news_slowest", "load",
        )  # fmt: skip
        rows = tuple((m.case, *(cell(m.figures.get(each), 3) for each in names)) for m in stood)
        notes = (
            "`seconds`: of `/livez`, 99th percentile during an attack; `rest`: the same before.",
            "`accepted`: of another organisation's plans, `news`: how late it heard of them.",
            "`descriptors`: beside those of the database. `load`: of the machine, others included.",
        )
        made.append(Table("Attacks", ("case", *names), rows, notes))
    led = [m for m in measurements if m.case in LEADING]
    if led:
        led_names = ("seconds", "named", "accepted", "tries", "called_inside", "faults")
        rows = tuple((m.case, *(cell(m.figures.get(each), 1) for each in led_names)) for m in led)
        made.append(Table("Endpoints that lead elsewhere", ("case", *led_names), rows))
    fuzzed = [m for m in measurements if m.case in FUZZING]
    if fuzzed:
        fuzz_names = ("requests", "server_errors", "busy", "seconds")
        rows = tuple(
            (m.case, *(cell(m.figures.get(each), 1) for each in fuzz_names)) for m in fuzzed
        )
        made.append(Table("Spoilt requests", ("case", *fuzz_names), rows))
    soaked = [m for m in measurements if m.case == "soak"]
    if soaked:
        soak_names = (
            "seconds", "requests", "server_errors", "broken", "mb_early", "mb_late",
            "growth_percent", "family_mb_early", "family_mb_late", "descriptors_early",
            "descriptors_late", "processor_percent",
        )  # fmt: skip
        rows = tuple(
            (m.case, *(cell(m.figures.get(each), 1) for each in soak_names)) for m in soaked
        )
        made.append(Table("Soak", ("case", *soak_names), rows))
    kept = [m for m in measurements if m.case in HOLDING]
    if kept:
        kept_names = (
            "jobs", "lost", "double", "failed", "begun_again", "workers_lost", "interrupted",
            "seconds",
        )  # fmt: skip
        rows = tuple((m.case, *(cell(m.figures.get(each), 1) for each in kept_names)) for m in kept)
        notes = (
            "Seconds of `database-away` and `disk-full` until the next acceptance, else in all.",
        )
        made.append(Table("Jobs that were kept", ("case", *kept_names), rows, notes))
    return made


SUITE = Suite(
    name="service",
    purpose="How soon the service answers, and what it keeps through kills and outages.",
    headline="seconds",
    seconds=None,
    run=run,
    tables=tables,
)
