"""Whose rows a session may touch: one organisation's, or, said in so many words, all."""

from __future__ import annotations

import re
from enum import Enum

from optimizer.errors import UsageError


class System(Enum):
    """The scope of the service's own work, such as handing out jobs of every organisation."""

    SYSTEM = "system"


SYSTEM = System.SYSTEM

Scope = str | System
"An organisation's id, or `SYSTEM`."

DISTRICT = "district"
"The organisation of the district office itself, made when the service starts first."

ORGANISATION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
"What an organisation's id looks like."


def check_organisation(organisation: str) -> str:
    """Return the id of an organisation if it can be one.

    Raises
    ------
    UsageError
        If it is empty, longer than 64 signs, or has others than letters, digits and ``_.-``.
    """
    if organisation == SYSTEM.value or not ORGANISATION_ID.fullmatch(organisation):
        raise UsageError("An organisation's id has 1 to 64 letters, digits and the signs _ . -")
    return organisation
