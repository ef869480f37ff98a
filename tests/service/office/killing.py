"""A process that enters decisions and is killed on the way, as by ``kill -9``.

It forks a child for each point that it is told, and the child kills itself there: nothing depends
on time, and the modules are imported once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping
from itertools import count
from typing import Any, NoReturn

from sqlalchemy import event

from optimizer.domain import EntryKind
from optimizer.formats import Draft
from service.administration import schema  # noqa: F401 (every table is known)
from service.database.engine import Database
from service.database.secrets import Secrets
from service.office.ledger import enter

STATEMENT, COMMIT, ENTERED = "statement", "commit", "entered"
"Before what a process was killed, or that it was after all of it."


def _die(where: str) -> NoReturn:
    os.write(1, f"{where}\n".encode())
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def enter_and_die(url: str, draft: Draft, told: Mapping[str, Any], point: int) -> NoReturn:
    """Enter a decision and be killed at a point, or once it is entered if that comes first.

    Parameters
    ----------
    url, draft, told
        Where and what is entered.
    point
        Number of a statement or a commit, from 1.
    """
    database = Database.open(url, secrets=Secrets.for_tests())
    reached = count(1)

    def before(what: str) -> None:
        if next(reached) == point:
            _die(what)

    event.listen(database._engine, "before_cursor_execute", lambda *_: before(STATEMENT))
    event.listen(database._engine, "commit", lambda _: before(COMMIT))
    enter(database, draft, told, correcting=None, actor="killed")
    _die(ENTERED)  # And whoever has asked was not answered.


def main(url: str) -> None:
    """Read a decision and then points, one a line, and let a child be killed at each."""
    said = json.loads(sys.stdin.readline())
    draft = Draft(**{**said["draft"], "kind": EntryKind(said["draft"]["kind"])})
    for line in sys.stdin:
        child = os.fork()
        if not child:
            enter_and_die(url, draft, said["told"], int(line))
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
            raise RuntimeError(f"not killed at {line}")


if __name__ == "__main__":
    main(sys.argv[1])
