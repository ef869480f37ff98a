"""``homecare convert``: the same document in another form."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from optimizer.commands.documents import Kind, kind_of, load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import OutputKind, check_outputs, output_kind, write_output
from optimizer.commands.terminal import answer, answer_json
from optimizer.domain.scenario import Scenario
from optimizer.errors import UsageError
from optimizer.formats import parse_scenario, read_plan, write_plan, write_scenario
from optimizer.formats.files import read_bytes
from optimizer.formats.hhcrsp import read_hhcrsp
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.report import Roster
from optimizer.verification import verify


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
    raw = read_bytes(source)
    kind = kind_of(raw)
    if kind == "plan":
        _convert_plan(source, target, scenario, lang)
    elif output_kind(target) is not OutputKind.PLAN:
        raise UsageError(f"{target}: a scenario can be written as .json, .json.gz or .json.xz.")
    else:
        write_scenario(_scenario_in(source, raw, kind), target)
    if as_json:
        answer_json({"read": kind, "written": str(target)})
    else:
        answer(Text(sentence(lang, "cli.written", path=target)))
    return ExitCode.OK


def _scenario_in(source: Path, raw: bytes, kind: Kind) -> Scenario:
    if kind == "instance":
        return read_hhcrsp(source).scenario
    return parse_scenario(raw, source.name)


def _convert_plan(source: Path, target: Path, scenario: Path | None, lang: Lang) -> None:
    if scenario is None:
        if output_kind(target) is not OutputKind.PLAN:
            raise UsageError(f"{target}: this form needs the plan's scenario, give --scenario.")
        write_plan(read_plan(source), target)
        return
    problem = load_problem(scenario, lang=lang)
    plan = load_plan(source, problem.scenario, lang=lang)
    check_outputs([target], is_instance=problem.instance is not None)
    verdict = verify(problem.scenario, plan, problem.matrices)
    roster = Roster.of_verdict(problem.prepared, plan, verdict)
    write_output(target, roster, lang=lang, instance=problem.instance)
