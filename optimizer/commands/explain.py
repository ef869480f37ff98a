"""``homecare explain``: why visits are left out, what would help, and why a carer was chosen."""

from __future__ import annotations

import difflib
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from optimizer.commands.documents import load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.searching import searching
from optimizer.commands.terminal import answer_json, tell
from optimizer.errors import UsageError
from optimizer.explain import (
    Against,
    Alternatives,
    Board,
    Fix,
    Places,
    ReplanAnswer,
    VisitReasons,
    alternatives,
    fixes,
    replanned,
    unserved_visits,
    visit_reasons,
)
from optimizer.formats.book import read_book
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.progress import Progress
from optimizer.report.explain_text import alternatives_text, fix_words, reasons_text, replan_text
from optimizer.travel import travel_matrices
from optimizer.units import format_clock
from optimizer.verify import verify


@dataclass(frozen=True, slots=True)
class Explained:
    """What is known of a visit that is left out."""

    reasons: VisitReasons
    fixes: tuple[Fix, ...]
    replan: ReplanAnswer | None = None


def explain_files(
    scenario_path: Path,
    plan_path: Path,
    *,
    visits: Sequence[str],
    replan: float | None,
    seed: int,
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
    replan, seed
        Seconds for planning everybody anew for the visits left out, and the random seed;
        None: everybody else keeps their visits.
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
    if not board.is_clean:
        count = len(verify(board.scenario, plan, board.matrices).violations)
        tell(sentence(lang, "explain.broken", count=count))
    places = Places(board)
    left = unserved_visits(board, visits)
    missing = [Explained(visit_reasons(places, visit), fixes(places, visit)) for visit in left]
    if replan is not None and board.is_clean and left:
        missing = _replanned(places, missing, replan, seed, lang)
    unserved = {one.reasons.visit for one in missing}
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


def _replanned(
    places: Places, missing: Sequence[Explained], seconds: float, seed: int, lang: Lang
) -> list[Explained]:
    """Plan everybody anew for one visit after the other; what Ctrl-C cuts off is left as it is."""
    told: list[Explained] = []
    with searching(lang=lang, limit=seconds) as (observer, stop):
        until = time.monotonic() + seconds
        for number, one in enumerate(missing):
            left = until - time.monotonic()
            if left <= 0 or stop(Progress("replan")) is not None:
                break
            visit = places.board.index.visit[one.reasons.visit]
            found = replanned(places, visit, seconds=left / (len(missing) - number), seed=seed,
                              stop=stop, observer=observer)  # fmt: skip
            told.append(replace(one, replan=found))
    return [*told, *missing[len(told) :]]


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
    parts = [list(_lines(board, one, lang)) for one in missing]
    parts += [list(alternatives_text(board, found, lang=lang)) for found in stops]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _lines(board: Board, one: Explained, lang: Lang) -> Iterator[str]:
    yield from reasons_text(board, one.reasons, one.fixes, lang=lang)
    if one.replan is not None:
        yield from replan_text(board, one.replan, lang=lang)


def _document(
    board: Board, missing: Sequence[Explained], stops: Sequence[Alternatives], lang: Lang
) -> dict[str, Any]:
    return {
        "scenario": board.scenario.id,
        "ticks_per_minute": board.scenario.ticks_per_minute,
        "unserved": [_visit(one, lang) for one in missing],
        "stops": [_stop(found) for found in stops],
    }


def _visit(one: Explained, lang: Lang) -> dict[str, Any]:
    found = one.reasons
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
        "fixes": [_fix(fix, lang) for fix in one.fixes],
        "replan": None if one.replan is None else _replan(one.replan, lang),
    }  # fmt: skip


def _replan(found: ReplanAnswer, lang: Lang) -> dict[str, Any]:
    document: dict[str, Any] = {"tried": found.tried, "complete": found.is_complete}
    best = found.best
    if best is None:
        return {**document, "found": False}
    return {
        **document,
        "found": True,
        "smaller": best.is_smaller,
        "fix": None if best.fix is None else _fix(best.fix, lang),
        "difference": best.difference,
        "terms": {term.value: amount for term, amount in best.terms.items()},
        "moved": [
            {"visit": one.visit, "carer": one.carer, "before": one.before, "after": one.after}
            for one in best.moved
        ],
        "lost": list(best.lost),
        "gained": list(best.gained),
    }


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
