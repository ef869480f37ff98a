"""Read what a purchaser hears and finds of organisations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from optimizer.domain.scenario import Scenario
from optimizer.domain.supervision import Supervision
from optimizer.formats.checks.supervision import check_supervision
from optimizer.formats.document import Content
from optimizer.formats.files import read_bytes
from optimizer.formats.reading import checked_record, whole_record


def read_supervision(path: str | Path, scenarios: Sequence[Scenario]) -> Supervision:
    """Return what is in a ``.json``, ``.json.gz`` or ``.json.xz`` file.

    Parameters
    ----------
    scenarios
        Those that are evaluated together, with all their visits.

    Raises
    ------
    UnreadableFile
        If the file cannot be read or unpacked.
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all its faults.
    """
    path = Path(path)
    return supervision_in(read_bytes(path), scenarios, path.name)


def supervision_in(
    text: Content,
    scenarios: Sequence[Scenario],
    source: str = "supervision",
    *,
    most: int | None = None,
) -> Supervision:
    """Return what was heard of organisations in a JSON document, held against scenarios.

    Parameters
    ----------
    text, source, most
        As for `read_record`.
    scenarios
        As for `read_supervision`.

    Raises
    ------
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all its faults.
    """
    found, _ = checked_record(
        Supervision, text, source, lambda one: check_supervision(one, scenarios), most=most
    )
    return found


def parse_supervision(text: Content, source: str = "document") -> Supervision:
    """Return what is in a JSON document, not yet held against scenarios.

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
    return whole_record(Supervision, text, source)
