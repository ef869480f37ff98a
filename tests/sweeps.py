"""Long rows of cases: a few of them in every run of the tests, the rest in the sweeps."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import pytest


def few(cases: Iterable[Any], number: int) -> list[Any]:
    """Return cases for `parametrize` of which only the first ones belong to `make test`.

    Parameters
    ----------
    cases
        All cases.
    number
        How many run every time; those behind them carry the marker ``sweep``.
    """
    rest = iter(cases)
    always = list(islice(rest, number))
    return [*always, *(pytest.param(case, marks=pytest.mark.sweep) for case in rest)]
