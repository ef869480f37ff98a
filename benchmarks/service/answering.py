"""How soon the service answers: first contact, acceptance under load, a plan, a cancel."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median

import httpx

from benchmarks.service.serving import (
    Served,
    day_of_a_district,
    day_of_thirty,
    free_port,
    percentile,
    post,
    state_of,
)
from benchmarks.suite import Figure
from optimizer.search.warm_up import is_compiled
from tests.service.postgresql_server import PostgresqlServer

HAMLET = Path(__file__).parents[2] / "scenarios" / "hamlet.json"
CLIENTS = 16

Figures = dict[str, Figure]


@contextmanager
def served(**changes: object) -> Iterator[Served]:
    """Give a service in a new folder."""
    with (
        tempfile.TemporaryDirectory(prefix="hc-bench-") as folder,
        Served(Path(folder), free_port(), changes=dict(changes)) as service,
    ):
        yield service


@contextmanager
def postgresql() -> Iterator[tuple[PostgresqlServer, str]]:
    """Give a PostgreSQL server and the address of an empty database on it."""
    server = PostgresqlServer.start()
    try:
        yield server, server.create_database("homecare")
    finally:
        server.stop()


def first_contact(smoke: bool) -> Figures:
    """Start the service in an empty folder, and ask for the plan of a shipped scenario.

    From the start of the command to the address and the first key, and to the plan.
    """
    compiled = is_compiled()
    began = time.perf_counter()
    with served() as service:
        listening = time.perf_counter() - began
        with service.client() as client:
            seconds = {"iterations": 200} if smoke else {"seconds": 2}
            answer = client.post(
                "/v1/solves",
                content=HAMLET.read_text(encoding="utf-8"),
                params=seconds,
                headers={"prefer": "wait=30"},
            )
            took = time.perf_counter() - began
            document = answer.json()
    return {
        "seconds": round(took, 3),
        "seconds_to_key": round(listening, 3),
        "kernels_compiled_before": compiled,
        "valid": answer.status_code == 200 and document.get("state") == "completed",
    }


def accept(dialect: str, smoke: bool, *, records: bool = False) -> Figures:
    """Let 16 clients ask for plans without a pause, while others are being made.

    The figure is the 99th percentile of the time from the request to the answer 202.

    Parameters
    ----------
    dialect
        ``sqlite`` or ``postgresql``.
    smoke
        Whether two requests of each client are enough.
    records
        Whether to send a day whose visits have first to be derived from health records, and
        not a ready one.
    """
    day = day_of_thirty() if records else HAMLET.read_text(encoding="utf-8")
    each = 2 if smoke else 25
    if dialect == "sqlite":
        with served() as service:
            return _accepted(service, day, each)
    with postgresql() as (_, url), served(database=url) as service:
        return _accepted(service, day, each)


def _accepted(service: Served, day: str, each: int) -> Figures:
    seeds = count(1)
    times: list[float] = []
    jobs: list[str] = []
    barrier = threading.Barrier(CLIENTS)

    def ask(_: int) -> None:
        with service.client() as client:
            client.get("/v1/solves", params={"limit": 1})  # The connection stands.
            barrier.wait()
            for _ in range(each):
                began = time.perf_counter()
                job = post(client, day, seed=next(seeds), iterations=20, engine="search")
                times.append(time.perf_counter() - began)
                jobs.append(job)

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(ask, range(CLIENTS)))
    took = time.perf_counter() - began
    with service.client() as client:
        present = sum(state_of(client, job) is not None for job in set(jobs))
    return {
        "seconds": round(percentile(times, 99), 4),
        "p50": round(median(times), 4),
        "slowest": round(max(times), 4),
        "requests": len(times),
        "per_second": round(len(times) / took, 1),
        "body_bytes": len(day.encode()),
        "valid": present == len(times) == CLIENTS * each,
    }


def plan_of_thirty(smoke: bool) -> Figures:
    """Ask for the plan of a day of about 30 visits, one second of search, and wait for it."""
    day = day_of_thirty()
    options = {"iterations": 200} if smoke else {"seconds": 1}
    times = []
    with served() as service, service.client() as client:
        for seed in range(1, 3 if smoke else 12):
            began = time.perf_counter()
            answer = client.post(
                "/v1/solves",
                content=day,
                params={**options, "seed": seed, "engine": "search"},
                headers={"prefer": "wait=30"},
            )
            times.append(time.perf_counter() - began)
            if answer.status_code != 200 or answer.json()["state"] != "completed":
                return {"seconds": None, "valid": False, "fault": answer.text[:200]}
    warm = times[1:]
    return {
        "seconds": round(median(warm), 3),
        "slowest": round(max(warm), 3),
        "first": round(times[0], 3),
        "search_seconds": 0 if smoke else 1,
        "requests": len(warm),
        "valid": True,
    }


def give_up(verb: str, smoke: bool) -> Figures:
    """Stop or cancel jobs in the middle of the search, and see when each is over.

    Parameters
    ----------
    verb
        ``stop``: what is found is kept; ``cancel``: nothing is.
    smoke
        Whether two jobs are enough.
    """
    day = day_of_thirty()
    wanted = {"stop": "incomplete", "cancel": "cancelled"}[verb]
    times = []
    states = []
    with served(slots=2) as service, service.client() as client:
        for seed in range(1, 3 if smoke else 61):
            job = post(client, day, seconds=60, seed=seed, engine="search")
            _wait_for_progress(client, job)
            began = time.perf_counter()
            address = f"/v1/solves/{job}"
            answer = client.post(f"{address}/stop") if verb == "stop" else client.delete(address)
            answer.raise_for_status()
            while (state := state_of(client, job)) == "running":
                time.sleep(0.005)
            times.append(time.perf_counter() - began)
            states.append(state)
    return {
        "seconds": round(percentile(times, 99), 3),
        "p50": round(median(times), 3),
        "slowest": round(max(times), 3),
        "requests": len(times),
        "valid": set(states) == {wanted},
    }


def give_up_large(verb: str, smoke: bool) -> Figures:
    """Stop or cancel the day of a whole district, some seconds into its solve.

    The figure is the slowest of all, from the request to the final state.

    Parameters
    ----------
    verb
        As for `give_up`.
    smoke
        Whether one job is enough.
    """
    day = day_of_a_district()
    wanted = {"stop": "incomplete", "cancel": "cancelled"}[verb]
    times = []
    states = []
    accepted = []
    with served(slots=2) as service, service.client() as client:
        # At another moment each time: in the first steps of the search, and late in it.
        for seed, delay in enumerate((0.0,) if smoke else (0.0, 1.0, 3.0, 7.0, 15.0), start=1):
            began = time.perf_counter()
            job = post(client, day, seconds=300, seed=seed)
            accepted.append(time.perf_counter() - began)
            _wait_for_progress(client, job)
            time.sleep(delay)
            began = time.perf_counter()
            address = f"/v1/solves/{job}"
            answer = client.post(f"{address}/stop") if verb == "stop" else client.delete(address)
            answer.raise_for_status()
            while (state := state_of(client, job)) == "running":
                time.sleep(0.005)
            times.append(time.perf_counter() - began)
            states.append(state)
    return {
        "seconds": round(max(times), 3),
        "p50": round(median(times), 3),
        "slowest": round(max(times), 3),
        "requests": len(times),
        "accepted": round(median(accepted), 3),
        "body_bytes": len(day.encode()),
        "valid": set(states) == {wanted},
    }


def _wait_for_progress(client: httpx.Client, job: str) -> None:
    """Wait until a job has told of its search once."""
    with client.stream("GET", f"/v1/solves/{job}/events") as answer:
        for line in answer.iter_lines():
            if line == "event: progress":
                return
