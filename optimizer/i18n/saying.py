"""Sentences that are made where something is found out, and read in either language.

Whoever finds a fault or a broken rule knows neither the reader nor the reader's language.
It makes an English text, as logs and programs expect it, that remembers its key and fields,
so that whoever shows it can say it again in Chinese.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

from optimizer.i18n.catalogue import Lang, sentence


class Sentence(str):
    """An English sentence that can be said in the other languages too.

    Attributes
    ----------
    key
        Its key in the catalogues.
    fields
        Values of its placeholders: numbers, texts that are the same in all languages, other
        sentences, mappings with a text for each language, or tuples, which become lists.
    """

    __slots__ = ("fields", "key")

    key: str
    fields: Mapping[str, object]

    def __new__(cls, key: str, fields: Mapping[str, object]) -> Self:
        """Say in English what the key and fields mean."""
        made = super().__new__(cls, _said("en", key, fields))
        made.key = key
        made.fields = fields
        return made

    def __reduce__(self) -> tuple[type[Sentence], tuple[str, Mapping[str, object]]]:
        return Sentence, (self.key, self.fields)


def say(key: str, **fields: object) -> Sentence:
    """Return the sentence of a key.

    Parameters
    ----------
    key
        Key in the catalogues.
    fields
        As in `Sentence`.

    Raises
    ------
    KeyError
        If the catalogue lacks the key or a placeholder has no value.
    """
    return Sentence(key, fields)


def translated(lang: Lang, text: object) -> str:
    """Return a text in a language; one that is no `Sentence` stays as it is."""
    if isinstance(text, Sentence):
        return str(text) if lang == "en" else _said(lang, text.key, text.fields)
    return str(text)


def listed(lang: Lang, items: Sequence[object]) -> str:
    """Return a list in words: "A, B" in English, the enumeration comma in Chinese."""
    return sentence(lang, "list.comma").join(translated(lang, item) for item in items)


def _said(lang: Lang, key: str, fields: Mapping[str, object]) -> str:
    return sentence(lang, key, **{name: _field(lang, value) for name, value in fields.items()})


def _field(lang: Lang, value: object) -> object:
    if isinstance(value, Sentence):
        return translated(lang, value)
    if isinstance(value, tuple):
        return listed(lang, value)
    if isinstance(value, Mapping):
        return value[lang]
    return value


def either(items: Sequence[object]) -> Sentence:
    """Return names in quotes, as a choice."""
    quoted = tuple(say("list.quoted", item=item) for item in items)
    if len(quoted) <= 1:
        return say("list.one", item=quoted)
    return say("list.or_last", some=quoted[:-1], last=quoted[-1])


def duration(ms: float) -> Sentence:
    """Return a length of time to the second: "3 h 28 min", "1 min 30 s"."""
    seconds = round(ms / 1000, 3)
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    parts: dict[str, object] = {}
    if hours:
        parts["hours"] = int(hours)
    if minutes or (hours and rest) or not seconds:
        parts["minutes"] = int(minutes)
    if rest:
        parts["seconds"] = f"{rest:.3f}".rstrip("0").rstrip(".")
    return say("duration." + "_".join(parts), **parts)
