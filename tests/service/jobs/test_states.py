"""The table of states: what may follow what."""

from __future__ import annotations

import pytest

from service.jobs.states import (
    INITIAL,
    TERMINAL,
    TRANSITIONS,
    WITH_RESULT,
    IllegalTransition,
    JobState,
    check_transition,
    is_legal,
)


def test_the_table_knows_every_state() -> None:
    """A state without a row would let anything follow it or nothing."""
    assert set(TRANSITIONS) == set(JobState)


def test_final_states_are_the_five_of_the_design() -> None:
    """What is completed, incomplete, failed, cancelled or expired stays so."""
    assert set(JobState) - TERMINAL == {JobState.QUEUED, JobState.RUNNING}
    assert WITH_RESULT < TERMINAL


def test_every_state_can_be_reached() -> None:
    """A state that nothing leads to is a mistake in the table."""
    reached = {INITIAL}.union(*TRANSITIONS.values())
    assert reached == set(JobState)


@pytest.mark.parametrize(
    ("present", "following", "legal"),
    [
        (JobState.QUEUED, JobState.RUNNING, True),  # handed out
        (JobState.RUNNING, JobState.QUEUED, True),  # put back after a crash
        (JobState.QUEUED, JobState.INCOMPLETE, False),  # nothing to keep without a run
        (JobState.RUNNING, JobState.EXPIRED, False),  # what has begun does not expire
        (JobState.COMPLETED, JobState.QUEUED, False),  # what is done is not done again
        (JobState.CANCELLED, JobState.COMPLETED, False),  # a late result is dropped
    ],
)
def test_transitions(present: JobState, following: JobState, legal: bool) -> None:
    """The table answers, and `check_transition` raises where it says no."""
    assert is_legal(present, following) is legal
    if legal:
        check_transition(present, following)
    else:
        with pytest.raises(IllegalTransition):
            check_transition(present, following)
