"""The one record of a solve's options."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_type_hints

import pytest

from optimizer.errors import UsageError
from optimizer.options import DEFAULT_SECONDS, SolveKeywords, SolveOptions


def test_keywords_are_the_fields() -> None:
    """Whatever the record holds can be said as a keyword, with the same type."""
    assert get_type_hints(SolveKeywords) == get_type_hints(SolveOptions)
    assert list(get_type_hints(SolveKeywords)) == [field.name for field in fields(SolveOptions)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"seconds": 0},
        {"seconds": float("nan")},
        {"iterations": -1},
        {"patience": 0},
        {"seed": -1},
        {"workers": 0},
        {"engine": "magic"},
        {"proof": 0.91},
        {"proof": -0.1},
    ],
)
def test_what_is_out_of_range_is_refused(wrong: dict[str, Any]) -> None:
    """The error names the option."""
    with pytest.raises(UsageError, match=next(iter(wrong))):
        SolveOptions(**wrong)


def test_time_ends_a_solve_that_nothing_else_ends() -> None:
    """Ten seconds, unless time or steps are limited."""
    assert SolveOptions().limit == DEFAULT_SECONDS
    assert SolveOptions(seconds=3, iterations=5).limit == 3
    assert SolveOptions(iterations=5).limit is None


def test_steps_and_the_exact_model_leave_no_time_for_a_proof() -> None:
    """A proof would depend on the speed of the machine, and the exact model proves itself."""
    assert SolveOptions(proof=0.2).share_of_proof == 0.2
    assert SolveOptions(proof=0.2, iterations=5).share_of_proof == 0.0
    assert SolveOptions(proof=0.2, engine="cp-sat").share_of_proof == 0.0
