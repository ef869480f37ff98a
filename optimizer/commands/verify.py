"""``homecare verify``: judge a plan, whoever made it."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from optimizer.commands.answers import verify_answer
from optimizer.commands.documents import load_plan_to_judge, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.terminal import answer, answer_json
from optimizer.formats.book import read_book
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.report import Roster, roster_text
from optimizer.verification import verify


def verify_files(
    scenario_path: Path,
    plan_path: Path,
    *,
    catalogue: Path | None,
    rules: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Replay a plan against its scenario and return the exit code.

    Parameters
    ----------
    scenario_path
        Scenario or benchmark instance.
    plan_path
        The plan.
    catalogue, rules
        A district's own files, by which visits are derived from health records.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.
    """
    problem = load_problem(scenario_path, lang=lang, book=read_book(catalogue, rules))
    plan = load_plan_to_judge(plan_path, problem.scenario, lang=lang)
    verdict = verify(problem.scenario, plan, problem.matrices)
    roster = Roster.of_verdict(problem, plan, verdict)
    if as_json:
        answer_json(verify_answer(problem, roster, lang=lang))
    else:
        answer(roster_text(roster, lang=lang))
        answer(Text("\n" + _judgement(roster, lang), style="green" if verdict.feasible else "red"))
    return ExitCode.OK if verdict.feasible else ExitCode.RULE_VIOLATED


def _judgement(roster: Roster, lang: Lang) -> str:
    if roster.violations:
        return sentence(lang, "cli.verify_broken", count=len(roster.violations))
    return sentence(lang, "cli.verify_ok")
