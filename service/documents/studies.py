"""A study as it was sent, with its scenario: checked before anything runs."""

from __future__ import annotations

import json

from optimizer.errors import InvalidDocument
from optimizer.formats import format_scenario, parse_scenario, parse_study
from optimizer.prepare import prepare
from optimizer.shortfall import check_study, num_futures
from service.documents.limits import MOST_FAULTS, LimitExceeded, excesses, look_ahead
from service.documents.parts import documents_in, under
from service.documents.work import Sent

MOST_FUTURES = 10_000
"Futures of one study, those with varied assumptions among them."


def study_sent(sent: Sent) -> bytes:
    """Return what a worker gets of a study: a scenario without health records, and the study.

    Raises
    ------
    InvalidDocument
        If one of them has faults, or the study does not fit the scenario.
    LimitExceeded
        If the scenario is too large, or too many futures are asked for.
    """
    documents = documents_in(sent.text, ("scenario", "study"))
    look_ahead(sent.limits, documents["scenario"])
    try:
        given = parse_scenario(documents["scenario"], "scenario", most=MOST_FAULTS)
        # What a study knows is what its worker knows: nothing of health records.
        problem = prepare(prepare(given).for_engine)
    except InvalidDocument as error:
        raise under("scenario", error) from error
    for each in excesses(sent.limits, problem.scenario):
        raise each.error()
    try:
        study = parse_study(documents["study"], "study", most=MOST_FAULTS)
        check_study(study, problem).refuse_faults("study")
    except InvalidDocument as error:
        raise under("study", error) from error
    futures = num_futures(study, problem.given.horizon.start.year)
    if futures > MOST_FUTURES:
        raise LimitExceeded(
            f"The study has up to {futures} futures; {MOST_FUTURES} are possible.",
            limit="max_futures",
            value=MOST_FUTURES,
        )
    scenario = format_scenario(problem.scenario, compact=True).encode()
    told = study.model_dump(mode="json", exclude_none=True)
    return b'{"scenario": %b, "study": %b}' % (scenario, json.dumps(told).encode())
