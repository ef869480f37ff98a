"""What Ray is told before it is imported: to tell nobody anything, and to let nobody in."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

TOKEN_FILE = Path("~/.ray/auth_token")
"Where Ray itself looks for a token."


def prepare_environment() -> None:
    """Switch usage statistics off and access by token on.

    A token that was given to Ray in one of its own ways is used: its variables, or its file.
    Without one a new one is made, which serves for a cluster that this process starts.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_AUTH_MODE", "token")
    given = os.environ.get("RAY_AUTH_TOKEN") or os.environ.get("RAY_AUTH_TOKEN_PATH")
    if not given and not TOKEN_FILE.expanduser().exists():
        os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
