"""An evaluation as pages: a table of the district, and one page for each organisation."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from optimizer.i18n import Lang, listed, sentence
from optimizer.purchase import Figure, Result
from optimizer.report.archive import csv_archive
from optimizer.report.evaluation_tables import evaluation_tables, evaluation_workbook
from optimizer.report.evaluation_text import (
    EvaluationReport,
    against,
    figure_span,
    figure_value,
    formula,
    grade_name,
    indicator_name,
    notes_of,
    points,
    share,
    span,
    sums,
    title,
    told_of,
    why_not,
    yuan_per_hour,
)
from optimizer.report.template_engine import template_engine

MOST_ROWS = 12
"Visits or clients named under a figure; tables hold all of them."
WIDTH = 120
"Of the bar of points, in pixels."
_CREATED = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure as the page shows it.

    Attributes
    ----------
    name, formula, sums, value, interval, ends, points, weight
        In words.
    width
        Pixels of the points.
    unrated
        Why it is not rated; empty if it is.
    against
        Which visits, clients or complaints count against it; empty if none.
    """

    name: str
    formula: str
    sums: str
    value: str
    interval: str
    ends: str
    points: str
    weight: str
    width: float
    unrated: str
    against: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page of one organisation.

    Attributes
    ----------
    organisation, score, interval, grade
        In words.
    sentences
        What is said of it.
    rows
        Its figures.
    """

    organisation: str
    score: str
    interval: str
    grade: str
    sentences: tuple[str, ...]
    rows: tuple[FigureRow, ...]


def evaluation_page(report: EvaluationReport, *, lang: Lang) -> str:
    """Return the table of the district and all pages in one document that loads nothing."""
    return _page(report, report.evaluation.results, lang, has_district=True)


def evaluation_archive(report: EvaluationReport, lang: Lang) -> bytes:
    """Return the district's page, one page per organisation and all tables in one archive."""
    target = io.BytesIO()
    pages = {"district": _page(report, (), lang, has_district=True)}
    for one in report.evaluation.results:
        pages[one.organisation] = _page(report, [one], lang, has_district=False)
    tables = csv_archive(evaluation_tables(report, lang))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in pages.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.html", _CREATED), text.encode("utf-8"))
        with zipfile.ZipFile(io.BytesIO(tables)) as inner:
            for entry in inner.infolist():
                archive.writestr(entry, inner.read(entry))
    return target.getvalue()


def _page(
    report: EvaluationReport, results: Iterable[Result], lang: Lang, *, has_district: bool
) -> str:
    return (
        template_engine()
        .get_template("evaluation.html.j2")
        .render(
            lang=lang,
            t=lambda key, **fields: sentence(lang, key, **fields),
            title=title(report, lang),
            district=list(_district(report, lang)) if has_district else [],
            has_shares=bool(report.moved),
            sheets=[_sheet(report, one, lang) for one in results],
            notes=list(notes_of(report, lang)),
            width=WIDTH,
        )
    )


def _district(report: EvaluationReport, lang: Lang) -> Iterable[tuple[str, ...]]:
    for one in report.evaluation.results:
        heads = {str(head): score for head, score in one.heads.items()}
        moved = report.moved_of(one.organisation)
        yield (
            one.organisation, points(one.score), span(one.interval), grade_name(one, lang),
            *(points(heads.get(head)) for head in ("internal", "external", "reputation")),
            f"{one.rated}%",
            *(() if moved is None else (share(moved.before), share(moved.after))),
            yuan_per_hour(one.fen, one.verified), yuan_per_hour(one.fen, one.weighted),
        )  # fmt: skip


def _sheet(report: EvaluationReport, one: Result, lang: Lang) -> Sheet:
    return Sheet(
        organisation=one.organisation,
        score=points(one.score),
        interval=span(one.interval),
        grade=grade_name(one, lang),
        sentences=tuple(told_of(report, one, lang)),
        rows=tuple(_row(one, figure, lang) for figure in one.figures),
    )


def _row(one: Result, figure: Figure, lang: Lang) -> FigureRow:
    indicator, terms = figure.indicator, figure.terms
    names = against(figure)
    shown = list(names[:MOST_ROWS])
    if len(names) > MOST_ROWS:
        shown.append(sentence(lang, "list.more", count=len(names) - MOST_ROWS))
    is_rated = figure.unrated is None
    ends = (figure_value(indicator, end) for end in (terms.zero, terms.full))
    return FigureRow(
        name=indicator_name(indicator, lang),
        formula=formula(indicator, lang),
        sums=sums(figure) if figure.count else "–",
        value=figure_value(indicator, figure.value),
        interval=figure_span(figure),
        ends=" → ".join(ends),
        points=points(figure.points) if is_rated else "–",
        weight=f"{float(one.weight_of(figure)):.1f}",
        width=round(WIDTH * float(figure.points) / 100, 1) if is_rated else 0.0,
        unrated=why_not(figure, lang),
        against=listed(lang, shown),
    )


def _page_bytes(report: EvaluationReport, lang: Lang) -> bytes:
    return evaluation_page(report, lang=lang).encode("utf-8")


WRITERS: dict[str, Callable[[EvaluationReport, Lang], bytes]] = {
    ".html": _page_bytes,
    ".xlsx": evaluation_workbook,
    ".zip": evaluation_archive,
}
"By the ending of a file's name."
