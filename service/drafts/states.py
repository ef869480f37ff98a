"""Where a draft may stand."""

from __future__ import annotations

from enum import StrEnum


class DraftState(StrEnum):
    """Where a draft stands; only an open one can be changed."""

    OPEN = "open"
    PUBLISHED = "published"
