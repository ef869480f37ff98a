"""``homecare city``: make the roster of a day too large for one process, in parts."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from optimizer.city import City, CityObserver, CityProgress, solve_city, unheard
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.interrupt import first_interrupt
from optimizer.commands.outputs import check_forms, check_outputs
from optimizer.commands.terminal import answer, answer_json, tell, tell_warnings
from optimizer.errors import Disagreement, EngineDisagreement, Fault, UsageError
from optimizer.explanation.first_reason import with_first_reasons
from optimizer.formats import scenario_warnings, write_plan
from optimizer.formats.book import read_book
from optimizer.formats.registry import open_problem
from optimizer.i18n import Lang, say, sentence
from optimizer.parallel import Executor, InlineExecutor, ProcessExecutor
from optimizer.prepare import Prepared, prepare
from optimizer.report import Roster
from optimizer.report.verdict_document import unserved_rows
from optimizer.report.writing import write_output
from optimizer.verification import verify

LARGEST_WHOLE = 6_000
"Clients and caregivers up to which travel between all places fits, and the whole is verified."
SECONDS_PER_THOUSAND = 15.0
"Processor seconds for each thousand visits where neither time nor steps are named."
LEAST_SECONDS = 5.0
PRELOAD = ("optimizer.shortfall.preload",)
_PLAN_ENDINGS = (".json", ".json.gz", ".json.xz")


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard a city is tried.

    Attributes
    ----------
    seconds
        Processor seconds of all parts and rounds together; None for what its size asks for.
    iterations
        Steps instead of seconds; None for seconds.
    seed
        Random seed.
    workers
        Processes; None for one per processor.
    visits_per_part
        About how many visits a part has.
    """

    seconds: float | None
    iterations: int | None
    seed: int
    workers: int | None
    visits_per_part: int


def city_file(
    path: Path,
    effort: Effort,
    *,
    outputs: Sequence[Path],
    catalogue: Path | None,
    rules: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Solve a city and return the exit code.

    Parameters
    ----------
    path
        Scenario or problem of a foreign format.
    effort
        How hard to try.
    outputs
        Files to write; of a city that is not verified as a whole, plans in JSON alone.
    catalogue, rules
        A district's own files, by which visits are derived from health records.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    UsageError
        If both seconds and iterations are given, a file cannot be written, or it is stopped
        before each part has a roster.
    InternalError
        If a part fails, or the verifier does not accept the whole; a defect.
    """
    if effort.seconds is not None and effort.iterations is not None:
        raise UsageError(say("usage.city.one_limit"))
    check_outputs(outputs, inputs=[path, catalogue, rules])
    began = time.perf_counter()
    book = read_book(catalogue, rules)
    opened = open_problem(path, book=book)
    problem = replace(
        prepare(opened.origin or opened.scenario, book), read_warnings=opened.warnings
    )
    check_forms(outputs, problem.origin)
    is_whole = _num_places(problem) <= LARGEST_WHOLE
    if not is_whole:
        _check_plans_only(outputs)
    tell_warnings(_warnings(problem, is_whole=is_whole), path.name, lang=lang)
    with (
        _executor(effort) as executor,
        _progress(lang) as observer,
        first_interrupt(sentence(lang, "city.interrupt")) as stop,
    ):
        made = solve_city(
            problem.for_engine,
            executor,
            seconds=_seconds(problem, effort),
            iterations=effort.iterations,
            seed=effort.seed,
            visits_per_part=effort.visits_per_part,
            stop=stop,
            observer=observer,
        )
    roster = _verified(problem, made) if is_whole else None
    plan = made.plan if roster is None else roster.plan
    for output in outputs:
        if roster is None:
            write_plan(plan, output)
        else:
            write_output(output, roster, lang=lang, origin=problem.origin)
    told = _Told(problem, made, roster, time.perf_counter() - began)
    if as_json:
        answer_json(told.document(effort, lang))
    else:
        for line in told.lines(lang):
            answer(Text(line))
        for output in outputs:
            answer(Text(sentence(lang, "cli.written", path=output)))
    if problem.scenario.visits and len(made.unserved) == len(problem.scenario.visits):
        tell(sentence(lang, "cli.nothing_served"))
        return ExitCode.NOTHING_FEASIBLE
    return ExitCode.OK


def _num_places(problem: Prepared) -> int:
    return len(problem.given.clients) + len(problem.given.caregivers)


def _check_plans_only(outputs: Sequence[Path]) -> None:
    for output in outputs:
        if not output.name.lower().endswith(_PLAN_ENDINGS):
            raise UsageError(say("usage.city.plans_only", path=output, most=LARGEST_WHOLE))


def _warnings(problem: Prepared, *, is_whole: bool) -> Sequence[Fault]:
    """Return what is suspicious; of travel between all places only where they are few enough."""
    if is_whole:
        return problem.warnings
    found = scenario_warnings(problem.given, problem.scenario, book=problem.needs.book)
    return (*problem.read_warnings, *found)


def _seconds(problem: Prepared, effort: Effort) -> float | None:
    if effort.iterations is not None:
        return None
    by_size = SECONDS_PER_THOUSAND * len(problem.scenario.visits) / 1_000
    return effort.seconds or max(LEAST_SECONDS, by_size)


@contextmanager
def _executor(effort: Effort) -> Iterator[Executor]:
    slots = effort.workers or len(os.sched_getaffinity(0))
    executor: Executor = InlineExecutor() if slots == 1 else ProcessExecutor(slots, preload=PRELOAD)
    executor.prepare()
    try:
        yield executor
    finally:
        executor.close()


@contextmanager
def _progress(lang: Lang) -> Iterator[CityObserver]:
    """Give an observer that draws a bar on a terminal, and nothing elsewhere."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield unheard
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn())  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def drawn(progress: CityProgress) -> None:
            words = sentence(lang, "city.progress", round=progress.round)
            if progress.unserved is not None:
                more = sentence(lang, "progress.unserved", count=progress.unserved)
                words = f"{words} · {more}"
            bar.update(task, completed=progress.done, total=progress.parts, description=words)

        yield drawn


