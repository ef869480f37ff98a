"""docs/scenario-format.md against the records it describes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from optimizer.formats import check_scenario, json_schema, parse_scenario

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "scenario-format.md").read_text(encoding="utf-8")
PLACES = {"Weights": ("problem.md", "## Cost terms")}
"Records whose table stands on another page, with its heading there."
SCENARIO, PLAN = json_schema("scenario"), json_schema("plan")
RECORDS: dict[str, dict[str, Any]] = {
    name: schema
    for schemas in (SCENARIO, PLAN)
    for name, schema in [*schemas["$defs"].items(), (schemas["title"], schemas)]
    if schema["type"] == "object"
}


def rows_of(record: str) -> dict[str, str]:
    """Return the default column of a record's table, by field."""
    page, heading = PLACES.get(record, ("scenario-format.md", f"### {record}"))
    text = f"{(DOCS / page).read_text(encoding='utf-8')}\n{heading}\n".split(f"\n{heading}\n")[1]
    section = re.split(r"^#{2,3} ", text, flags=re.MULTILINE)[0]
    rows = re.findall(r"^\| `(\w+)` \|.*\| ([^|]*) \|$", section, re.MULTILINE)
    return dict(rows)


def test_every_field_is_described() -> None:
    """Each record has a table with exactly its fields, in its order."""
    wrong = [
        f"{record}: {list(rows_of(record))} instead of {list(schema['properties'])}"
        for record, schema in sorted(RECORDS.items())
        if list(rows_of(record)) != list(schema["properties"])
    ]
    assert not wrong, "\n".join(wrong)


def wrong_defaults(record: str) -> list[str]:
    """Return the fields of a record of which the page tells another default."""
    rows, schema = rows_of(record), RECORDS[record]
    told = {name for name, default in rows.items() if default == "required"}
    wrong = [f"{record}.{name}" for name in told ^ set(schema.get("required", ()))]
    for name, field in schema["properties"].items():
        default = field.get("default")
        if isinstance(default, int | float) and rows[name] != str(default).lower():
            wrong.append(f"{record}.{name}")
    return sorted(each for each in wrong if each != f"{record}.kind")


def test_required_fields_and_numbers_are_told() -> None:
    """The default column agrees with the record where that says a number or "required"."""
    wrong = [each for record in sorted(RECORDS) for each in wrong_defaults(record)]
    assert not wrong, "\n".join(wrong)


def test_the_example_is_sound() -> None:
    """The example of the page is read without a fault and without a warning."""
    example = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[0]
    findings = check_scenario(parse_scenario(example))
    assert findings.faults == findings.warnings == ()


def test_the_example_of_a_price_book_is_sound() -> None:
    """The contract of the page is one, and its surcharges never meet another of their kind."""
    whole, book = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    bodies = {"organisations": [{"id": "O1"}], "contracts": [json.loads(book)]}
    scenario = parse_scenario(json.dumps({**json.loads(whole), **bodies}))
    assert check_scenario(scenario).faults == ()
    assert len(scenario.contracts[0].surcharges) == 4
