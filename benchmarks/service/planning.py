"""How soon a planner is answered over HTTP: who could come, a move, a roster mended."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Sequence

import httpx

from benchmarks.named_days import named_day
from benchmarks.service.answering import Figures, served
from benchmarks.service.serving import percentile
from optimizer.domain import Scenario
from optimizer.formats import format_plan, format_scenario
from optimizer.solving import solve

ITERATIONS = 20_000
ASKED, MOVED, MENDED = 100, 20, 10
"Recommendations, moves and replans of a day."


def planning(name: str, smoke: bool) -> Figures:
    """Put a day's roster in force, and ask what a planner asks of it.

    Parameters
    ----------
    name
        Of the day; every tenth visit is not planned, so that there is room.
    smoke
        Whether a few questions are enough.
    """
    whole = named_day("hamlet" if smoke else name)
    visits = tuple(one for n, one in enumerate(whole.visits) if n % 10)
    kept = {visit.id for visit in visits}
    ties = tuple(tie for tie in whole.couplings if {tie.first, tie.second} <= kept)
    day = whole.model_copy(update={"visits": visits, "couplings": ties})
    plan = solve(day, iterations=300 if smoke else ITERATIONS, seed=1, engine="search").plan
    body = f'{{"scenario": {format_scenario(day)}, "plan": {format_plan(plan)}}}'
    asked, moved, mended = (3, 2, 1) if smoke else (ASKED, MOVED, MENDED)
    with served() as service, service.client() as client:
        begun = time.perf_counter()
        taken = client.post("/v1/rosters", content=body)
        taking = time.perf_counter() - begun
        recommended = _recommended(client, day, asked)
        moves = _moved(client, day, [route.caregiver for route in plan.routes], moved)
        replans = _mended(client, day, [route.caregiver for route in plan.routes], mended)
    return {
        "seconds": round(percentile(recommended[1:], 95), 3),
        "visits": len(day.visits),
        "take_over": round(taking, 2),
        "first": round(recommended[0], 3),
        "p50": round(percentile(recommended[1:], 50), 3),
        "move_p50": round(percentile(moves, 50), 3),
        "move_p95": round(percentile(moves, 95), 3),
        "replan_p50": round(percentile(replans, 50), 2),
        "replan_p95": round(percentile(replans, 95), 2),
        "load": round(os.getloadavg()[0], 1),
        "valid": taken.status_code == 201,
    }


def _recommended(client: httpx.Client, day: Scenario, number: int) -> list[float]:
    """Return the seconds of each recommendation for a new visit, the first one included."""
    rng = random.Random(1)
    likes = [visit for visit in day.visits if len(visit.carers) == 1]
    bodies = []
    for n in range(number + 1):
        visit = rng.choice(likes).model_copy(update={"id": f"NEW{n}", "pin": None})
        new = json.loads(visit.model_dump_json(exclude_none=True))
        bodies.append({"on": {"roster": day.id}, "new": {"visit": new}})
    return [_seconds(client, "/v1/recommendations", body) for body in bodies]


def _moved(client: httpx.Client, day: Scenario, people: Sequence[str], number: int) -> list[float]:
    """Return the seconds of each move of a draft, to whoever comes first by chance."""
    rng = random.Random(2)
    draft = client.post("/v1/drafts", json={"roster": day.id}).json()
    times: list[float] = []
    while len(times) < number:
        move = {"kind": "move", "visit": rng.choice(day.visits).id, "to": rng.choice(people)}
        begun = time.perf_counter()
        answer = client.post(
            f"/v1/drafts/{draft['id']}/moves", json=move, headers={"if-match": draft["etag"]}
        )
        times.append(time.perf_counter() - begun)
        draft = answer.json() if answer.status_code == 201 else draft
    return times


def _mended(client: httpx.Client, day: Scenario, people: Sequence[str], number: int) -> list[float]:
    """Return the seconds until the proposals for each of some sick calls are there."""
    sick = random.Random(3).sample(sorted(set(people)), min(number, len(set(people))))
    bodies = [
        {
            "on": {"roster": day.id},
            "now": "06:30",
            "events": [{"kind": "absent", "caregiver": who}],
        }
        for who in sick
    ]
    return [_seconds(client, "/v1/replans", body, prefer="wait=30") for body in bodies]


def _seconds(client: httpx.Client, path: str, body: object, **headers: str) -> float:
    begun = time.perf_counter()
    client.post(path, json=body, headers=headers).raise_for_status()
    return time.perf_counter() - begun
