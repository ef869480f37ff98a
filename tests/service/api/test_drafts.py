"""Moves are tried on a roster, dropped, and published over the version that was seen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from optimizer.domain import Plan
from optimizer.formats import parse_scenario
from optimizer.verification import verify
from service.database.scope import SYSTEM
from service.jobs import plans
from service.webhooks.endpoints import add_webhook, remove_webhook
from service.webhooks.tables import DeliveryRow
from tests.service.api.rosters import (
    day_named,
    drafted,
    hamlet_plan,
    plan_of,
    published,
    roster_of,
    send_move,
    stop_of,
    take_over,
    undone,
    with_move,
)
from tests.service.api.running import Running
from tests.sweeps import few

FIRST = stop_of(hamlet_plan())
OTHER = stop_of(hamlet_plan(), 1)
WHO = [route.caregiver for route in hamlet_plan().routes]
SHIFT = {"kind": "shift", "caregiver": WHO[1], "start": "07:00", "end": "19:00"}


def test_a_move_is_answered_with_the_verifiers_figures(service: Running) -> None:
    """Difference, terms, broken rules and cost are those of the roster that the draft is."""
    name = take_over(service)
    draft = with_move(service, drafted(service, name), {"kind": "unassign", "visit": FIRST})
    (move,) = draft["moves"]
    day = parse_scenario(day_named(name))
    plan = Plan.model_validate(plan_of(service, draft))
    before, after = verify(day, hamlet_plan()), verify(day, plan)
    assert move["cost"] == after.cost
    assert move["difference"] == draft["difference"] == after.cost - before.cost
    assert sum(move["terms"].values()) == move["difference"]
    assert move["feasible"] == after.feasible
    assert move["unserved"] == len(after.unserved) == 1
    assert [(one["kind"], one["visit"]) for one in move["changes"]] == [("left_out", FIRST)]
    # The same as by hand on the command line: the roster in force is as it was.
    assert service.send("GET", f"/v1/rosters/{name}/plan").json()["routes"] != plan.routes


def test_every_kind_of_move_is_made(service: Running) -> None:
    """Each kind by hand is answered with its number; those that cannot be made say why."""
    draft = drafted(service, take_over(service))
    for move in (
        {"kind": "move", "visit": FIRST, "to": WHO[1]},
        {"kind": "swap", "visit": FIRST, "other": OTHER},
        {"kind": "pin", "visit": OTHER},
        {"kind": "unpin", "visit": OTHER},
        SHIFT,
        {"kind": "unassign", "visit": FIRST},
    ):
        draft = with_move(service, draft, move)
    kinds = [one["move"]["kind"] for one in draft["moves"]]
    assert kinds == ["move", "swap", "pin", "unpin", "shift", "unassign"]
    assert [bool(one["said"]) for one in draft["moves"]] == [False, False, True, True, True, False]
    for move, code in (
        ({"kind": "unassign", "visit": FIRST}, "not-possible"),
        ({"kind": "pin", "visit": FIRST}, "not-possible"),
        ({"kind": "unpin", "visit": OTHER}, "not-possible"),
        (
            {"kind": "shift", "caregiver": "G999", "start": "8:00", "end": "9:00"},
            "invalid-document",
        ),
        (
            {"kind": "shift", "caregiver": WHO[0], "start": "9:00", "end": "8:00"},
            "invalid-document",
        ),
        ({"kind": "move", "visit": "V9999", "to": WHO[1]}, "invalid-document"),
        ({"kind": "move", "visit": FIRST, "to": "G999"}, "invalid-document"),
        ({"kind": "dance"}, "invalid-request"),
    ):
        answer = send_move(service, draft, move)
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert service.send("GET", f"/v1/drafts/{draft['id']}").json() == draft


def test_a_pinned_visit_stays_for_whoever_plans_anew(service: Running) -> None:
    """After publishing, the scenario in force holds the visit with its carers at its time."""
    name = take_over(service)
    draft = with_move(service, drafted(service, name), {"kind": "pin", "visit": FIRST})
    assert published(service, draft).status_code == 200
    day = service.send("GET", f"/v1/rosters/{name}/scenario").json()
    (pin,) = [one["pin"] for one in day["visits"] if one["id"] == FIRST]
    stop = hamlet_plan().routes[0].stops[0]
    assert pin["caregivers"] == [WHO[0]]
    assert pin["start"] == json.loads(stop.model_dump_json())["start"]


def test_other_hours_of_a_shift_are_undone(service: Running) -> None:
    """Shorter hours break what lies outside, told with the verifier's figures; undo restores."""
    name = take_over(service)
    first = drafted(service, name)
    shift = {"kind": "shift", "caregiver": WHO[0], "start": "08:00", "end": "08:10"}
    draft = with_move(service, first, shift)
    (move,) = draft["moves"]
    assert not move["feasible"]
    assert {one["rule"] for one in move["broken"]} == {"shift"}
    again = undone(service, draft)
    assert again["moves"] == []
    longer = {"kind": "shift", "caregiver": WHO[0], "start": "06:00", "end": "20:00"}
    assert with_move(service, again, longer)["moves"][0]["feasible"]


