"""What the service keeps through: kills, a database away, a full disk, a clock that jumps."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from unittest import mock

import httpx

from benchmarks.service.answering import Figures, postgresql, served
from benchmarks.service.counting import counted, opened
from benchmarks.service.serving import Served, day_of_thirty, free_port, post, wait_for_end
from optimizer.formats import format_scenario, parse_scenario
from optimizer.needs import derive, for_engine
from optimizer.parallel import ProcessExecutor
from service.auth.keys import ensure_first_key
from service.database import clock
from service.database.engine import Database
from service.database.scope import DISTRICT, SYSTEM
from service.database.secrets import Secrets
from service.jobs.coordinator import Coordinator
from service.jobs.states import MAX_LOSSES, TERMINAL, JobState, Lane
from service.jobs.store import list_jobs, read_job
from service.jobs.submit import prepare_job, write_job


@dataclass
class Askers:
    """Somebody who asks for plans all the time, each until it is accepted.

    Attributes
    ----------
    service
        Who is asked.
    pause
        Seconds between two requests.
    options
        How the plans are to be made.
    most_waiting
        Whoever asks waits while so many jobs wait already; None for somebody who does not.
    accepted
        Ids of the jobs that were accepted.
    requests
        Different requests so far; each has an idempotency key and is repeated until it has an
        answer.
    refusals
        Answers other than 202, by their code.
    """

    service: Served
    pause: float = 0.25
    options: dict[str, float] = field(default_factory=lambda: {"seconds": 0.3})
    most_waiting: int | None = None
    accepted: list[str] = field(default_factory=list)
    requests: int = 0
    refusals: dict[str, int] = field(default_factory=dict)
    _ending: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to ask."""
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def stop(self) -> None:
        """Ask nothing new; wait until what was asked is answered."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()

    def _ask(self) -> None:
        day = day_of_thirty()
        with self.service.client() as client:
            while not self._ending.wait(self.pause):
                if self._are_enough(client):
                    continue
                self.requests += 1
                number = self.requests
                while True:
                    try:
                        job = post(
                            client,
                            day,
                            key=f"request-{number}",
                            seed=number,
                            engine="search",
                            **self.options,
                        )
                        break
                    except httpx.HTTPStatusError as error:
                        code = str(error.response.json().get("code"))
                    except httpx.HTTPError as error:
                        code = type(error).__name__
                    self.refusals[code] = self.refusals.get(code, 0) + 1
                    time.sleep(0.1)
                self.accepted.append(job)

    def _are_enough(self, client: httpx.Client) -> bool:
        if self.most_waiting is None:
            return False
        with suppress(httpx.HTTPError):
            answer = client.get("/v1/solves", params={"state": "queued", "limit": 100})
            return len(answer.raise_for_status().json()["items"]) >= self.most_waiting
        return True


def kills(smoke: bool) -> Figures:
    """Kill the API, the coordinator and children at random, under load, 200 times.

    API and coordinator are processes of their own on one SQLite database; whatever is killed is
    started again at once. Afterwards the database is asked what became of each job. A job that has
    lost all but the last worker that it may lose is left alone until it is over: a further kill
    would end it by rule, and every failure is to be a fault of the service.
    """
    randomly = random.Random(1)
    victims = ["api", "coordinator", "child"]
    if not smoke:
        victims = randomly.choices(victims, k=200)
    with tempfile.TemporaryDirectory(prefix="hc-bench-") as name:
        folder = Path(name)
        api = Served(folder, free_port(), coordinator=False)
        hand = Served(folder, free_port(), changes={"drain_seconds": 0})
        began = time.perf_counter()
        with hand:
            api.key = hand.key
            with api, opened(hand.database, folder / "homecare.secrets") as database:
                # A second of search each: whoever kills a worker mostly meets it in compiled code.
                askers = Askers(api, pause=1.5, options={"seconds": 1.0}, most_waiting=6)
                askers.start()
                for victim in victims:
                    time.sleep(randomly.uniform(0.2, 1.2))
                    if victim == "child":
                        _wait(lambda: _has_killed_a_child(hand, database, randomly))
                        continue
                    process = api if victim == "api" else hand
                    process.kill()
                    process.start()
                askers.stop()
                with api.client() as client:
                    wait_for_end(client, askers.accepted, 300)
                took = time.perf_counter() - began
                count = counted(database, askers.accepted, askers.requests)
    return {
        "seconds": round(took, 1),
        "kills": len(victims),
        **{f"kills_{each}": victims.count(each) for each in ("api", "coordinator", "child")},
        "jobs": len(askers.accepted),
        "lost": count.lost,
        "double": count.double,
        "failed": count.failed,
        "begun_again": count.attempts - len(askers.accepted),
        "workers_lost": count.losses,
        "interrupted": count.interruptions,
        "valid": count.lost == count.double == count.failed == 0,
    }


def _has_killed_a_child(service: Served, database: Database, randomly: random.Random) -> bool:
    """Kill a worker of a service's coordinator, unless none works just now or one is spared."""
    if service.process is None:
        return False
    with database.session(SYSTEM, read_only=True) as session:
        running = list_jobs(session, states=[JobState.RUNNING], limit=100).items
    if any(job.losses >= MAX_LOSSES - 1 for job in running):
        return False
    servers = [
        pid
        for pid in _children(service.process.pid)
        if "forkserver" in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    ]
    workers = [pid for server in servers for pid in _children(server)]
    if not workers:
        return False
    with suppress(ProcessLookupError):
        os.kill(randomly.choice(workers), signal.SIGKILL)
    return True


