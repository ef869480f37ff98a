"""Rosters in force: taken over from elsewhere, read, compared, and asked who could come."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from optimizer.domain import Plan
from optimizer.formats import format_plan, parse_scenario
from optimizer.replan import Recommender, SeriesRecommender, compared
from service.client import ServiceError
from service.database.scope import SYSTEM
from service.drafts.tables import DraftMoveRow, DraftRow
from service.jobs.plans import publish
from service.jobs.rosters import ROSTER
from service.jobs.store import read_job
from service.people.erasure import erase_person
from service.people.personal_data import PersonKind
from tests.replan.fortnight import FORTNIGHT, NEW, PLAN
from tests.service.api.rosters import (
    day_named,
    drafted,
    hamlet_plan,
    roster_of,
    stop_of,
    take_over,
    with_move,
)
from tests.service.api.running import HAMLET, Running

FIRST = stop_of(hamlet_plan())


def test_a_roster_from_elsewhere_is_in_force(service: Running) -> None:
    """Plan and scenario are read as they were sent, with the verifier's figures."""
    name = take_over(service)
    with service.client() as client:
        told = client.rosters.in_force(name)
        assert (told["version"], told["figures"]["feasible"]) == (1, True)
        assert told["figures"]["served"] == 12
        assert client.rosters.plan(name).routes == hamlet_plan().routes
        assert client.rosters.scenario(name) == parse_scenario(day_named(name))
        with service.database.session("A", read_only=True) as session:
            assert read_job(session, told["job"]).kind == ROSTER
        assert service.send("GET", f"/v1/solves/{told['job']}").status_code == 404
        assert client.rosters.in_force(name) in [
            {**one, "figures": told["figures"]}
            for one in service.send("GET", "/v1/rosters?limit=100").json()["items"]
        ]
    etag = service.send("GET", f"/v1/rosters/{name}/plan").headers["etag"]
    known = service.send("GET", f"/v1/rosters/{name}/plan", headers={"if-none-match": etag})
    assert known.status_code == 304


def test_a_roster_that_breaks_rules_says_so(service: Running) -> None:
    """It is taken over, for a planner may know better; but nobody is recommended for it."""
    route = hamlet_plan().routes[0]
    twice = route.model_copy(update={"stops": route.stops[1:]})
    broken = hamlet_plan().model_copy(update={"routes": (twice, *hamlet_plan().routes[1:])})
    name = take_over(service, plan=broken)
    with service.client() as client:
        assert not client.rosters.in_force(name)["figures"]["feasible"]
        with pytest.raises(ServiceError, match="not-possible"):
            client.rosters.recommend({"roster": name}, FIRST)


def test_a_roster_replaces_the_version_that_was_seen(service: Running) -> None:
    """Over another version it is 412; a repetition with its key makes no further one."""
    name = take_over(service)
    with service.client() as client:
        day, plan = day_named(name), json.dumps(json.loads(roster_of(name))["plan"])
        with pytest.raises(ServiceError, match="outdated"):
            client.rosters.take_over(day, plan, over=0)
        for _ in range(2):
            made = client.rosters.take_over(day, plan, over=1, idempotency_key=f"over-{name}")
            assert made["version"] == 2


def test_a_plan_of_unknown_visits_is_refused(service: Running) -> None:
    """Both documents are checked as `verify` checks them, each fault with its place."""
    body = roster_of("elsewhere").replace(f'"visit": "{FIRST}"', '"visit": "V9999"')
    answer = service.send("POST", "/v1/rosters", content=body)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["pointer"] == "/plan/routes/0/stops/0/visit"
    assert service.send("GET", "/v1/rosters/elsewhere").status_code == 404


def test_recommendations_are_those_of_the_library(service: Running) -> None:
    """Over HTTP the same caregivers, times and differences, for visits left out and new ones."""
    name = take_over(service)
    draft = with_move(service, drafted(service, name), {"kind": "unassign", "visit": FIRST})
    day = parse_scenario(day_named(name))
    with service.client() as client:
        on = {"draft": draft["id"]}
        found = client.rosters.recommend(on, FIRST)
        plan = client.rosters.draft_plan(draft["id"])
        ours = Recommender(day, plan).recommend(FIRST, most=5)
        assert [
            (one["caregiver"], one["difference"], one["minutes"]) for one in found["suggestions"]
        ] == [(one.caregiver, one.difference, one.minutes / 60_000) for one in ours.suggestions]
        assert sum(found["barred"].values()) == sum(ours.barred.values())
        fresh = json.loads(HAMLET)["visits"][4] | {"id": "V-new"}
        new = client.rosters.recommend({"roster": name}, {"visit": fresh}, most=1)
        assert new["visit"] == "V-new"
        assert len(new["suggestions"]) <= 1
        with pytest.raises(ServiceError, match="not-possible"):
            client.rosters.recommend({"roster": name}, FIRST)  # It is made already.
        with pytest.raises(ServiceError) as unknown:
            client.rosters.recommend(on, "V9999")
        with pytest.raises(ServiceError) as double:
            client.rosters.recommend(on, {"visit": fresh | {"id": FIRST}})
    for caught, place in ((unknown, "/visit"), (double, "/new/visit/id")):
        assert [fault.pointer for fault in caught.value.problem.faults or ()] == [place]


