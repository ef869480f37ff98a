"""Words of evidence in cells: what became of a visit, and what was ruled, as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from optimizer.domain.delivery import Doubt, Method, Occurrence, Outcome
from optimizer.i18n import LANGUAGES, Lang, listed, sentence
from optimizer.spreadsheets.codes import CellFault
from optimizer.spreadsheets.sheets import Value
from optimizer.spreadsheets.unreadable import UnreadableCell, shown
from optimizer.spreadsheets.word_cells import text_of
from optimizer.spreadsheets.words import fold

_CODES: Mapping[str, type[StrEnum]] = {
    "occurrence": Occurrence, "method": Method, "doubt": Doubt, "outcome": Outcome,
}  # fmt: skip
"The closed list behind each kind of column."

KINDS = frozenset(_CODES)
"Kinds of columns that hold such words."


def words_of(kind: str, lang: Lang) -> tuple[str, ...]:
    """Return the words that a column may hold, in the order of their list."""
    return tuple(word_of(kind, code, lang) for code in _CODES[kind])


def word_of(kind: str, code: str, lang: Lang) -> str:
    """Return the word for a code."""
    return sentence(lang, f"office.{kind}.{code}")


def read_word(kind: str, value: Value) -> str:
    """Return the code that a cell means: the code itself, or its word in either language.

    Raises
    ------
    UnreadableCell
        If it means none.
    """
    found = _meanings(kind).get(fold(text_of(value)))
    if found is None:
        known = {lang: listed(lang, words_of(kind, lang)) for lang in LANGUAGES}
        raise UnreadableCell(CellFault.BAD_WORD, "sheets.no_word", value=shown(value), known=known)
    return found


@cache
def _meanings(kind: str) -> Mapping[str, str]:
    codes = tuple(str(code) for code in _CODES[kind])
    words = {
        fold(word_of(kind, code, lang)): code for lang in LANGUAGES for code in codes
    }  # fmt: skip
    return MappingProxyType(words | {fold(code): code for code in codes})
