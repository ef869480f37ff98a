"""Endpoints that lead elsewhere once they are known: names that change, answers that send on."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
from sqlalchemy import select

from benchmarks.service.answering import HAMLET, Figures
from benchmarks.service.counting import opened
from benchmarks.service.listening import Listener
from benchmarks.service.serving import Served, free_port, post, wait_for_end
from service.database.scope import SYSTEM
from service.webhooks.tables import DeliveryRow

NAMES = '''
import json, os, socket
from collections import Counter

real, asked = socket.getaddrinfo, Counter()

def getaddrinfo(host, port, *given, **more):
    """Answer as a name server would that belongs to who attacks."""
    with open(os.environ["HOMECARE_BENCHMARK_NAMES"], encoding="utf-8") as file:
        name = host.decode() if isinstance(host, bytes) else host
        known = json.load(file).get(name)
    if known is None:
        return real(host, port, *given, **more)
    turn = known[asked[name] % len(known)]
    asked[name] += 1
    return [entry for address in turn for entry in real(address, port, *given, **more)]

socket.getaddrinfo = getaddrinfo
'''
"What the interpreter of the service runs at its start, in place of a name server."

OUTSIDE = "93.184.215.14"
"A public address, to which no connection is needed."
INSIDE = "127.0.0.1"
PATIENCE_SECONDS = 30.0
"Time in which every message has to be tried."


def rebinding(smoke: bool) -> Figures:
    """Name endpoints whose names lead outside when they are named, and inside when news is sent.

    One changes between the two, one has an address of each kind, one answers in turns (it is asked
    once when it is named), so that it may change between the look and the connection. The figure
    is the time in which all were tried; nobody inside may have been called.
    """
    del smoke  # It is as short as it can be.
    with Listener() as inside, tempfile.TemporaryDirectory(prefix="hc-bench-") as name:
        folder = Path(name)
        (folder / "sitecustomize.py").write_text(NAMES, encoding="utf-8")
        names = folder / "names.json"
        port = httpx.URL(inside.address).port
        environ = {
            "HOMECARE_BENCHMARK_NAMES": str(names),
            "PYTHONPATH": str(folder),
        }
        _write(names, {"changes.example": [[OUTSIDE]], "both.example": [[OUTSIDE, INSIDE]]})
        changes = {"webhook_ports": f"[443, {port}]"}
        with Served(folder, free_port(), changes=changes, environ=environ) as service:
            began = time.perf_counter()
            with service.client() as client:
                named = {
                    host: client.post("/v1/webhooks", json={"url": f"https://{host}:{port}/"})
                    for host in ("changes.example", "both.example")
                }
                _write(names, {"turns.example": [[OUTSIDE]]})
                named["turns.example"] = client.post(
                    "/v1/webhooks", json={"url": f"https://turns.example:{port}/"}
                )
                _write(
                    names,
                    {"changes.example": [[INSIDE]], "turns.example": [[INSIDE], [OUTSIDE]]},
                )
                faults = _faults(service, client, jobs=1, wanted=2)
            took = time.perf_counter() - began
    accepted = [host for host, answer in named.items() if answer.is_success]
    return {
        "seconds": round(took, 1),
        "named": len(named),
        "accepted": len(accepted),
        "called_inside": inside.connections,
        "faults": ", ".join(sorted(set(faults))),
        "tries": len(faults),
        "valid": not inside.connections
        and accepted == ["changes.example", "turns.example"]
        and "refused-address" in faults,
    }


def redirects(smoke: bool) -> Figures:
    """Answer news with the address of somebody inside the network, in all ways that there are.

    The figure is the time until all were tried; nobody may have gone where they were sent.
    """
    codes = (301, 307) if smoke else (301, 302, 303, 307, 308)
    with Listener() as inside, tempfile.TemporaryDirectory(prefix="hc-bench-") as name:
        onwards = [Listener(status, {"location": inside.address}) for status in codes]
        changes = {"webhook_private_addresses": True}
        with Served(Path(name), free_port(), changes=changes) as service:
            began = time.perf_counter()
            with service.client() as client:
                for one in onwards:
                    one.__enter__()
                    answer = client.post("/v1/webhooks", json={"url": one.address})
                    answer.raise_for_status()
                faults = _faults(service, client, jobs=2, wanted=2 * len(codes))
            took = time.perf_counter() - began
        for one in onwards:
            one.__exit__()
    return {
        "seconds": round(took, 1),
        "named": len(codes),
        "accepted": len(codes),
        "called_inside": inside.connections,
        "faults": ", ".join(sorted(set(faults))),
        "tries": len(faults),
        "valid": not inside.connections and set(faults) == {f"status-{code}" for code in codes},
    }


def _write(file: Path, names: Mapping[str, list[list[str]]]) -> None:
    file.with_suffix(".new").write_text(json.dumps(names), encoding="utf-8")
    file.with_suffix(".new").replace(file)


def _faults(service: Served, client: httpx.Client, *, jobs: int, wanted: int) -> list[str]:
    """Have news sent, and return what became of each message as soon as so many were tried."""
    day = HAMLET.read_text(encoding="utf-8")
    made = [post(client, day, seed=seed, iterations=5) for seed in range(1, jobs + 1)]
    wait_for_end(client, made, 60)
    until = time.monotonic() + PATIENCE_SECONDS
    found: list[str] = []
    with opened(service.database, service.folder / "homecare.secrets") as database:
        while time.monotonic() < until:
            time.sleep(0.2)
            with database.session(SYSTEM, read_only=True) as session:
                tried = session.scalars(select(DeliveryRow).where(DeliveryRow.attempts > 0))
                found = [row.last_fault or "delivered" for row in tried]
            if len(found) >= wanted:
                break
    return found
