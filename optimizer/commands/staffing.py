"""``homecare staffing``: the fewest further caregivers for a share of the visits, and the proof."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

import optimizer
from optimizer.audit import audit_of, write_audit
from optimizer.certificate import tabled_hires
from optimizer.commands.documents import load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_folder, write_text
from optimizer.commands.searching import searching
from optimizer.commands.terminal import answer, answer_json
from optimizer.domain.caregiver import Caregiver
from optimizer.errors import UsageError
from optimizer.formats import write_plan, write_scenario
from optimizer.formats.book import read_book
from optimizer.formats.layout import layout
from optimizer.i18n import say
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.needs.privacy import for_engine
from optimizer.options import SolveOptions
from optimizer.prepare import Prepared
from optimizer.progress import Progress
from optimizer.report.staffing_document import staffing_document
from optimizer.report.staffing_page import staffing_page
from optimizer.report.staffing_text import staffing_text
from optimizer.shortfall.staffing import Staffing, kinds_of, on_futures, staffing

EVERYTHING = 100.0
"The share of visits that is asked for if nothing is said, in percent."
_FEN = 100
_MOST_YUAN = 1e12
_WITH_PROOF = SolveOptions(engine="search", proof=0.1)


def staffing_file(
    scenario_path: Path,
    *,
    cover: float | None,
    budget: float | None,
    wage: float | None,
    like: Path | None,
    seed: int,
    prove: bool,
    futures: int,
    folder: Path | None,
    catalogue: Path | None,
    rules: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Look for hires and proofs, show both side by side and return the exit code.

    Parameters
    ----------
    scenario_path
        Scenario or benchmark instance.
    cover, budget
        Share of visits to be made, in percent; or money for wages, in yuan. Not both.
    wage
        What is paid for an hour of a shift, in yuan; that of the scenario if not given.
    like
        Another scenario whose caregivers' grades and shifts exist as well.
    seed
        Random seed of the searches.
    prove
        Whether to look for certificates.
    futures
        Number of drawn days on which the answer is tried; 0 for none.
    folder
        Where to write the day with hires, its plan, today's plan with a record to check, and the
        proofs; nothing is written if not given.
    catalogue, rules
        A district's own files, by which visits are derived from health records.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    UsageError
        If share or money are out of range, both are given, money without a wage, or there are
        no visits.
    """
    _check(cover, budget, wage)
    if folder is not None:
        check_folder(folder)
    book = read_book(catalogue, rules)
    problem = load_problem(scenario_path, lang=lang, book=book)
    others = () if like is None else load_problem(like, lang=lang, book=book).scenario.caregivers
    fen_per_hour = None if wage is None else round(wage * _FEN)
    if not problem.scenario.visits:
        raise UsageError(say("staffing.no_visits"))
    if budget is not None:
        _check_wages(problem, others, fen_per_hour)
    share = EVERYTHING if cover is None and budget is None else cover
    with searching(lang=lang, limit=None, options=_WITH_PROOF) as (observer, stop):
        found = staffing(
            problem.scenario,
            cover=share,
            budget=None if budget is None else round(budget * _FEN),
            like=others,
            fen_per_hour=fen_per_hour,
            matrices=problem.matrices,
            seed=seed,
            prove=prove,
            observer=observer,
            stop=stop,
            is_over=lambda: stop(Progress("search")) is not None,
        )
        if futures and found.hires:
            found = on_futures(
                found,
                futures,
                share=EVERYTHING if cover is None else cover,
                seed=seed,
                is_over=lambda: stop(Progress("search")) is not None,
            )
    if folder is not None:
        _write(folder, found, problem)
        page = staffing_page(found, cover=share, lang=lang)
        write_text(folder / "staffing.html", page)
    if as_json:
        answer_json(staffing_document(found, cover=share, lang=lang))
        return ExitCode.OK
    answer(staffing_text(found, cover=share, lang=lang))
    if folder is not None:
        answer(Text("\n" + sentence(lang, "cli.written", path=folder)))
    return ExitCode.OK


def _check(cover: float | None, budget: float | None, wage: float | None) -> None:
    if cover is not None and budget is not None:
        raise UsageError(say("staffing.one_goal"))
    if cover is not None and not 0 < cover <= EVERYTHING:
        raise UsageError(say("staffing.bad_cover", value=f"{cover:g}"))
    if budget is not None and not 0 < budget < _MOST_YUAN:
        raise UsageError(say("staffing.bad_budget", value=f"{budget:g}"))
    if wage is not None and not 0 < wage < _MOST_YUAN:
        raise UsageError(say("staffing.bad_wage", value=f"{wage:g}"))


def _check_wages(
    problem: Prepared, others: tuple[Caregiver, ...], fen_per_hour: int | None
) -> None:
    kinds = kinds_of(problem.scenario, problem.matrices, like=others, fen_per_hour=fen_per_hour)
    if kinds and all(kind.fen is None for kind in kinds):
        raise UsageError(say("staffing.budget_without_wage"))


def _write(folder: Path, found: Staffing, problem: Prepared) -> None:
    """Write what somebody needs who checks the answer."""
    folder.mkdir(parents=True, exist_ok=True)
    day = for_engine(problem.scenario)
    write_scenario(for_engine(found.scenario_with_hires), folder / "day-with-hires.json")
    write_plan(found.team.plan, folder / "plan-with-hires.json")
    proofs = tabled_hires(day, found.proof, problem.matrices)
    write_text(
        folder / "proofs.json", layout(proofs.model_dump(mode="json", exclude_none=True)) + "\n"
    )
    write_scenario(day, folder / "day.json")
    write_plan(found.base.plan, folder / "plan.json")
    record = audit_of(
        day, found.base.plan, program=optimizer.__version__, matrices=problem.matrices
    )
    if proofs.parts:
        record = record.model_copy(update={"hires": proofs})
    write_audit(record, folder / "audit.json")
