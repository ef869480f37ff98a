"""``homecare staffing``: the fewest further caregivers for a share of the visits, and the proof."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.text import Text

import optimizer
from optimizer.audit import audit_of, write_audit
from optimizer.certificate import tabled_hires
from optimizer.commands.documents import load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.inline_study import Question, inline_study
from optimizer.commands.outputs import check_folder, write_text
from optimizer.commands.searching import searching
from optimizer.commands.terminal import answer, answer_json
from optimizer.domain.assumption import Assumptions
from optimizer.domain.caregiver import Caregiver
from optimizer.domain.study import Words
from optimizer.errors import UsageError
from optimizer.formats import write_plan, write_scenario
from optimizer.formats.book import read_book
from optimizer.formats.layout import layout
from optimizer.i18n import say, translated
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.needs import Book
from optimizer.needs.privacy import for_engine
from optimizer.options import SolveOptions
from optimizer.prepare import Prepared
from optimizer.progress import Progress
from optimizer.report.staffing_document import staffing_document
from optimizer.report.staffing_page import staffing_page
from optimizer.report.staffing_text import staffing_text
from optimizer.shortfall import check_study, imagined_day
from optimizer.shortfall.staffing import Staffing, kinds_of, on_futures, staffing
from optimizer.stop import StoppingCriterion, Termination

EVERYTHING = 100.0
"The share of visits that is asked for if nothing is said, in percent."
_FEN = 100
_MOST_YUAN = 1e12
_WITH_PROOF = SolveOptions(engine="search", proof=0.1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about further caregivers.

    Attributes
    ----------
    cover, budget
        Share of visits to be made, in percent; or money for wages, in yuan. Not both.
    wage
        What is paid for an hour of a shift, in yuan; that of the scenario if not given.
    like
        Another scenario whose caregivers' grades and shifts exist as well.
    seed
        Random seed of the searches, and of whoever is drawn to be away.
    prove
        Whether to look for certificates.
    futures
        Number of drawn days on which the answer is tried; 0 for none.
    seconds
        When to end with what is found by then; None: when nothing is left to be tried.
    folder
        Where to write the day with hires, its plan, today's plan with a record to check, and the
        proofs; nothing is written if not given.
    """

    cover: float | None = None
    budget: float | None = None
    wage: float | None = None
    like: Path | None = None
    seed: int = 1
    prove: bool = True
    futures: int = 0
    seconds: float | None = None
    folder: Path | None = None

    @property
    def share(self) -> float | None:
        """Share of the visits that is the goal; None where money is."""
        return EVERYTHING if self.cover is None and self.budget is None else self.cover

    @property
    def fen_per_hour(self) -> int | None:
        """The wage in fen."""
        return None if self.wage is None else round(self.wage * _FEN)


@dataclass(frozen=True, slots=True)
class _Day:
    """The day that is asked about.

    Attributes
    ----------
    problem
        As it is, or as it is imagined.
    others
        Further caregivers whose grades and shifts exist.
    question
        What is imagined, in words of either language; None where nothing is.
    repairs, assumptions
        What edits left dangling, and the chances of days like it; None for the usual ones.
    """

    problem: Prepared
    others: tuple[Caregiver, ...]
    question: Words | None = None
    repairs: tuple[str, ...] = ()
    assumptions: Assumptions | None = None

    def in_words(self, lang: Lang) -> str | None:
        """Return what is imagined as a question; None where nothing is."""
        if self.question is None:
            return None
        return self.question.zh if lang == "zh" else self.question.en


