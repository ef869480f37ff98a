"""``/v1/solves/{id}/page``: the roster to look at, as one page that loads nothing else."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from optimizer.i18n import Lang
from optimizer.report import page_policy
from service.api.contract import answers
from service.api.guard import Reader
from service.api.jobs import JobId
from service.api.matching import PlainRoute
from service.api.parts import Parts, Service
from service.api.routes.solve_explanations import find_finished
from service.auth.permissions import Principal
from service.documents.work import Shown, roster_shown
from service.jobs.store import Job, read_document, read_result, read_source

router = APIRouter(prefix="/v1/solves/{job_id}", tags=["solves"], route_class=PlainRoute)

_HTML: dict[str, Any] = {
    "description": "A page in both languages, as `homecare solve -o roster.html` writes it.",
    "content": {"text/html": {"schema": {"type": "string"}}},
}


@router.get("/page", response_class=Response, responses=answers(404, 409, ok={200: _HTML}))
async def page(caller: Reader, service: Service, job_id: JobId, lang: Lang = "en") -> Response:
    """Return the roster of a solve that is over, as a page to look at.

    People are told by pseudonym. The page's policy lets it use its own style and script only.
    """
    read = service.bulkheads.reads.run
    job = await read(caller.organisation, find_finished, service, caller, job_id)

    async def work_out() -> bytes:
        service.rates.take(caller.key_id)
        shown = await read(caller.organisation, _stored, service, caller, job, lang)
        head, do = service.bulkheads.explanations, service.workroom.do
        return await head.run(caller.organisation, do, roster_shown, shown, 4 * len(shown.document))

    answer = await service.kept.answer((caller.organisation, job.id, "page", lang), work_out)
    policy = f"{page_policy()}; frame-ancestors 'none'"
    return Response(
        answer,
        media_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": policy},
    )


def _stored(service: Parts, caller: Principal, job: Job, lang: Lang) -> Shown:
    with service.database.session(caller.organisation, read_only=True) as session:
        return Shown(
            document=read_document(session, job),
            source=read_source(session, job),
            plan=read_result(session, job),
            lang=lang,
        )
