"""Clients who change their organisation: a line for each, which can be read out to the client."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from optimizer.i18n import Lang, listed, sentence
from optimizer.purchase import ClientMove, MoveReason

_COLUMNS = ("client", "lot", "before", "after", "why", "earliest", "latest", "left", "found")


def moves_text(moves: Sequence[ClientMove], *, lang: Lang) -> str:
    """Return a line per client, then how many change.

    Parameters
    ----------
    moves
        In the order of the allocation.
    lang
        Language of all words.
    """
    return "\n".join((*(_line(one, lang) for one in moves), *_sum(moves, lang)))


def _line(one: ClientMove, lang: Lang) -> str:
    if one.after is None:
        return sentence(
            lang, "moves.nobody", client=one.client, before=one.before, why=_why(one, lang)
        )
    words = sentence(
        lang,
        "moves.line",
        client=one.client,
        before=one.before,
        after=one.after,
        earliest=one.earliest,
        latest="" if one.latest is None else sentence(lang, "moves.latest", day=one.latest),
        why=_why(one, lang),
    )
    if one.left_behind:
        words += sentence(lang, "moves.left", names=listed(lang, one.left_behind))
    if one.found_again:
        words += sentence(lang, "moves.found", names=listed(lang, one.found_again))
    if one.is_critical:
        words += sentence(lang, "moves.critical", before=one.before)
    return words


def _why(one: ClientMove, lang: Lang) -> str:
    if isinstance(one.why, MoveReason):
        return sentence(lang, f"moves.why.{one.why}")
    why = sentence(lang, f"allocation.finding.{one.why}")
    return sentence(lang, "moves.found_against", before=one.before, why=why)


def _sum(moves: Sequence[ClientMove], lang: Lang) -> Iterator[str]:
    left = sum(len(one.left_behind) for one in moves if one.after is not None)
    yield sentence(lang, "moves.sum", clients=len({one.client for one in moves}), left=left)


def moves_csv(moves: Sequence[ClientMove], lang: Lang) -> bytes:
    """Return the list as CSV in UTF-8 with a mark of the encoding."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([sentence(lang, f"moves.column.{column}") for column in _COLUMNS])
    for one in moves:
        table.writerow(
            [one.client, one.lot, one.before, one.after, _why(one, lang), one.earliest, one.latest,
             " ".join(one.left_behind), " ".join(one.found_again)]
        )  # fmt: skip
    return text.getvalue().encode("utf-8-sig")


def moves_document(moves: Sequence[ClientMove]) -> dict[str, Any]:
    """Return who changes as it is written with ``--json``."""
    return {
        "moves": [
            {
                "client": one.client,
                "lot": one.lot,
                "before": one.before,
                "after": one.after,
                "why": str(one.why),
                "critical": one.is_critical,
                "earliest": str(one.earliest),
                "latest": None if one.latest is None else str(one.latest),
                "left_behind": list(one.left_behind),
                "found_again": list(one.found_again),
            }
            for one in moves
        ]
    }
