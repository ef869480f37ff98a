"""``homecare pattern``: a roster as a pattern, a pattern laid out, a roster held against it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from optimizer.commands.documents import load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs, check_record_name, write_text
from optimizer.commands.terminal import answer, answer_json
from optimizer.domain.policy import Term
from optimizer.formats import write_scenario
from optimizer.formats.pattern import format_pattern, read_pattern
from optimizer.i18n import Lang, sentence
from optimizer.pattern import deviations, laid_out, learned, stability
from optimizer.report.pattern_text import (
    deviation_document,
    deviation_text,
    laid_out_text,
    learned_text,
)
from optimizer.report.writing import scenario_form


@dataclass(frozen=True, slots=True)
class Told:
    """How a question is answered: in which language, and whether as one JSON document."""

    lang: Lang
    as_json: bool


def learn_files(scenario: Path, plan: Path, output: Path, *, cycle: int, told: Told) -> int:
    """Learn a pattern from a roster and write it; return the exit code.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If the days are fewer than the cycle, or the output cannot be written.
    """
    check_outputs([output], inputs=[scenario, plan])
    check_record_name(output)
    problem = load_problem(scenario, lang=told.lang)
    roster = load_plan(plan, problem.scenario, lang=told.lang)
    pattern = learned(problem.for_engine, roster, cycle=cycle)
    write_text(output, format_pattern(pattern))
    if told.as_json:
        answer_json(pattern.model_dump(mode="json", exclude_none=True))
    else:
        answer(Text(learned_text(pattern, lang=told.lang)))
        answer(Text(sentence(told.lang, "cli.written", path=output)))
    return ExitCode.OK


def lay_out_files(
    scenario: Path,
    pattern: Path,
    output: Path,
    *,
    weight: int,
    leave_out_gone: bool,
    told: Told,
) -> int:
    """Write a scenario whose published roster is what a pattern asks for; return the exit code.

    Parameters
    ----------
    weight
        What a visit that leaves its pattern costs, in minutes of travel per carer and time.
    leave_out_gone
        Whether people of the pattern may be missing in the scenario.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If the output cannot be written, or the pattern is another district's.
    """
    check_outputs([output], inputs=[scenario, pattern])
    scenario_form(output)
    problem = load_problem(scenario, lang=told.lang)
    day = problem.scenario
    read = read_pattern(pattern, day, may_be_gone=leave_out_gone)
    plan = laid_out(day, read, problem.matrices)
    weights = problem.given.policy.weights.model_copy(update={Term.DISRUPTION.value: weight})
    policy = problem.given.policy.model_copy(update={"weights": weights})
    write_scenario(problem.given.model_copy(update={"published": plan, "policy": policy}), output)
    weeks = stability(day, plan, read)
    kept, ended = sum(week.due for week in weeks), sum(week.ended for week in weeks)
    if told.as_json:
        answer_json(
            {"scenario": day.id, "visits": len(day.visits), "in_pattern": kept, "ended": ended}
        )
    else:
        answer(Text(laid_out_text(len(day.visits), kept, ended, lang=told.lang)))
        answer(Text(sentence(told.lang, "cli.written", path=output)))
    return ExitCode.OK


def deviate_files(scenario: Path, plan: Path, pattern: Path, *, most: int, told: Told) -> int:
    """Tell which visits of a roster leave a pattern and why; return the exit code.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If the pattern is another district's.
    """
    problem = load_problem(scenario, lang=told.lang)
    day = problem.for_engine
    roster = load_plan(plan, problem.scenario, lang=told.lang)
    read = read_pattern(pattern, day, may_be_gone=True)
    weeks = stability(day, roster, read)
    found = tuple(deviations(day, roster, read, problem.matrices, most=most))
    if told.as_json:
        answer_json(deviation_document(day, weeks, found, lang=told.lang))
    else:
        for line in deviation_text(day, weeks, found, lang=told.lang):
            answer(Text(line))
    return ExitCode.OK
