"""From the places that readers name to JSON pointers (RFC 6901)."""

from __future__ import annotations

import json
import re

_STEP = re.compile(r'\.?([^\W\d]\w*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*"?[^\]]*)\]')


def pointer(path: str, prefix: str = "") -> str:
    """Return ``clients[3].home.lat`` as ``/clients/3/home/lat``.

    Parameters
    ----------
    path
        A place as `optimizer.errors.Fault` has it; empty for the whole document.
    prefix
        Pointer to the document in which the place is.
    """
    steps = []
    for name, number, quoted in _STEP.findall(path):
        step = name or number or _unquoted(quoted)
        steps.append(step.replace("~", "~0").replace("/", "~1"))
    return prefix + "".join(f"/{step}" for step in steps)


def pointer_of(location: tuple[int | str, ...], prefix: str = "") -> str:
    """Return a chain of keys and positions as a pointer."""
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in location]
    return prefix + "".join(f"/{step}" for step in steps)


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        # A long name was cut off by the reader.
        return text.strip('"')
