"""The directory on a day in words: who is open, who keeps clients, who must leave, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.domain.contractor import CreditList
from optimizer.i18n import Lang, sentence
from optimizer.purchase import DirectoryStatus, Examined, Noted

_COLUMNS = ("organisation", "kind", "status", "grade", "catalogue", "contracts", "found")


def directory_text(examined: Sequence[Examined], day: dt.date, *, lang: Lang) -> RenderableType:
    """Return the test of all organisations for printing with rich.

    Parameters
    ----------
    examined
        The organisations.
    day
        The day of the test.
    lang
        Language of all words.
    """
    counts = {status: sum(one.status is status for one in examined) for status in DirectoryStatus}
    head = sentence(
        lang,
        "office.directory.heading",
        day=day,
        open=counts[DirectoryStatus.OPEN],
        no_new=counts[DirectoryStatus.NO_NEW],
        exit=counts[DirectoryStatus.EXIT],
    )
    table = Table(show_lines=True)
    for name in _COLUMNS:
        table.add_column(sentence(lang, f"office.directory.{name}"), overflow="fold")
    for one in examined:
        kind = "–" if one.contractor is None else one.contractor.kind
        table.add_row(
            one.organisation,
            kind if one.contractor is None else sentence(lang, f"office.kind.{kind}"),
            sentence(lang, f"office.status.{one.status}"),
            "–" if one.grade is None else f"{one.grade}A",
            sentence(lang, "office.directory.yes") if one.in_catalogue else "–",
            str(len(one.contracts)),
            "\n".join(noted_words(noted, lang) for noted in one.noted),
        )
    return Group(Text(head, style="bold"), table, Text(sentence(lang, "office.directory.note")))


def noted_words(noted: Noted, lang: Lang) -> str:
    """Return one finding in words."""
    key = f"office.directory.finding.{noted.finding}"
    what = noted.what
    if what in set(CreditList):
        what = sentence(lang, f"office.credit.{what}")
    return sentence(
        lang,
        key,
        what=f" ({what})" if what and lang == "en" else f"（{what}）" if what else "",
        until=""
        if noted.until is None
        else sentence(lang, "office.directory.until", day=noted.until),
    )


def directory_document(examined: Sequence[Examined], day: dt.date) -> dict[str, Any]:
    """Return the test as it is written with ``--json``."""
    return {
        "day": str(day),
        "organisations": [
            {
                "organisation": one.organisation,
                "status": str(one.status),
                "grade": one.grade,
                "in_catalogue": one.in_catalogue,
                "contracts": [contract.id for contract in one.contracts],
                "found": [
                    {
                        "code": str(noted.finding),
                        "what": noted.what,
                        "until": None if noted.until is None else str(noted.until),
                    }
                    for noted in one.noted
                ],
            }
            for one in examined
        ],
    }