MOVES = st.sampled_from(
    [
        {"kind": "move", "visit": FIRST, "to": WHO[1]},
        {"kind": "move", "visit": OTHER, "to": WHO[0]},
        {"kind": "move", "visit": stop_of(hamlet_plan(), 0, 1), "to": WHO[-1], "at": "10:00"},
        {"kind": "swap", "visit": FIRST, "other": OTHER},
        {"kind": "unassign", "visit": FIRST},
        {"kind": "unassign", "visit": OTHER},
        {"kind": "pin", "visit": OTHER},
        {"kind": "unpin", "visit": OTHER},
        {"kind": "shift", "caregiver": WHO[1], "start": "07:30", "end": "19:00"},
        {"kind": "retime"},
        None,  # undo
    ]
)


@pytest.mark.parametrize("examples", few([3, 60], 1))
def test_moves_and_undos_are_as_the_moves_alone(service: Running, examples: int) -> None:
    """Whatever was tried and dropped between, roster and figures are those of what stayed."""
    name = take_over(service)

    @given(deeds=st.lists(MOVES, min_size=1, max_size=7))
    @settings(max_examples=examples)
    def check(deeds: list[dict[str, Any] | None]) -> None:
        tried, kept = drafted(service, name), list[dict[str, Any]]()
        for deed in deeds:
            if deed is None:
                if kept:
                    kept.pop()
                    tried = undone(service, tried)
                continue
            answer = send_move(service, tried, deed)
            if answer.status_code == 201:
                kept.append(deed)
                tried = answer.json()
            else:
                assert answer.json()["code"] == "not-possible", answer.text
        afresh = drafted(service, name)
        for move in kept:
            afresh = with_move(service, afresh, move)
        assert plan_of(service, tried) == plan_of(service, afresh)
        assert told(tried) == told(afresh)
        for draft in (tried, afresh):
            assert service.send("DELETE", f"/v1/drafts/{draft['id']}").status_code == 204

    check()


