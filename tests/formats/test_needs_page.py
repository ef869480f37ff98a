"""docs/needs-files.md against the records it describes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from optimizer.formats import json_schema, read_book

PAGE = (Path(__file__).parents[2] / "docs" / "needs-files.md").read_text(encoding="utf-8")
CATALOGUE, RULES = json_schema("catalogue"), json_schema("rules")
RECORDS: dict[str, dict[str, Any]] = {
    name: schema
    for schemas in (CATALOGUE, RULES)
    for name, schema in [*schemas["$defs"].items(), (schemas["title"], schemas)]
    if schema["type"] == "object"
}


def rows_of(record: str) -> dict[str, str]:
    """Return the default column of a record's table, by field."""
    section = re.split(r"^#{2,3} ", PAGE.split(f"\n### {record}\n")[1], flags=re.MULTILINE)[0]
    return dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]*) \|$", section, re.MULTILINE))


@pytest.mark.parametrize("record", sorted(RECORDS))
def test_every_field_is_described(record: str) -> None:
    """Each record has a table with exactly its fields, in its order, and says which must be."""
    rows, schema = rows_of(record), RECORDS[record]
    assert list(rows) == list(schema["properties"])
    required = {name for name, default in rows.items() if default == "required"}
    assert required == set(schema.get("required", ()))
    for name, field in schema["properties"].items():
        if isinstance(field.get("default"), int):
            assert rows[name] == str(field["default"]).lower()


def test_the_examples_are_a_book(tmp_path: Path) -> None:
    """The two examples of the page are read together without a fault."""
    catalogue, rules = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "catalogue.toml").write_text(catalogue, encoding="utf-8")
    (tmp_path / "rules.toml").write_text(rules, encoding="utf-8")
    book = read_book(tmp_path / "catalogue.toml", tmp_path / "rules.toml")
    assert list(book.catalogue.services) == ["LUNCH_HELP", "BATH"]
    assert [rule.id for rule in book.rules.rules] == ["EATING", "BATHING"]
