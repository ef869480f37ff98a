"""Prices of rules and values of hires as a person reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table

from optimizer.explanation import PlanState
from optimizer.i18n import Lang, sentence
from optimizer.report.explain_text import terms_words
from optimizer.report.needs_wording import qualification
from optimizer.report.wording import duration, number, signed, town
from optimizer.shortfall import Hire, Price
from optimizer.units import MS_PER_MINUTE

_ROWS = 12
"Hires shown; the others are left out."
_COLUMNS = {
    "explain.hire.rank": True,
    "explain.hire.town": False,
    "explain.hire.skill": False,
    "explain.hire.like": False,
    "explain.hire.at_most": True,
    "explain.hire.saved": True,
    "explain.hire.more": True,
    "explain.hire.fitting": True,
}
"Sentence of each heading, and whether numbers stand below it."


def price_text(state: PlanState, price: Price, *, lang: Lang) -> Iterator[str]:
    """Yield the lines about the price of a rule.

    Parameters
    ----------
    state
        The plan that both searches began from.
    price
        What was found.
    lang
        Language of all words.
    """
    rule = sentence(lang, f"explain.rule.{price.rule}", duration=_length(lang, price))
    if not price.is_bound:
        yield sentence(lang, "explain.price.unbound", rule=rule)
        return
    tpm = state.scenario.ticks_per_minute
    if price.difference == 0:
        yield sentence(lang, "explain.price.none", rule=rule)
    elif price.difference < 0:
        yield sentence(
            lang,
            "explain.price.found",
            rule=rule,
            saved=number(round(-price.difference / tpm)),
            terms=terms_words(price.terms, tpm, lang),
        )
    else:
        yield sentence(
            lang,
            "explain.price.worse",
            rule=rule,
            more=number(round(price.difference / tpm)),
            terms=terms_words(price.terms, tpm, lang),
        )
    yield sentence(
        lang,
        "explain.price.unserved",
        before=price.unserved_with,
        after=price.unserved_without,
    )
    yield sentence(lang, "explain.price.caveat", seconds=f"{price.seconds:g}")
    if not price.is_complete:
        yield sentence(lang, "explain.price.cut")


def _length(lang: Lang, price: Price) -> str:
    """Return by how much the rule is relaxed; a dash where it is taken away."""
    return "–" if price.minutes is None else duration(lang, price.minutes * MS_PER_MINUTE)


def hires_table(state: PlanState, hires: Sequence[Hire], *, lang: Lang) -> Table:
    """Return hires as a table, the most valuable first.

    Parameters
    ----------
    state
        The plan.
    hires
        Those tried, then the others by their estimate.
    lang
        Language of all words.
    """
    table = Table(title=sentence(lang, "explain.hire.title", scenario=state.scenario.id))
    for key, is_number in _COLUMNS.items():
        table.add_column(sentence(lang, key), justify="right" if is_number else "left")
    tpm = state.scenario.ticks_per_minute
    for rank, hire in enumerate(hires[:_ROWS], 1):
        asked = hire.qualification
        table.add_row(
            str(rank),
            "–" if hire.town is None else town(lang, hire.town),
            "–" if asked is None else qualification(lang, asked),
            hire.like,
            "–" if hire.at_most is None else f"{hire.at_most / tpm:,.0f}",
            "–" if hire.difference is None else number(round(-hire.difference / tpm)),
            "–" if hire.more is None else signed(hire.more, 0),
            str(len(hire.visits)),
        )
    return table
