"""Read the rules and write the log of an allocation, as JSON or as a table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from optimizer.domain.allocation import AllocationLine, AllocationLog, AllocationPolicy
from optimizer.domain.scenario import Scenario
from optimizer.formats.checks.allocation import check_allocation
from optimizer.formats.document import Content
from optimizer.formats.files import read_bytes
from optimizer.formats.layout import layout
from optimizer.formats.reading import checked_record, whole_record
from optimizer.units import format_minutes

COLUMNS = (
    "number", "client", "lot", "town", "critical", "care_minutes", "step", "organisation",
    "unmet", "previous", "by_draw", "declined", "findings", "credited", "before", "after",
)  # fmt: skip
"Of the table of a log; the last four list what was found of each organisation."


def read_allocation_policy(path: str | Path, scenario: Scenario) -> AllocationPolicy:
    """Read the rules of an allocation from a ``.json``, ``.json.gz`` or ``.json.xz`` file.

    Parameters
    ----------
    scenario
        With its visits; the rules may name only its organisations and clients.

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
    return allocation_policy_in(read_bytes(path), scenario, path.name)


def allocation_policy_in(
    text: Content, scenario: Scenario, source: str = "rules", *, most: int | None = None
) -> AllocationPolicy:
    """Return the rules of an allocation in a JSON document, held against a scenario.

    Parameters
    ----------
    text, source, most
        As for `read_record`.
    scenario
        As for `read_allocation_policy`.

    Raises
    ------
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all its faults.
    """
    found, _ = checked_record(
        AllocationPolicy, text, source, lambda one: check_allocation(one, scenario), most=most
    )
    return found


def parse_allocation_policy(text: Content, source: str = "document") -> AllocationPolicy:
    """Return the rules of an allocation in a JSON document, not yet held against a scenario.

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
    return whole_record(AllocationPolicy, text, source)


def read_allocation_log(path: str | Path) -> AllocationLog:
    """Read the log of an earlier allocation.

    Raises
    ------
    UnreadableFile
        If the file cannot be read or unpacked.
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all faults of its fields.
    """
    path = Path(path)
    return parse_allocation_log(read_bytes(path), path.name)


def parse_allocation_log(
    text: Content, source: str = "document", *, most: int | None = None
) -> AllocationLog:
    """Return the log in a JSON document.

    Parameters
    ----------
    text, source, most
        As for `read_record`.

    Raises
    ------
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all faults of its fields.
    """
    return whole_record(AllocationLog, text, source, most=most)


def format_allocation_log(log: AllocationLog) -> str:
    """Return a log as JSON, with every field that is not empty."""
    return layout(log.model_dump(mode="json", exclude_none=True)) + "\n"


def format_allocation_table(log: AllocationLog) -> str:
    """Return the lines of a log as CSV, one per client and lot; deficits in minutes."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(map(_row, log.lines))
    return text.getvalue()


def _row(line: AllocationLine) -> list[object]:
    def listed(field: str) -> str:
        values = [(one.organisation, getattr(one, field)) for one in line.tested]
        return " ".join(
            f"{name}={_minutes(value) if isinstance(value, int) else value}"
            for name, value in values
            if value is not None
        )

    return [
        line.number, line.client, line.lot, line.town, int(line.critical), _minutes(line.care),
        line.step, line.organisation, line.unmet, line.previous, int(line.by_draw),
        " ".join(line.declined), listed("finding"), listed("credited"), listed("before"),
        listed("after"),
    ]  # fmt: skip


def _minutes(ms: int) -> object:
    sign = "-" if ms < 0 else ""
    return f"{sign}{format_minutes(abs(ms))}"
