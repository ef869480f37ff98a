"""``/v1/webhooks``: where news of finished jobs is sent, and what could not be delivered."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from service.api.bodies import Body, body_of
from service.api.contract import answers, body
from service.api.faults import InvalidRequest
from service.api.guard import requires
from service.api.parts import Parts, Service
from service.api.repetition import once, repeatable
from service.api.threads import BlockingRoute
from service.auth.permissions import Permission, Principal
from service.database.tenancy import TenantSession
from service.documents.limits import LimitExceeded
from service.webhooks.addresses import RefusedAddress, resolve
from service.webhooks.deliveries import dead_letters, send_again
from service.webhooks.endpoints import add_webhook, list_webhooks, remove_webhook

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], route_class=BlockingRoute)

Owner = Annotated[Principal, requires(Permission.WEBHOOKS_WRITE)]
WebhookId = Annotated[str, Path(pattern=r"^whk_[0-9a-z]{26}$")]
DeliveryId = Annotated[str, Path(pattern=r"^[a-z]{2,8}_[0-9a-z]{26}$")]
EventName = Literal[
    "job.completed",
    "job.incomplete",
    "job.failed",
    "job.cancelled",
    "job.expired",
    "roster.published",
    "visit.changed",
]


class WebhookRequest(BaseModel):
    """An endpoint to be told."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    url: Annotated[str, Field(max_length=2000, pattern=r"^https?://[^\s\x00-\x1f]+$")]
    "https only, to ports that the installation allows; private addresses are refused."
    events: Annotated[list[EventName], Field(max_length=7)] = []
    "Which events; none named means all."


class WebhookDocument(BaseModel):
    """An endpoint."""

    id: str
    url: str
    events: list[str]
    enabled: bool
    created_at: datetime


class NewWebhookDocument(WebhookDocument):
    """An endpoint that has just been added."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    secret: str
    "What messages are signed with (Standard Webhooks): told only now."


class WebhookList(BaseModel):
    """Endpoints, oldest first."""

    items: list[WebhookDocument]


class DeadLetterDocument(BaseModel):
    """A message that was given up."""

    id: str
    webhook: str
    event: str
    attempts: int
    last_fault: str | None
    settled_at: datetime | None


class DeadLetterList(BaseModel):
    """Messages that were given up, the newest first."""

    items: list[DeadLetterDocument]


@router.get("", response_model=WebhookList, responses=answers())
def webhooks(caller: Owner, service: Service) -> WebhookList:
    """List the endpoints of the organisation."""
    with service.database.session(caller.organisation, read_only=True) as session:
        found = list_webhooks(session)
    return WebhookList(
        items=[WebhookDocument.model_validate(one, from_attributes=True) for one in found]
    )


@router.post(
    "",
    status_code=201,
    response_model=NewWebhookDocument,
    responses=answers(409, 413, 415),
    openapi_extra=repeatable(
        body(
            "WebhookRequest", {"url": "https://dispatch.example/hooks", "events": ["job.completed"]}
        )
    ),
)
async def add(
    request: Request,
    caller: Owner,
    service: Service,
    text: Body,
    wanted: Annotated[WebhookRequest, body_of(WebhookRequest)],
) -> NewWebhookDocument:
    """Add an endpoint; the secret of its signatures is told only now."""
    # Beside the writes: for a name that nobody answers for, others would wait.
    await service.bulkheads.names.run(caller.organisation, _insist_on_address, service, wanted.url)
    adding = partial(_added, request, caller, service, text, wanted)
    return await service.bulkheads.writes.run(caller.organisation, adding)


def _insist_on_address(service: Parts, url: str) -> None:
    try:
        resolve(
            url,
            private=service.settings.webhook_private_addresses,
            ports=service.settings.webhook_ports,
        )
    except RefusedAddress as error:
        raise InvalidRequest([("/url", "refused-address", f"url: {error}")]) from error
    except OSError as error:
        words = "url: the name of the machine cannot be resolved."
        raise InvalidRequest([("/url", "refused-address", words)]) from error


def _added(
    request: Request, caller: Principal, service: Parts, text: bytes, wanted: WebhookRequest
) -> NewWebhookDocument:
    most = service.settings.webhooks_per_organisation

    def make(session: TenantSession) -> NewWebhookDocument:
        if len(list_webhooks(session)) >= most:
            raise LimitExceeded(
                f"An organisation may have {most} webhooks.",
                limit="webhooks_per_organisation",
                value=most,
            )
        made, secret = add_webhook(session, wanted.url, events=wanted.events)
        known = WebhookDocument.model_validate(made, from_attributes=True)
        return NewWebhookDocument(**known.model_dump(), secret=secret)

    def is_there(session: TenantSession, made: NewWebhookDocument) -> bool:
        return any(each.id == made.id for each in list_webhooks(session))

    return once(service, caller, request, text, NewWebhookDocument, make, is_there=is_there)


@router.get("/dead", response_model=DeadLetterList, responses=answers())
def dead(caller: Owner, service: Service) -> DeadLetterList:
    """List the messages that could not be delivered."""
    with service.database.session(caller.organisation, read_only=True) as session:
        found = dead_letters(session)
    return DeadLetterList(
        items=[DeadLetterDocument.model_validate(one, from_attributes=True) for one in found]
    )


@router.post(
    "/dead/{delivery_id}/send", status_code=204, response_class=Response, responses=answers(404)
)
def again(caller: Owner, service: Service, delivery_id: DeliveryId) -> Response:
    """Send a message that was given up once more."""
    with service.database.session(caller.organisation) as session:
        send_again(session, delivery_id)
    return Response(status_code=204)


@router.delete("/{webhook_id}", status_code=204, response_class=Response, responses=answers(404))
def remove(caller: Owner, service: Service, webhook_id: WebhookId) -> Response:
    """Remove an endpoint and what is on its way to it."""
    with service.database.session(caller.organisation) as session:
        remove_webhook(session, webhook_id)
    return Response(status_code=204)
