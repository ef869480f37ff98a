"""Importing the package or asking for help stays light."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.source import ROOT

HEAVY = ("fastapi", "geopy", "networkx", "numba", "ortools", "pandas", "pydantic", "scipy")


@pytest.mark.parametrize("module", ["optimizer", "optimizer.cli"])
def test_nothing_heavy_is_imported(module: str) -> None:
    """Neither the package nor its command line loads a heavy library until it is needed."""
    code = f"import sys, {module}; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == []
