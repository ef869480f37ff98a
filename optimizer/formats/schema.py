"""The JSON Schemas of both formats, straight from the records."""

from __future__ import annotations

from typing import Any, Literal

from optimizer.domain.plan import Plan
from optimizer.domain.record import Record
from optimizer.domain.scenario import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(name: Literal["scenario", "plan"]) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a format, as published in ``docs/schemas``."""
    record: type[Record] = Scenario if name == "scenario" else Plan
    return {"$schema": DIALECT, **record.model_json_schema()}