def staffing_file(
    scenario_path: Path,
    asked: Asked,
    question: Question,
    *,
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
    asked
        What is asked of it.
    question
        What is imagined before; nothing where nothing is asked.
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
    InvalidDocument
        If what is imagined does not fit the scenario.
    """
    _check(asked)
    day = _day(scenario_path, asked, question, read_book(catalogue, rules), lang)
    found = _found(day, asked, lang)
    if asked.folder is not None:
        _write(asked.folder, found, day.problem)
        page = staffing_page(found, cover=asked.share, lang=lang)
        write_text(asked.folder / "staffing.html", page)
    if as_json:
        answer_json(_document(found, day, asked, lang))
    else:
        _tell(found, day, asked, lang)
    return ExitCode.OK


def _day(path: Path, asked: Asked, question: Question, book: Book, lang: Lang) -> _Day:
    """Read the scenario, and imagine what is asked."""
    whole = load_problem(path, lang=lang, book=book)
    others: tuple[Caregiver, ...] = ()
    if asked.like is not None:
        others = load_problem(asked.like, lang=lang, book=book).scenario.caregivers
    study = inline_study(question, whole.given, "staffing")
    day = _Day(whole, others)
    if question.is_asked:
        study = study.model_copy(update={"seed": asked.seed})
        check_study(study, whole).refuse_faults("staffing")
        made = imagined_day(study, whole, book)
        everybody = (*others, *whole.scenario.caregivers)
        day = _Day(made.problem, everybody, study.question, made.repairs, made.assumptions)
    if not day.problem.scenario.visits:
        raise UsageError(say("staffing.no_visits"))
    if asked.budget is not None:
        _check_wages(day, asked.fen_per_hour)
    return day


def _found(day: _Day, asked: Asked, lang: Lang) -> Staffing:
    """Look for hires until nothing is left to be tried, time is over or Ctrl-C is pressed."""
    with searching(lang=lang, limit=asked.seconds, options=_WITH_PROOF) as (observer, ctrl_c):
        stop = _stop(ctrl_c, asked.seconds)

        def is_over() -> bool:
            return stop(Progress("search")) is not None

        found = staffing(
            day.problem.scenario,
            cover=asked.share,
            budget=None if asked.budget is None else round(asked.budget * _FEN),
            like=day.others,
            fen_per_hour=asked.fen_per_hour,
            matrices=day.problem.matrices,
            seed=asked.seed,
            prove=asked.prove,
            observer=observer,
            stop=stop,
            is_over=is_over,
        )
        if not asked.futures or not found.hires:
            return found
        return on_futures(
            found,
            asked.futures,
            share=EVERYTHING if asked.cover is None else asked.cover,
            assumptions=day.assumptions,
            seed=asked.seed,
            is_over=is_over,
        )


def _stop(ctrl_c: StoppingCriterion, seconds: float | None) -> StoppingCriterion:
    """Return what ends all searches together; each of them counts its own seconds only."""
    if seconds is None:
        return ctrl_c
    until = time.perf_counter() + seconds

    def stop(progress: Progress) -> Termination | None:
        is_late = time.perf_counter() >= until
        return Termination.TIME if is_late else ctrl_c(progress)

    return stop


def _document(found: Staffing, day: _Day, asked: Asked, lang: Lang) -> dict[str, Any]:
    document = staffing_document(found, cover=asked.share, lang=lang)
    repairs = [translated(lang, one) for one in day.repairs]
    return {**document, "question": day.in_words(lang), "repairs": repairs}


def _tell(found: Staffing, day: _Day, asked: Asked, lang: Lang) -> None:
    words = day.in_words(lang)
    if words is not None:
        answer(Text(words))
        for one in day.repairs:
            answer(Text(translated(lang, one)))
        answer(Text(sentence(lang, "staffing.imagined", seed=asked.seed) + "\n"))
    answer(staffing_text(found, cover=asked.share, lang=lang))
    if asked.folder is not None:
        answer(Text("\n" + sentence(lang, "cli.written", path=asked.folder)))


def _check(asked: Asked) -> None:
    """Refuse what is out of range, before anything is read."""
    cover, budget, wage = asked.cover, asked.budget, asked.wage
    if cover is not None and budget is not None:
        raise UsageError(say("staffing.one_goal"))
    if cover is not None and not 0 < cover <= EVERYTHING:
        raise UsageError(say("staffing.bad_cover", value=f"{cover:g}"))
    if budget is not None and not 0 < budget < _MOST_YUAN:
        raise UsageError(say("staffing.bad_budget", value=f"{budget:g}"))
    if wage is not None and not 0 < wage < _MOST_YUAN:
        raise UsageError(say("staffing.bad_wage", value=f"{wage:g}"))
    if asked.folder is not None:
        check_folder(asked.folder)


def _check_wages(day: _Day, fen_per_hour: int | None) -> None:
    problem = day.problem
    kinds = kinds_of(problem.scenario, problem.matrices, like=day.others, fen_per_hour=fen_per_hour)
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
