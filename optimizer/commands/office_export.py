"""``homecare export``: a scenario or a roster for an office, with names where they are given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from optimizer.commands.documents import load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_forms, check_outputs
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import UsageError
from optimizer.formats.files import write_bytes
from optimizer.formats.names import NOBODY, Kind, Names, read_names
from optimizer.formats.registry import open_problem
from optimizer.i18n import Lang, say, sentence
from optimizer.report import Audience, Roster
from optimizer.report.writing import write_output
from optimizer.spreadsheets import scenario_tables, workbook_bytes
from optimizer.verification import verify

WORKBOOK_ENDING = ".xlsx"


def export_files(
    scenario: Path,
    plan: Path | None,
    *,
    outputs: Sequence[Path],
    people: Path | None,
    caregivers: Sequence[str],
    lang: Lang,
    as_json: bool,
) -> int:
    """Write a scenario as a workbook, or a roster in forms for people; return the exit code.

    Parameters
    ----------
    scenario
        The scenario, or a problem of another format.
    plan
        Its plan; None to write the scenario itself.
    outputs
        Files to write; without a plan their names end in .xlsx.
    people
        Names file; without it everybody is told by pseudonym.
    caregivers
        Caregivers, by pseudonym or name, whose sheets and calendars are wanted; empty means all.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    UsageError
        If nothing is to be written, a file cannot be, or there is no such caregiver.
    InputError
        If a file cannot be read or has faults.
    """
    if not outputs:
        raise UsageError(say("usage.export_output"))
    check_outputs(outputs, inputs=[scenario, plan, people])
    names = NOBODY if people is None else read_names(people)
    if plan is None:
        _write_scenario(scenario, outputs, names, lang)
    else:
        _write_roster(scenario, plan, outputs, names, caregivers, lang)
    if as_json:
        answer_json({"written": [str(path) for path in outputs]})
    else:
        for path in outputs:
            answer(Text(sentence(lang, "cli.written", path=path)))
    return ExitCode.OK


def _write_scenario(source: Path, outputs: Sequence[Path], names: Names, lang: Lang) -> None:
    for path in outputs:
        if path.suffix.lower() != WORKBOOK_ENDING:
            raise UsageError(say("usage.needs_plan", path=path))
    scenario = open_problem(source).scenario
    written = workbook_bytes(scenario_tables(scenario, names, lang), lang)
    for path in outputs:
        write_bytes(path, written)


def _write_roster(
    scenario: Path,
    source: Path,
    outputs: Sequence[Path],
    names: Names,
    caregivers: Sequence[str],
    lang: Lang,
) -> None:
    problem = load_problem(scenario, lang=lang)
    plan = load_plan(source, problem.scenario, lang=lang)
    check_forms(outputs, problem.origin)
    roster = Roster.of_verdict(problem, plan, verify(problem.scenario, plan, problem.matrices))
    wanted = frozenset(_caregiver(roster, names, one) for one in caregivers)
    audience = Audience(names, wanted)
    for path in outputs:
        write_output(path, roster, lang=lang, origin=problem.origin, audience=audience)


def _caregiver(roster: Roster, names: Names, text: str) -> str:
    """Return the pseudonym of a caregiver told by pseudonym or name.

    Raises
    ------
    UsageError
        If nobody, or more than one, is called so.
    """
    if text in roster.caregivers:
        return text
    named = [one for one in roster.caregivers if names.called(Kind.CAREGIVER, one) == text]
    if len(named) != 1:
        raise UsageError(say("usage.no_caregiver", caregiver=text, count=len(named)))
    return named[0]
