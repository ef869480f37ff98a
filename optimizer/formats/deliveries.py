"""Read what took place, from JSON or from a table of check-ins."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from optimizer.domain.delivery import Deliveries, Delivery
from optimizer.domain.scenario import Scenario
from optimizer.errors import InvalidDocument
from optimizer.formats.checks.deliveries import check_deliveries
from optimizer.formats.codes import FaultCode
from optimizer.formats.document import Content
from optimizer.formats.files import read_bytes
from optimizer.formats.findings import finding
from optimizer.formats.reading import checked_record, whole_record
from optimizer.i18n import say

_NUMBERS = frozenset({"carer", "lat", "lon", "accuracy_m"})
_YES_OR_NO = frozenset({"beacon", "ended_by_client", "notice"})
_POSITION = ("lat", "lon", "accuracy_m")
COLUMNS = (*(name for name in Delivery.model_fields if name != "position"), *_POSITION)
"Of a table, in any order; a delivery per row."


def read_deliveries(path: str | Path, scenario: Scenario) -> Deliveries:
    """Read deliveries from a ``.json`` file (or ``.json.gz``, ``.json.xz``) or a ``.csv`` table.

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
    data = read_bytes(path)
    content: Content = data
    if path.name.lower().endswith(".csv"):
        content = _table_as_document(data, scenario.id, path.name)
    return deliveries_in(content, scenario, path.name)


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


def _table_as_document(data: bytes, scenario: str, source: str) -> str:
    """Return a table as the document that it stands for; cells that are empty are not given."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = say("fault.not-utf8-table")
        raise InvalidDocument([finding("", FaultCode.NOT_UTF8, message)], source) from error
    rows = csv.DictReader(io.StringIO(text))
    unknown = [name for name in rows.fieldnames or () if name not in COLUMNS]
    if unknown:
        message = say("fault.unknown-column", names=tuple(unknown), known=COLUMNS)
        raise InvalidDocument([finding("", FaultCode.UNKNOWN_FIELD, message)], source)
    made = [_row(row) for row in rows]
    return json.dumps({"scenario": scenario, "deliveries": made})


def _row(row: Mapping[str, str | None]) -> dict[str, Any]:
    cells = {name: _value(name, text) for name, text in row.items() if name and text}
    position = {name: cells.pop(name) for name in _POSITION if name in cells}
    return {**cells, **({"position": position} if position else {})}


def _value(name: str, text: str) -> Any:
    """Return a cell as JSON would have it; what is no number stays text, and is told as such."""
    if name in _YES_OR_NO:
        return {"1": True, "0": False, "true": True, "false": False}.get(text.lower(), text)
    if name in _NUMBERS:
        try:
            number = float(text)
        except ValueError:
            return text
        return int(number) if number.is_integer() and name not in {"lat", "lon"} else number
    return text
