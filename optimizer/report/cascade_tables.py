"""A cascade as one flat table and as one document, for whoever goes on working with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from optimizer.i18n import Lang, sentence
from optimizer.purchase import Cascade
from optimizer.report.cascade_text import CascadeReport, key_name, loss_name, stage_name
from optimizer.units import format_minutes

_COLUMNS = ("step", "code", "why", "left_minutes", "left_yuan", "lost_minutes", "lost_yuan",
            "clients")  # fmt: skip
_FEN = 100


def cascade_csv(report: CascadeReport, *, lang: Lang) -> str:
    """Return a table with a row per group, step and code.

    Rows without a code tell what is left after a step, rows with one what was lost at it. The
    groups add up; without groups there is one of everything.

    Parameters
    ----------
    report
        The cascade.
    lang
        Language of headings and words.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(
        [
            *(sentence(lang, f"office.by.{one}") for one in report.by),
            *(sentence(lang, f"office.cascade.column.{one}") for one in _COLUMNS),
        ]
    )
    found = report.cascades
    for one in found[1:] if report.by else found:
        names = [
            key_name(report, by, key, lang) for by, key in zip(report.by, one.key, strict=True)
        ]
        for row in _rows(one, lang):
            table.writerow([*names, *row])
    return text.getvalue()


def _rows(one: Cascade, lang: Lang) -> Iterator[list[object]]:
    for step in one.steps:
        name = stage_name(lang, step.stage)
        for lost in step.lost:
            yield [
                name, lost.code, loss_name(lang, lost.code), "", "", format_minutes(lost.care),
                f"{lost.fen / _FEN:.2f}", lost.clients,
            ]  # fmt: skip
        care = format_minutes(step.care)
        yield [name, "", "", care, f"{step.fen / _FEN:.2f}", "", "", one.clients]


def cascade_document(report: CascadeReport) -> dict[str, Any]:
    """Return a cascade as it is written with ``--json``: minutes and fen, codes as they are."""
    return {
        "scenario": report.scenario.id,
        "stages": [str(one) for one in report.traced.stages],
        "by": [str(one) for one in report.by],
        "cascades": [_document(report, one) for one in report.cascades],
        "against_order": {
            str(code): format_minutes(care) for code, care in report.traced.against_order.items()
        },
    }


def _document(report: CascadeReport, one: Cascade) -> dict[str, Any]:
    return {
        "group": {str(by): key for by, key in zip(report.by, one.key, strict=False)},
        "clients": one.clients,
        "steps": [
            {
                "step": str(step.stage),
                "minutes": format_minutes(step.care),
                "fen": step.fen,
                "lost": [
                    {
                        "code": str(lost.code),
                        "minutes": format_minutes(lost.care),
                        "fen": lost.fen,
                        "clients": lost.clients,
                    }
                    for lost in step.lost
                ],
            }
            for step in one.steps
        ],
    }
