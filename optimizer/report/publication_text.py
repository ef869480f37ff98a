"""What is published, and the spot checks that are drawn, in words and tables."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.domain.office import Office
from optimizer.i18n import Lang, sentence
from optimizer.purchase.publication import Drawn, PeopleTable, Published
from optimizer.report.archive import csv_archive
from optimizer.report.cascade_text import category_name
from optimizer.report.evaluation_text import points, share
from optimizer.units import format_clock

if TYPE_CHECKING:
    import pandas as pd

_FEN = 100
_GAP = "–"


def published_tables(
    found: Published, office: Office, lang: Lang
) -> dict[str, tuple[list[str], list[list[Any]]]]:
    """Return all tables as heads and rows by their headings; a gap is a dash.

    Parameters
    ----------
    found
        What is published.
    office
        For the names of its categories.
    lang
        Language of headings and words.
    """

    def heads(*names: str) -> list[str]:
        return [sentence(lang, f"publish.{name}") for name in names]

    bodies = [
        [
            one.organisation, _shown(one.visits), points(one.score),
            _GAP if one.grade is None else sentence(lang, f"evaluation.grade.{one.grade}"),
            _GAP if one.share is None else share(one.share),
        ]
        for one in found.bodies
    ]  # fmt: skip
    rules = [
        [
            sentence(lang, f"office.doubt.{one.doubt}"), one.raised, one.ruled, one.upheld,
            sentence(lang, "publish.under_review") if one.is_under_review else "",
        ]
        for one in found.rules
    ]  # fmt: skip
    pools = [
        [
            one.pool.id, sentence(lang, f"office.tier.{one.pool.tier}"),
            *(fen / _FEN for fen in (one.pool.amount_fen, one.pool.spent_fen, one.committed,
                                     one.free)),
        ]
        for one in found.pools
    ]  # fmt: skip
    tables = {
        "bodies": (heads("organisation", "visits", "score", "grade", "share"), bodies),
        "pools": (heads("pool", "tier", "amount", "spent", "committed", "free"), pools),
        "rules": (heads("rule", "raised", "ruled", "upheld", "note"), rules),
    }
    made = {sentence(lang, f"publish.table.{name}"): table for name, table in tables.items()}
    for name, cells in found.people.items():
        rows = [[_cell(name, cell, office, lang), _shown(count)] for cell, count in cells.items()]
        made[sentence(lang, f"publish.table.{name}")] = (heads("cell", "number"), rows)
    return made


def _shown(count: int | None) -> Any:
    return _GAP if count is None else count


def _cell(table: PeopleTable, cell: str, office: Office, lang: Lang) -> str:
    if table is PeopleTable.WAITING_BY_CATEGORY:
        return category_name(office, cell, lang)
    if table is PeopleTable.COMPLAINTS_BY_KIND:
        return sentence(lang, f"publish.kind.{cell}")
    return cell


def published_text(found: Published, office: Office, *, lang: Lang) -> RenderableType:
    """Return all tables that have rows for printing with rich."""
    parts: list[RenderableType] = []
    for heading, (heads, rows) in published_tables(found, office, lang).items():
        if rows:
            table = Table(title=heading, title_justify="left")
            for n, head in enumerate(heads):
                table.add_column(head, justify="left" if n == 0 else "right")
            for row in rows:
                table.add_row(*map(str, row))
            parts.append(table)
    return Group(*parts, Text(sentence(lang, "publish.text")))


def published_frames(found: Published, office: Office, lang: Lang) -> dict[str, pd.DataFrame]:
    """Return all tables for spreadsheets."""
    import pandas as pd  # noqa: PLC0415 (only who asks for tables needs it)

    return {
        heading: pd.DataFrame(rows, columns=heads)
        for heading, (heads, rows) in published_tables(found, office, lang).items()
    }


def published_bytes(found: Published, office: Office, lang: Lang, ending: str) -> bytes:
    """Return all tables as a workbook (``.xlsx``) or as CSV in an archive (``.zip``)."""
    import pandas as pd  # noqa: PLC0415 (as above)

    frames = published_frames(found, office, lang)
    if ending == ".zip":
        return csv_archive(frames)
    target = io.BytesIO()
    with pd.ExcelWriter(target, engine="xlsxwriter") as writer:
        writer.book.set_properties({"created": pd.Timestamp(2026, 1, 1).to_pydatetime()})
        for heading, frame in frames.items():
            frame.to_excel(writer, sheet_name=heading, index=False)
            writer.sheets[heading].autofit()
    return target.getvalue()


def published_document(found: Published) -> dict[str, Any]:
    """Return what is published as it is written with ``--json``; gaps are null."""
    return {
        "organisations": [
            {
                "organisation": one.organisation,
                "visits": one.visits,
                "score": None if one.score is None else float(one.score),
                "grade": one.grade,
                "share": None if one.share is None else float(one.share),
            }
            for one in found.bodies
        ],
        "pools": [
            {
                "id": one.pool.id,
                "amount_fen": one.pool.amount_fen,
                "spent_fen": one.pool.spent_fen,
                "committed_fen": one.committed,
                "free_fen": one.free,
            }
            for one in found.pools
        ],
        "rules": [
            {
                "doubt": str(one.doubt),
                "raised": one.raised,
                "ruled": one.ruled,
                "upheld": one.upheld,
                "under_review": one.is_under_review,
            }
            for one in found.rules
        ],
        "people": {str(name): dict(cells) for name, cells in found.people.items()},
    }


_CHECK_HEADS = ("organisation", "visit", "carer", "date", "start", "way", "by", "place", "doubts")


def checks_rows(drawn: Sequence[Drawn], lang: Lang) -> Iterator[list[Any]]:
    """Yield a row for each visit that is to be checked."""
    for one in drawn:
        stop = one.stop
        yield [
            one.organisation, stop.visit, stop.carer, str(stop.date), format_clock(stop.start),
            sentence(lang, f"checks.way.{one.way}"), sentence(lang, f"checks.by.{one.by}"),
            f"{one.place}/{one.of}", one.doubts,
        ]  # fmt: skip


def checks_heads(lang: Lang) -> list[str]:
    """Return the heads of the table of spot checks."""
    return [sentence(lang, f"checks.{name}") for name in _CHECK_HEADS]


def checks_text(drawn: Sequence[Drawn], draw: str, period: str, *, lang: Lang) -> RenderableType:
    """Return the spot checks for printing with rich."""
    table = Table()
    for head in checks_heads(lang):
        table.add_column(head)
    for row in checks_rows(drawn, lang):
        table.add_row(*map(str, row))
    head = sentence(lang, "checks.heading", count=len(drawn), draw=draw, period=period)
    return Group(Text(head, style="bold"), table, Text(sentence(lang, "checks.text")))


def checks_document(drawn: Sequence[Drawn], draw: str, period: str) -> dict[str, Any]:
    """Return the spot checks as they are written with ``--json``."""
    return {
        "draw": draw,
        "period": period,
        "checks": [
            {
                "organisation": one.organisation,
                "visit": one.stop.visit,
                "carer": one.stop.carer,
                "date": str(one.stop.date),
                "way": str(one.way),
                "by": str(one.by),
                "place": one.place,
                "of": one.of,
                "doubts": one.doubts,
            }
            for one in drawn
        ],
    }
