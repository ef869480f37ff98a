"""The published JSON Schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import jsonschema  # type: ignore[import-untyped]
import pytest

from optimizer.formats import format_plan, format_scenario, json_schema, parse_plan
from optimizer.formats.files import read_bytes
from optimizer.formats.schema import SchemaName
from optimizer.generate import RECIPES, generate_scenario
from optimizer.needs.book import default_book
from tests.formats.documents import changed, put, sound_plan, sound_scenario

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
NAMES: tuple[SchemaName, ...] = get_args(SchemaName)


def write_schemas() -> None:
    """Write the published files anew."""
    for name in NAMES:
        text = json.dumps(json_schema(name), indent=2, ensure_ascii=False) + "\n"
        (SCHEMAS / f"{name}.schema.json").write_text(text, encoding="utf-8")


def is_valid(name: SchemaName, document: dict[str, Any]) -> bool:
    """Return whether a document fits a schema."""
    return bool(jsonschema.Draft202012Validator(json_schema(name)).is_valid(document))


@pytest.mark.parametrize("name", NAMES)
def test_published_schemas_are_current(name: SchemaName) -> None:
    """The file in docs/schemas says what the records say; `make schemas` renews it."""
    published = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert published == json_schema(name)
    jsonschema.Draft202012Validator.check_schema(published)


def test_written_documents_fit_the_schemas() -> None:
    """What this program writes is valid by its own schemas."""
    scenario = generate_scenario(RECIPES["hamlet"], 1)
    assert is_valid("scenario", json.loads(format_scenario(scenario)))
    plan = parse_plan(changed(sound_plan(), lambda _: None))
    assert is_valid("plan", json.loads(format_plan(plan)))


def test_the_usual_catalogue_and_rules_fit_the_schemas() -> None:
    """What comes with the package is valid by the schemas that a district's editor uses."""
    book = default_book()
    assert is_valid("catalogue", book.catalogue.model_dump(mode="json", exclude_none=True))
    assert is_valid("rules", book.rules.model_dump(mode="json", exclude_none=True))


def test_the_files_of_an_office_fit_the_schemas() -> None:
    """Office, rules, deliveries, supervision and time bank of the example district are valid."""
    folder = SCHEMAS.parents[1] / "scenarios" / "zhenhai-office"
    files: dict[SchemaName, str] = {
        "office": "2026-03.office.json",
        "allocation": "2026-03.rules.json",
        "deliveries": "2026-03.deliveries.json.xz",
        "supervision": "supervision.json",
        "timebank": "timebank.json",
    }
    for name, file in files.items():
        document = json.loads(read_bytes(folder / file))
        if name == "deliveries":
            document["deliveries"] = document["deliveries"][:200]
        assert is_valid(name, document), name
        assert not is_valid(name, {**document, "colour": "red"})


def test_the_schema_refuses_what_the_program_refuses() -> None:
    """Numbers for clock times, texts for minutes and unknown fields fit no schema."""
    assert is_valid("scenario", sound_scenario())
    for path, value in (
        ("visits.0.window.earliest", 480),
        ("visits.0.carers.0.minutes", "30"),
        ("visits.0.windw", {}),
    ):
        document = json.loads(changed(sound_scenario(), put(path, value)))
        assert not is_valid("scenario", document)


def test_defaults_are_as_written_in_documents() -> None:
    """Defaults of durations are minutes, not the milliseconds of the records."""
    records = json_schema("scenario")["$defs"]
    assert records["Caregiver"]["properties"]["rest"]["default"] == 660
    assert records["BreakRule"]["properties"]["after"]["default"] == 360
    assert json_schema("scenario")["properties"]["policy"]["default"]["disruption_tolerance"] == 15


if __name__ == "__main__":
    write_schemas()
