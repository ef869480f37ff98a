"""Rosters in force for the tests of what planners do with them."""

from __future__ import annotations

import json
from functools import cache
from itertools import count
from typing import Any

import httpx

from optimizer.domain import Plan
from optimizer.formats import format_plan, parse_plan
from service.api.contract import example
from tests.service.api.running import HAMLET, Running

_days = count(1)


@cache
def hamlet_plan() -> Plan:
    """Return a roster of the hamlet: the example of the contract."""
    return parse_plan(json.dumps(example("plan")), "plan")


def day_named(name: str) -> str:
    """Return the hamlet's scenario under another name."""
    return json.dumps({**json.loads(HAMLET), "id": name})


def roster_of(name: str, plan: Plan | None = None) -> str:
    """Return scenario and plan as a roster is taken over."""
    told = json.loads(format_plan(plan or hamlet_plan()))
    told["scenario"] = name
    return json.dumps({"scenario": json.loads(day_named(name)), "plan": told})


def take_over(service: Running, who: str = "A", plan: Plan | None = None, **options: Any) -> str:
    """Put a roster in force for a scenario of its own, and return its name."""
    name = f"day-{next(_days)}"
    answer = service.send("POST", "/v1/rosters", who, content=roster_of(name, plan), **options)
    assert answer.status_code == 201, answer.text
    return name


def drafted(service: Running, name: str, who: str = "A") -> dict[str, Any]:
    """Begin a draft of a roster in force."""
    answer = service.send("POST", "/v1/drafts", who, json={"roster": name})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["etag"] == found["etag"]
    return found


def send_move(
    service: Running, draft: dict[str, Any], move: dict[str, Any], who: str = "A", **headers: str
) -> httpx.Response:
    """Send a move of a draft as it was read."""
    given = {"if-match": draft["etag"], **headers}
    return service.send("POST", f"/v1/drafts/{draft['id']}/moves", who, json=move, headers=given)


def with_move(service: Running, draft: dict[str, Any], move: dict[str, Any]) -> dict[str, Any]:
    """Return a draft with a move more."""
    answer = send_move(service, draft, move)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def undone(service: Running, draft: dict[str, Any]) -> dict[str, Any]:
    """Return a draft without its last move."""
    headers = {"if-match": draft["etag"]}
    answer = service.send("POST", f"/v1/drafts/{draft['id']}/undo", headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def published(service: Running, draft: dict[str, Any], **headers: str) -> httpx.Response:
    """Ask for a draft to be published."""
    given = {"if-match": draft["etag"], **headers}
    return service.send("POST", f"/v1/drafts/{draft['id']}/publish", headers=given)


def plan_of(service: Running, draft: dict[str, Any]) -> dict[str, Any]:
    """Return the roster that a draft is."""
    found: dict[str, Any] = service.send("GET", f"/v1/drafts/{draft['id']}/plan").json()
    return found


def stop_of(plan: Plan, route: int = 0, stop: int = 0) -> str:
    """Return the visit of a stop."""
    return plan.routes[route].stops[stop].visit
