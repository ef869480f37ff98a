"""Read what took place, from JSON; tables of it are read by `optimizer.spreadsheets`."""

from __future__ import annotations

from pathlib import Path

from optimizer.domain.delivery import Deliveries
from optimizer.domain.scenario import Scenario
from optimizer.formats.checks.deliveries import check_deliveries
from optimizer.formats.document import Content
from optimizer.formats.files import read_bytes
from optimizer.formats.reading import checked_record, whole_record


def read_deliveries(path: str | Path, scenario: Scenario) -> Deliveries:
    """Read deliveries from a ``.json`` file (or ``.json.gz``, ``.json.xz``).

    Parameters
    ----------
    scenario
        With all its visits.

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
    return deliveries_in(read_bytes(path), scenario, path.name)


def deliveries_in(
    text: Content, scenario: Scenario, source: str = "deliveries", *, most: int | None = None
) -> Deliveries:
    """Return the deliveries in a JSON document, held against a scenario.

    Parameters
    ----------
    text, source, most
        As for `read_record`.
    scenario
        With all its visits.

    Raises
    ------
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all its faults.
    """
    found, _ = checked_record(
        Deliveries, text, source, lambda one: check_deliveries(one, scenario), most=most
    )
    return found


def parse_deliveries(
    text: Content, source: str = "document", *, most: int | None = None
) -> Deliveries:
    """Return the deliveries in a JSON document, not yet held against a scenario.

    Parameters
    ----------
    text
        The document; bytes are UTF-8.
    source
        File name or other origin, for the heading of errors.
    most
        Faults after which reading stops; all are read if not given.

    Raises
    ------
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all faults of its fields.
    """
    return whole_record(Deliveries, text, source, most=most)
