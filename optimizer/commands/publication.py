"""``homecare office publish`` and ``office checks``: what is told, and what is looked at."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from optimizer.commands.admission import load_admission
from optimizer.commands.documents import load_deliveries, load_problem, load_roster
from optimizer.commands.evaluation import Days, check_apart, observed_days
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_writable
from optimizer.commands.terminal import answer, answer_json
from optimizer.domain.delivery import Deliveries
from optimizer.domain.office import Office
from optimizer.domain.scenario import Scenario
from optimizer.domain.supervision import Supervision
from optimizer.errors import UsageError
from optimizer.formats.allocation import read_allocation_policy
from optimizer.formats.files import write_bytes
from optimizer.formats.supervision import read_supervision
from optimizer.i18n import Lang, say, sentence
from optimizer.purchase import Moved, Observed, evaluate, moved_shares, settle
from optimizer.purchase.publication import draw_checks, publish
from optimizer.report.publication_text import (
    checks_document,
    checks_heads,
    checks_rows,
    checks_text,
    published_bytes,
    published_document,
    published_text,
)

_ENDINGS = (".xlsx", ".zip")


@dataclass(frozen=True, slots=True)
class Files:
    """What is read to publish or to check, and what is written.

    Attributes
    ----------
    scenario, plan, office
        Whose care, its roster, and the office.
    deliveries
        What took place; None where nothing has yet.
    supervision, rules
        Complaints, and rules of allocation; None without.
    output
        Tables to write.
    also
        Further days of the same period.
    """

    scenario: Path
    plan: Path
    deliveries: Path | None
    office: Path
    supervision: Path | None
    rules: Path | None
    output: Path | None
    also: tuple[Days, ...] = ()


def _observed(files: Files, lang: Lang, *, with_pools: bool) -> tuple[Observed, Office]:
    """Read and settle; without deliveries nothing has taken place."""
    problem = load_problem(files.scenario, lang=lang)
    admission = load_admission(problem, files.office, lang=lang, with_pools=with_pools)
    scenario = admission.needs.scenario
    plan = load_roster(files.plan, scenario, lang=lang)
    given = Deliveries(scenario=scenario.id)
    if files.deliveries is not None:
        given = load_deliveries(files.deliveries, scenario, lang=lang)
    office = admission.office
    if office is None:
        raise ValueError("no office is given")
    settled = settle(admission, plan, given, office.terms, problem.matrices)
    return Observed(admission, given, settled), office


def _insist_on_bodies(scenario: Scenario, path: Path) -> None:
    if not scenario.organisations:
        raise UsageError(say("usage.no_organisations", path=path))


def publish_files(files: Files, *, lang: Lang, as_json: bool) -> int:
    """Show and write the tables of a period; return the exit code.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If the output cannot be written or there are no organisations.
    """
    if files.output is not None:
        check_writable(files.output)
        if files.output.suffix.lower() not in _ENDINGS:
            raise UsageError(say("usage.settlement_ending", path=files.output))
    observed, office = _observed(files, lang, with_pools=True)
    scenario = observed.admission.needs.scenario
    _insist_on_bodies(scenario, files.scenario)
    days = [observed]
    if files.also:
        days += observed_days(files.also, files.office, lang, is_told=False)[0]
        first = Days(files.scenario, files.plan, files.deliveries or files.scenario)
        check_apart([one.admission.needs.scenario for one in days], [first, *files.also])
    supervision = Supervision()
    if files.supervision is not None:
        scenarios = [one.admission.needs.scenario for one in days]
        supervision = read_supervision(files.supervision, scenarios)
    evaluation = evaluate(days, supervision, office.evaluation)
    moved: tuple[Moved, ...] = ()
    if files.rules is not None:
        policy = read_allocation_policy(files.rules, scenario)
        moved = moved_shares(evaluation, policy, scenario)
    found = publish(days, evaluation, supervision, moved)
    if files.output is not None:
        ending = files.output.suffix.lower()
        write_bytes(files.output, published_bytes(found, office, lang, ending))
    if as_json:
        answer_json(published_document(found))
    else:
        answer(published_text(found, office, lang=lang))
        if files.output is not None:
            answer(Text(sentence(lang, "cli.written", path=files.output)))
    return ExitCode.OK


def draw_files(files: Files, *, period: str | None, lang: Lang, as_json: bool) -> int:
    """Draw the spot checks of a period, show and write them; return the exit code.

    Parameters
    ----------
    files
        What is read and written.
    period
        Part of the draw; the month of the first day if not given.
    lang, as_json
        As everywhere.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If the output cannot be written, there are no organisations, or the office names no draw.
    """
    if files.output is not None:
        check_writable(files.output)
        if files.output.suffix.lower() != ".csv":
            raise UsageError(say("usage.checks_ending", path=files.output))
    observed, office = _observed(files, lang, with_pools=False)
    scenario = observed.admission.needs.scenario
    _insist_on_bodies(scenario, files.scenario)
    if office.draw is None:
        raise UsageError(say("usage.checks_draw", path=files.office))
    named = period or f"{scenario.horizon.start:%Y-%m}"
    settled = observed.settlement
    drawn = draw_checks(
        scenario, settled.lines, settled.doubts, office.spot_checks, draw=office.draw, period=named
    )
    if files.output is not None:
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(checks_heads(lang))
        table.writerows(checks_rows(drawn, lang))
        write_bytes(files.output, text.getvalue().encode("utf-8-sig"))
    if as_json:
        answer_json(checks_document(drawn, office.draw, named))
    else:
        answer(checks_text(drawn, office.draw, named, lang=lang))
        if files.output is not None:
            answer(Text(sentence(lang, "cli.written", path=files.output)))
    return ExitCode.OK
