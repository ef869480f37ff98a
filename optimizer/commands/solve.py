"""``homecare solve`` and ``homecare demo``: make a roster, show it, write it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rich.text import Text

import optimizer
from optimizer.audit import Audit, audit_of, format_audit, how_of
from optimizer.commands.answers import solve_answer
from optimizer.commands.documents import load_problem, load_start
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.generate import recipe_named
from optimizer.commands.outputs import (
    check_folder,
    check_forms,
    check_outputs,
    check_record_name,
    write_text,
)
from optimizer.commands.searching import searching
from optimizer.commands.terminal import answer, answer_json, tell, tell_warnings
from optimizer.domain.plan import Plan
from optimizer.errors import HomecareError, InputError, UsageError
from optimizer.formats.book import read_book
from optimizer.formats.hhcrsp import HhcrspInstance
from optimizer.formats.hhcrsp_solution import hhcrsp_cost
from optimizer.formats.registry import Origin
from optimizer.generate import generate_scenario
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.options import SolveOptions
from optimizer.prepare import Prepared, prepare
from optimizer.report import Roster, roster_text
from optimizer.report.writing import write_output
from optimizer.result import Result
from optimizer.solving import solve

DEFAULT_SECONDS = 30.0
"Time limit where a person has named neither time nor steps."
DEMO_FILES = ("plan.json", "plan.csv", "roster.html")


def solve_file(
    path: Path,
    options: SolveOptions,
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
        Scenario, benchmark instance or routing problem in VROOM's JSON.
    options
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
    if audit is not None:
        check_record_name(audit)
    written = [*outputs, *([] if audit is None else [audit])]
    check_outputs(written, inputs=[path, start, catalogue, rules])
    problem = load_problem(path, lang=lang, book=read_book(catalogue, rules))
    check_forms(outputs, problem.origin)
    begin = None if start is None else load_start(start, problem.scenario, lang=lang)
    result = _solve(problem, options, begin, lang)
    roster = Roster.of_result(result)
    faults = list(_written(outputs, roster, lang, problem.origin))
    if audit is not None:
        write_text(audit, format_audit(_audited(result, options)))
    if as_json and not faults:
        answer_json(solve_answer(problem, result, roster, lang=lang))
    elif not as_json:
        _show(problem, roster, [path for path in written if path.exists()], lang)
    if faults:
        raise faults[0]
    if result.served == 0 and problem.scenario.visits:
        tell(sentence(lang, "cli.nothing_served"))
        return ExitCode.NOTHING_FEASIBLE
    return ExitCode.OK


def demo(folder: Path, recipe: str, options: SolveOptions, *, lang: Lang, as_json: bool) -> int:
    """Solve a generated day of the shipped size and write it as plan, table and page.

    Parameters
    ----------
    folder
        Where to write; made if it does not exist.
    recipe
        Name of a recipe in `optimizer.generate.RECIPES`.
    options, lang, as_json
        As for `solve_file`.
    """
    check_folder(folder)
    begin = time.monotonic()
    made = recipe_named(recipe)
    problem = prepare(generate_scenario(made, made.seed))
    tell_warnings(problem.warnings, recipe, lang=lang)
    result = _solve(problem, options, None, lang)
    roster = Roster.of_result(result)
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


def _written(
    outputs: Sequence[Path], roster: Roster, lang: Lang, origin: Origin | None
) -> Iterator[HomecareError]:
    """Write all outputs, and yield why one could not be: the others are not lost for it."""
    for output in outputs:
        try:
            write_output(output, roster, lang=lang, origin=origin)
        except (UsageError, InputError) as error:
            yield error


def _audited(result: Result, options: SolveOptions) -> Audit:
    return audit_of(
        result.scenario,
        result.plan,
        program=optimizer.__version__,
        how=how_of(result, workers=options.workers, engine=options.engine),
        lower_bound=result.lower_bound,
        matrices=result.prepared.matrices,
    )


def _solve(prepared: Prepared, options: SolveOptions, begin: Plan | None, lang: Lang) -> Result:
    """Solve with a line of progress; the first Ctrl-C ends the search with its best plan."""
    if options.seconds is None and options.iterations is None:
        options = replace(options, seconds=DEFAULT_SECONDS)
    with searching(lang=lang, limit=options.limit, options=options, note="cli.interrupt") as (
        observer,
        stop,
    ):
        return solve(prepared, options, start=begin, observer=observer, stop=stop)


def _show(problem: Prepared, roster: Roster, outputs: Sequence[Path], lang: Lang) -> None:
    answer(roster_text(roster, lang=lang))
    if isinstance(problem.origin, HhcrspInstance):
        cost = hhcrsp_cost(problem.origin, roster.plan)
        words = sentence(
            lang,
            "text.hhcrsp",
            cost=f"{cost.cost:.2f}",
            distance=f"{cost.distance:.2f}",
            total=f"{cost.total_tardiness:.2f}",
            largest=f"{cost.max_tardiness:.2f}",
        )
        answer(Text("  " + words))
        if problem.origin.has_shifts:
            more = sentence(
                lang,
                "text.hhcrsp_extended",
                waiting=f"{cost.total_waiting:.2f}",
                idle=f"{cost.max_idle:.2f}",
                extra=f"{cost.total_extra_time:.2f}",
                sum=f"{cost.plain_sum:.2f}",
            )
            answer(Text("  " + more))
    answer(Text(""))
    for output in outputs:
        answer(Text(sentence(lang, "cli.written", path=output)))