def test_a_series_is_recommended_for_over_the_weeks(service: Running) -> None:
    """Over HTTP the same ways as in the library; on a single day, and unknown, it is refused."""
    name, new = take_over(service), NEW.model_dump(mode="json", exclude_none=True)
    week = FORTNIGHT.model_copy(update={"id": f"fortnight-of-{name}"})
    plan = PLAN.model_copy(update={"scenario": week.id})
    ours = SeriesRecommender.of(week, plan).recommend(NEW, most=2)
    with service.client() as client:
        client.rosters.take_over(week, plan)
        found = client.rosters.recommend_series({"roster": week.id}, new, most=2)
        assert [one["difference"] for one in found["suggestions"]] == [
            one.difference for one in ours.suggestions
        ]
        assert [one["caregivers"] for one in found["suggestions"]] == [
            list(one.caregivers) for one in ours.suggestions
        ]
        with pytest.raises(ServiceError) as short:
            client.rosters.recommend_series({"roster": name}, new)
        with pytest.raises(ServiceError) as unknown:
            client.rosters.recommend_series({"roster": name}, "BATHS")
    for caught, place in ((short, "/new_series/per_week"), (unknown, "/series")):
        assert [fault.pointer for fault in caught.value.problem.faults or ()] == [place]


def test_two_rosters_are_compared(service: Running) -> None:
    """Costs per term and the visits that differ are those of the library."""
    name = take_over(service)
    draft = with_move(service, drafted(service, name), {"kind": "unassign", "visit": FIRST})
    day = parse_scenario(day_named(name))
    with service.client() as client:
        told = client.rosters.compare({"roster": name}, {"draft": draft["id"]})
        plan = client.rosters.draft_plan(draft["id"])
        with pytest.raises(ServiceError, match="not-found"):
            client.rosters.compare({"roster": name}, {"solve": "job_" + "0" * 26})
    ours = compared(day, hamlet_plan(), plan)
    assert told["difference"] == ours.difference == draft["difference"]
    assert told["terms"] == {term.value: amount for term, amount in ours.terms.items()}
    assert [one["visit"] for one in told["changes"]] == [FIRST]


def test_a_client_keeps_to_the_draft_that_it_has_read(service: Running) -> None:
    """Moves, undo, rebase and publishing carry the ETag of the draft that they are called with."""
    name = take_over(service)
    with service.client() as client:
        calls = client.rosters
        draft = calls.draft(name, idempotency_key=f"draft-{name}")
        assert calls.draft(name, idempotency_key=f"draft-{name}") == draft
        moved = calls.move(draft, {"kind": "unassign", "visit": FIRST}, lang="zh")
        with pytest.raises(ServiceError, match="draft-changed"):
            calls.move(draft, {"kind": "retime"})
        back = calls.undo(moved)
        assert back.moves == []
        moved = calls.rebase(calls.move(back, {"kind": "unassign", "visit": FIRST}))
        assert calls.read_draft(draft.id) == moved
        assert draft.id in [one.id for one in calls.drafts(limit=100).items]
        assert calls.publish(moved)["version"] == 2
        calls.give_up(draft.id)
        with pytest.raises(ServiceError, match="not-found"):
            calls.read_draft(draft.id)
        assert calls.in_force(name)["version"] == 2


def test_who_is_erased_is_in_no_draft_and_no_roster(service: Running) -> None:
    """Erasing a client takes the drafts and rosters along whose documents name the id."""
    with service.client("district") as district:
        district.add_organisation("O-drafts")
        key = district.make_key("admin", organisation="O-drafts")["key"]
    bearer = {"authorization": f"Bearer {key}"}
    day = HAMLET.replace('"C0001"', '"C-erased"').replace('"hamlet"', '"erased-day"')
    told = json.loads(format_plan(hamlet_plan())) | {"scenario": "erased-day"}
    body = json.dumps({"scenario": json.loads(day), "plan": told})
    service.send("POST", "/v1/rosters", content=body, headers=bearer)
    draft = service.send("POST", "/v1/drafts", json={"roster": "erased-day"}, headers=bearer).json()
    moved = service.send(
        "POST",
        f"/v1/drafts/{draft['id']}/moves",
        json={"kind": "unassign", "visit": FIRST},
        headers={**bearer, "if-match": draft["etag"]},
    )
    assert moved.status_code == 201
    done = erase_person(service.database, "O-drafts", PersonKind.CLIENT, "C-erased", actor="tests")
    assert (done.jobs, done.drafts) == (1, 1)
    assert service.send("GET", "/v1/rosters/erased-day", headers=bearer).status_code == 404
    with service.database.session(SYSTEM, read_only=True) as session:
        for table in (DraftRow, DraftMoveRow):
            rows = session.scalars(select(table).where(table.organisation == "O-drafts")).all()
            assert rows == []


def test_plans_of_solves_and_rosters_take_turns(service: Running) -> None:
    """A solve is published over a roster of hand and back; versions count on."""
    name = take_over(service)
    with service.client() as client:
        job = client.solve(day_named(name), iterations=100, wait=30)
        assert client.publish(job.id, over=1)["version"] == 2
        assert Plan.model_validate(
            service.send("GET", f"/v1/rosters/{name}/plan").json()
        ) == client.plan(job.id)
        draft = client.rosters.draft(name)
        assert draft.base_version == 2
    with service.database.session("A") as session:
        again = publish(session, name, read_job(session, job.id), by="tests", over=2)
    assert again.version == 3
