"""``homecare serve``: the service, on this machine."""

from __future__ import annotations

import sys
from pathlib import Path

from optimizer.commands import ExitCode
from optimizer.commands.terminal import answer_json
from optimizer.i18n import Lang, sentence
from service import server
from service.settings import read_settings


def serve(
    settings: Path | None,
    *,
    host: str | None,
    port: int | None,
    coordinator: bool,
    lang: Lang,
    as_json: bool,
) -> int:
    """Run the service until it is told to end; return the exit code.

    Parameters
    ----------
    settings
        File with settings, if any.
    host, port
        Where to listen, instead of what the settings say.
    coordinator
        Whether this process may hand out jobs.
    lang
        Language of what is shown.
    as_json
        Whether to show address and first key as one JSON document.

    Raises
    ------
    UsageError
        If the settings have faults.
    """
    given = {"host": host, "port": port, "coordinator": None if coordinator else False}
    changes = {name: value for name, value in given.items() if value is not None}

    def announce(address: str, key: str | None) -> None:
        if as_json:
            answer_json({"address": address, "first_key": key})
            sys.stdout.flush()
            return
        lines = [sentence(lang, "serve.listening", address=address)]
        if key is not None:
            lines += [sentence(lang, "serve.first_key"), key]
        # Plain, so that nothing breaks the key, and at once, for the command goes on.
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()

    server.serve(read_settings(settings).model_copy(update=changes), announce)
    return ExitCode.OK
