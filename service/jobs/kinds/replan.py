"""Replanning: from a roster and what has happened to proposals, each with whom to call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from optimizer.domain import Events, Plan, Scenario
from optimizer.formats import format_scenario
from optimizer.parallel import Limits, Link
from optimizer.replan import repair
from optimizer.report.replan_document import repair_document
from optimizer.units import MS_PER_MINUTE
from service.jobs.kind import Assignment, Kind, Outcome
from service.jobs.states import Lane

SECONDS = 900.0
"After which a replan is killed: a thousand times what one of a large day takes."


@dataclass(frozen=True, slots=True)
class Asked:
    """What a replan begins from."""

    scenario: Scenario
    plan: Plan
    events: Events


def replan_document(scenario: bytes, plan: bytes, events: Events) -> bytes:
    """Return the document of a job: a scenario, its roster, and what has happened.

    Parameters
    ----------
    scenario, plan
        As they are stored.
    events
        Without faults.
    """
    content = json.loads(plan)
    roster = json.dumps(content.get("plan", content), ensure_ascii=False).encode()
    told = events.model_dump_json(exclude_none=True).encode()
    return b'{"scenario": %b, "plan": %b, "events": %b}' % (scenario, roster, told)


def replan_in(document: bytes) -> Asked:
    """Return what `replan_document` has put together."""
    content = json.loads(document)
    return Asked(
        Scenario.model_validate(content["scenario"]),
        Plan.model_validate(content["plan"]),
        Events.model_validate(content["events"]),
    )


def freeze_of(parameters: Mapping[str, Any]) -> int | None:
    """Return the freeze in milliseconds; None for the policy's own."""
    minutes: int | None = parameters["freeze"]
    return None if minutes is None else minutes * MS_PER_MINUTE


def work(assignment: Assignment, _link: Link) -> Outcome:
    """Mend a roster.

    Raises
    ------
    EngineDisagreement
        If engine and verifier do not agree about a proposal; a defect.
    """
    asked, wanted = replan_in(assignment.document), assignment.parameters
    found = repair(
        asked.scenario,
        asked.plan,
        asked.events,
        freeze=freeze_of(wanted),
        iterations=wanted["iterations"],
        seed=wanted["seed"],
    )
    told = repair_document(found, found.proposals[0], lang=wanted["lang"])
    told.pop("chosen")
    told["plans"] = [proposal.pop("plan") for proposal in told["proposals"]]
    told["day"] = json.loads(format_scenario(found.scenario))
    return Outcome(json.dumps(told, ensure_ascii=False).encode())


def _limits(_parameters: Mapping[str, Any], memory_bytes: int) -> Limits:
    return Limits(SECONDS, int(2 * SECONDS), memory_bytes)


KIND = Kind(name="replan", lane=Lane.INTERACTIVE, work=work, limits=_limits, collection="replans")
