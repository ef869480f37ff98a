"""``/v1/solves/{id}/alerts``: what visits cannot answer for, of the records that came with it."""

from __future__ import annotations

import json

from fastapi import APIRouter
from fastapi.responses import Response

from optimizer.i18n import Lang
from service.api.contract import answers
from service.api.guard import Reader
from service.api.jobs import JobId, find
from service.api.matching import PlainRoute
from service.api.parts import Parts, Service
from service.api.shapes import AlertsDocument
from service.auth.permissions import Principal
from service.documents import work
from service.jobs.store import read_source

router = APIRouter(prefix="/v1/solves/{job_id}", tags=["solves"], route_class=PlainRoute)


@router.get("/alerts", response_model=AlertsDocument, responses=answers(404))
async def alerts(caller: Reader, service: Service, job_id: JobId, lang: Lang = "en") -> Response:
    """Return the alerts of the clients' health records, the most urgent first.

    They are known as soon as the solve is accepted, and say what is to be done, not why.
    """
    read = service.bulkheads.reads.run
    source = await read(caller.organisation, _source, service, caller, job_id)

    async def work_out() -> bytes:
        # The document of the worker has no health records: without another one there were none.
        if source is None:
            return json.dumps({"examined": 0, "alerts": []}).encode()
        service.rates.take(caller.key_id)
        head, do = service.bulkheads.explanations, service.workroom.do
        return await head.run(caller.organisation, do, work.alerts, (source, lang), len(source))

    answer = await service.kept.answer((caller.organisation, job_id, "alerts", lang), work_out)
    return Response(answer, media_type="application/json")


def _source(service: Parts, caller: Principal, job_id: str) -> bytes | None:
    job = find(service, caller, job_id, "solve")
    with service.database.session(caller.organisation, read_only=True) as session:
        return read_source(session, job)
