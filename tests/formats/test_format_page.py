"""docs/scenario-format.md against the records it describes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from optimizer.formats import check_scenario, json_schema, parse_scenario

PAGE = (Path(__file__).parents[2] / "docs" / "scenario-format.md").read_text(encoding="utf-8")
SCENARIO, PLAN = json_schema("scenario"), json_schema("plan")
RECORDS: dict[str, dict[str, Any]] = {
    name: schema
    for schemas in (SCENARIO, PLAN)
    for name, schema in [*schemas["$defs"].items(), (schemas["title"], schemas)]
    if schema["type"] == "object"
}


def rows_of(record: str) -> dict[str, str]:
    """Return the default column of a record's table, by field."""
    section = re.split(r"^#{2,3} ", PAGE.split(f"\n### {record}\n")[1], flags=re.MULTILINE)[0]
    rows = re.findall(r"^\| `(\w+)` \|.*\| ([^|]*) \|$", section, re.MULTILINE)
    return dict(rows)


@pytest.mark.parametrize("record", sorted(RECORDS))
def test_every_field_is_described(record: str) -> None:
    """Each record has a table with exactly its fields, in its order."""
    assert list(rows_of(record)) == list(RECORDS[record]["properties"])


@pytest.mark.parametrize("record", sorted(RECORDS))
def test_required_fields_and_numbers_are_told(record: str) -> None:
    """The default column agrees with the record where that says a number or "required"."""
    rows = rows_of(record)
    required = {name for name, default in rows.items() if default == "required"} - {"kind"}
    assert required == set(RECORDS[record].get("required", ())) - {"kind"}
    for name, field in RECORDS[record]["properties"].items():
        default = field.get("default")
        if isinstance(default, int | float):
            assert rows[name] == str(default).lower()


def test_the_example_is_sound() -> None:
    """The example of the page is read without a fault and without a warning."""
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    findings = check_scenario(parse_scenario(example))
    assert findings.faults == findings.warnings == ()
