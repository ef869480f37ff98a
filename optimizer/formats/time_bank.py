"""Read and write a time bank."""

from __future__ import annotations

from pathlib import Path

from optimizer.domain.scenario import Scenario
from optimizer.domain.time_bank import TimeBank
from optimizer.formats.checks.time_bank import check_time_bank
from optimizer.formats.document import Content
from optimizer.formats.files import read_bytes
from optimizer.formats.layout import layout
from optimizer.formats.reading import checked_record
from optimizer.needs import Book


def read_time_bank(path: str | Path, book: Book, scenario: Scenario | None = None) -> TimeBank:
    """Return the time bank in a ``.json``, ``.json.gz`` or ``.json.xz`` file.

    Parameters
    ----------
    book, scenario
        As for `parse_time_bank`.

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
    return parse_time_bank(read_bytes(path), path.name, book, scenario)


def parse_time_bank(
    text: Content, source: str, book: Book, scenario: Scenario | None = None
) -> TimeBank:
    """Return the time bank in a JSON document; whether transfers keep limits is not asked here.

    Parameters
    ----------
    text
        The document; bytes are UTF-8.
    source
        File name or other origin, for the heading of errors.
    book
        The catalogue, for its services.
    scenario
        Whose clients and volunteers accounts name; None if that is not asked.

    Raises
    ------
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all its faults.
    """
    bank, _ = checked_record(
        TimeBank, text, source, lambda one: check_time_bank(one, book, scenario)
    )
    return bank


def format_time_bank(bank: TimeBank) -> str:
    """Return a time bank as JSON, a line per account, order and transfer."""
    content = bank.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    head = {"format": bank.format, "version": bank.version}
    return layout({**head, **content}) + "\n"
