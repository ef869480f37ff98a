"""A typed client of the service.

>>> with ServiceClient("http://127.0.0.1:8080", key) as client:
...     solve = client.solve(scenario, seconds=10, wait=20)
...     plan = client.plan(solve.id)
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

from optimizer.domain import Plan, Scenario
from optimizer.formats import format_plan, parse_plan
from service.api.shapes import AlertsDocument, JobDocument, JobList
from service.client.line import JSON, Document, Line, repeatable, text_of, waiting
from service.client.roster_calls import RosterCalls
from service.jobs.states import TERMINAL


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened to a solve.

    Attributes
    ----------
    number
        Position among the solve's events.
    kind
        ``state`` or ``progress``.
    data
        What was told.
    """

    number: int
    kind: str
    data: Mapping[str, Any]


class ServiceClient:
    """Speaks to one service with one key.

    Parameters
    ----------
    address
        Such as ``http://127.0.0.1:8080``.
    key
        ``hc_...``.
    transport
        How to reach it, where that is not the network.
    """

    def __init__(
        self, address: str, key: str, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._line = Line(address, key, transport)
        self.rosters = RosterCalls(self._line)
        "Rosters in force, drafts, replans: what a planner does with a plan."

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._line.close()

    def solve(
        self,
        scenario: Scenario | str | bytes,
        *,
        wait: float | None = None,
        idempotency_key: str | None = None,
        fresh: bool = False,
        **options: float | str | None,
    ) -> JobDocument:
        """Ask for a plan.

        Parameters
        ----------
        scenario
            The scenario, or its JSON.
        wait
            Seconds to wait for the plan, up to 30; None not to wait.
        idempotency_key
            With the same one a repetition gives the same solve.
        fresh
            Whether an earlier result of the same request is not wanted.
        options
            `seconds`, `iterations`, `seed`, `workers`, `engine`, `start`, `lane`.

        Raises
        ------
        ServiceError
            If the service refuses.
        """
        headers = {**JSON, **repeatable(idempotency_key), **waiting(wait)}
        if fresh:
            headers["cache-control"] = "no-cache"
        given = {name: value for name, value in options.items() if value is not None}
        answer = self._line.send(
            "POST", "/v1/solves", params=given, content=text_of(scenario), headers=headers
        )
        return JobDocument.model_validate_json(answer.content)

    def read(self, solve: str) -> JobDocument:
        """Return a solve as it stands."""
        return JobDocument.model_validate_json(
            self._line.send("GET", f"/v1/solves/{solve}").content
        )

    def solves(self, *, limit: int = 20, after: str | None = None) -> JobList:
        """Return solves, the newest first; `after` is the `next` of the page before."""
        params = {"limit": limit} | ({} if after is None else {"after": after})
        return JobList.model_validate_json(
            self._line.send("GET", "/v1/solves", params=params).content
        )

    def await_end(self, solve: str, *, seconds: float = 3_600.0) -> JobDocument:
        """Return a solve once it is over, or as it stands when the time is."""
        deadline = time.monotonic() + seconds
        found = self.read(solve)
        while found.state not in TERMINAL and time.monotonic() < deadline:
            time.sleep(0.1)
            found = self.read(solve)
        return found

    def plan(self, solve: str) -> Plan:
        """Return the plan of a solve that is over."""
        return parse_plan(self._line.send("GET", f"/v1/solves/{solve}/plan").content, "plan")

    def explanations(self, solve: str, *, visits: Sequence[str] = (), lang: str = "en") -> Document:
        """Return why visits are left out, or why a carer was chosen."""
        params = {"visit": list(visits), "lang": lang}
        return self._line.document("GET", f"/v1/solves/{solve}/explanations", params=params)

    def alerts(self, solve: str, *, lang: str = "en") -> AlertsDocument:
        """Return what visits cannot answer for, of the health records that came with a solve."""
        answer = self._line.send("GET", f"/v1/solves/{solve}/alerts", params={"lang": lang})
        return AlertsDocument.model_validate_json(answer.content)

    def page(self, solve: str, *, lang: str = "en") -> str:
        """Return the roster of a solve that is over, as an HTML page."""
        return self._line.send("GET", f"/v1/solves/{solve}/page", params={"lang": lang}).text

    def events(self, solve: str, *, after: int = 0) -> Iterator[Event]:
        """Yield what happens to a solve until it is over.

        Parameters
        ----------
        solve
            Its id.
        after
            Number of the last event that is known already.
        """
        headers = {"last-event-id": str(after)}
        with self._line.stream("GET", f"/v1/solves/{solve}/events", headers=headers) as answer:
            fields: dict[str, str] = {}
            for line in answer.iter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                    continue
                if "data" in fields:
                    data = json.loads(fields["data"])
                    yield Event(int(fields.get("id", 0)), fields.get("event", "message"), data)
                fields = {}

    def stop(self, solve: str) -> JobDocument:
        """End a solve and keep its best plan so far."""
        return JobDocument.model_validate_json(
            self._line.send("POST", f"/v1/solves/{solve}/stop").content
        )

    def cancel(self, solve: str) -> JobDocument:
        """End a solve and keep nothing of it."""
        return JobDocument.model_validate_json(
            self._line.send("DELETE", f"/v1/solves/{solve}").content
        )

    def publish(
        self, solve: str, *, over: int | None = None, idempotency_key: str | None = None
    ) -> Document:
        """Put a plan in force, as it is now; `over` is the version that it replaces."""
        etag = self._line.send("GET", f"/v1/solves/{solve}/plan").headers["etag"]
        params = {} if over is None else {"over": over}
        return self._line.document(
            "POST",
            f"/v1/solves/{solve}/publish",
            params=params,
            headers={"if-match": etag, **repeatable(idempotency_key)},
        )

    def validate(self, scenario: Scenario | str | bytes) -> Document:
        """Return everything wrong and everything suspicious about a scenario, and its size."""
        return self._line.document("POST", "/v1/validate", content=text_of(scenario), headers=JSON)

    def verify(self, scenario: Scenario | str, plan: Plan | str, *, lang: str = "en") -> Document:
        """Return which rules a plan breaks and what it costs."""
        written = plan if isinstance(plan, str) else format_plan(plan)
        body = f'{{"scenario": {text_of(scenario)!s}, "plan": {written}}}'
        return self._line.document(
            "POST", "/v1/verify", params={"lang": lang}, content=body, headers=JSON
        )

    def needs(
        self, scenario: Scenario | str | bytes, *, clients: Sequence[str] = (), lang: str = "en"
    ) -> Document:
        """Return what health records ask for, who pays, and the visits that follow."""
        params = {"client": list(clients), "lang": lang}
        return self._line.document(
            "POST", "/v1/needs", params=params, content=text_of(scenario), headers=JSON
        )

    def vroom(self, problem: Mapping[str, Any], *, seconds: float = 2.0) -> Document:
        """Return the solution of a routing problem in VROOM's form."""
        return self._line.document(
            "POST",
            "/v1/vroom",
            params={"seconds": seconds},
            content=json.dumps(problem),
            headers=JSON,
        )

    def study(
        self,
        scenario: Scenario | str,
        study: str,
        *,
        wait: float | None = None,
        idempotency_key: str | None = None,
    ) -> JobDocument:
        """Ask what happens when hands are short; for the district.

        Parameters
        ----------
        scenario, study
            The scenario, and the study as JSON, as `homecare simulate` reads it.
        wait
            Seconds to wait for the answer, up to 30; None not to wait.
        idempotency_key
            With the same one a repetition gives the same job.
        """
        body = f'{{"scenario": {text_of(scenario)!s}, "study": {study}}}'
        headers = {**JSON, **repeatable(idempotency_key), **waiting(wait)}
        answer = self._line.send("POST", "/v1/studies", content=body, headers=headers)
        return JobDocument.model_validate_json(answer.content)

    def read_study(self, study: str) -> JobDocument:
        """Return a study as it stands; its progress tells how many futures are there."""
        answer = self._line.send("GET", f"/v1/studies/{study}")
        return JobDocument.model_validate_json(answer.content)

    def await_study(self, study: str, *, seconds: float = 86_400.0) -> JobDocument:
        """Return a study once it is over, or as it stands when the time is."""
        deadline = time.monotonic() + seconds
        found = self.read_study(study)
        while found.state not in TERMINAL and time.monotonic() < deadline:
            time.sleep(0.5)
            found = self.read_study(study)
        return found

    def stop_study(self, study: str) -> JobDocument:
        """End a study; what is there counts."""
        answer = self._line.send("POST", f"/v1/studies/{study}/stop")
        return JobDocument.model_validate_json(answer.content)

    def people(self, kind: str, *, after: str | None = None) -> Document:
        """Return of which clients or caregivers something is kept, and which fields.

        Parameters
        ----------
        kind
            ``client`` or ``caregiver``.
        after
            The `next` of the page before.
        """
        params = {} if after is None else {"after": after}
        return self._line.document("GET", f"/v1/people/{kind}", params=params)

    def read_people(
        self, kind: str, people: Sequence[str], *, purpose: str, fields: Sequence[str] = ("name",)
    ) -> Mapping[str, Mapping[str, str]]:
        """Return names and other personal data by ids; the audit log keeps who read them.

        Parameters
        ----------
        kind
            ``client`` or ``caregiver``.
        people
            At most 50 ids; those of whom nothing is kept are left out of the answer.
        purpose
            ``roster``, ``care``, ``contact``, ``billing``, ``correction`` or ``request``.
        fields
            `name`, `phone`, `address`, `contact`, `diagnoses`, `note`.
        """
        body = {"ids": list(people), "fields": list(fields), "purpose": purpose}
        found: Mapping[str, Mapping[str, str]]
        found = self._line.document("POST", f"/v1/people/{kind}/read", json=body)["people"]
        return found

    def write_people(
        self, kind: str, people: Mapping[str, Mapping[str, str | None] | None]
    ) -> None:
        """Store personal data of up to 50 people, by ids.

        Fields that are not named stay; None removes a field, or all that is kept of a person.
        """
        self._line.send("PATCH", f"/v1/people/{kind}", json={"people": people})

    def export_counts(self, month: str, by: str) -> Document:
        """Return how many clients have plans in force; for the district's analysts.

        Parameters
        ----------
        month
            ``2026-03``.
        by
            ``organisation``, ``town``, ``need_tier`` or ``age``.
        """
        return self._line.document("GET", "/v1/exports/counts", params={"month": month, "by": by})

    def export_clients(self, month: str) -> Document:
        """Return what clients get, under pseudonyms; for the district's analysts."""
        return self._line.document("GET", "/v1/exports/clients", params={"month": month})

    def make_key(
        self,
        role: str,
        *,
        label: str = "",
        organisation: str | None = None,
        idempotency_key: str | None = None,
    ) -> Document:
        """Make a key of the own organisation, or, for the district, of another one."""
        address = "/v1/keys" if organisation is None else f"/v1/organisations/{organisation}/keys"
        return self._line.document(
            "POST",
            address,
            json={"role": role, "label": label},
            headers=repeatable(idempotency_key),
        )

    def add_organisation(
        self, organisation: str, *, idempotency_key: str | None = None
    ) -> Document:
        """Add an organisation; for the district's administrators."""
        return self._line.document(
            "POST",
            "/v1/organisations",
            json={"id": organisation},
            headers=repeatable(idempotency_key),
        )
