"""Read what a purchaser's office decides by."""

from __future__ import annotations

from pathlib import Path

from optimizer.domain.office import Office
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault, InvalidDocument
from optimizer.formats.checks.office import check_office
from optimizer.formats.document import Content
from optimizer.formats.files import read_bytes
from optimizer.formats.findings import in_document_order
from optimizer.formats.reading import whole_record
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
    office = parse_office(read_bytes(path), path.name)
    found = check_office(office, scenario, book)
    sections = tuple(Office.model_fields)
    if found.faults:
        raise InvalidDocument(in_document_order(found.faults, sections, office), path.name)
    return office, in_document_order(found.warnings, sections, office)


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
