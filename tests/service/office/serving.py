"""A service that is killed, as by ``kill -9``, when it is about to commit an entry."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from sqlalchemy import event

from service.office.tables import LedgerRow
from tests.patience import wait_until
from tests.service.api.running import running, settings_for


def main(folder: str) -> None:
    """Run the service on SQLite; say where it is and what its keys are, and wait for the end."""
    inserted: list[object] = []

    def before_commit(*_: object) -> None:
        if inserted:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(LedgerRow, "after_insert", lambda *row: inserted.append(row))
    with running(settings_for(Path(folder), executor="inline", coordinator=False)) as service:
        event.listen(service.database._engine, "commit", before_commit)
        said = json.dumps({"address": service.address, "keys": dict(service.keys)})
        os.write(1, f"{said}\n".encode())
        wait_until(lambda: False)


if __name__ == "__main__":
    main(sys.argv[1])
