"""An envelope: a scenario with a note beside it, as a mail program may send it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from optimizer.domain.scenario import Scenario
from optimizer.formats.document import Content, parse_json
from optimizer.formats.scenario import parse_scenario
from optimizer.needs.book import Book


def is_envelope(document: Mapping[str, Any]) -> bool:
    """Return whether a JSON object is meant to be an envelope."""
    return document.get("format") == "homecare-envelope"


def parse_envelope(content: Content, source: str, book: Book | None = None) -> Scenario:
    """Return the scenario in an envelope.

    Raises
    ------
    InvalidDocument
        With all faults of the scenario.
    """
    document = parse_json(content, source).content
    return parse_scenario(json.dumps(document.get("scenario", {})), source, book=book)
