"""The hash of a scenario or plan: the same for the same content, however it is written."""

from __future__ import annotations

import hashlib
import json

from optimizer.domain.plan import Plan
from optimizer.domain.record import Record
from optimizer.domain.scenario import Scenario
from optimizer.needs.privacy import for_engine


def scenario_hash(scenario: Scenario) -> str:
    """Return the hash of a derived scenario; health records and their traces are not in it."""
    return _hash(for_engine(scenario))


def plan_hash(plan: Plan) -> str:
    """Return the hash of a plan."""
    return _hash(plan)


def _hash(record: Record) -> str:
    """Return the SHA-256 of a record as JSON: keys sorted, no blanks, every field given."""
    # Where caregivers come from decides no roster, and is not in the records written before it was.
    content = record.model_dump(mode="json", exclude={"caregivers": {"__all__": {"origin"}}})
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
