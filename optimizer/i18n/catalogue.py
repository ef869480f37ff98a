"""Sentences by language and key, kept as data files beside this module."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Literal

Lang = Literal["en", "zh"]

LANGUAGES: tuple[Lang, ...] = ("en", "zh")


@cache
def catalogue(lang: Lang) -> dict[str, str]:
    """Return all sentence templates of one language by their key.

    Parameters
    ----------
    lang
        ``"en"`` or ``"zh"``.
    """
    text = files("optimizer.i18n").joinpath(f"{lang}.json").read_text(encoding="utf-8")
    entries: dict[str, str] = json.loads(text)
    return entries


def sentence(lang: Lang, key: str, **fields: object) -> str:
    """Return the sentence of a key in a language, with its fields filled in.

    Parameters
    ----------
    lang
        ``"en"`` or ``"zh"``.
    key
        Dotted key such as ``rule.window`` or ``reason.crowded_out``.
    fields
        Values of the template's placeholders.

    Raises
    ------
    KeyError
        If the catalogue lacks the key or a placeholder has no value.
    """
    return catalogue(lang)[key].format(**fields)


def has_sentence(key: str) -> bool:
    """Return whether the catalogues know a key."""
    return key in catalogue(LANGUAGES[0])
