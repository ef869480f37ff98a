"""``/v1/solves/{id}/alerts``: what visits cannot answer for, of the records that came with it."""

from __future__ import annotations

from fastapi import APIRouter

from optimizer.i18n import Lang
from optimizer.needs import derive
from optimizer.report import alerts_document
from service.api.contract import answers
from service.api.documents import in_turn
from service.api.guard import Reader
from service.api.jobs import JobId, find
from service.api.parts import Service
from service.api.shapes import AlertsDocument
from service.jobs.kinds.solve import scenario_in
from service.jobs.store import read_source

router = APIRouter(prefix="/v1/solves/{job_id}", tags=["solves"])


@router.get("/alerts", response_model=AlertsDocument, responses=answers(404))
def alerts(caller: Reader, service: Service, job_id: JobId, lang: Lang = "en") -> AlertsDocument:
    """Return the alerts of the clients' health records, the most urgent first.

    They are known as soon as the solve is accepted, and say what is to be done, not why.
    """
    job = find(service, caller, job_id, "solve")
    with service.database.session(caller.organisation, read_only=True) as session:
        source = read_source(session, job)
    # The document of the worker has no health records: without another one there were none.
    if source is None:
        return AlertsDocument(examined=0, alerts=[])
    with in_turn(service, len(source)):
        found = alerts_document(derive(scenario_in(source)), lang=lang)
    return AlertsDocument.model_validate(found)
