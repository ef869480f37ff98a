"""What others notice of an attack: whether the service answers, and takes and makes their plans."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import httpx

from benchmarks.service.answering import HAMLET, Figures, served
from benchmarks.service.attacks import (
    ATTACKS,
    ENDPOINTS,
    HEARD,
    OFFICE,
    SMOKE_SECONDS,
    WRITES_STAND,
    Target,
)
from benchmarks.service.listening import Listener
from benchmarks.service.processes import descriptors, megabytes
from benchmarks.service.serving import (
    Served,
    day_of_a_district,
    day_of_thirty,
    percentile,
    post,
    wait_for_end,
)
from service.database.engine import KEPT_CONNECTIONS

LIVE_SECONDS = 0.5
ACCEPT_SECONDS = 1.0
PEAK_MEGABYTES = 1_000.0
"What an attack must not exceed: of `/livez`, of acceptance, of memory above that of rest."
NEWS_SECONDS = 3.0
"Nor the news of another organisation's jobs, from the end of a job to its endpoint."
MORE_DESCRIPTORS = 5
"Nor descriptors beside those of the database, once everything is over."
DATABASE_DESCRIPTORS = 4 * KEPT_CONNECTIONS + 1
"""Nor those of SQLite's files. The pool opens three times as many connections as it keeps, each
with a descriptor of the file; SQLite lays those of connections that are closed aside for the next
ones, since to close one would let go the locks of all. Of the log there are as many as the pool
keeps, of the index one."""
CHANGES: Mapping[str, Mapping[str, object]] = {
    "attack-webhooks": {
        "webhook_private_addresses": True,
        "webhooks_per_organisation": ENDPOINTS,
    }
}
"Settings of the service under some attacks: endpoints on this machine have private addresses."
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
            while not self.live or not self.over.wait(0.02):
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


def purchaser(service: Served) -> str:
    """Return a key of the district's purchaser."""
    with service.client() as district:
        answer = district.post("/v1/keys", json={"role": "purchaser", "label": "tests"})
        answer.raise_for_status()
        return str(answer.json()["key"])


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
        served(running_per_key=4, **CHANGES.get(name, {})) as service,
        organisation(service, "HARM") as harm,
        organisation(service, "OTHER") as other,
        ExitStack() as stack,
    ):
        news = None
        if name in HEARD:
            news = stack.enter_context(Listener())
            other.post("/v1/webhooks", json={"url": news.address}).raise_for_status()
        day = day_of_thirty() if smoke else day_of_a_district()
        job = post(harm, day, iterations=20, engine="search")
        wait_for_end(harm, [job], 120)
        wait_for_end(other, [post(other, HAMLET.read_text(encoding="utf-8"), iterations=20)], 60)
        key = harm.headers["authorization"].removeprefix("Bearer ")
        target = Target(
            service.port,
            purchaser(service) if name in OFFICE else key,
            job,
            pid_of(service),
            service.database.removeprefix("sqlite:///"),
            SMOKE_SECONDS if smoke else seconds or SECONDS,
        )
        figures = _attacked(name, service, other, target)
        if news is not None:
            figures |= _heard(news, int(str(figures["others_jobs"])))
            figures["valid"] = figures["valid"] and figures["news_valid"]
        if name == "attack-addresses":
            # What may not be an endpoint is none.
            figures["accepted_endpoints"] = len(harm.get("/v1/webhooks").json()["items"])
            figures["valid"] = figures["valid"] and not figures["accepted_endpoints"]
        return figures


def _heard(news: Listener, jobs: int) -> Figures:
    """Return how late the news of another organisation's jobs came, once all have."""
    wanted = jobs + 1  # One was made before.
    until = time.monotonic() + 30
    while len(news.arrived) < wanted and time.monotonic() < until:
        time.sleep(0.1)
    late = [each.late for each in news.arrived]
    return {
        "news": len(late),
        "news_p50": round(median(late), 3) if late else None,
        "news_slowest": round(max(late, default=0.0), 3),
        "news_valid": len(late) == wanted and max(late, default=0.0) <= NEWS_SECONDS,
    }


def _attacked(name: str, service: Served, other: httpx.Client, target: Target) -> Figures:
    before = (megabytes(target.pid), _beside_database(target))
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
    after = _settled(target, before[1])
    of_database = descriptors(target.pid, of=target.database)
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
        "descriptors_database": of_database,
        "failures": len(watching.failures),
        "load": round(os.getloadavg()[0], 1),
    }
    figures["valid"] = (
        finished == len(watching.jobs)
        and not watching.failures
        and after <= before[1] + MORE_DESCRIPTORS
        and of_database <= DATABASE_DESCRIPTORS
        and watching.peak - before[0] <= PEAK_MEGABYTES
    )
    return figures


def _beside_database(target: Target) -> int:
    return descriptors(target.pid) - descriptors(target.pid, of=target.database)


def _settled(target: Target, wanted: int) -> int:
    """Return how many descriptors a process holds once idle connections are over."""
    until = time.monotonic() + 30
    while _beside_database(target) > wanted + MORE_DESCRIPTORS and time.monotonic() < until:
        time.sleep(0.2)
    return _beside_database(target)
