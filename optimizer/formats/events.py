"""Read what has happened on a day, and visits that are asked for, as JSON."""

from __future__ import annotations

from pathlib import Path

from optimizer.domain.event import Events, NewSeries, NewVisit
from optimizer.formats.document import Content
from optimizer.formats.files import read_bytes
from optimizer.formats.reading import whole_record


def read_events(path: str | Path) -> Events:
    """Read events from a ``.json``, ``.json.gz`` or ``.json.xz`` file.

    Raises
    ------
    UnreadableFile
        If the file cannot be read or unpacked.
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all faults of its fields; whether they fit a scenario is another question.
    """
    path = Path(path)
    return parse_events(read_bytes(path), path.name)


def read_new_visit(path: str | Path) -> NewVisit:
    """Read one visit that is asked for from a ``.json`` file.

    Raises
    ------
    UnreadableFile
        If the file cannot be read or unpacked.
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all faults of its fields.
    """
    path = Path(path)
    return whole_record(NewVisit, read_bytes(path), path.name)


def read_new_series(path: str | Path) -> NewSeries:
    """Read a series that is asked for from a ``.json`` file.

    Raises
    ------
    UnreadableFile
        If the file cannot be read or unpacked.
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all faults of its fields; whether it fits a scenario is another question.
    """
    path = Path(path)
    return whole_record(NewSeries, read_bytes(path), path.name)


def parse_events(text: Content, source: str = "document") -> Events:
    """Return the events in a JSON document.

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
    return whole_record(Events, text, source)
