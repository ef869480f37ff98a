"""Words that stand in cells and headings, by what they mean, in three languages."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")


def plain(text: str) -> str:
    """Return a text with usual digits and signs instead of full-width ones, without edges."""
    return unicodedata.normalize("NFKC", text).strip()


def fold(text: str) -> str:
    """Return what two spellings of a word have in common: no capitals, blanks, punctuation."""
    return _folded(text)  # What is kept takes anything that can be hashed; this takes texts alone.


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """Return the same, once for each word: every heading is compared with many tables."""
    usual = plain(text).casefold()
    return "".join(sign for sign in usual if sign.isalnum()) or usual


def fold_bare(text: str) -> str:
    """Return the same of a heading without what stands in brackets; empty if all of it does."""
    bare = _BRACKETS.sub("", text)
    return fold(bare) if bare.strip() else ""


@cache
def document(name: str) -> Mapping[str, Any]:
    """Return one of the data files beside this module, by its name without ending."""
    text = files("optimizer.spreadsheets").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


@cache
def meanings(section: str) -> Mapping[str, str]:
    """Return what each folded word of a section of ``words.toml`` means.

    Parameters
    ----------
    section
        A section whose entries list words under the code that they mean.
    """
    entries: Mapping[str, list[str]] = document("words")[section]
    found = {fold(code): code for code in entries}
    return MappingProxyType(
        found | {fold(word): code for code, words in entries.items() for word in words}
    )


@cache
def word_set(section: str) -> frozenset[str]:
    """Return the folded words of a section that is one list."""
    return frozenset(fold(word) for word in document("words")[section]["words"])
