"""The figures of a study as tables, for whoever goes on working with them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from optimizer.domain.assumption import Assumptions
from optimizer.i18n import Lang, sentence
from optimizer.report.archive import csv_archive, parquet_archive
from optimizer.report.shock_list import assumption_words, parameters_of
from optimizer.report.study_wording import arm_label, category
from optimizer.report.wording import reason, town
from optimizer.shortfall import ArmOutcome, Figure, Outcome, Tornado
from optimizer.shortfall.outcome import Share

if TYPE_CHECKING:
    import pandas as pd

_FIGURES = ("unserved", "critical", "unmet_minutes", "clients", "against_base")
_PARTS = ("mean", "low", "high", "p10", "p50", "p90")
_GROUPS = ("by_town", "by_category", "by_town_and_category", "by_qualification", "by_hour",
           "by_town_and_hour")  # fmt: skip


def study_tables(outcome: Outcome, *, lang: Lang) -> dict[str, pd.DataFrame]:
    """Return the figures of a study by the headings of their tables.

    Means are those of a day (or week), to thousandths; what is withheld is empty.

    Parameters
    ----------
    outcome
        What the study came to.
    lang
        Language of headings and words.
    """
    # Half a second that only whoever asks for tables needs.
    import pandas as pd  # noqa: PLC0415

    def head(name: str) -> str:
        return sentence(lang, f"study.table.{name}")

    figures = [
        *(head(name) for name in ("arm", "year", "replications", "caregivers", "visits")),
        *(f"{head(name)}: {head(part)}" for name in _FIGURES for part in _PARTS),
        *(head(name) for name in ("proven", "undelivered", "money", "people")),
    ]
    groups = [head(name) for name in ("arm", "year", "table", "group", "visits_out", "minutes_out",
                                      "minutes_asked")]  # fmt: skip
    causes = [head(name) for name in ("arm", "year", "cause", "visits_out")]
    assumed = [head(name) for name in ("assumption", "value", "unit", "basis")]
    tables = {
        head("figures"): pd.DataFrame(list(_figures(lang, outcome)), columns=figures),
        head("groups"): pd.DataFrame(list(_groups(lang, outcome)), columns=groups),
        head("causes"): pd.DataFrame(list(_causes(lang, outcome)), columns=causes),
        head("assumptions"): pd.DataFrame(list(_assumptions(lang, outcome)), columns=assumed),
    }
    if outcome.tornado is not None:
        varied = [
            *(head(name) for name in ("assumption", "value", "low_end", "high_end")),
            *(f"{head(end)}: {head(part)}" for end in ("at_low", "at_high") for part in _PARTS[:3]),
        ]
        rows = list(_swings(lang, outcome.tornado))
        tables[head("tornado")] = pd.DataFrame(rows, columns=varied)
    return tables


def study_workbook(outcome: Outcome, *, lang: Lang) -> bytes:
    """Return the tables as a workbook, a sheet each; the same study gives the same bytes."""
    import pandas as pd  # noqa: PLC0415 (as above)

    target = io.BytesIO()
    with pd.ExcelWriter(target, engine="xlsxwriter") as writer:
        writer.book.set_properties({"created": pd.Timestamp(2026, 1, 1).to_pydatetime()})
        for title, table in study_tables(outcome, lang=lang).items():
            table.to_excel(writer, sheet_name=title, index=False)
            writer.sheets[title].freeze_panes(1, 1)
            writer.sheets[title].autofit()
    return target.getvalue()


def study_archive(outcome: Outcome, *, lang: Lang) -> bytes:
    """Return the tables as CSV files in one archive."""
    return csv_archive(study_tables(outcome, lang=lang))


def study_parquet(outcome: Outcome, *, lang: Lang) -> bytes:
    """Return the tables as Parquet files in one archive.

    Raises
    ------
    UsageError
        If pyarrow is not installed.
    """
    return parquet_archive(study_tables(outcome, lang=lang))


def _figures(lang: Lang, outcome: Outcome) -> Iterator[Sequence[Any]]:
    for arm in outcome.arms:
        figures = (arm.unserved, arm.critical, arm.unmet_minutes, arm.clients, arm.against_base)
        yield (
            arm_label(lang, outcome.study, arm.arm), arm.year, arm.replications, arm.caregivers,
            arm.visits, *(part for figure in figures for part in _parts(figure)), arm.proven,
            arm.gaps.undelivered, arm.gaps.money, arm.gaps.people,
        )  # fmt: skip


def _parts(figure: Figure | None) -> Sequence[float | None]:
    return [None if figure is None else getattr(figure, part) for part in _PARTS]


def _groups(lang: Lang, outcome: Outcome) -> Iterator[Sequence[Any]]:
    for arm in outcome.arms:
        for name in _GROUPS:
            for one in getattr(arm.tables, name):
                yield (
                    *_about(lang, outcome, arm), sentence(lang, f"study.table.{name}"),
                    _named(lang, name, one), one.visits, one.minutes, one.asked,
                )  # fmt: skip


def _named(lang: Lang, table: str, one: Share) -> str:
    """Return the names of a group in words: towns and categories have some."""
    kinds = table.removeprefix("by_").split("_and_")
    words = {"town": town, "category": category}
    return " / ".join(
        words[kind](lang, name) if kind in words else name
        for kind, name in zip(kinds, one.names, strict=True)
    )


def _causes(lang: Lang, outcome: Outcome) -> Iterator[Sequence[Any]]:
    for arm in outcome.arms:
        for one in arm.causes:
            yield *_about(lang, outcome, arm), reason(lang, one.cause), one.visits


def _about(lang: Lang, outcome: Outcome, arm: ArmOutcome) -> Sequence[Any]:
    return arm_label(lang, outcome.study, arm.arm), arm.year


def _assumptions(lang: Lang, outcome: Outcome) -> Iterator[Sequence[Any]]:
    for one in parameters_of(lang, Assumptions, "assumption"):
        value = getattr(outcome.study.assumptions, one.name)
        yield one.meaning, value, one.unit, one.basis


def _swings(lang: Lang, tornado: Tornado) -> Iterator[Sequence[Any]]:
    for one in tornado.swings:
        yield (
            assumption_words(lang, one.of), one.value, one.low, one.high,
            *_parts(one.at_low)[:3], *_parts(one.at_high)[:3],
        )  # fmt: skip