def _children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(path.parent.name))
    return found


def database_away(smoke: bool) -> Figures:
    """Take PostgreSQL away for a minute while jobs wait and run; the service is left alone.

    The figure is the time from the database's return to the first acceptance.
    """
    away = 2.0 if smoke else 60.0
    with postgresql() as (server, url), served(database=url, slots=2) as service:
        askers = Askers(service, options={"seconds": 2})
        askers.start()
        _wait(lambda: len(askers.accepted) >= 6)
        server.pause()
        paused = time.perf_counter()
        time.sleep(away)
        with service.client() as client:
            meanwhile = client.get("/readyz").status_code
        server.resume()
        resumed = time.perf_counter()
        before = len(askers.accepted)
        _wait(lambda: len(askers.accepted) > before)
        back = time.perf_counter() - resumed
        time.sleep(1.0)
        askers.stop()
        with service.client() as client:
            wait_for_end(client, askers.accepted, 120)
        same_process = service.process is not None and service.process.poll() is None
        with opened(url, service.folder / "homecare.secrets") as database:
            count = counted(database, askers.accepted, askers.requests)
    return {
        "seconds": round(back, 2),
        "away_seconds": round(resumed - paused, 1),
        "jobs": len(askers.accepted),
        "lost": count.lost,
        "double": count.double,
        "failed": count.failed,
        "ready_meanwhile": meanwhile,
        "refusals": ", ".join(sorted(askers.refusals)),
        "valid": same_process and count.lost == count.double == count.failed == 0,
    }


def disk_full(smoke: bool) -> Figures:
    """Let the disk under a SQLite database run full, then make room again.

    Needs the right to mount; the figure is the time from the room to the next acceptance.
    """
    if os.geteuid() != 0:
        return {"seconds": None, "skipped": "needs the right to mount a file system"}
    with tempfile.TemporaryDirectory(prefix="hc-bench-") as name:
        _mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", name)
        try:
            return _filled(Path(name), smoke)
        finally:
            _run("umount", "--lazy", name)