def told(draft: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the moves of a draft have brought."""
    hidden = {"made_at", "made_by"}
    return [
        {key: value for key, value in move.items() if key not in hidden} for move in draft["moves"]
    ]


def test_a_draft_is_published_once(service: Running) -> None:
    """The second time is 409, with an idempotency key the first answer."""
    name = take_over(service)
    draft = with_move(service, drafted(service, name), {"kind": "unassign", "visit": FIRST})
    key = {"idempotency-key": f"publish-{name}"}
    first = published(service, draft, **key)
    assert (first.status_code, first.json()["version"]) == (200, 2)
    assert published(service, draft, **key).json() == first.json()
    now = service.send("GET", f"/v1/drafts/{draft['id']}").json()
    assert (now["state"], now["published_version"]) == ("published", 2)
    again = published(service, now)
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    in_force = service.send("GET", f"/v1/rosters/{name}").json()
    assert in_force["version"] == 2
    assert in_force["figures"]["unserved"] == 1
    assert service.send("GET", f"/v1/rosters/{name}/plan").json() == plan_of(service, draft)


def test_a_condition_is_asked_for(service: Running) -> None:
    """Without ``If-Match`` it is 428, with the ETag of a draft as it was before 412."""
    name = take_over(service)
    before = drafted(service, name)
    now = with_move(service, before, {"kind": "unassign", "visit": FIRST})
    own = f"/v1/drafts/{now['id']}"
    retime = {"kind": "retime"}
    for path, sent in (("moves", retime), ("undo", None), ("publish", None), ("rebase", None)):
        bare = service.send("POST", f"{own}/{path}", json=sent)
        stale = service.send(
            "POST", f"{own}/{path}", json=sent, headers={"if-match": before["etag"]}
        )
        assert (bare.status_code, bare.json()["code"]) == (428, "condition-needed"), path
        assert (stale.status_code, stale.json()["code"]) == (412, "draft-changed"), path
    assert service.send("GET", own).json() == now


def test_of_two_drafts_on_one_base_the_second_is_told_what_collides(service: Running) -> None:
    """The moves that touch what the first has changed are named; rebased, the rest is published."""
    name = take_over(service)
    first, second, third = (drafted(service, name) for _ in range(3))
    first = with_move(service, first, {"kind": "unassign", "visit": FIRST})
    second = with_move(service, second, {"kind": "pin", "visit": OTHER})
    second = with_move(service, second, {"kind": "move", "visit": FIRST, "to": WHO[1]})
    assert published(service, first).status_code == 200
    refused = published(service, second)
    assert (refused.status_code, refused.json()["code"]) == (409, "moves-collide")
    faults = refused.json()["faults"]
    assert [(one["pointer"], one["code"]) for one in faults] == [("/moves/1", "colliding-move")]
    assert FIRST in faults[0]["message"]
    assert service.send("GET", f"/v1/rosters/{name}").json()["version"] == 2
    rebased = service.send(
        "POST", f"/v1/drafts/{second['id']}/rebase", headers={"if-match": second["etag"]}
    ).json()
    assert rebased["base_version"] == 2
    assert published(service, rebased).json()["version"] == 3
    # One that has touched nothing of it is told so by an empty list, and of the rebase.
    third = with_move(service, third, {"kind": "pin", "visit": OTHER})
    harmless = published(service, third)
    assert (harmless.status_code, harmless.json().get("faults")) == (409, None)


def test_a_move_that_cannot_be_made_any_more_keeps_a_draft_where_it_is(service: Running) -> None:
    """A rebase is all or nothing, and names the move."""
    name = take_over(service)
    first, second = (drafted(service, name) for _ in range(2))
    first = with_move(service, first, {"kind": "unassign", "visit": FIRST})
    second = with_move(service, second, {"kind": "unassign", "visit": FIRST})
    assert published(service, first).status_code == 200
    own = f"/v1/drafts/{second['id']}"
    refused = service.send("POST", f"{own}/rebase", headers={"if-match": second["etag"]})
    assert refused.status_code == 409
    assert refused.json()["faults"][0]["pointer"] == "/moves/0"
    assert service.send("GET", own).json() == second


def test_a_repeated_move_is_made_once(service: Running) -> None:
    """The same key and move give the draft as it is; once it was undone, the repetition is told."""
    draft = drafted(service, take_over(service))
    move, key = {"kind": "unassign", "visit": FIRST}, {"idempotency-key": draft["id"]}
    made = send_move(service, draft, move, **key)
    again = send_move(service, draft, move, **key)
    assert (made.status_code, again.status_code) == (201, 201)
    assert again.json() == made.json()
    other = send_move(service, draft, {"kind": "retime"}, **key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-conflict")
    undone(service, made.json())
    gone = send_move(service, draft, move, **key)
    assert (gone.status_code, gone.json()["code"]) == (409, "made-and-gone")


def test_a_draft_without_moves_is_not_published(service: Running) -> None:
    """There is nothing to put in force."""
    answer = published(service, drafted(service, take_over(service)))
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_viewers_read_and_others_find_nothing(service: Running) -> None:
    """A viewer of the organisation sees drafts and may not change them; B finds none."""
    draft = drafted(service, take_over(service))
    own = f"/v1/drafts/{draft['id']}"
    assert service.send("GET", own, "viewer").status_code == 200
    assert send_move(service, draft, {"kind": "retime"}, "viewer").status_code == 403
    assert service.send("GET", own, "B").status_code == 404
    assert send_move(service, draft, {"kind": "retime"}, "B").status_code == 404
    assert draft["id"] not in service.send("GET", "/v1/drafts", "B").text
    assert draft["id"] in service.send("GET", "/v1/drafts", "viewer").text


def news(service: Running, webhook: str) -> list[dict[str, Any]]:
    """Return what an endpoint is told of rosters, in order."""
    with service.database.session(SYSTEM, read_only=True) as session:
        rows = session.scalars(
            select(DeliveryRow).where(DeliveryRow.webhook == webhook).order_by(DeliveryRow.id)
        )
        return [{"event": row.event, **row.payload["data"]} for row in rows]


def test_endpoints_hear_of_rosters_and_of_visits(service: Running) -> None:
    """One message for the version, one with the ids of visits that are made otherwise."""
    name = take_over(service)
    with service.database.session("A") as session:
        webhook, _ = add_webhook(
            session, "https://a.example/", events=["roster.published", "visit.changed"]
        )
    draft = with_move(service, drafted(service, name), {"kind": "unassign", "visit": FIRST})
    made = published(service, draft).json()
    told = news(service, webhook.id)
    with service.database.session("A") as session:
        remove_webhook(session, webhook.id)
    about = {"scenario": name, "version": 2}
    assert told == [
        {"event": "roster.published", "job": made["job"], **about},
        {"event": "visit.changed", "visits": [{"visit": FIRST, "change": "left_out"}], **about},
    ]


def test_nothing_is_published_by_half(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails between draft, roster and news leaves all three as they were."""
    name = take_over(service)
    with service.database.session("A") as session:
        webhook, _ = add_webhook(session, "https://a.example/", events=["roster.published"])
    draft = with_move(service, drafted(service, name), {"kind": "unassign", "visit": FIRST})

    def killed(*_given: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("service.api.routes.draft_plans.mark_published", killed)
        assert published(service, draft).status_code == 500
    assert news(service, webhook.id) == []
    assert service.send("GET", f"/v1/rosters/{name}").json()["version"] == 1
    assert service.send("GET", f"/v1/drafts/{draft['id']}").json() == draft
    assert published(service, draft).json()["version"] == 2
    assert len(news(service, webhook.id)) == 1
    with service.database.session("A") as session:
        remove_webhook(session, webhook.id)


def test_a_version_that_comes_between_is_noticed_in_the_transaction(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever publishes after the look and before the write wins; the other is told."""
    name = take_over(service)
    draft = with_move(service, drafted(service, name), {"kind": "unassign", "visit": FIRST})
    usual, left = plans.publish, [1]

    def late(*given: Any, **options: Any) -> Any:
        if left and left.pop():
            raise plans.Outdated
        return usual(*given, **options)

    monkeypatch.setattr("service.api.publishing.publish", late)
    refused = published(service, draft)
    assert (refused.status_code, refused.json()["code"]) == (412, "outdated")
    # A solve that names no version to replace is tried again.
    left.append(1)
    again = service.send("POST", "/v1/rosters", content=roster_of(name))
    assert (again.status_code, again.json()["version"]) == (201, 2)
