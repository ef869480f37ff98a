"""The report of a purchaser's office over some months, for whoever answers for the district."""

from __future__ import annotations

from optimizer.i18n import Lang, sentence
from optimizer.report.cascade_page import WIDTH, bars_of
from optimizer.report.district_sections import columns, sections
from optimizer.report.district_text import DistrictReport, cascade_of, lead
from optimizer.report.template_engine import template_engine


def district_page(report: DistrictReport, *, lang: Lang) -> str:
    """Return the report as HTML; it loads nothing from elsewhere.

    Parameters
    ----------
    report
        The months.
    lang
        Language of all words.
    """
    whole = cascade_of(report)
    return (
        template_engine()
        .get_template("district.html.j2")
        .render(
            lang=lang,
            title=_title(report, lang),
            sentences=list(lead(report, lang)),
            cascade=sentence(lang, "district.cascade"),
            bars=bars_of(whole, lang),
            width=WIDTH,
            lost_head=columns(
                lang,
                (
                    "district.lost.step",
                    "district.lost.why",
                    "district.lost.hours",
                    "district.lost.yuan",
                    "district.lost.clients",
                ),
            ),
            sections=list(sections(report, whole, lang)),
            note=sentence(lang, "district.note"),
        )
    )


def _title(report: DistrictReport, lang: Lang) -> str:
    periods = list(report.months)
    return sentence(
        lang, "district.title", name=report.name, first=periods[0], last=periods[-1]
    )  # fmt: skip
