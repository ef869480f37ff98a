"""Requests that nobody would send on purpose, made from the contract by a seed."""

from __future__ import annotations

import gzip
import json
import os
import time
from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import Any
from urllib.parse import quote

import httpx

from benchmarks.service.answering import Figures, postgresql, served
from benchmarks.service.serving import Served

REQUESTS = 1_000
TEXTS = (
    "", " ", "x", "C0001", "a\x00b", "é中", "\u202e", "x" * 300, "../../etc", "%00", "null", "-1",
    "1e999", "9" * 40, "2026-03", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "job_00000000000000000000000000", "https://a..b/", "https://[::127.0.0.1]/", "hc_x", "*",
)  # fmt: skip
VALUES: tuple[Any, ...] = (None, True, -1, 0, 2**63, 1e308, [], {}, [[]], {"": ""}, *TEXTS)


def fuzz(dialect: str, smoke: bool) -> Figures:
    """Send requests that are made from the contract and then spoilt.

    Parameters
    ----------
    dialect
        ``sqlite`` or ``postgresql``.
    smoke
        Whether a few are enough.
    """
    number = 40 if smoke else REQUESTS
    if dialect == "sqlite":
        with served() as service:
            return _fuzzed(service, number)
    with postgresql() as (_, url), served(database=url) as service:
        return _fuzzed(service, number)


def _fuzzed(service: Served, number: int) -> Figures:
    random = Random(1)
    began = time.perf_counter()
    statuses: Counter[int] = Counter()
    broken: list[str] = []
    with service.client() as client:
        contract = client.get("/v1/openapi.json").json()
        operations = [
            (method, path, operation)
            for path, methods in contract["paths"].items()
            for method, operation in methods.items()
        ]
        for _ in range(number):
            method, path, operation = random.choice(operations)
            try:
                status = _send(client, random, method, path, operation)
            except httpx.HTTPError as error:
                broken.append(f"{method} {path} {type(error).__name__}")
                continue
            statuses[status] += 1
            if status >= 500 and status != 503:
                broken.append(f"{method} {path} {status}")
        alive = client.get("/livez").is_success
    told = " ".join(f"{status}:{count}" for status, count in sorted(statuses.items()))
    return {
        "seconds": round(time.perf_counter() - began, 1),
        "requests": number,
        "server_errors": len(broken),
        "busy": statuses[503],
        "statuses": told,
        "broken": ", ".join(broken[:10]),
        "load": round(os.getloadavg()[0], 1),
        "valid": alive and not broken,
    }


def _send(
    client: httpx.Client, random: Random, method: str, path: str, operation: Mapping[str, Any]
) -> int:
    query: list[tuple[str, str | int | float | bool | None]] = []
    headers = {}
    for one in operation.get("parameters", ()):
        text = random.choice(TEXTS)
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", quote(text or "x", safe=""))
        elif one["in"] == "query" and random.random() < 0.5:
            query.append((one["name"], text))
        elif random.random() < 0.3:
            headers[one["name"]] = quote(text)
    content = None
    if "requestBody" in operation:
        (media,) = operation["requestBody"]["content"].values()
        content = _body(random, media.get("example", {}))
        if random.random() < 0.1:
            headers["content-encoding"] = "gzip"
            content = gzip.compress(content)[: random.choice((None, -1, 5))]
    request = client.build_request(method, path, params=query, headers=headers, content=content)
    with client.stream(method, request.url, headers=request.headers, content=content) as answer:
        return answer.status_code  # The body of some streams ends late.


def _body(random: Random, example: Any) -> bytes:
    content = json.loads(json.dumps(example))
    for _ in range(random.randint(0, 3)):
        content = _spoilt(random, content)
    text = json.dumps(content, ensure_ascii=random.random() < 0.5).encode("utf-8", "replace")
    if random.random() < 0.1:
        place = random.randrange(len(text))
        text = text[:place] + bytes([random.randrange(256)]) + text[place + 1 :]
    return text


def _spoilt(random: Random, value: Any) -> Any:
    """Return a value in which something is another value, missing, or there too often."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        name = random.choice(list(value))
        if random.random() < 0.15:
            return {each: kept for each, kept in value.items() if each != name}
        return {**value, name: _spoilt(random, value[name])}
    if isinstance(value, list) and value and random.random() < 0.9:
        place = random.randrange(len(value))
        return [
            *value[:place],
            _spoilt(random, value[place]),
            *value[place + random.randint(0, 1) :],
        ]
    return random.choice(VALUES)
