"""Ask the stand-alone script, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

RECOUNT = Path(__file__).with_name("recount_hhcrsp.py")


def recount(instance: Path, solution: Path) -> dict[str, Any]:
    """Return what the stand-alone script counts for a solution.

    Returns
    -------
    dict
        ``valid`` and ``violations``, and with a readable solution the parts of the cost.
    """
    answer = subprocess.run(
        [sys.executable, str(RECOUNT), str(instance), str(solution)],
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode > 1:
        return {"valid": False, "violations": [answer.stderr.strip()]}
    figures: dict[str, Any] = json.loads(answer.stdout)
    return figures
