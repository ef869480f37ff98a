"""Opening an installation for the commands that look after it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from optimizer.errors import UsageError
from service.database.engine import Database
from service.database.secrets import VARIABLE, Secrets
from service.settings import Settings

ACTOR = "command"
"Who did it, in the audit log, where somebody used the command line."


@contextmanager
def opened(settings: Settings, *, secrets: Secrets | None = None) -> Iterator[Database]:
    """Open the database that the settings name, with its tables up to date.

    Parameters
    ----------
    settings
        Those of the service.
    secrets
        Other secrets than those of the settings.

    Raises
    ------
    UsageError
        If there are no secrets. Nothing is made by the way here: a command that was pointed
        at the wrong folder must not look as if it had found an empty installation.
    """
    database = Database.open(settings.database_address, secrets=secrets or known_secrets(settings))
    try:
        database.migrate()
        yield database
    finally:
        database.close()


def known_secrets(settings: Settings) -> Secrets:
    """Return the secrets that the settings lead to.

    Raises
    ------
    UsageError
        If there are none, or not of the documented form.
    """
    environ = dict(os.environ)
    if settings.secrets is not None:
        environ[VARIABLE] = settings.secrets.get_secret_value()
    if VARIABLE not in environ and not settings.secrets_file.exists():
        raise UsageError(f"{settings.secrets_file}: the secrets of the installation are missing.")
    return Secrets.load(settings.secrets_file, environ)
