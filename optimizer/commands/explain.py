"""``homecare explain``: why visits are left out, what would help, and why a carer was chosen."""

from __future__ import annotations

import difflib
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from optimizer.commands.documents import load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.searching import searching
from optimizer.commands.terminal import answer_json, tell
from optimizer.errors import UsageError
from optimizer.explanation import (
    Explained,
    Explanation,
    Insertions,
    PlanState,
    explanation,
    unknown_visits,
)
from optimizer.formats.book import read_book
from optimizer.i18n import Lang, say, sentence
from optimizer.progress import Progress
from optimizer.replan import ReplanAnswer, replanned
from optimizer.report.explain_document import explain_document
from optimizer.report.explain_text import alternatives_text, reasons_text, replan_text
from optimizer.verification import verify


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
    state = PlanState.of(problem.scenario, plan, problem.matrices)
    _insist_on_known(state, visits)
    if not state.is_clean:
        count = len(verify(state.scenario, plan, state.matrices).violations)
        tell(sentence(lang, "explain.broken", count=count))
    insertions = Insertions(state)
    found = explanation(insertions, visits)
    replans: dict[str, ReplanAnswer] = {}
    if replan is not None and state.is_clean and found.unserved:
        replans = _replanned(insertions, found.unserved, replan, seed, lang)
    if as_json:
        answer_json(explain_document(state, found, lang=lang, replans=replans))
    else:
        sys.stdout.write(_text(state, found, replans, lang))
    return ExitCode.OK


def _replanned(
    insertions: Insertions, missing: Sequence[Explained], seconds: float, seed: int, lang: Lang
) -> dict[str, ReplanAnswer]:
    """Plan everybody anew for one visit after the other, until the time is up or Ctrl-C."""
    told: dict[str, ReplanAnswer] = {}
    with searching(lang=lang, limit=seconds) as (observer, stop):
        until = time.monotonic() + seconds
        for number, one in enumerate(missing):
            left = until - time.monotonic()
            if left <= 0 or stop(Progress("replan")) is not None:
                break
            visit = insertions.state.index.visit[one.reasons.visit]
            told[visit.id] = replanned(insertions, visit, seconds=left / (len(missing) - number),
                                       seed=seed, stop=stop, observer=observer)  # fmt: skip
    return told


def _insist_on_known(state: PlanState, visits: Sequence[str]) -> None:
    for visit in unknown_visits(state, visits):
        near = difflib.get_close_matches(visit, state.index.visit, n=3)
        if near:
            raise UsageError(say("usage.no_visit_near", visit=visit, near=tuple(near)))
        raise UsageError(say("usage.no_visit", visit=visit))


def _text(
    state: PlanState, found: Explanation, replans: Mapping[str, ReplanAnswer], lang: Lang
) -> str:
    if not found.unserved and not found.stops:
        return sentence(lang, "explain.nothing") + "\n"
    parts = [
        list(_lines(state, one, replans.get(one.reasons.visit), lang)) for one in found.unserved
    ]
    parts += [list(alternatives_text(state, stop, lang=lang)) for stop in found.stops]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _lines(
    state: PlanState, one: Explained, replan: ReplanAnswer | None, lang: Lang
) -> Iterator[str]:
    yield from reasons_text(state, one.reasons, one.fixes, lang=lang)
    if replan is not None:
        yield from replan_text(state, replan, lang=lang)
