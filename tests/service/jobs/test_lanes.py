"""Which lane goes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.jobs.lanes import lanes_in_turn
from service.jobs.states import Lane

NOW = datetime(2026, 1, 5, 5, 30, tzinfo=UTC)
QUICK, R, S = Lane.INTERACTIVE, Lane.ROSTER, Lane.STUDY


def since(**minutes: float) -> dict[Lane, datetime]:
    """Return since when lanes wait, given for how many minutes."""
    return {Lane(lane): NOW - timedelta(minutes=waited) for lane, waited in minutes.items()}


@pytest.mark.parametrize(
    ("waiting", "running", "slots", "turn"),
    [
        ({}, {}, 2, []),  # nobody waits
        ({"roster": 1}, {}, 2, [R]),  # the first slot is for anybody
        ({"roster": 1}, {R: 1}, 2, []),  # the last one is kept
        ({"roster": 1, "interactive": 0}, {R: 1}, 2, [QUICK]),  # for the interactive lane
        ({"roster": 1}, {QUICK: 1}, 2, [R]),  # which may use the others too
        ({"roster": 1}, {R: 1, S: 1}, 3, []),  # studies and rosters share the rest
        ({"interactive": 0}, {QUICK: 1, R: 1}, 2, []),  # full is full
        ({"roster": 1}, {}, 1, [R]),  # a single slot is for everybody
        ({"interactive": 0, "roster": 1, "study": 1}, {}, 4, [QUICK, R, S]),  # the usual order
        ({"roster": 1, "study": 12}, {}, 4, [S, R]),  # a study that waits long goes first
        ({"interactive": 0, "roster": 55}, {}, 4, [R, QUICK]),  # and so does a roster
    ],
)
def test_turns(
    waiting: dict[str, float], running: dict[Lane, int], slots: int, turn: list[Lane]
) -> None:
    """One slot is kept for the interactive lane; whoever waits long enough comes first."""
    assert lanes_in_turn(since(**waiting), running, slots, NOW) == turn


def test_nothing_waits_for_ever() -> None:
    """A study overtakes new rosters and new interactive jobs after at most 70 minutes."""
    for minutes in range(120):
        turn = lanes_in_turn(since(interactive=0, roster=0, study=minutes), {}, 4, NOW)
        if turn[0] is S:
            break
    assert minutes <= 61
