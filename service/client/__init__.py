"""A typed client of the service: what its routes do, as calls."""

from __future__ import annotations

from service.client.line import ServiceError
from service.client.roster_calls import Draft, RosterCalls
from service.client.service_client import Event, ServiceClient

__all__ = ["Draft", "Event", "RosterCalls", "ServiceClient", "ServiceError"]
