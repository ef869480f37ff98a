"""``homecare explain``: why visits are left out, what would help, and why a carer was chosen."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optimizer.commands.documents import load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.terminal import answer_json, tell
from optimizer.errors import UsageError
from optimizer.explain import (
    Against,
    Alternatives,
    Board,
    Fix,
    Places,
    VisitReasons,
    alternatives,
    fixes,
    unserved_visits,
    visit_reasons,
)
from optimizer.formats.book import read_book
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.report.explain_text import alternatives_text, fix_words, reasons_text
from optimizer.travel import travel_matrices
from optimizer.units import format_clock
from optimizer.verify import verify

Explained = tuple[VisitReasons, tuple[Fix, ...]]


def explain_files(
    scenario_path: Path,
    plan_path: Path,
    *,
    visits: Sequence[str],
    catalogue: Path | None,
    rules: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Explain a plan and return the exit code.

    Parameters
    ----------
    scenario_path, plan_path
        Scenario or benchmark instance, and its plan.
    visits
        Ids of the visits to explain, served or not; all unserved ones if empty.
    catalogue, rules
        A district's own files, by which visits are derived from health records.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    UsageError
        If a visit asked for does not exist.
    """
    problem = load_problem(scenario_path, lang=lang, book=read_book(catalogue, rules))
    plan = load_plan(plan_path, problem.scenario, lang=lang)
    board = Board.of(problem.scenario, plan, travel_matrices(problem.scenario))
    _insist_on_known(board, visits)
    violations = verify(board.scenario, plan, board.matrices).violations
    if violations:
        tell(sentence(lang, "explain.broken", count=len(violations)))
    places = Places(board)
    left = unserved_visits(board, visits)
    missing = [(visit_reasons(places, visit), fixes(places, visit)) for visit in left]
    unserved = {found.visit for found, _ in missing}
    stops = [
        alternatives(board, visit, carer)
        for visit in visits
        if visit not in unserved
        for carer in sorted(board.carers[visit])
    ]
    if as_json:
        answer_json(_document(board, missing, stops, lang))
    else:
        sys.stdout.write(_text(board, missing, stops, lang))
    return ExitCode.OK


def _insist_on_known(board: Board, visits: Sequence[str]) -> None:
    for visit in visits:
        if visit not in board.index.visit:
            near = difflib.get_close_matches(visit, board.index.visit, n=3)
            hint = f" Near are {', '.join(near)}." if near else ""
            raise UsageError(f"There is no visit {visit}.{hint}")


def _text(
    board: Board, missing: Sequence[Explained], stops: Sequence[Alternatives], lang: Lang
) -> str:
    if not missing and not stops:
        return sentence(lang, "explain.nothing") + "\n"
    parts = [list(reasons_text(board, found, helps, lang=lang)) for found, helps in missing]
    parts += [list(alternatives_text(board, found, lang=lang)) for found in stops]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _document(
    board: Board, missing: Sequence[Explained], stops: Sequence[Alternatives], lang: Lang
) -> dict[str, Any]:
    return {
        "scenario": board.scenario.id,
        "ticks_per_minute": board.scenario.ticks_per_minute,
        "unserved": [_visit(found, helps, lang) for found, helps in missing],
        "stops": [_stop(found) for found in stops],
    }


def _visit(found: VisitReasons, helps: Sequence[Fix], lang: Lang) -> dict[str, Any]:
    return {
        "visit": found.visit,
        "standing": found.standing.value,
        "sentence": sentence(lang, f"explain.standing.{found.standing}"),
        "obstacle": None if found.obstacle is None else found.obstacle.value,
        "carers": [
            {
                "visit": carer.visit,
                "carer": carer.carer,
                "able_alone": list(carer.able_alone),
                "counts": {obstacle.value: count for obstacle, count in carer.counts.items()},
                "caregivers": [_against(one) for one in carer.against],
            }
            for carer in found.carers
        ],
        "rivals": [
            {"caregiver": one.caregiver, "date": one.date.isoformat(), "visits": list(one.visits)}
            for one in found.rivals
        ],
        "openings": [
            {"caregiver": one.caregiver, "date": one.date.isoformat(),
             "start": format_clock(one.start)}
            for one in found.openings
        ],
        "fixes": [_fix(fix, lang) for fix in helps],
    }  # fmt: skip


def _fix(fix: Fix, lang: Lang) -> dict[str, Any]:
    return {
        "fix": fix.kind.value,
        "minutes": fix.minutes,
        "caregiver": fix.caregiver,
        "carers": list(fix.carers),
        "like": fix.like,
        "qualifications": [one.model_dump() for one in fix.qualifications],
        "date": fix.date.isoformat(),
        "start": format_clock(fix.start),
        "sentence": fix_words(fix, lang=lang),
    }


def _against(one: Against) -> dict[str, Any]:
    return {
        "caregiver": one.caregiver,
        "obstacle": None if one.obstacle is None else one.obstacle.value,
        "proven": one.is_proven,
        "busy_with": list(one.busy_with),
    }


def _stop(found: Alternatives) -> dict[str, Any]:
    return {
        "visit": found.visit,
        "carer": found.carer,
        "caregiver": found.caregiver,
        "date": found.date.isoformat(),
        "start": format_clock(found.start),
        "can_leave": found.can_leave,
        "options": [
            {
                "caregiver": option.caregiver,
                "start": format_clock(option.start),
                "difference": option.difference,
                "terms": {term.value: amount for term, amount in option.terms.items()},
            }
            for option in found.options
        ],
        "barred": [_against(one) for one in found.barred],
    }