def _filled(folder: Path, smoke: bool) -> Figures:
    with Served(folder, free_port(), changes={"slots": 2}) as service:
        askers = Askers(service, pause=0.02, options={"iterations": 5})
        askers.start()
        _wait(lambda: askers.refusals.get("store-full", 0) > (1 if smoke else 20))
        alive = httpx.get(f"{service.address}/livez").status_code
        before = len(askers.accepted)
        _mount("-o", "remount,size=200m", str(folder))
        room = time.perf_counter()
        _wait(lambda: len(askers.accepted) > before)
        back = time.perf_counter() - room
        askers.stop()
        with service.client() as client:
            wait_for_end(client, askers.accepted, 180)
        with opened(service.database, folder / "homecare.secrets") as database:
            count = counted(database, askers.accepted, askers.requests)
    return {
        "seconds": round(back, 2),
        "jobs": len(askers.accepted),
        "lost": count.lost,
        "double": count.double,
        "failed": count.failed,
        "alive_meanwhile": alive,
        "refusals": ", ".join(sorted(askers.refusals)),
        "valid": count.lost == count.double == count.failed == 0 and alive == 200,
    }


def _mount(*arguments: str) -> None:
    _run("mount", *arguments)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


class _Jumping(datetime):
    """A clock that can be set."""

    ahead = timedelta(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """Return the present moment by this clock."""
        return datetime.now(tz) + cls.ahead


def clock_jump(smoke: bool) -> Figures:
    """Set the clock forward and back by a day while jobs wait, run and are lost.

    Coordinator and store are in this process; the clock is theirs alone.
    """
    jobs = 6 if smoke else 30
    document = engine_document()
    with (
        tempfile.TemporaryDirectory(prefix="hc-bench-") as folder,
        mock.patch.object(clock, "datetime", _Jumping),
    ):
        database = new_database(Path(folder))
        coordinator = Coordinator(database, ProcessExecutor(2, ["service.jobs.preload"]))
        thread = threading.Thread(target=coordinator.run)
        thread.start()
        began = time.perf_counter()
        accepted = []
        for number in range(jobs):
            _Jumping.ahead = timedelta(days=(0, 1, -1)[number % 3])
            accepted.append(add(database, document, number))
            time.sleep(0.1)
        _wait(lambda: all(is_over(database, job) for job in accepted), 120)
        took = time.perf_counter() - began
        coordinator.stop()
        thread.join()
        count = counted(database, accepted, jobs)
        database.close()
    _Jumping.ahead = timedelta(0)
    return {
        "seconds": round(took, 1),
        "jobs": jobs,
        "lost": count.lost,
        "double": count.double,
        "failed": count.failed,
        "valid": count.lost == count.double == count.failed == 0,
    }


def engine_document() -> bytes:
    """Return what a worker gets of the day with 30 visits."""
    scenario = derive(parse_scenario(day_of_thirty())).scenario
    return format_scenario(for_engine(scenario)).encode()


def new_database(folder: Path) -> Database:
    """Return an empty SQLite database with its tables."""
    secrets = Secrets.load(folder / "homecare.secrets", {})
    database = Database.open(f"sqlite:///{folder / 'homecare.db'}", secrets=secrets)
    database.migrate()
    ensure_first_key(database)
    return database


def add(database: Database, document: bytes, seed: int, **options: float) -> str:
    """Accept a job and return its id; it takes 60 iterations if nothing else is said."""
    parameters = {"seed": seed, "engine": "search", **(options or {"iterations": 60})}
    with database.session(DISTRICT) as session:
        new = prepare_job(
            session.cipher,
            DISTRICT,
            kind="solve",
            lane=Lane.ROSTER,
            document=document,
            parameters=parameters,
            created_by="benchmark",
        )
        return write_job(session, new).id


def is_over(database: Database, job: str) -> bool:
    """Return whether a job is over."""
    with database.session(SYSTEM, read_only=True) as session:
        return read_job(session, job).state in TERMINAL


def _wait(happened: Callable[[], bool], seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > until:
            raise TimeoutError("It has not happened.")
        time.sleep(0.02)
