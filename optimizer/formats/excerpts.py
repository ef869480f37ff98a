"""The beginnings of a document that is far too long to be looked at as a whole."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any


def beginnings(content: dict[str, Any], *, names: Collection[str], least: int) -> Iterator[str]:
    """Yield a document as JSON with the first entries only of each list, then with twice as many.

    It ends before the whole document, which may be short enough to have no beginning. What is
    left stands where it stood, so that a place in it is one in the document.

    Parameters
    ----------
    content
        The document.
    names
        Keys that are never left out; of the other keys of an object the first ones stay too.
    least
        Entries that stay the first time (at least 1).
    """
    most = least
    longest = _longest(content)
    while most < longest:
        yield json.dumps(_cut(content, frozenset(names), most))
        most *= 2


def _cut(value: Any, names: frozenset[str], most: int) -> Any:
    if isinstance(value, list):
        return [_cut(each, names, most) for each in value[:most]]
    if not isinstance(value, dict):
        return value
    kept = value
    if len(value) > most:
        others = islice((key for key in value if key not in names), most)
        kept = {key: value[key] for key in (*names.intersection(value), *others)}
    return {key: _cut(each, names, most) for key, each in kept.items()}


def _longest(content: Any) -> int:
    """Return the number of entries of the longest list or object in a document."""
    longest = 0
    waiting = [content]
    while waiting:
        value = waiting.pop()
        longest = max(longest, len(value))
        children = value.values() if isinstance(value, dict) else value
        waiting += [child for child in children if isinstance(child, dict | list)]
    return longest
