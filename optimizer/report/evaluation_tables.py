"""An evaluation as tables and as one document: each figure with its formula and its rows."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from optimizer.domain.evaluation import Head, Indicator
from optimizer.i18n import Lang, sentence
from optimizer.purchase import Fact, Result
from optimizer.report.evaluation_text import (
    EvaluationReport,
    formula,
    grade_name,
    indicator_name,
    why_not,
)
from optimizer.units import MS_PER_MINUTE

if TYPE_CHECKING:
    import pandas as pd

_FEN = 100
_MS_PER_HOUR = 60 * MS_PER_MINUTE


def evaluation_tables(report: EvaluationReport, lang: Lang) -> dict[str, pd.DataFrame]:
    """Return organisations, figures and rows, by their headings; the figures follow from the rows.

    Parameters
    ----------
    report
        The evaluation.
    lang
        Language of headings and words.
    """
    # Half a second that only whoever asks for tables needs.
    import pandas as pd  # noqa: PLC0415

    results = report.evaluation.results
    tables: list[tuple[str, Sequence[str], Iterator[Sequence[Any]]]] = [
        (
            "organisations",
            (
                "organisation", "score", "low", "high", "grade", "internal", "external",
                "reputation", "rated", "before", "after", "yuan_per_hour",
                "yuan_per_weighted_hour",
            ),
            (_organisation(report, one, lang) for one in results),
        ),
        (
            "figures",
            (
                "organisation", "indicator", "formula", "upper", "lower", "value", "low", "high",
                "count", "zero", "full", "points", "weight", "why_not",
            ),
            (row for one in results for row in _figures(one, lang)),
        ),
        (
            "rows",
            ("organisation", "indicator", "subject", "date", "upper", "lower"),
            (row for one in results for row in _rows(one, lang)),
        ),
    ]  # fmt: skip
    return {
        sentence(lang, f"evaluation.table.{name}"): pd.DataFrame(
            list(rows), columns=[sentence(lang, f"evaluation.column.{head}") for head in heads]
        )
        for name, heads, rows in tables
    }


def evaluation_workbook(report: EvaluationReport, lang: Lang) -> bytes:
    """Return the tables as a workbook, a sheet each; the same evaluation gives the same bytes."""
    import pandas as pd  # noqa: PLC0415 (as above)

    target = io.BytesIO()
    with pd.ExcelWriter(target, engine="xlsxwriter") as writer:
        writer.book.set_properties({"created": pd.Timestamp(2026, 1, 1).to_pydatetime()})
        for heading, table in evaluation_tables(report, lang).items():
            table.to_excel(writer, sheet_name=heading, index=False)
            writer.sheets[heading].freeze_panes(1, 1)
            writer.sheets[heading].autofit()
    return target.getvalue()


def _organisation(report: EvaluationReport, one: Result, lang: Lang) -> Sequence[Any]:
    low, high = (None, None) if one.interval is None else one.interval
    moved = report.moved_of(one.organisation)
    return (
        one.organisation, _number(one.score), low, high, grade_name(one, lang),
        *(_number(one.heads.get(head)) for head in Head), one.rated,
        None if moved is None else float(moved.before),
        None if moved is None else float(moved.after),
        _yuan(one.fen, one.verified), _yuan(one.fen, one.weighted),
    )  # fmt: skip


def _figures(one: Result, lang: Lang) -> Iterator[Sequence[Any]]:
    for figure in one.figures:
        low, high = (None, None) if figure.interval is None else figure.interval
        unit = _unit(figure.indicator)
        yield (
            one.organisation, indicator_name(figure.indicator, lang),
            formula(figure.indicator, lang), float(figure.upper) / unit,
            float(figure.lower) / unit, _number(figure.value), low, high, figure.count,
            figure.terms.zero, figure.terms.full, float(figure.points),
            float(one.weight_of(figure)),
            why_not(figure, lang),
        )  # fmt: skip


def _rows(one: Result, lang: Lang) -> Iterator[Sequence[Any]]:
    for figure in one.figures:
        unit = _unit(figure.indicator)
        for fact in figure.facts:
            subject = fact.subject or sentence(lang, "evaluation.visits_due")
            yield (
                one.organisation, indicator_name(figure.indicator, lang), subject,
                None if fact.day is None else fact.day.isoformat(),
                float(fact.part) / unit, float(fact.of) / unit,
            )  # fmt: skip


def _unit(indicator: Indicator) -> int:
    """Return by what sums are divided: care is told in minutes, money in yuan."""
    return {Indicator.MINUTES: MS_PER_MINUTE, Indicator.PRICE: _FEN}.get(indicator, 1)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _yuan(fen: int, ms: int) -> float | None:
    return fen * _MS_PER_HOUR / ms / _FEN if ms else None


def evaluation_document(report: EvaluationReport) -> dict[str, Any]:
    """Return an evaluation as it is written with ``--json``: codes, figures and their rows."""
    evaluation = report.evaluation
    return {
        "office": report.office,
        "first": str(evaluation.first),
        "last": str(evaluation.last),
        "complaints_outside": evaluation.outside,
        "organisations": [_document(report, one) for one in evaluation.results],
    }


def _document(report: EvaluationReport, one: Result) -> dict[str, Any]:
    moved = report.moved_of(one.organisation)
    return {
        "organisation": one.organisation,
        "score": _number(one.score),
        "interval": one.interval,
        "grade": one.grade,
        "share_grade": one.share_grade,
        "rated": one.rated,
        "heads": {str(head): float(score) for head, score in one.heads.items()},
        "red_lines": [str(line.kind) for line in one.red_lines],
        "waits": one.waits,
        "late": [str(late.indicator) for late in one.late],
        "share_before": None if moved is None else float(moved.before),
        "share_after": None if moved is None else float(moved.after),
        "halt": None if moved is None else moved.halt,
        "has_licence": None if moved is None else moved.has_licence,
        "fen": one.fen,
        "verified_minutes": one.verified / MS_PER_MINUTE,
        "figures": [
            {
                "indicator": str(figure.indicator),
                "upper": float(figure.upper) / _unit(figure.indicator),
                "lower": float(figure.lower) / _unit(figure.indicator),
                "value": _number(figure.value),
                "interval": figure.interval,
                "count": figure.count,
                "points": float(figure.points),
                "weight": float(one.weight_of(figure)),
                "unrated": figure.unrated,
                "rows": [_row(fact, _unit(figure.indicator)) for fact in figure.facts],
            }
            for figure in one.figures
        ],
    }


def _row(fact: Fact, unit: int) -> dict[str, Any]:
    return {
        "subject": fact.subject or None,
        "date": None if fact.day is None else str(fact.day),
        "upper": float(fact.part) / unit,
        "lower": float(fact.of) / unit,
    }
