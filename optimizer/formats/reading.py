"""The way from bytes to one record, the same for every format."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, get_args

from optimizer.domain.record import Record
from optimizer.errors import Fault, InvalidDocument, UnsupportedVersion
from optimizer.formats.codes import FaultCode
from optimizer.formats.document import Content, Located, RawDocument, excerpt, load_document
from optimizer.formats.findings import Findings, finding, in_document_order
from optimizer.formats.shape import clock_fields, validate
from optimizer.i18n import either, say

_R = TypeVar("_R", bound=Record)


def read_record(
    record: type[_R], text: Content, source: str, *, most: int | None = None
) -> tuple[_R | None, RawDocument, list[Located]]:
    """Return the record in a document, the document itself and the faults of its fields.

    Parameters
    ----------
    record
        What the document should hold.
    text, source, most
        As for `load_document`.

    Raises
    ------
    InvalidDocument
        If it is no JSON object or an object of another format.
    UnsupportedVersion
        If its version is none that this program reads.
    """
    raw = load_document(text, source, clock_fields(record), most=most)
    _require_format(record, raw, source)
    checked, faults = validate(record, raw)
    return (None if faults else checked), raw, faults


def whole_record(record: type[_R], text: Content, source: str, *, most: int | None = None) -> _R:
    """Return the record in a document whose fields are all there is to check.

    Parameters
    ----------
    record, text, source, most
        As for `read_record`.

    Raises
    ------
    InvalidDocument
        With all faults of its fields.
    UnsupportedVersion
        If its version is none that this program reads.
    """
    found, raw, located = read_record(record, text, source, most=most)
    if found is None:
        faults = [fault.fault() for fault in located]
        sections = tuple(record.model_fields)
        raise InvalidDocument(in_document_order(faults, sections, raw.content), source)
    return found


def checked_record(
    record: type[_R],
    text: Content,
    source: str,
    check: Callable[[_R], Findings],
    *,
    most: int | None = None,
) -> tuple[_R, tuple[Fault, ...]]:
    """Return the record in a document, held against what it is about, and its warnings.

    Parameters
    ----------
    record, text, source, most
        As for `read_record`.
    check
        Says what is wrong with a record whose fields are sound.

    Raises
    ------
    InvalidDocument
        With all faults of its fields; if these are sound, with all that the check has found.
    UnsupportedVersion
        If its version is none that this program reads.
    """
    found = whole_record(record, text, source, most=most)
    sections = tuple(record.model_fields)
    findings = check(found)
    if findings.faults:
        raise InvalidDocument(in_document_order(findings.faults, sections, found), source)
    return found, in_document_order(findings.warnings, sections, found)


def _require_format(record: type[Record], raw: RawDocument, source: str) -> None:
    (ours,) = get_args(record.model_fields["format"].annotation)
    theirs = raw.content.get("format", ours)
    if theirs != ours:
        message = say("fault.wrong-format", value=excerpt(theirs), ours=ours)
        raise InvalidDocument([finding("format", FaultCode.WRONG_FORMAT, message)], source)
    versions = get_args(record.model_fields["version"].annotation)
    if not versions:
        return  # The version of a district's own file, which nobody else counts.
    version = raw.content.get("version", versions[-1])
    if isinstance(version, str) and version not in versions:
        message = say(
            "usage.version", source=source, version=excerpt(version), known=either(versions)
        )
        raise UnsupportedVersion(message)
