"""Read what a purchaser's office decides by."""

from __future__ import annotations

from pathlib import Path

from optimizer.domain.office import Office
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.checks.office import check_office
from optimizer.formats.document import Content
from optimizer.formats.files import read_bytes
from optimizer.formats.reading import checked_record, whole_record
from optimizer.needs import Book


def read_office(
    path: str | Path, scenario: Scenario, book: Book
) -> tuple[Office, tuple[Fault, ...]]:
    """Return the office in a ``.json``, ``.json.gz`` or ``.json.xz`` file, and its warnings.

    Parameters
    ----------
    scenario
        Whose clients it is about.
    book
        The catalogue, for its price books.

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
    return office_in(read_bytes(path), scenario, book, path.name)


def office_in(
    text: Content,
    scenario: Scenario,
    book: Book,
    source: str = "office",
    *,
    most: int | None = None,
) -> tuple[Office, tuple[Fault, ...]]:
    """Return the office in a JSON document, held against a scenario, and its warnings.

    Parameters
    ----------
    text, source, most
        As for `read_record`.
    scenario, book
        As for `read_office`.

    Raises
    ------
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all its faults.
    """
    return checked_record(
        Office, text, source, lambda office: check_office(office, scenario, book), most=most
    )


def parse_office(text: Content, source: str = "document") -> Office:
    """Return the office in a JSON document, not yet held against a scenario.

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
    return whole_record(Office, text, source)
