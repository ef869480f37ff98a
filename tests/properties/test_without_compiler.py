"""The kernels as plain Python: same plans, every index checked, every overflow an error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.properties.plain import CASES, STEPS, plans

ROOT = Path(__file__).parents[2]


def test_kernels_run_as_plain_python() -> None:
    """Without the compiler the walks agree with the verifier, and plans are the same bytes."""
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.properties.plain"],
        cwd=ROOT,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert finished.returncode == 0, finished.stderr
    told = json.loads(finished.stdout)
    assert told["walk"]["steps"] >= CASES * STEPS
    assert told["walk"]["accepted"] > CASES * STEPS // 3
    assert told["plans"] == plans()
