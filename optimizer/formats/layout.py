"""JSON that a person can read and compare: one record per line where it fits."""

from __future__ import annotations

import json
from typing import Any

WIDTH = 100


def layout(value: Any, indent: int = 0) -> str:
    """Return a value as JSON; what fits in one line, and every row of numbers, is one line."""
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if len(line) + indent <= WIDTH or not isinstance(value, dict | list) or _is_flat(value):
        return line
    pad = " " * (indent + 1)
    if isinstance(value, dict):
        parts = [
            f"{pad}{json.dumps(key, ensure_ascii=False)}: {layout(child, indent + 1)}"
            for key, child in value.items()
        ]
        opening, closing = "{", "}"
    else:
        parts = [pad + layout(child, indent + 1) for child in value]
        opening, closing = "[", "]"
    return opening + "\n" + ",\n".join(parts) + "\n" + " " * indent + closing


def _is_flat(value: dict[str, Any] | list[Any]) -> bool:
    """Return whether a value is a list without lists and objects in it."""
    return isinstance(value, list) and not any(isinstance(child, dict | list) for child in value)
