"""What others notice of an attack: whether the service answers, and takes and makes their plans."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from benchmarks.service.answering import HAMLET, Figures, served
from benchmarks.service.attacks import ATTACKS, WRITES_STAND, Target
from benchmarks.service.processes import descriptors, megabytes
from benchmarks.service.serving import (
    Served,
    day_of_a_district,
    day_of_thirty,
    percentile,
    post,
    wait_for_end,
)

LIVE_SECONDS = 0.5
ACCEPT_SECONDS = 1.0
PEAK_MEGABYTES = 1_000.0
"What an attack must not exceed: of `/livez`, of acceptance, of memory above that of rest."
ASK_SECONDS = 2.0
"Time between two requests for a plan of the other organisation."
SECONDS = 10.0
"Length of an attack, if nothing else is said."
GRACE_SECONDS = 10.0
"Time that an attacker has to come to an end; then it is killed, with all its connections."


@dataclass
class Watching:
    """Looks at a service all the time, in threads of this process.

    Attributes
    ----------
    service, client
        Who is looked at, and a client of an organisation that does no harm.
    takes_writes
        Whether plans can be asked for.
    live, accepted
        Seconds of each answer.
    jobs
        Those that were accepted.
    peak
        Most memory, in megabytes.
    failures
        Answers that were none.
    """

    service: Served
    client: httpx.Client
    takes_writes: bool = True
    live: list[float] = field(default_factory=list)
    accepted: list[float] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    peak: float = 0.0
    failures: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def during(self) -> Iterator[None]:
        """Look as long as something goes on."""
        looks = [self._live, self._memory, *([self._ask] if self.takes_writes else [])]
        threads = [threading.Thread(target=look) for look in looks]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join()

    def _live(self) -> None:
        # A new connection each time: that is what an attack may use up.
        fresh = httpx.Limits(max_keepalive_connections=0)
        with httpx.Client(base_url=self.service.address, limits=fresh, timeout=30) as client:
            while not self.over.wait(0.02):
                began = time.perf_counter()
                try:
                    client.get("/livez").raise_for_status()
                except httpx.HTTPError as error:
                    self.failures.append(f"livez {type(error).__name__}")
                self.live.append(time.perf_counter() - began)

    def _memory(self) -> None:
        while not self.over.wait(0.25):
            self.peak = max(self.peak, megabytes(pid_of(self.service)))

    def _ask(self) -> None:
        day = HAMLET.read_text(encoding="utf-8")
        number = int(time.time()) % 10**6 * 100
        while not self.over.wait(ASK_SECONDS):
            number += 1
            began = time.perf_counter()
            try:
                self.jobs.append(post(self.client, day, seed=number, iterations=20))
            except httpx.HTTPError as error:
                self.failures.append(f"solve {type(error).__name__}")
            self.accepted.append(time.perf_counter() - began)


def pid_of(service: Served) -> int:
    """Return the process of a service that runs."""
    if service.process is None:
        raise RuntimeError("The service does not run.")
    return service.process.pid


def organisation(service: Served, name: str) -> httpx.Client:
    """Add an organisation and return a client of its administrator."""
    with service.client() as district:
        district.post("/v1/organisations", json={"id": name}).raise_for_status()
        answer = district.post(f"/v1/organisations/{name}/keys", json={"role": "admin"})
        answer.raise_for_status()
        key = answer.json()["key"]
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    return httpx.Client(base_url=service.address, headers=headers, timeout=60)


def attack(name: str, seconds: float | None, smoke: bool) -> Figures:
    """Attack a service with an ordinary key, and say what another organisation notices.

    The headline is the 99th percentile of `/livez`.

    Parameters
    ----------
    name
        Of the attack.
    seconds
        For how long.
    smoke
        Whether two seconds on a small day are enough.
    """
    with (
        served(running_per_key=4) as service,
        organisation(service, "HARM") as harm,
        organisation(service, "OTHER") as other,
    ):
        day = day_of_thirty() if smoke else day_of_a_district()
        job = post(harm, day, iterations=20, engine="search")
        wait_for_end(harm, [job], 120)
        wait_for_end(other, [post(other, HAMLET.read_text(encoding="utf-8"), iterations=20)], 60)
        target = Target(
            service.port,
            harm.headers["authorization"].removeprefix("Bearer "),
            job,
            pid_of(service),
            service.database.removeprefix("sqlite:///"),
            2.0 if smoke else seconds or SECONDS,
        )
        return _attacked(name, service, other, target)


def _attacked(name: str, service: Served, other: httpx.Client, target: Target) -> Figures:
    before = (megabytes(target.pid), descriptors(target.pid))
    resting = Watching(service, other)
    with resting.during():
        time.sleep(target.seconds / 3)
    watching = Watching(service, other, takes_writes=name not in WRITES_STAND)
    attacker = multiprocessing.get_context("spawn").Process(target=ATTACKS[name], args=(target,))
    with watching.during():
        attacker.start()
        attacker.join(target.seconds + GRACE_SECONDS)
        if attacker.is_alive():
            attacker.kill()
            attacker.join()
    # Afterwards everything is as before: whoever comes is served, and what was accepted is done.
    service.wait_until_ready(60)
    began = time.perf_counter()
    watching.jobs.append(post(other, HAMLET.read_text(encoding="utf-8"), seed=1, iterations=20))
    afterwards = time.perf_counter() - began
    states = wait_for_end(other, watching.jobs, 120)
    after = _settled(target.pid, before[1])
    finished = sum(state == "completed" for state in states.values())
    figures: dict[str, Any] = {
        "seconds": round(percentile(watching.live, 99), 3),
        "rest": round(percentile(resting.live, 99), 3),
        "p50": round(median(watching.live), 3),
        "slowest": round(max(watching.live), 3),
        "requests": len(watching.live),
        "accepted_slowest": round(max(watching.accepted, default=0.0), 3) or None,
        "accepted_p50": round(median(watching.accepted), 3) if watching.accepted else None,
        "others_jobs": len(watching.jobs),
        "others_finished": finished,
        "accepted_after": round(afterwards, 3),
        "idle_mb": round(before[0]),
        "peak_mb_above": round(watching.peak - before[0]),
        "descriptors_before": before[1],
        "descriptors_after": after,
        "failures": len(watching.failures),
        "load": round(os.getloadavg()[0], 1),
    }
    figures["valid"] = (
        finished == len(watching.jobs)
        and not watching.failures
        and after <= before[1] + 5
        and watching.peak - before[0] <= PEAK_MEGABYTES
    )
    return figures


def _settled(pid: int, wanted: int) -> int:
    """Return how many descriptors a process holds once idle connections are over."""
    until = time.monotonic() + 30
    while descriptors(pid) > wanted + 5 and time.monotonic() < until:
        time.sleep(0.2)
    return descriptors(pid)


def soak(seconds: float | None, smoke: bool) -> Figures:
    """Use a service as usual for a long time, and see whether it grows.

    Memory and descriptors are those of the serving process: the mean of the second twelfth of
    the time against that of the last.

    Parameters
    ----------
    seconds
        For how long; two hours if not given.
    smoke
        Whether a few seconds are enough.
    """
    length = 6.0 if smoke else seconds or 7_200.0
    rows: list[tuple[float, int]] = []
    answers = refused = 0
    with served() as service, organisation(service, "SOAK") as client:
        pid = pid_of(service)
        day = HAMLET.read_text(encoding="utf-8")
        number = 0
        until = time.monotonic() + length
        while time.monotonic() < until:
            number += 1
            for answer in _usual(client, day, number):
                answers += 1
                refused += answer.status_code >= 500
            rows.append((_own_megabytes(pid), descriptors(pid)))
            time.sleep(min(1.0, length / 60))
        service.wait_until_ready(60)
    twelfth = max(len(rows) // 12, 1)
    early, late = rows[twelfth : 2 * twelfth] or rows[:1], rows[-twelfth:]
    mean = [sum(mb for mb, _ in part) / len(part) for part in (early, late)]
    held = [median(number for _, number in part) for part in (early, late)]
    return {
        "seconds": length,
        "requests": answers,
        "server_errors": refused,
        "mb_early": round(mean[0], 1),
        "mb_late": round(mean[1], 1),
        "growth_percent": round(100 * (mean[1] / mean[0] - 1), 2),
        "descriptors_early": held[0],
        "descriptors_late": held[1],
        "load": round(os.getloadavg()[0], 1),
        "valid": refused == 0 and (smoke or (mean[1] <= 1.05 * mean[0] and held[1] <= held[0] + 5)),
    }


def _usual(client: httpx.Client, day: str, number: int) -> Iterator[httpx.Response]:
    """Yield the answers to what an office asks in one round: a plan, a look, a fault, a check."""
    params = {"seed": number, "iterations": 20}
    answer = client.post("/v1/solves", content=day, params=params, headers={"prefer": "wait=20"})
    yield answer
    if answer.is_success:
        job = answer.json()["id"]
        yield client.get(f"/v1/solves/{job}/plan")
        yield client.get(f"/v1/solves/{job}/explanations")
        yield client.get(f"/v1/solves/{job}/events", timeout=30)
    yield client.get("/v1/solves")
    yield client.post("/v1/validate", content=day)
    yield client.post("/v1/validate", content='{"visits": [{}, {}]}')
    yield client.get("/v1/solves/job_00000000000000000000000000")
    if number % 10 == 0:
        yield client.post("/v1/validate", content=day_of_a_district())


def _own_megabytes(pid: int) -> float:
    with Path(f"/proc/{pid}/smaps_rollup").open(encoding="utf-8") as lines:
        return sum(int(line.split()[1]) for line in lines if line.startswith("Rss:")) / 1024
