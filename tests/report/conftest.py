"""The village's roster for all tests of reports."""

from __future__ import annotations

import pytest

from optimizer.report.roster import Roster
from tests.report.village import village_roster


@pytest.fixture
def roster() -> Roster:
    """The village: V0004 is unserved, V0002 has two carers."""
    return village_roster()
