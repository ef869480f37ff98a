"""The answer to a staffing question as one page: sentences, the curve, whom to hire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.i18n import Lang, sentence
from optimizer.report.staffing_text import KIND_COLUMNS, MOST_VALUES, kind_cells, staffing_words
from optimizer.report.template_engine import template_engine
from optimizer.shortfall.staffing import Point, Staffing

WIDTH = 640
HEIGHT = 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 20, 24, 40
_MOST_TICKS = 10


@dataclass(frozen=True, slots=True)
class Mark:
    """One number of hires on the curve; pixels from the upper left corner.

    Attributes
    ----------
    x, label
        Where it stands, and the number of hires; empty where there is no room for it.
    found, proven
        Height of what was found and of what is proven.
    found_label
        Visits that the best plan found leaves out.
    """

    x: float
    label: str
    found: float
    proven: float
    found_label: str


@dataclass(frozen=True, slots=True)
class Curve:
    """Found above, proven below, and what is open between them.

    Attributes
    ----------
    marks
        By number of hires.
    found, proven, between
        Points of two lines and of the area between them.
    goal
        Height of the visits that may be left out; None where money is the limit.
    ticks
        Heights of the lines of the scale, with their numbers.
    """

    marks: tuple[Mark, ...]
    found: str
    proven: str
    between: str
    goal: float | None
    ticks: tuple[tuple[float, str], ...]


def curve_of(points: Sequence[Point], goal: int | None) -> Curve | None:
    """Return where the curve lies; None of fewer than two points.

    Parameters
    ----------
    points
        By number of hires.
    goal
        Visits that may be left out, or None.
    """
    if len(points) < 2:
        return None
    top = max(*(point.found for point in points), goal or 0, 1)
    most = points[-1].hires
    step = max(1, -(-top // 6))
    ceiling = -(-top // step) * step

    def x(hires: int) -> float:
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * hires / most, 1)

    def y(visits: int) -> float:
        return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - visits / ceiling), 1)

    every = max(1, -(-len(points) // _MOST_TICKS))
    marks = tuple(
        Mark(
            x(point.hires),
            str(point.hires) if number % every == 0 else "",
            y(point.found),
            y(point.proven),
            str(point.found),
        )
        for number, point in enumerate(points)
    )
    upper = [(mark.x, mark.found) for mark in marks]
    lower = [(mark.x, mark.proven) for mark in marks]
    return Curve(
        marks=marks,
        found=_points(upper),
        proven=_points(lower),
        between=_points([*upper, *reversed(lower)]),
        goal=None if goal is None else y(goal),
        ticks=tuple((y(n), str(n)) for n in range(0, ceiling + 1, step)),
    )


def staffing_page(answer: Staffing, *, cover: float | None, lang: Lang) -> str:
    """Return the page as HTML; it loads nothing from elsewhere.

    Parameters
    ----------
    answer
        What was found and proven.
    cover
        The share of visits that was asked for, in percent, or None.
    lang
        Language of all words.
    """

    def t(key: str, **fields: object) -> str:
        return sentence(lang, key, **fields)

    return (
        template_engine()
        .get_template("staffing.html.j2")
        .render(
            lang=lang,
            t=t,
            answer=answer,
            sentences=tuple(staffing_words(answer, cover, lang=lang)),
            curve=curve_of(answer.curve, answer.goal),
            width=WIDTH,
            height=HEIGHT,
            columns=tuple(KIND_COLUMNS),
            hirings=[(one.count, kind_cells(answer, one.kind, lang)) for one in answer.hirings],
            values=[
                (kind_cells(answer, one.kind, lang), f"{one.estimate:.1f}", one.saved)
                for one in answer.values[:MOST_VALUES]
            ],
        )
    )


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
