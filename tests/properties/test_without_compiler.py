"""The kernels as plain Python: same plans, every index checked, every overflow an error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.properties.plain import BLOCK, FEATURES, STEPS, plans
from tests.sweeps import few

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("first", few([None, *range(501, 561, BLOCK)], 1))
def test_kernels_run_as_plain_python(first: int | None) -> None:
    """Without the compiler the walks agree with the verifier, and plans are the same bytes."""
    arguments, days = ([], len(FEATURES)) if first is None else ([str(first)], BLOCK)
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.properties.plain", *arguments],
        cwd=ROOT,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert finished.returncode == 0, finished.stderr
    told = json.loads(finished.stdout)
    assert told["walk"]["steps"] >= days * STEPS
    assert told["walk"]["accepted"] > days * STEPS // 3
    if first is None:
        assert told["plans"] == plans()
