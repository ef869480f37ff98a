"""Clients who mean harm, or do not know what they do: each attack is a bounded script.

They run in a process of their own, so that who measures is not kept busy by who attacks.
"""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.service.listening import Listener
from benchmarks.service.processes import workers
from optimizer.formats.files import read_bytes
from service.api.contract import example

HAMLET = Path(__file__).parents[2] / "scenarios" / "hamlet.json"
DISTRICT = HAMLET.parent / "zhenhai-office"
MEGABYTE = b" " * 2**20
SMOKE_SECONDS = 2.0
"Attacks of so few seconds are trials of the attack."


@dataclass(frozen=True, slots=True)
class Target:
    """What is attacked.

    Attributes
    ----------
    port
        Of the service, on this machine.
    key
        An ordinary key of an organisation.
    job
        A solve of that organisation, of a large day.
    pid
        The service's process.
    database
        Its SQLite file.
    seconds
        For how long.
    """

    port: int
    key: str
    job: str
    pid: int
    database: str
    seconds: float

    def client(self) -> httpx.Client:
        """Return a client with the key."""
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=60)


def _again_and_again(
    target: Target, threads: int, one: Callable[[httpx.Client, int], object]
) -> None:
    until = time.monotonic() + target.seconds

    def attack(number: int) -> None:
        with target.client() as client:
            while time.monotonic() < until:
                with suppress(httpx.HTTPError):
                    one(client, number)
                number += threads

    running = [threading.Thread(target=attack, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


def _document(name: str, entries: int) -> bytes:
    day = HAMLET.read_text(encoding="utf-8")
    many = ",".join(["{}"] * entries)
    return day.replace("{", f'{{"{name}": [{many}],', 1).encode()


def faulty_visits(target: Target) -> None:
    """Send 962 kB of which every visit is faulty, three at a time."""
    body = b'{"visits": [' + b",".join([b"{}"] * 320_000) + b"]}"
    _again_and_again(target, 3, lambda client, _: client.post("/v1/validate", content=body))


def faulty_couplings(target: Target) -> None:
    """Send as many faulty couplings as there may be values, three at a time."""
    body = _document("couplings", 590_000)
    _again_and_again(target, 3, lambda client, _: client.post("/v1/validate", content=body))


def many_faults(target: Target) -> None:
    """Send small documents that are nothing but faults, eight at a time."""
    body = _document("couplings", 45_000)
    _again_and_again(target, 8, lambda client, _: client.post("/v1/solves", content=body))


def explanations(target: Target) -> None:
    """Ask for 45 different explanations of a large day at a time."""
    path = f"/v1/solves/{target.job}/explanations"
    _again_and_again(target, 45, lambda client, n: client.get(path, params={"limit": 1 + n % 100}))


def locked_writes(target: Target) -> None:
    """Ask for 50 plans at a time while another process holds the lock for writing."""
    holder = sqlite3.connect(target.database, isolation_level=None, timeout=30)
    holder.execute("BEGIN IMMEDIATE")
    day = HAMLET.read_text(encoding="utf-8")
    headers = {"cache-control": "no-cache"}
    _again_and_again(
        target, 50, lambda client, _: client.post("/v1/solves", content=day, headers=headers)
    )
    holder.execute("ROLLBACK")
    holder.close()


def half_heads(target: Target) -> None:
    """Hold 1,500 connections open on which half a request was sent."""
    held = []
    until = time.monotonic() + target.seconds
    for _ in range(1_500):
        with suppress(OSError):
            one = socket.create_connection(("127.0.0.1", target.port), timeout=5)
            one.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            held.append(one)
    while time.monotonic() < until:
        time.sleep(0.2)
    for one in held:
        one.close()


def event_streams(target: Target) -> None:
    """Ask for 800 event streams of one solve with one key."""
    head = (
        f"GET /v1/solves/{target.job}/events HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {target.key}\r\n\r\n"
    ).encode()
    held = []
    until = time.monotonic() + target.seconds
    for _ in range(800):
        with suppress(OSError):
            one = socket.create_connection(("127.0.0.1", target.port), timeout=5)
            one.sendall(head)
            held.append(one)
    while time.monotonic() < until:
        time.sleep(0.2)
    for one in held:
        one.close()


def packed_chunks(target: Target) -> None:
    """Send a small packed body with endless pieces behind it, four at a time."""

    def endless() -> Iterator[bytes]:
        yield gzip.compress(b"{}")
        until = time.monotonic() + target.seconds
        while time.monotonic() < until:
            yield MEGABYTE

    headers = {"content-encoding": "gzip"}
    _again_and_again(
        target, 4, lambda client, _: client.post("/v1/validate", content=endless(), headers=headers)
    )


def slow_bodies(target: Target) -> None:
    """Send bodies of almost twenty megabytes whose end does not come, forty at a time."""
    until = time.monotonic() + target.seconds

    def slow() -> Iterator[bytes]:
        for _ in range(18):
            yield MEGABYTE
        while time.monotonic() < until:
            time.sleep(0.5)
            yield b" "

    _again_and_again(target, 40, lambda client, _: client.post("/v1/validate", content=slow()))


def office_months(target: Target) -> None:
    """Settle three months of a whole district at a time, or in two seconds three of a village."""
    body = _month() if target.seconds > SMOKE_SECONDS else json.dumps(example("office")).encode()
    _again_and_again(
        target, 3, lambda client, _: client.post("/v1/office/settlement", content=body)
    )


def _month() -> bytes:
    """Return what a settlement of the example district's first month takes."""
    month = {
        name: json.loads(read_bytes(DISTRICT / f"2026-03.{name}.json.xz"))
        for name in ("scenario", "plan", "deliveries")
    }
    month["office"] = json.loads((DISTRICT / "2026-03.office.json").read_text(encoding="utf-8"))
    return json.dumps(month, ensure_ascii=False, separators=(",", ":")).encode()


def stopped_workers(target: Target) -> None:
    """Stop every worker that begins (SIGSTOP), and let nobody wake it."""
    until = time.monotonic() + target.seconds
    with target.client() as client:
        for _ in range(2):
            day = HAMLET.read_text(encoding="utf-8")
            params = {"seconds": target.seconds}
            client.post(
                "/v1/solves", content=day, params=params, headers={"cache-control": "no-cache"}
            )
        while not workers(target.pid) and time.monotonic() < until:
            time.sleep(0.05)
        for pid in workers(target.pid)[:1]:
            with suppress(OSError):
                os.kill(pid, signal.SIGSTOP)
    while time.monotonic() < until:
        time.sleep(0.2)


def silent_endpoints(target: Target) -> None:
    """Have the news of job after job sent to forty endpoints that take it and never answer."""
    with Listener(is_silent=True) as listener, target.client() as client:
        for number in range(ENDPOINTS):
            address = f"{listener.address}{number}"
            client.post("/v1/webhooks", json={"url": address}).raise_for_status()
        day = HAMLET.read_text(encoding="utf-8")
        headers = {"cache-control": "no-cache"}
        until = time.monotonic() + target.seconds
        while time.monotonic() < until:
            with suppress(httpx.HTTPError):
                client.post("/v1/solves", content=day, params={"iterations": 5}, headers=headers)
            time.sleep(0.5)


def special_addresses(target: Target) -> None:
    """Name endpoints inside the network in all ways, again and again."""
    _again_and_again(
        target,
        4,
        lambda client, n: client.post(
            "/v1/webhooks", json={"url": f"https://{SPECIAL[n % len(SPECIAL)]}/"}
        ),
    )


ENDPOINTS = 40
"Of the organisation that attacks."
SPECIAL = (
    "127.0.0.1:8443", "[::1]:8443", "localhost:8443", "0.0.0.1", "10.0.0.1", "172.16.0.1",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[::127.0.0.1]",
    "[::ffff:127.0.0.1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]",
    "[fe80::1]", "[fec0::1]", "[fc00::1]", "[ff02::1]", "[2001:db8::1]", "[2002:7f00:1::]",
    "[2001::1]", "[3fff::1]", "[5f00::1]", "2130706433", "0x7f000001", "0177.0.0.1", "127.1",
    "1.1.1.1:0", "1.1.1.1:22", "1.1.1.1:25", "user@1.1.1.1", "1.1.1.1%2f", "a..b",
)  # fmt: skip
"Hosts, some with a port, to which no webhook may go."

ATTACKS: Mapping[str, Callable[[Target], None]] = {
    "attack-visits": faulty_visits,
    "attack-couplings": faulty_couplings,
    "attack-small-faults": many_faults,
    "attack-explanations": explanations,
    "attack-locked-writes": locked_writes,
    "attack-half-heads": half_heads,
    "attack-streams": event_streams,
    "attack-packed": packed_chunks,
    "attack-slow-bodies": slow_bodies,
    "attack-office-months": office_months,
    "attack-stopped-worker": stopped_workers,
    "attack-webhooks": silent_endpoints,
    "attack-addresses": special_addresses,
}
OFFICE = {"attack-office-months"}
"These have the key of the district's purchaser, not that of an organisation."
HEARD = {"attack-webhooks"}
"During these it is measured how late the other organisation's news comes."
WRITES_STAND = {"attack-locked-writes"}
"During these nobody's solve can be accepted: the database takes no writes."
