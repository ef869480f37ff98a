"""Read and write a master pattern, as JSON."""

from __future__ import annotations

from pathlib import Path

from optimizer.domain.pattern import Pattern
from optimizer.domain.scenario import Scenario
from optimizer.errors import UsageError
from optimizer.formats.checks.pattern import check_pattern
from optimizer.formats.document import Content
from optimizer.formats.files import read_bytes
from optimizer.formats.layout import layout
from optimizer.formats.reading import checked_record, whole_record
from optimizer.i18n import say


def read_pattern(path: str | Path, scenario: Scenario, *, may_be_gone: bool = False) -> Pattern:
    """Read a pattern from a ``.json``, ``.json.gz`` or ``.json.xz`` file.

    Parameters
    ----------
    path
        The file.
    scenario
        The days it is to be used for.
    may_be_gone
        Whether people of the pattern may be missing in the scenario.

    Raises
    ------
    UnreadableFile
        If the file cannot be read or unpacked.
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all its faults.
    UsageError
        If it names no client of the scenario, although people may be gone.
    """
    path = Path(path)
    pattern, _ = checked_record(
        Pattern,
        read_bytes(path),
        path.name,
        lambda one: check_pattern(one, scenario, may_be_gone=may_be_gone),
    )
    if {slot.client for slot in pattern.slots}.isdisjoint(one.id for one in scenario.clients):
        raise UsageError(say("usage.pattern_of_others", path=path))
    return pattern


def parse_pattern(text: Content, source: str = "document") -> Pattern:
    """Return the pattern in a JSON document, not yet held against a scenario.

    Parameters
    ----------
    text
        The document; bytes are UTF-8.
    source
        File name or other origin, for the heading of errors.

    Raises
    ------
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all faults of its fields.
    """
    return whole_record(Pattern, text, source)


def format_pattern(pattern: Pattern) -> str:
    """Return a pattern as JSON, with every field that is not empty."""
    return layout(pattern.model_dump(mode="json", exclude_none=True)) + "\n"
