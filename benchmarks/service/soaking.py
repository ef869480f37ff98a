"""A service that is used as usual for hours: whether it grows."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

import httpx

from benchmarks.service.answering import HAMLET, Figures, served
from benchmarks.service.attacked import organisation, pid_of
from benchmarks.service.processes import descriptors, megabytes, processor_seconds
from benchmarks.service.serving import Served, day_of_a_district

HOURS_TWO = 7_200.0
SHARE = 0.12
"Part of one processor that the service may take in the mean: who asks waits for so long."
EXAMPLES = Path(__file__).parents[2] / "service" / "api" / "examples"


@dataclass(frozen=True, slots=True)
class Row:
    """What the service took after a round.

    Attributes
    ----------
    seconds
        Since the beginning.
    own_mb
        Resident memory of the serving process.
    family_mb
        Memory of it and of all its children; shared pages count once.
    descriptors
        Held by the serving process.
    processor
        Seconds of processor time so far, of all of them.
    requests, server_errors, broken
        Answers so far, those of status 500 and above, and requests without an answer.
    faults
        What became of the latter, each kind once.
    """

    seconds: float
    own_mb: float
    family_mb: float
    descriptors: int
    processor: float
    requests: int
    server_errors: int
    broken: int
    faults: tuple[str, ...]


def soak(seconds: float | None, smoke: bool) -> Figures:
    """Use a service as usual for a long time, and see whether it grows.

    Memory and descriptors are those of the serving process: the mean of the second twelfth of
    the time against that of the last. What was seen after each round is written, as a line of
    JSON, to the file that ``HOMECARE_SOAK_LOG`` names, if it does.

    Parameters
    ----------
    seconds
        For how long; two hours if not given.
    smoke
        Whether a few seconds are enough.
    """
    length = 6.0 if smoke else seconds or HOURS_TWO
    with served() as service, organisation(service, "SOAK") as client, service.client() as district:
        rows = list(_rounds(service, client, district, length, 1.0 if smoke else SHARE))
        service.wait_until_ready(60)
    return _figures(rows, length, smoke)


def _rounds(
    service: Served, client: httpx.Client, district: httpx.Client, length: float, share: float
) -> Iterator[Row]:
    pid = pid_of(service)
    days = (HAMLET.read_text(encoding="utf-8"), day_of_a_district())
    log = os.environ.get("HOMECARE_SOAK_LOG")
    requests = errors = broken = 0
    faults: set[str] = set()
    at_first = processor_seconds(pid)
    began = time.monotonic()
    number = 0
    while (now := time.monotonic() - began) < length:
        number += 1
        try:
            for answer in _usual(client, district, days, number):
                requests += 1
                errors += answer.status_code >= 500
        except httpx.HTTPError as fault:
            broken += 1
            faults.add(type(fault).__name__)
        used = processor_seconds(pid) - at_first
        now = time.monotonic() - began
        row = Row(
            round(now, 1), round(own_megabytes(pid), 2), round(megabytes(pid), 2), descriptors(pid),
            round(used, 2), requests, errors, broken, tuple(sorted(faults)),
        )  # fmt: skip
        yield row
        if log:
            with Path(log).open("a", encoding="utf-8") as lines:
                lines.write(json.dumps({name: getattr(row, name) for name in Row.__slots__}) + "\n")
        # So that its share of a processor stays what it was said to be.
        time.sleep(min(max(used / share - now, 0.05), 30.0))


def _figures(rows: list[Row], length: float, smoke: bool) -> Figures:
    end = rows[-1].seconds
    early = [row for row in rows if end / 12 <= row.seconds <= end / 6] or rows[:1]
    late = [row for row in rows if row.seconds >= end * 11 / 12]
    own = [fmean(row.own_mb for row in part) for part in (early, late)]
    whole = [fmean(row.family_mb for row in part) for part in (early, late)]
    held = [median(row.descriptors for row in part) for part in (early, late)]
    last = rows[-1]
    return {
        "seconds": length,
        "requests": last.requests,
        "server_errors": last.server_errors,
        "broken": last.broken,
        "faults": " ".join(last.faults),
        "mb_early": round(own[0], 1),
        "mb_late": round(own[1], 1),
        "growth_percent": round(100 * (own[1] / own[0] - 1), 2),
        "family_mb_early": round(whole[0], 1),
        "family_mb_late": round(whole[1], 1),
        "descriptors_early": held[0],
        "descriptors_late": held[1],
        "processor_percent": round(100 * last.processor / max(end, 1), 1),
        "load": round(os.getloadavg()[0], 1),
        "valid": last.server_errors == last.broken == 0
        and (smoke or (own[1] <= 1.05 * own[0] and held[1] <= held[0] + 5)),
    }


def _usual(
    client: httpx.Client, district: httpx.Client, days: tuple[str, str], number: int
) -> Iterator[httpx.Response]:
    """Yield the answers to what offices ask in one round."""
    day, large = days
    params = {"seed": number, "iterations": 20}
    answer = client.post("/v1/solves", content=day, params=params, headers={"prefer": "wait=20"})
    yield answer
    if answer.is_success:
        job = answer.json()["id"]
        plan = client.get(f"/v1/solves/{job}/plan")
        yield plan
        yield client.get(f"/v1/solves/{job}/explanations")
        yield client.get(f"/v1/solves/{job}/alerts")
        yield client.get(f"/v1/solves/{job}/events", timeout=30)
        if plan.is_success:
            judged = {"scenario": json.loads(day), "plan": plan.json()}
            yield client.post("/v1/verify", content=json.dumps(judged))
    yield from _looks(client, district, day, number)
    if number % 5 == 0:
        yield from _changes(client, district, number)
    if number % 7 == 0:
        params = {"seed": number, "seconds": 30}
        answer = client.post("/v1/solves", content=day, params=params)
        yield answer
        if answer.is_success:
            yield client.delete(f"/v1/solves/{answer.json()['id']}")
    if number % 20 == 0:
        yield client.post("/v1/validate", content=large)


def _looks(
    client: httpx.Client, district: httpx.Client, day: str, number: int
) -> Iterator[httpx.Response]:
    yield client.get("/v1/solves")
    yield client.post("/v1/validate", content=day)
    yield client.post("/v1/validate", content='{"visits": [{}, {}]}')
    yield client.post("/v1/needs", content=day)
    yield client.get("/v1/solves/job_00000000000000000000000000")
    if number % 3 == 0:
        vroom = (EXAMPLES / "vroom.json").read_text(encoding="utf-8")
        yield client.post("/v1/vroom", content=vroom, params={"seconds": 0.1})
        for path in ("/", "/docs", "/v1/openapi.json", "/v1/limits", "/livez", "/readyz"):
            yield client.get(path)
        yield district.get("/metrics")
        yield district.get("/v1/exports/counts", params={"month": "2026-11"})
        yield client.get("/v1/log")


def _changes(client: httpx.Client, district: httpx.Client, number: int) -> Iterator[httpx.Response]:
    person = f"C{number % 50:04d}"
    told = {"people": {person: {"name": "Somebody", "note": "x" * (number % 400 + 1)}}}
    yield client.patch("/v1/people/client", content=json.dumps(told))
    yield client.get(f"/v1/people/client/{person}", params={"purpose": "care"})
    made = client.post("/v1/keys", content='{"role": "viewer", "label": "soak"}')
    yield made
    if made.is_success:
        yield client.delete(f"/v1/keys/{made.json()['id']}")
    yield district.get("/v1/organisations")


def own_megabytes(pid: int) -> float:
    """Return the resident memory of one process."""
    with suppress(FileNotFoundError), Path(f"/proc/{pid}/smaps_rollup").open() as lines:
        return sum(int(line.split()[1]) for line in lines if line.startswith("Rss:")) / 1024
    return 0.0
