"""Read and write scenarios as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from optimizer.domain.scenario import Scenario
from optimizer.errors import InvalidDocument
from optimizer.formats.checks.scenario import SECTIONS, cross_faults
from optimizer.formats.checks.view import View, partial_view
from optimizer.formats.document import Content
from optimizer.formats.files import read_bytes, write_bytes
from optimizer.formats.findings import in_document_order
from optimizer.formats.layout import layout
from optimizer.formats.reading import read_record
from optimizer.needs.book import Book, default_book


def read_scenario(path: str | Path, *, book: Book | None = None) -> Scenario:
    """Read a scenario from a ``.json``, ``.json.gz`` or ``.json.xz`` file.

    Parameters
    ----------
    book
        Catalogue and rules that health records and care plans are checked by; those of the
        package if not given.

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
    return parse_scenario(read_bytes(path), path.name, book=book)


def parse_scenario(
    text: Content,
    source: str = "document",
    *,
    book: Book | None = None,
    most: int | None = None,
) -> Scenario:
    """Return the scenario in a JSON document.

    Parameters
    ----------
    text
        The document; bytes are UTF-8.
    source
        File name or other origin, for the heading of errors.
    book
        Catalogue and rules that health records and care plans are checked by; those of the
        package if not given.
    most
        Number of faults after which reading stops (and tells one more); None for all of them.

    Raises
    ------
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all its faults: those of single fields, and those between the records that
        have none.
    """
    book = book or default_book()
    scenario, raw, located = read_record(Scenario, text, source, most=most)
    faults = [fault.fault() for fault in located]
    if most is not None and len(faults) > most:
        raise InvalidDocument(in_document_order(faults, SECTIONS, raw.content), source)
    view = (
        partial_view(raw.content, frozenset(fault.location for fault in located), book)
        if scenario is None
        else View.of(scenario, book)
    )
    if view is not None:
        faults += cross_faults(view, is_sound=not faults)
    if faults or scenario is None:
        raise InvalidDocument(in_document_order(faults, SECTIONS, raw.content), source)
    return scenario


def write_scenario(scenario: Scenario, path: str | Path) -> None:
    """Write a scenario to a ``.json``, ``.json.gz`` or ``.json.xz`` file.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    write_bytes(Path(path), format_scenario(scenario).encode())


def format_scenario(scenario: Scenario, *, compact: bool = False) -> str:
    """Return a scenario as JSON: its policy in full, of the rest what is not the default.

    Parameters
    ----------
    compact
        Whether only machines will read it: then all is one line, and takes a tenth of the time.
    """
    content: dict[str, Any] = {
        "format": scenario.format,
        "version": scenario.version,
        **scenario.model_dump(mode="json", exclude_defaults=True),
        "policy": scenario.policy.model_dump(mode="json"),
    }
    # Which kind of travel it is must be told even where it is the record's default.
    content["travel"] = {"kind": scenario.travel.kind, **content.get("travel", {})}
    content = {name: content[name] for name in SECTIONS if name in content}
    if compact:
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return layout(content) + "\n"
