"""``homecare convert``: the same document in another form."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from optimizer.commands.documents import kind_of, load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import OutputKind, check_outputs, output_kind, write_output
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import UsageError
from optimizer.formats import read_hhcrsp, read_scenario, write_plan, write_scenario
from optimizer.formats.hhcrsp import load_json
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.report import Roster
from optimizer.verify import verify


def convert_file(
    source: Path, target: Path, *, scenario: Path | None, lang: Lang, as_json: bool
) -> int:
    """Write a document in the form that the target's name asks for; return the exit code.

    Parameters
    ----------
    source
        Scenario, plan or benchmark instance.
    target
        File to write. A scenario or instance becomes a scenario (``.json``, packed with
        ``.gz`` or ``.xz``); a plan becomes any form that ``solve -o`` writes.
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
    """
    check_outputs([target], is_instance=True)
    kind = kind_of(load_json(source))
    if kind == "plan":
        _convert_plan(source, target, scenario, lang)
    elif output_kind(target) is not OutputKind.PLAN:
        raise UsageError(f"{target}: a scenario can be written as .json, .json.gz or .json.xz.")
    else:
        read = read_hhcrsp(source).scenario if kind == "instance" else read_scenario(source)
        write_scenario(read, target)
    if as_json:
        answer_json({"read": kind, "written": str(target)})
    else:
        answer(Text(sentence(lang, "cli.written", path=target)))
    return ExitCode.OK


def _convert_plan(source: Path, target: Path, scenario: Path | None, lang: Lang) -> None:
    plan = load_plan(source)
    if scenario is None:
        if output_kind(target) is not OutputKind.PLAN:
            raise UsageError(f"{target}: this form needs the plan's scenario, give --scenario.")
        write_plan(plan, target)
        return
    problem = load_problem(scenario, lang=lang)
    check_outputs([target], is_instance=problem.instance is not None)
    roster = Roster.of_verdict(problem.scenario, plan, verify(problem.scenario, plan))
    write_output(target, roster, lang=lang, instance=problem.instance)
