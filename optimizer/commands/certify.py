"""``homecare certify``: prove that visits must stay unserved, whatever anyone does."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from optimizer.certificate import tabled
from optimizer.certificate.scarcity import prove_scarcity
from optimizer.commands.documents import load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs, check_record_name, write_text
from optimizer.commands.terminal import answer, answer_json
from optimizer.formats.book import read_book
from optimizer.formats.layout import layout
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.report.certificate_text import certificate_text, total_words


def certify_files(
    scenario_path: Path,
    plan_path: Path | None,
    *,
    seconds: float,
    points: float,
    workers: int,
    output: Path | None,
    catalogue: Path | None,
    rules: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Look for certificates, show them and return the exit code.

    Parameters
    ----------
    scenario_path, plan_path
        Scenario or benchmark instance, and a plan around whose gaps to look.
    seconds
        How long to look (positive).
    points
        For how many more seconds to look for dual weights; 0: not at all.
    workers
        Threads for the dual weights.
    output
        File for the certificates.
    catalogue, rules
        A district's own files, by which visits are derived from health records.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.
    """
    if output is not None:
        check_record_name(output)
        check_outputs([output], inputs=[scenario_path, plan_path, catalogue, rules])
    problem = load_problem(scenario_path, lang=lang, book=read_book(catalogue, rules))
    plan = None if plan_path is None else load_plan(plan_path, problem.scenario, lang=lang)
    found = prove_scarcity(
        problem.scenario,
        plan,
        matrices=problem.matrices,
        seconds=seconds,
        weights_seconds=points,
        threads=workers,
    )
    tables = tabled(problem.scenario, found, problem.matrices)
    document = tables.model_dump(mode="json", exclude_none=True)
    if output is not None:
        write_text(output, layout(document) + "\n")
    if as_json:
        answer_json({**document, "sentence": total_words(found, lang=lang)})
        return ExitCode.OK
    answer(certificate_text(problem.scenario, found, lang=lang))
    if output is not None:
        answer(Text("\n" + sentence(lang, "cli.written", path=output)))
    return ExitCode.OK
