"""Sentences by language and key, kept as data files beside this module."""

from __future__ import annotations

import json
import string
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Lang = Literal["en", "zh"]

LANGUAGES: tuple[Lang, ...] = ("en", "zh")

PARTS = (
    "",
    "account.",
    "allocation.",
    "bill.",
    "evaluation.",
    "district.",
    "faults.",
    "ledger.",
    "office.",
    "page.",
    "pattern.",
    "printed.",
    "publication.",
    "replan.",
    "rules.",
    "sheets.",
    "shortfall.",
    "staffing.",
    "timebank.",
    "usage.",
)
"Beginnings of the names of the files that make up one catalogue."


@cache
def catalogue(lang: Lang) -> dict[str, str]:
    """Return all sentence templates of one language by their key.

    Parameters
    ----------
    lang
        ``"en"`` or ``"zh"``.
    """
    entries: dict[str, str] = {}
    for part in PARTS:
        text = files("optimizer.i18n").joinpath(f"{part}{lang}.json").read_text(encoding="utf-8")
        entries |= json.loads(text)
    return entries


class _Counted(string.Formatter):
    """Formats fields as `str.format` does, and counts things: ``{count:visit|visits}``."""

    def format_field(self, value: Any, format_spec: str) -> str:
        singular, bar, plural = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return f"{value} {singular if str(value) == '1' else plural}"


_FORMATTER = _Counted()


def sentence(lang: Lang, key: str, **fields: object) -> str:
    """Return the sentence of a key in a language, with its fields filled in.

    Parameters
    ----------
    lang
        ``"en"`` or ``"zh"``.
    key
        Dotted key such as ``rule.window`` or ``reason.crowded_out``.
    fields
        Values of the template's placeholders. A placeholder ``{count:visit|visits}`` is
        replaced by the value and the word that goes with it: "1 visit", "2 visits".

    Raises
    ------
    KeyError
        If the catalogue lacks the key or a placeholder has no value.
    """
    template = catalogue(lang)[key]
    # Most sentences have no placeholders; to look for some in each takes time on large pages.
    return _FORMATTER.vformat(template, (), fields) if key in _with_fields(lang) else template


@cache
def _with_fields(lang: Lang) -> frozenset[str]:
    """Return the keys of sentences that have placeholders, or braces of their own."""
    return frozenset(key for key, text in catalogue(lang).items() if {"{", "}"} & set(text))


def has_sentence(key: str) -> bool:
    """Return whether the catalogues know a key."""
    return key in catalogue(LANGUAGES[0])
