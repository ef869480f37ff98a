"""``homecare explain`` with ``--price-of`` and ``--one-more``: what a rule or a hire is worth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.text import Text

from optimizer.commands.documents import load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.searching import searching
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import UsageError
from optimizer.explanation import PlanState
from optimizer.formats.book import read_book
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.report.what_if_text import hires_table, price_text
from optimizer.shortfall import Hire, Price, RelaxedRule, hires, price_of


def what_if_files(
    scenario_path: Path,
    plan_path: Path,
    *,
    rule: str | None,
    minutes: int,
    seconds: float,
    seed: int,
    catalogue: Path | None,
    rules: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Tell the price of a rule, or what one caregiver more is worth; return the exit code.

    Parameters
    ----------
    scenario_path, plan_path
        Scenario or benchmark instance, and the plan to begin from.
    rule
        The rule whose price is asked; None asks for hires.
    minutes
        Minutes by which a rule counted in minutes is relaxed.
    seconds, seed
        Time of all searches together, and the random seed of each.
    catalogue, rules
        A district's own files, by which visits are derived from health records.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    UsageError
        If the plan breaks rules.
    """
    problem = load_problem(scenario_path, lang=lang, book=read_book(catalogue, rules))
    plan = load_plan(plan_path, problem.scenario, lang=lang)
    state = PlanState.of(problem.scenario, plan, problem.matrices)
    if not state.is_clean:
        raise UsageError(sentence(lang, "explain.not_clean"))
    with searching(lang=lang, limit=seconds) as (observer, stop):
        if rule is None:
            found = hires(state, seconds=seconds, seed=seed, stop=stop, observer=observer)
        else:
            price = price_of(state, RelaxedRule(rule), minutes=minutes, seconds=seconds, seed=seed,
                             stop=stop, observer=observer)  # fmt: skip
    if rule is None:
        _answer_hires(state, found, lang=lang, as_json=as_json)
    else:
        _answer_price(state, price, lang=lang, as_json=as_json)
    return ExitCode.OK


def _answer_price(state: PlanState, price: Price, *, lang: Lang, as_json: bool) -> None:
    if as_json:
        answer_json(_price(state, price))
        return
    for line in price_text(state, price, lang=lang):
        answer(Text(line))


def _answer_hires(state: PlanState, found: tuple[Hire, ...], *, lang: Lang, as_json: bool) -> None:
    if as_json:
        answer_json(
            {
                "scenario": state.scenario.id,
                "ticks_per_minute": state.scenario.ticks_per_minute,
                "hires": [_hire(hire) for hire in found],
            }
        )
        return
    answer(hires_table(state, found, lang=lang))
    is_bound = any(hire.at_most is not None for hire in found)
    answer(Text(sentence(lang, "explain.hire.caveat")))
    order = "explain.hire.by_bound" if is_bound else "explain.hire.by_fit"
    answer(Text(sentence(lang, order)))


def _price(state: PlanState, price: Price) -> dict[str, Any]:
    return {
        "scenario": state.scenario.id,
        "ticks_per_minute": state.scenario.ticks_per_minute,
        "rule": price.rule.value,
        "minutes": price.minutes,
        "bound": price.is_bound,
        "complete": price.is_complete,
        "seconds": price.seconds,
        "difference": price.difference,
        "terms": {term.value: amount for term, amount in price.terms.items()},
        "unserved_with": price.unserved_with,
        "unserved_without": price.unserved_without,
    }


def _hire(hire: Hire) -> dict[str, Any]:
    terms = None if hire.terms is None else {one.value: n for one, n in hire.terms.items()}
    return {
        "town": hire.town,
        "qualification": None if hire.qualification is None else hire.qualification.model_dump(),
        "like": hire.like,
        "fitting": list(hire.visits),
        "worth": hire.worth,
        "at_most": hire.at_most,
        "difference": hire.difference,
        "terms": terms,
        "more": hire.more,
    }
