"""``homecare count``."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_visits_are_counted(homecare: Run, village_file: Path) -> None:
    """Both answers tell the number of visits in the file."""
    visits = len(json.loads(village_file.read_text(encoding="utf-8"))["visits"])
    assert homecare("count", village_file)[:2] == (0, f"{visits}\n")
    assert json.loads(homecare("count", village_file, "--json")[1]) == {"visits": visits}
