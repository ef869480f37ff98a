"""Read and write plans as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import InvalidDocument
from optimizer.formats.checks.plan import check_plan
from optimizer.formats.document import Content
from optimizer.formats.files import read_bytes, write_bytes
from optimizer.formats.findings import in_document_order
from optimizer.formats.layout import layout
from optimizer.formats.reading import read_record

_SECTIONS = tuple(Plan.model_fields)


def read_plan(path: str | Path, scenario: Scenario | None = None) -> Plan:
    """Read a plan from a ``.json``, ``.json.gz`` or ``.json.xz`` file.

    Parameters
    ----------
    scenario
        If given, the plan may name only visits and caregivers of this scenario.

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
    return parse_plan(read_bytes(path), path.name, scenario)


def parse_plan(
    text: Content,
    source: str = "document",
    scenario: Scenario | None = None,
    *,
    most: int | None = None,
) -> Plan:
    """Return the plan in a JSON document.

    Parameters
    ----------
    text
        The document; bytes are UTF-8.
    source
        File name or other origin, for the heading of errors.
    scenario
        If given, the plan may name only visits and caregivers of this scenario.
    most
        As for `parse_scenario`.

    Raises
    ------
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all its faults.
    """
    plan, raw, located = read_record(Plan, text, source, most=most)
    if plan is None:
        faults = [fault.fault() for fault in located]
        raise InvalidDocument(in_document_order(faults, _SECTIONS, raw.content), source)
    if scenario is not None:
        check_plan(plan, scenario).refuse_faults(source)
    return plan


def write_plan(plan: Plan, path: str | Path) -> None:
    """Write a plan to a ``.json``, ``.json.gz`` or ``.json.xz`` file.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    write_bytes(Path(path), format_plan(plan).encode())


def format_plan(plan: Plan) -> str:
    """Return a plan as JSON, with every field that is not empty."""
    content: dict[str, Any] = plan.model_dump(mode="json", exclude_none=True)
    return layout(content) + "\n"
