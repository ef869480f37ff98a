"""The JSON Schemas of all formats, straight from the records."""

from __future__ import annotations

from typing import Any, Literal

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from optimizer.domain.allocation import AllocationPolicy
from optimizer.domain.delivery import Deliveries
from optimizer.domain.office import Office
from optimizer.domain.plan import Plan
from optimizer.domain.record import Record
from optimizer.domain.scenario import Scenario
from optimizer.domain.study import Study
from optimizer.domain.supervision import Supervision
from optimizer.domain.time_bank import TimeBank
from optimizer.needs.catalogue import Catalogue
from optimizer.needs.rules import RuleBook
from optimizer.units import format_clock, format_minutes

SchemaName = Literal[
    "scenario",
    "plan",
    "catalogue",
    "rules",
    "study",
    "office",
    "allocation",
    "deliveries",
    "supervision",
    "timebank",
]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_RECORDS: dict[SchemaName, type[Record]] = {
    "scenario": Scenario,
    "plan": Plan,
    "catalogue": Catalogue,
    "rules": RuleBook,
    "study": Study,
    "office": Office,
    "allocation": AllocationPolicy,
    "deliveries": Deliveries,
    "supervision": Supervision,
    "timebank": TimeBank,
}


def json_schema(name: SchemaName) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a format, as published in ``docs/schemas``."""
    record = _RECORDS[name]
    return {"$schema": DIALECT, **record.model_json_schema(schema_generator=_AsWritten)}


class _AsWritten(GenerateJsonSchema):
    """Gives defaults as a document has them: minutes and clock texts, no milliseconds."""

    def get_default_value(self, schema: core_schema.WithDefaultSchema) -> Any:
        default = super().get_default_value(schema)
        serialization: Any = schema["schema"].get("serialization") or {}
        if isinstance(default, int) and serialization.get("function") in _FORMATS:
            return serialization["function"](default)
        return default


_FORMATS = (format_clock, format_minutes)
