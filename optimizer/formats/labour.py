"""Read the working-time rules of a country, from TOML or JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from optimizer.domain.labour import LabourRules
from optimizer.errors import InvalidDocument
from optimizer.formats.checks.labour import check_labour_rules
from optimizer.formats.document import Located
from optimizer.formats.files import read_bytes
from optimizer.formats.findings import in_document_order
from optimizer.formats.reading import read_record
from optimizer.formats.toml import as_json


def read_labour_rules(path: str | Path) -> LabourRules:
    """Read rules from a file in TOML, or in JSON if it ends so.

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
    text = as_json(read_bytes(path), path)
    rules, raw, located = read_record(LabourRules, text, path.name)
    faults = [fault.fault() for fault in located]
    faults += check_labour_rules(_sound(raw.content, located) if rules is None else rules)
    if rules is None or faults:
        sections = tuple(LabourRules.model_fields)
        raise InvalidDocument(in_document_order(faults, sections, raw.content), path.name)
    return rules


def _sound(content: Mapping[str, Any], located: Iterable[Located]) -> LabourRules:
    """Return what is without faults of a document, so that all of it is told at once."""
    faulty = {fault.location[0] for fault in located if fault.location}
    known = {name: content[name] for name in LabourRules.model_fields if name in content}
    named = {"id": "unnamed", "en": "unnamed", "zh": "unnamed"}
    return LabourRules.model_validate(
        named | {name: value for name, value in known.items() if name not in faulty}
    )
