"""``homecare solve`` and ``homecare demo``: make a roster, show it, write it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.text import Text

import optimizer
from optimizer.audit import Audit, audit_of, format_audit, how_of
from optimizer.commands.answers import solve_answer
from optimizer.commands.documents import Problem, load_plan, load_problem, prepared
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.generate import recipe_named
from optimizer.commands.interrupt import first_interrupt
from optimizer.commands.outputs import check_outputs, check_record, write_output, write_text
from optimizer.commands.progress_line import progress_on_terminal
from optimizer.commands.terminal import answer, answer_json, tell
from optimizer.domain.plan import Plan
from optimizer.engines import SHARE_OF_PROOF, is_ready, make_ready
from optimizer.formats.book import read_book
from optimizer.formats.hhcrsp_solution import hhcrsp_cost
from optimizer.generate import generate_scenario
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.progress import Observer, Progress
from optimizer.report import Making, Roster, roster_text
from optimizer.result import Result
from optimizer.solving import solve as solve_problem
from optimizer.stop import AfterNoImprovement, FirstOf, Stop, WhenSet

Engine = Literal["auto", "search", "cp-sat"]

DEFAULT_SECONDS = 30.0
DEMO_FILES = ("plan.json", "plan.csv", "roster.html")


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """How hard to try, and how.

    Attributes
    ----------
    seconds, iterations
        When to end, whichever comes first; with neither, after `DEFAULT_SECONDS`.
    patience
        End after so many seconds without improvement; None: never for that.
    seed, workers
        As for `optimizer.solve`.
    engine
        Search, exact model, or chosen by the size of the problem.
    recount
        Count every roster of the search from scratch, after each step.
    proof
        Part of the time for a lower bound, 0 to 0.9.
    """

    seconds: float | None = None
    iterations: int | None = None
    patience: float | None = None
    seed: int = 1
    workers: int = 1
    engine: Engine = "auto"
    recount: bool = False
    proof: float = SHARE_OF_PROOF

    @property
    def limit(self) -> float | None:
        """Seconds after which the solve ends, if time ends it."""
        if self.seconds is None and self.iterations is None:
            return DEFAULT_SECONDS
        return self.seconds


def solve_file(
    path: Path,
    effort: Effort,
    *,
    outputs: Sequence[Path],
    audit: Path | None,
    start: Path | None,
    catalogue: Path | None,
    rules: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Solve a scenario file and return the exit code.

    Parameters
    ----------
    path
        Scenario or benchmark instance.
    effort
        How hard to try.
    outputs
        Files to write, each in the form that its name asks for.
    audit
        File for the record by which the roster can be checked later.
    start
        Plan to begin from.
    catalogue, rules
        A district's own files, by which visits are derived from health records.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.
    """
    for output in outputs:
        check_outputs([output], is_instance=True)
    if audit is not None:
        check_record(audit)
    problem = load_problem(path, lang=lang, book=read_book(catalogue, rules))
    check_outputs(outputs, is_instance=problem.instance is not None)
    begin = None if start is None else load_plan(start, problem.scenario, lang=lang)
    result = _run(problem, effort, begin, lang)
    roster = roster_of(problem, result)
    for output in outputs:
        write_output(output, roster, lang=lang, instance=problem.instance)
    if audit is not None:
        write_text(audit, format_audit(_audited(result, effort)))
    if as_json:
        answer_json(solve_answer(problem, result, roster, lang=lang))
    else:
        _show(problem, roster, [*outputs, *([] if audit is None else [audit])], lang)
    if result.served == 0 and problem.scenario.visits:
        tell(sentence(lang, "cli.nothing_served"))
        return ExitCode.NOTHING_FEASIBLE
    return ExitCode.OK


def demo(folder: Path, recipe: str, effort: Effort, *, lang: Lang, as_json: bool) -> int:
    """Solve a generated day of the shipped size and write it as plan, table and page.

    Parameters
    ----------
    folder
        Where to write; made if it does not exist.
    recipe
        Name of a recipe in `optimizer.generate.RECIPES`.
    effort, lang, as_json
        As for `solve_file`.
    """
    begin = time.monotonic()
    made = recipe_named(recipe)
    problem = prepared(generate_scenario(made, made.seed), recipe, lang=lang)
    result = _run(problem, effort, None, lang)
    roster = roster_of(problem, result)
    folder.mkdir(parents=True, exist_ok=True)
    outputs = [folder / name for name in DEMO_FILES]
    for output in outputs:
        write_output(output, roster, lang=lang)
    if as_json:
        answer_json(solve_answer(problem, result, roster, lang=lang))
    else:
        _show(problem, roster, outputs, lang)
        took = f"{time.monotonic() - begin:.1f}"
        answer(Text(sentence(lang, "cli.took", seconds=took)))
    return ExitCode.OK


def roster_of(problem: Problem, result: Result) -> Roster:
    """Return what a report says about a result."""
    return Roster(
        scenario=problem.scenario,
        plan=result.plan,
        cost=result.cost,
        cost_breakdown=result.cost_breakdown,
        quantities=result.quantities,
        violations=result.violations,
        lower_bound=result.lower_bound,
        least_unserved=0 if result.coverage is None else result.coverage.least_unserved,
        making=Making(
            status=result.status.value,
            termination=result.termination.value,
            seconds=result.seconds,
            iterations=result.iterations,
            seed=result.seed,
        ),
        needs=problem.needs,
    )


def _audited(result: Result, effort: Effort) -> Audit:
    return audit_of(
        result.scenario,
        result.plan,
        program=optimizer.__version__,
        how=how_of(result, workers=effort.workers, engine=effort.engine),
        lower_bound=result.lower_bound,
    )


def _run(problem: Problem, effort: Effort, begin: Plan | None, lang: Lang) -> Result:
    with progress_on_terminal(lang=lang, limit=effort.limit) as observer:
        if effort.engine != "cp-sat":
            _make_ready(observer, lang, proof=effort.proof > 0 and effort.iterations is None)
        with first_interrupt(sentence(lang, "cli.interrupt")) as event:
            stop: Stop = WhenSet(event)
            if effort.patience is not None:
                stop = FirstOf((stop, AfterNoImprovement(effort.patience)))
            return solve_problem(
                problem.scenario,
                seconds=effort.limit,
                iterations=effort.iterations,
                seed=effort.seed,
                workers=effort.workers,
                engine=effort.engine,
                recount=effort.recount,
                proof=effort.proof,
                start=begin,
                observer=observer,
                stop=stop,
            )


def _make_ready(observer: Observer, lang: Lang, *, proof: bool) -> None:
    """Compile or load the kernels, so that this does not count against the limit of time.

    There is no best plan so far yet: whoever presses Ctrl-C now just leaves.
    """
    if not is_ready(proof=proof):
        tell(sentence(lang, "cli.compiling"))
        observer(Progress("compile"))
    make_ready(proof=proof)


def _show(problem: Problem, roster: Roster, outputs: Sequence[Path], lang: Lang) -> None:
    answer(roster_text(roster, lang=lang))
    if problem.instance is not None:
        cost = hhcrsp_cost(problem.instance, roster.plan)
        words = sentence(
            lang,
            "text.hhcrsp",
            cost=f"{cost.cost:.2f}",
            distance=f"{cost.distance:.2f}",
            total=f"{cost.total_tardiness:.2f}",
            largest=f"{cost.max_tardiness:.2f}",
        )
        answer(Text("  " + words))
    answer(Text(""))
    for output in outputs:
        answer(Text(sentence(lang, "cli.written", path=output)))
