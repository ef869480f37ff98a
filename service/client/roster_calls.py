"""Calls about rosters: in force, tried in drafts, mended, compared.

>>> draft = client.rosters.draft("zhenhai-2026-03-03")
>>> draft = client.rosters.move(draft, {"kind": "move", "visit": "V031", "to": "G007"})
>>> draft.moves[-1].difference, draft.moves[-1].feasible
>>> client.rosters.publish(draft)
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from optimizer.domain import Plan, Scenario
from optimizer.formats import format_plan, parse_plan, parse_scenario
from service.api.draft_shapes import DraftDocument, DraftList
from service.api.shapes import JobDocument
from service.client.line import JSON, Document, Line, repeatable, text_of, waiting
from service.jobs.states import TERMINAL

Draft = DraftDocument
"A draft with its moves, as it was read."
Named = Mapping[str, str]
'A roster that the service has: ``{"roster": scenario}``, ``{"draft": id}``, ``{"solve": id}``.'


class RosterCalls:
    """What a planner or a dispatch system does with rosters.

    Parameters
    ----------
    line
        To the service.
    """

    def __init__(self, line: Line) -> None:
        self._line = line

    def in_force(self, scenario: str) -> Document:
        """Return which roster is in force for a scenario, and its figures."""
        return self._line.document("GET", f"/v1/rosters/{scenario}")

    def plan(self, scenario: str) -> Plan:
        """Return the plan that is in force for a scenario."""
        return parse_plan(self._line.send("GET", f"/v1/rosters/{scenario}/plan").content, "plan")

    def scenario(self, scenario: str) -> Scenario:
        """Return the scenario of the plan in force, with what has happened."""
        answer = self._line.send("GET", f"/v1/rosters/{scenario}/scenario")
        return parse_scenario(answer.content, "scenario")

    def take_over(
        self,
        scenario: Scenario | str,
        plan: Plan | str,
        *,
        over: int | None = None,
        idempotency_key: str | None = None,
    ) -> Document:
        """Put a roster in force that was made elsewhere; `over` is the version it replaces."""
        written = plan if isinstance(plan, str) else format_plan(plan)
        body = f'{{"scenario": {text_of(scenario)!s}, "plan": {written}}}'
        params = {} if over is None else {"over": over}
        headers = {**JSON, **repeatable(idempotency_key)}
        return self._line.document(
            "POST", "/v1/rosters", params=params, content=body, headers=headers
        )

    def draft(self, scenario: str, *, idempotency_key: str | None = None) -> Draft:
        """Begin a draft of the roster in force for a scenario."""
        return self._draft(
            "POST",
            "/v1/drafts",
            json={"roster": scenario},
            headers=repeatable(idempotency_key),
        )

    def read_draft(self, draft: str) -> Draft:
        """Return a draft as it stands."""
        return self._draft("GET", f"/v1/drafts/{draft}")

    def drafts(self, *, limit: int = 20, after: str | None = None) -> DraftList:
        """Return drafts without their moves, the newest first."""
        params = {"limit": limit} | ({} if after is None else {"after": after})
        answer = self._line.send("GET", "/v1/drafts", params=params)
        return DraftList.model_validate_json(answer.content)

    def draft_plan(self, draft: str) -> Plan:
        """Return the roster that a draft is after its last move."""
        return parse_plan(self._line.send("GET", f"/v1/drafts/{draft}/plan").content, "plan")

    def move(
        self,
        draft: Draft,
        move: Mapping[str, Any],
        *,
        lang: str = "en",
        idempotency_key: str | None = None,
    ) -> Draft:
        """Return a draft with a move more; its last one says what that brings.

        Parameters
        ----------
        draft
            As it was read: one that was changed since is refused.
        move
            Such as ``{"kind": "move", "visit": "V031", "to": "G007", "at": "09:30"}``; the other
            kinds are `swap`, `unassign`, `pin`, `unpin`, `shift`, `retime` and `accept`.
        lang
            Language of the sentences about rules that are broken.
        idempotency_key
            With the same one a repetition makes no second move.

        Raises
        ------
        ServiceError
            If it cannot be made.
        """
        headers = {"if-match": draft.etag, **repeatable(idempotency_key)}
        address = f"/v1/drafts/{draft.id}/moves"
        return self._draft("POST", address, params={"lang": lang}, json=dict(move), headers=headers)

    def undo(self, draft: Draft) -> Draft:
        """Return a draft without its last move."""
        headers = {"if-match": draft.etag}
        return self._draft("POST", f"/v1/drafts/{draft.id}/undo", headers=headers)

    def rebase(self, draft: Draft) -> Draft:
        """Return a draft with the same moves on the roster that is in force now."""
        headers = {"if-match": draft.etag}
        return self._draft("POST", f"/v1/drafts/{draft.id}/rebase", headers=headers)

    def publish(self, draft: Draft, *, idempotency_key: str | None = None) -> Document:
        """Put a draft in force, as it was read.

        Raises
        ------
        ServiceError
            If another roster is in force by now than the one that it begins from; the faults name
            the moves that collide.
        """
        headers = {"if-match": draft.etag, **repeatable(idempotency_key)}
        return self._line.document("POST", f"/v1/drafts/{draft.id}/publish", headers=headers)

    def give_up(self, draft: str) -> None:
        """Delete a draft."""
        self._line.send("DELETE", f"/v1/drafts/{draft}")

    def replan(
        self,
        on: Named,
        events: Sequence[Mapping[str, Any]],
        *,
        now: str | None = None,
        wait: float | None = 20,
        idempotency_key: str | None = None,
        **options: int | str,
    ) -> JobDocument:
        """Ask for a roster to be mended after something has happened.

        Parameters
        ----------
        on
            Which roster.
        events
            What has happened, each such as ``{"kind": "absent", "caregiver": "G016"}``.
        now
            What begins up to this time has begun and stays.
        wait
            Seconds to wait for the proposals, up to 30; None not to wait.
        idempotency_key
            With the same one a repetition gives the same replan.
        options
            `date`, `freeze`, `iterations`, `seed`, `lang`.
        """
        body = {"on": dict(on), "events": [dict(one) for one in events], **options}
        body |= {} if now is None else {"now": now}
        headers = {**repeatable(idempotency_key), **waiting(wait)}
        answer = self._line.send("POST", "/v1/replans", json=body, headers=headers)
        return JobDocument.model_validate_json(answer.content)

    def read_replan(self, replan: str) -> JobDocument:
        """Return a replan as it stands; its result has the proposals."""
        return JobDocument.model_validate_json(
            self._line.send("GET", f"/v1/replans/{replan}").content
        )

    def await_replan(self, replan: str, *, seconds: float = 600.0) -> JobDocument:
        """Return a replan once it is over, or as it stands when the time is."""
        deadline = time.monotonic() + seconds
        found = self.read_replan(replan)
        while found.state not in TERMINAL and time.monotonic() < deadline:
            time.sleep(0.1)
            found = self.read_replan(replan)
        return found

    def recommend(
        self,
        on: Named,
        visit: str | Mapping[str, Any],
        *,
        most: int = 5,
        now: str | None = None,
        move_one: bool = False,
    ) -> Document:
        """Return who could take a visit.

        Parameters
        ----------
        on
            Which roster.
        visit
            Id of one that it leaves out, or a new one: `visit`, and `client` and `couplings` where
            the scenario does not have them.
        most
            Caregivers told at most.
        now
            It begins no earlier.
        move_one
            Whether one other visit may go elsewhere to make room.
        """
        sought = {"visit": visit} if isinstance(visit, str) else {"new": dict(visit)}
        body = {"on": dict(on), "most": most, **sought, **({} if now is None else {"now": now})}
        body |= {"move_one": True} if move_one else {}
        return self._line.document("POST", "/v1/recommendations", json=body)

    def recommend_series(
        self, on: Named, series: str | Mapping[str, Any], *, most: int = 3
    ) -> Document:
        """Return how a series of visits could be made over the weeks planned.

        Parameters
        ----------
        on
            Which roster.
        series
            Id of one of which it leaves out visits, or a new one: `visit` and `per_week`, and
            what else a file of a series may hold.
        most
            Ways told at most.
        """
        sought = {"series": series} if isinstance(series, str) else {"new_series": dict(series)}
        body = {"on": dict(on), "most": most, **sought}
        return self._line.document("POST", "/v1/recommendations", json=body)

    def compare(self, first: Named, second: Named) -> Document:
        """Return two rosters side by side, and every visit that differs."""
        body = {"first": dict(first), "second": dict(second)}
        return self._line.document("POST", "/v1/compare", json=body)

    def _draft(self, method: str, address: str, **options: Any) -> Draft:
        return Draft.model_validate_json(self._line.send(method, address, **options).content)
