"""Counting the visits of a scenario."""

from __future__ import annotations

import json

from optimizer.parallel import Limits, Link
from service.jobs.kind import Assignment, Kind, Outcome
from service.jobs.kinds.solve import scenario_in
from service.jobs.states import Lane

SECONDS = 60.0
"Time limit of a count; after it the worker is killed."


def work(assignment: Assignment, link: Link) -> Outcome:  # noqa: ARG001 (too quick to be followed)
    """Count the visits of a scenario.

    Raises
    ------
    InvalidDocument
        If it is no scenario at all.
    """
    visits = len(scenario_in(assignment.document).visits)
    return Outcome(json.dumps({"visits": visits}).encode())


KIND = Kind(
    name="count",
    lane=Lane.INTERACTIVE,
    work=work,
    limits=lambda _, memory_bytes: Limits(SECONDS, int(SECONDS), memory_bytes),
    collection="counts",
)
