"""The list of who is admitted, for spreadsheets: a row per client."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from optimizer.i18n import Lang, sentence
from optimizer.purchase import Admission, Commitment, Eligibility, clients_without_need
from optimizer.report.admission_text import why_not
from optimizer.report.cascade_text import category_name
from optimizer.report.funding_text import place_words

_FEN = 100
_COLUMNS = (
    "client", "category", "track", "minutes", "starts", "standing", "place", "four_weeks", "pools",
    "why",
)  # fmt: skip


def admission_heads(lang: Lang) -> list[str]:
    """Return what the columns are called."""
    return [sentence(lang, f"office.list.column.{column}") for column in _COLUMNS]


def admission_rows(admission: Admission, lang: Lang) -> Iterator[list[Any]]:
    """Yield a row per client: category, minutes, first day, standing, money, and why.

    Parameters
    ----------
    admission
        With an office.
    lang
        Language of all words.
    """
    funding = admission.funding
    paid = {} if funding is None else {one.client: one for one in funding.commitments}
    unknown = clients_without_need(admission)
    for found in admission.found.values():
        row = _row(admission, found, paid.get(found.client), lang)
        if found.client in unknown:
            row[-1] = f"{row[-1]}{sentence(lang, 'office.admit.unknown')}".strip()
        yield row


def _row(
    admission: Admission, found: Eligibility, money: Commitment | None, lang: Lang
) -> list[Any]:
    category = found.category
    if category is None:
        standing = sentence(lang, "office.list.standing.none")
        return [found.client, None, None, 0, None, standing, None, None, None,
                why_not(admission, found, lang)]  # fmt: skip
    state = "tested" if found.is_tested else "recorded"
    if money is not None:
        state = str(money.standing)
    return [
        found.client,
        category_name(admission.office, category.code, lang),
        sentence(lang, f"office.track.{category.track}"),
        0 if found.is_waiting else category.monthly_minutes,
        None if found.starts is None else str(found.starts),
        sentence(lang, f"office.list.standing.{state}"),
        None if money is None else money.place,
        None if money is None else money.four_weeks_fen / _FEN,
        None if money is None else _pools(money),
        "" if money is None or money.place is None else place_words(money, lang),
    ]


def _pools(money: Commitment) -> str:
    return " ".join(f"{pool}={fen / _FEN:.2f}" for pool, fen in money.paid.items())


def admission_csv(admission: Admission, lang: Lang) -> bytes:
    """Return the list as CSV in UTF-8 with a mark of the encoding."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(admission_heads(lang))
    table.writerows(admission_rows(admission, lang))
    return text.getvalue().encode("utf-8-sig")


def admission_workbook(admission: Admission, lang: Lang) -> bytes:
    """Return the list as a workbook; the same admission gives the same bytes."""
    import pandas as pd  # noqa: PLC0415 (only who asks for a workbook needs it)

    target = io.BytesIO()
    title = sentence(lang, "office.list.title")
    frame = pd.DataFrame(admission_rows(admission, lang), columns=admission_heads(lang))
    with pd.ExcelWriter(target, engine="xlsxwriter") as writer:
        writer.book.set_properties({"created": pd.Timestamp(2026, 1, 1).to_pydatetime()})
        frame.to_excel(writer, sheet_name=title, index=False)
        writer.sheets[title].freeze_panes(1, 1)
        writer.sheets[title].autofit()
    return target.getvalue()


WRITERS: Mapping[str, Callable[[Admission, Lang], bytes]] = {
    ".csv": admission_csv,
    ".xlsx": admission_workbook,
}
"By the ending of a file's name."
