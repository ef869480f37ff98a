"""`homecare serve` as a process of its own, which can be killed and started again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx

from optimizer.errors import UsageError
from optimizer.formats import format_scenario
from optimizer.generate import RECIPES, generate_scenario

START_SECONDS = 90.0
JSON = {"content-type": "application/json"}
TERMINAL = {"completed", "incomplete", "failed", "cancelled", "expired"}


@dataclass(slots=True)
class Served:
    """A service in a folder of its own.

    Attributes
    ----------
    folder
        Where it is started; its database and its secrets are there.
    port
        Where it listens, also after a restart.
    key
        The first key, once it has been told.
    coordinator
        Whether it may hand out jobs.
    changes
        Settings that are not the usual ones.
    environ
        Variables of its environment; what `PYTHONPATH` names comes before what is there.
    """

    folder: Path
    port: int
    key: str = ""
    coordinator: bool = True
    changes: dict[str, Any] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> str:
        """Address of its database."""
        usual = f"sqlite:///{self.folder / 'homecare.db'}"
        return str(self.changes.get("database", usual))

    def start(self) -> Self:
        """Start it and wait until it says where it listens.

        Raises
        ------
        UsageError
            If it does not.
        """
        settings = {
            "database": f"sqlite:///{self.folder / 'homecare.db'}",
            "secrets_file": self.folder / "homecare.secrets",
            "writes_per_minute": 10_000_000,
            "waiting_per_key": 1_000_000,
            "running_per_key": 64,
            "log_level": "error",
            **self.changes,
        }
        given = {f"HOMECARE_SERVICE_{name.upper()}": str(v) for name, v in settings.items()}
        arguments = ["serve", "--json", "--port", str(self.port)]
        if not self.coordinator:
            arguments.append("--no-coordinator")
        with (self.folder / "log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "optimizer.cli", *arguments],
                cwd=self.folder,
                env=os.environ | given | self._environ(),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        if self.process.stdout is None:
            raise UsageError("The service has no output.")
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.rstrip() == "}" or (line.startswith("{") and line.rstrip().endswith("}")):
                break
        try:
            told = json.loads("".join(lines))
        except json.JSONDecodeError as error:
            text = (self.folder / "log").read_text(encoding="utf-8")[-2_000:]
            raise UsageError(f"The service has not started: {text}") from error
        self.key = told["first_key"] or self.key
        self.wait_until_ready()
        return self

    def _environ(self) -> dict[str, str]:
        changed = dict(self.environ)
        if "PYTHONPATH" in changed and os.environ.get("PYTHONPATH"):
            changed["PYTHONPATH"] += os.pathsep + os.environ["PYTHONPATH"]
        return changed

    def wait_until_ready(self, seconds: float = START_SECONDS) -> float:
        """Wait until it says that it is ready, and return for how long that was.

        Raises
        ------
        UsageError
            If it does not within so many seconds.
        """
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            try:
                if httpx.get(f"{self.address}/readyz", timeout=5).is_success:
                    return time.perf_counter() - began
            except httpx.HTTPError:
                pass
            time.sleep(0.02)
        raise UsageError(f"The service is not ready after {seconds:g} s.")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an administrator would."""
        self._end(signal.SIGTERM)

    def _end(self, number: int) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(60)
            if self.process.stdout is not None:
                self.process.stdout.close()
            self.process = None

    def client(self, **options: Any) -> httpx.Client:
        """Return a client with the first key."""
        headers = {"authorization": f"Bearer {self.key}", **JSON}
        return httpx.Client(base_url=self.address, headers=headers, timeout=60, **options)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def day_of_thirty() -> str:
    """Return a day with 30 visits, as nearly as the recipes have one."""
    return format_scenario(generate_scenario(RECIPES["zhenhai-day-s"], 1))


def day_of_a_district() -> str:
    """Return the day of a whole district: the visits of 870 clients."""
    return format_scenario(generate_scenario(RECIPES["zhenhai-day-l"], 1))


def post(client: httpx.Client, day: str, *, key: str | None = None, **options: Any) -> str:
    """Ask for a plan and return the job's id.

    Raises
    ------
    httpx.HTTPStatusError
        If it is not accepted.
    """
    headers = {"cache-control": "no-cache"} | ({} if key is None else {"idempotency-key": key})
    answer = client.post("/v1/solves", content=day, params=options, headers=headers)
    answer.raise_for_status()
    return str(answer.json()["id"])


def state_of(client: httpx.Client, job: str) -> str:
    """Return the state of a job."""
    answer = client.get(f"/v1/solves/{job}")
    answer.raise_for_status()
    return str(answer.json()["state"])


def wait_for_end(client: httpx.Client, jobs: list[str], seconds: float) -> dict[str, str]:
    """Wait until jobs are over, and return the state of each as it is then.

    A busy machine may take long for all of them: it is over when none has ended for so many
    `seconds`.
    """
    until = time.monotonic() + seconds
    states: dict[str, str] = {}
    waiting = list(jobs)
    while waiting and time.monotonic() < until:
        try:
            states[waiting[0]] = state_of(client, waiting[0])
        except httpx.HTTPError:
            states[waiting[0]] = "unknown"
        if states[waiting[0]] in TERMINAL:
            waiting.pop(0)
            until = time.monotonic() + seconds
        else:
            # One at a time: to ask for hundreds would keep the service from the work itself.
            time.sleep(0.05)
    return states


def percentile(values: list[float], percent: float) -> float:
    """Return the value that so many per cent do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
