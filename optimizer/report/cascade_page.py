"""A cascade as one page: sentences, a bar per step, tables of reasons and groups."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.i18n import Lang, listed, sentence
from optimizer.report.cascade_text import (
    CascadeReport,
    cascade_words,
    group_rows,
    loss_name,
    minutes,
    share,
    stage_name,
    title,
    yuan,
)
from optimizer.report.template_engine import template_engine

WIDTH = 600
"Of the longest bar, in pixels."


@dataclass(frozen=True, slots=True)
class Bar:
    """One step: what is left, and what it is left of.

    Attributes
    ----------
    name, care, share, yuan
        In words; the share is that of the need.
    width
        Pixels of what is left.
    before
        Pixels of what the step before had left.
    lost
        Reason, minutes, share, yuan and people of each loss at this step.
    """

    name: str
    care: str
    share: str
    yuan: str
    width: float
    before: float
    lost: tuple[tuple[str, str, str, str, int], ...]


def cascade_page(report: CascadeReport, *, lang: Lang) -> str:
    """Return the page as HTML; it loads nothing from elsewhere.

    Parameters
    ----------
    report
        The cascade.
    lang
        Language of all words.
    """
    whole, *groups = report.cascades
    heads = [sentence(lang, f"office.by.{one}") for one in report.by]
    return (
        template_engine()
        .get_template("cascade.html.j2")
        .render(
            lang=lang,
            t=lambda key, **fields: sentence(lang, key, **fields),
            title=title(report, lang),
            sentences=list(cascade_words(report, lang=lang)),
            bars=bars_of(report, lang),
            clients=whole.clients,
            width=WIDTH,
            heads=heads,
            keys=listed(lang, heads),
            stages=[stage_name(lang, one) for one in report.traced.stages],
            rows=list(group_rows(report, groups, lang)),
        )
    )


def bars_of(report: CascadeReport, lang: Lang) -> list[Bar]:
    """Return a bar for each step of everything."""
    whole = report.cascades[0]
    needed = whole.steps[0].care
    bars: list[Bar] = []
    before = float(WIDTH) if needed else 0.0
    for step in whole.steps:
        width = round(WIDTH * step.care / needed, 1) if needed else 0.0
        lost = tuple(
            (
                loss_name(lang, one.code),
                minutes(one.care),
                share(one.care, needed) + "%",
                yuan(one.fen),
                one.clients,
            )
            for one in step.lost
        )
        bars.append(
            Bar(
                stage_name(lang, step.stage),
                minutes(step.care),
                share(step.care, needed) + "%",
                yuan(step.fen),
                width,
                before,
                lost,
            )
        )
        before = width
    return bars
