"""Read a district's own catalogue and rules, from TOML or JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from optimizer.domain.record import Record
from optimizer.errors import Fault, InvalidDocument
from optimizer.formats.checks.book import Offer, check_catalogue, check_rules
from optimizer.formats.document import Location
from optimizer.formats.files import read_bytes
from optimizer.formats.findings import in_document_order
from optimizer.formats.reading import read_record
from optimizer.formats.toml import as_json
from optimizer.needs.book import Book, default_book
from optimizer.needs.catalogue import Catalogue
from optimizer.needs.rules import RuleBook

_R = TypeVar("_R", bound=Record)


@dataclass(frozen=True, slots=True)
class _Part(Generic[_R]):
    """One of the two files, or what comes with the package instead.

    Attributes
    ----------
    name
        What it is called in messages.
    record
        Its record; None if it has faults.
    content
        The document; empty if it is none.
    faults
        Faults of its fields, or of the document as a whole.
    faulty
        Their places.
    """

    name: str
    record: _R | None
    content: dict[str, Any]
    faults: tuple[Fault, ...] = ()
    faulty: frozenset[Location] = frozenset()


def read_book(catalogue: Path | None = None, rules: Path | None = None) -> Book:
    """Return a district's catalogue and rules.

    Parameters
    ----------
    catalogue, rules
        Files in TOML, or in JSON if they end so. What is not given comes with the package,
        and has to fit what is given.

    Raises
    ------
    UnreadableFile
        If a file cannot be read.
    InvalidDocument
        With all faults of both files, and those between them.
    """
    usual = default_book()
    offered = _part(catalogue, Catalogue, usual.catalogue, "default catalogue")
    ruled = _part(rules, RuleBook, usual.rules, "default rules")
    offer = Offer.of(offered.content, offered.faulty)
    in_catalogue = [*offered.faults, *check_catalogue(offered.content, offer)]
    in_rules = [*ruled.faults, *check_rules(ruled.content, offer, ruled.faulty)]
    found = [
        (
            offered.name,
            in_document_order(in_catalogue, tuple(Catalogue.model_fields), offered.content),
        ),
        (ruled.name, in_document_order(in_rules, tuple(RuleBook.model_fields), ruled.content)),
    ]
    _refuse([part for part in found if part[1]], (catalogue, rules))
    return Book(offered.record or usual.catalogue, ruled.record or usual.rules)


def _part(path: Path | None, record: type[_R], usual: _R, name: str) -> _Part[_R]:
    if path is None:
        return _Part(name, usual, usual.model_dump(mode="json"))
    raw = read_bytes(path)
    try:
        text = as_json(raw, path)
        checked, document, located = read_record(record, text, path.name)
    except InvalidDocument as error:
        return _Part(path.name, None, {}, error.faults)
    faults = tuple(fault.fault() for fault in located)
    faulty = frozenset(fault.location for fault in located)
    return _Part(path.name, checked, document.content, faults, faulty)


def _refuse(found: Sequence[tuple[str, tuple[Fault, ...]]], given: Iterable[Path | None]) -> None:
    """Raise if there are faults.

    Where not all of them are in one file that was given, each place begins with its file.
    """
    if not found:
        return
    names = [path.name for path in given if path is not None]
    name, faults = found[0]
    if len(found) == 1 and name in names:
        raise InvalidDocument(faults, name)
    every = [
        fault.model_copy(update={"path": f"{name}: {fault.path}" if fault.path else name})
        for name, faults in found
        for fault in faults
    ]
    raise InvalidDocument(every, " and ".join(names))
