"""``homecare carry-over``: the next period learns what the last one leaves behind."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from optimizer.carry_over import carried_over
from optimizer.commands.documents import load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs
from optimizer.commands.terminal import answer, answer_json
from optimizer.formats import write_scenario
from optimizer.i18n import Lang, sentence
from optimizer.report.writing import scenario_form


def carry_over_files(
    before: Path, plan: Path, after: Path, output: Path, *, lang: Lang, as_json: bool
) -> int:
    """Write a later scenario with what an earlier roster leaves behind; return the exit code.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If the later scenario does not begin later, or the output cannot be written.
    """
    check_outputs([output], inputs=[before, plan, after])
    scenario_form(output)
    past = load_problem(before, lang=lang)
    made = load_plan(plan, past.scenario, lang=lang)
    later = load_problem(after, lang=lang)
    found = carried_over(past.scenario, made, later.given)
    write_scenario(found.scenario, output)
    counts = {
        "caregivers": found.caregivers,
        "pairs": found.pairs,
        "clients": found.clients,
        "series": found.series,
    }
    if as_json:
        answer_json({"scenario": later.given.id, **counts})
    else:
        answer(Text(sentence(lang, "cli.carried_over", **counts)))
        answer(Text(sentence(lang, "cli.written", path=output)))
    return ExitCode.OK
