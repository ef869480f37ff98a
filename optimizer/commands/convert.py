"""``homecare convert``: the same document in another form."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from optimizer.commands.documents import load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_forms, check_outputs
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import UsageError
from optimizer.formats import check_scenario, write_plan
from optimizer.formats.document import parse_json
from optimizer.formats.files import read_bytes
from optimizer.formats.registry import PLAN, ProblemFormat, format_of, open_plan
from optimizer.i18n import Lang, say, sentence
from optimizer.report import Roster
from optimizer.report.writing import output_form, scenario_form, write_output
from optimizer.verification import verify


def convert_file(
    source: Path, target: Path, *, scenario: Path | None, lang: Lang, as_json: bool
) -> int:
    """Write a document in the form that the target's name asks for; return the exit code.

    Parameters
    ----------
    source
        A problem or plan of any format that is read.
    target
        File to write. A problem becomes a scenario (``.json``, packed with ``.gz`` or
        ``.xz``); a plan becomes any form that ``solve -o`` writes.
    scenario
        The plan's scenario, needed for every form of a plan but JSON.
    lang
        Language of a page or picture.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    UsageError
        If the document cannot take that form.
    InputError
        If it cannot be read, or is a foreign problem that breaks a rule of scenarios, such as
        a visit of no minutes.
    """
    check_outputs([target], inputs=[source, scenario])
    document = parse_json(read_bytes(source), source.name)
    found = format_of(document.content)
    if isinstance(found, ProblemFormat):
        form = scenario_form(target)
        opened = found.read(document, source.name, None)
        if opened.origin is not None:
            # What the scenario's own reader would refuse is not written as one.
            check_scenario(opened.scenario).refuse_faults(source.name)
        form.write(opened.scenario, target)
    else:
        _convert_plan(source, target, scenario, lang)
    if as_json:
        answer_json({"read": found.name, "written": str(target)})
    else:
        answer(Text(sentence(lang, "cli.written", path=target)))
    return ExitCode.OK


def _convert_plan(source: Path, target: Path, scenario: Path | None, lang: Lang) -> None:
    if scenario is None:
        if output_form(target) is not PLAN:
            raise UsageError(say("usage.needs_scenario", path=target))
        write_plan(open_plan(source), target)
        return
    problem = load_problem(scenario, lang=lang)
    plan = load_plan(source, problem.scenario, lang=lang)
    check_forms([target], problem.origin)
    verdict = verify(problem.scenario, plan, problem.matrices)
    roster = Roster.of_verdict(problem, plan, verdict)
    write_output(target, roster, lang=lang, origin=problem.origin)