def _verified(problem: Prepared, made: City) -> Roster:
    """Return the roster of the whole, judged by the verifier, with the reasons of visits left out.

    Raises
    ------
    EngineDisagreement
        If a rule is broken, or other visits are left out than the parts have told.
    """
    scenario, matrices = problem.for_engine, problem.matrices
    verdict = verify(scenario, made.plan, matrices)
    told = [Disagreement(one.rule.value, "kept", one.place) for one in verdict.violations]
    if set(verdict.unserved) != set(made.unserved):
        told.append(Disagreement("unserved", str(len(made.unserved)), str(len(verdict.unserved))))
    if told:
        raise EngineDisagreement(told)
    plan = with_first_reasons(scenario, made.plan, matrices)
    return Roster.of_verdict(problem, plan, verdict)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said of a city."""

    problem: Prepared
    made: City
    roster: Roster | None
    seconds: float

    @property
    def cost(self) -> int:
        """Cost of the whole; the sum of the parts' where the whole was not verified."""
        return self.made.cost if self.roster is None else self.roster.cost

    def document(self, effort: Effort, lang: Lang) -> dict[str, object]:
        """Return what ``city --json`` answers; costs are in ticks of travel."""
        visits = self.problem.scenario.visits
        return {
            "scenario": self.problem.scenario.id,
            "visits": len(visits),
            "served": len(visits) - len(self.made.unserved),
            "unserved": len(self.made.unserved),
            "unserved_visits": [{"visit": one} for one in self.made.unserved]
            if self.roster is None
            else unserved_rows(self.roster, lang),
            "cost": self.cost,
            "ticks_per_minute": self.problem.scenario.ticks_per_minute,
            "rounds": [
                {"parts": one.parts, "cost": one.cost, "unserved": one.unserved}
                for one in self.made.rounds
            ],
            "verified": "parts" if self.roster is None else "whole",
            "seed": effort.seed,
            "seconds": round(self.seconds, 1),
        }

    def lines(self, lang: Lang) -> Iterator[str]:
        """Yield what a person reads."""
        scenario = self.problem.scenario
        yield sentence(
            lang,
            "city.result",
            served=f"{len(scenario.visits) - len(self.made.unserved):,}",
            visits=f"{len(scenario.visits):,}",
            caregivers=f"{len(scenario.caregivers):,}",
            cost=f"{self.cost / scenario.ticks_per_minute:,.0f}",
            seconds=f"{self.seconds:,.0f}",
        )
        for number, one in enumerate(self.made.rounds, 1):
            yield sentence(
                lang, "city.round", number=number, parts=one.parts, unserved=f"{one.unserved:,}"
            )
        yield sentence(lang, "city.parts_verified" if self.roster is None else "city.verified")
