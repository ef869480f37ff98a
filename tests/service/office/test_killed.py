"""Killed between a decision and its entry: it is entered and told as a whole, or not at all."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from optimizer.domain import EntryKind
from optimizer.formats import Draft
from service.api.contract import example
from service.audit_log import verify_audit_log
from service.database.engine import Database
from service.database.scope import SYSTEM
from service.documents.limits import DocumentLimits
from service.documents.office import Decided, allocated
from service.documents.office_body import OfficeSent
from service.office.ledger import enter, ledger_of
from service.office.tables import NoticeRow
from tests.service.api.running import JSON, running, settings_for
from tests.service.office.killing import COMMIT, ENTERED, STATEMENT

VILLAGE = {name: example("office")[name] for name in ("scenario", "rules")}


def decision() -> Decided:
    """Allocate the clients of the village to A and B."""
    limits = DocumentLimits(max_visits=10, max_caregivers=10, max_days=1, max_values=10_000)
    return allocated(OfficeSent(json.dumps(VILLAGE).encode(), limits))


@contextmanager
def started(module: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run a module beside this one as a process."""
    command = [sys.executable, "-m", f"tests.service.office.{module}", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        yield process


def say(process: subprocess.Popen[str], line: object) -> None:
    """Tell a process a line."""
    assert process.stdin is not None
    print(line, file=process.stdin, flush=True)


def hear(process: subprocess.Popen[str]) -> str:
    """Return the next line of a process."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def kept(database: Database) -> tuple[bytes, list[tuple[str, int]]]:
    """Return the ledger, its chain checked, and which organisation was told of which entry."""
    with database.session(SYSTEM, read_only=True) as session:
        told = sorted((row.organisation, row.number) for row in session.scalars(select(NoticeRow)))
    return ledger_of(database)[1], told


def test_killed_anywhere_it_is_entered_once(database: Database) -> None:
    """Before each statement and commit nothing of it is there, afterwards all of it, and once.

    An earlier entry stays as it is, the log of what was done holds, and nobody is locked out.
    """
    earlier = Draft(EntryKind.SETTLEMENT, "before", None, {"scenario": "0" * 64}, {"minutes": 1})
    enter(database, earlier, {"A": {}}, correcting=None, actor="tests")
    before = kept(database)
    decided = decision()
    with started("killing", database._engine.url.render_as_string(hide_password=False)) as process:

        def killed_at(point: object) -> str:
            say(process, point)
            return hear(process)

        say(process, json.dumps({"draft": asdict(decided.draft), "told": decided.told}))
        seen: list[str] = []
        while (where := killed_at(len(seen) + 1)) != ENTERED:
            seen.append(where)
            assert kept(database) == before, seen
        assert seen.count(STATEMENT) > 5
        assert seen[-1] == COMMIT
    after = kept(database)
    assert after[0].startswith(before[0])
    assert after[1] == [("A", 1), ("A", 2), ("B", 2)]
    again = enter(database, decided.draft, decided.told, correcting=None, actor="tests")
    assert again.body.number == 2
    assert kept(database) == after
    with database.session(SYSTEM, read_only=True) as session:
        assert verify_audit_log(session).holds


def test_a_service_killed_while_it_enters_has_told_nobody(tmp_path: Path) -> None:
    """Who has asked gets no answer; started again it knows of nothing, and enters it once."""
    path = "/v1/office/allocation?enter=true"
    with started("serving", str(tmp_path)) as process:
        first = json.loads(hear(process))
        with pytest.raises(httpx.TransportError):
            httpx.post(first["address"] + path, json=VILLAGE, headers=headers(first, "purchaser"))
        assert process.wait() == -signal.SIGKILL
    settings = settings_for(tmp_path, executor="inline", coordinator=False)
    with running(settings, is_first=False) as service:

        def read(name: str, who: str) -> httpx.Response:
            return service.send("GET", f"/v1/office/{name}", headers=headers(first, who))

        assert read("ledger", "auditor").content == b""
        assert [read("notices", who).json()["items"] for who in "AB"] == [[], []]
        for _ in range(2):
            answer = service.send("POST", path, json=VILLAGE, headers=headers(first, "purchaser"))
            assert answer.json()["entry"]["number"] == 1
        assert read("ledger", "auditor").content.count(b"\n") == 1
        assert [len(read("notices", who).json()["items"]) for who in "AB"] == [1, 1]


def headers(first: Mapping[str, Any], who: str) -> dict[str, str]:
    """Return the headers of somebody whose key was made before the service was killed."""
    return {**JSON, "authorization": f"Bearer {first['keys'][who]}"}
