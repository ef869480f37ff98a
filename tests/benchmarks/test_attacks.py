"""Every attack of the benchmarks runs, and a service stands it; they are long, so in the sweeps."""

from __future__ import annotations

import pytest

from benchmarks.service.attacked import attack
from benchmarks.service.attacks import ATTACKS
from benchmarks.service.fuzzing import fuzz
from benchmarks.service.soaking import soak
from benchmarks.service.suite import LEADING

pytestmark = pytest.mark.sweep


@pytest.mark.parametrize("name", ATTACKS)
def test_a_service_stands_each_attack(name: str) -> None:
    """Others are served meanwhile, and afterwards everything is as before."""
    figures = attack(name, None, smoke=True)
    assert figures["valid"], figures


@pytest.mark.parametrize("name", LEADING)
def test_nobody_inside_is_called(name: str) -> None:
    """Neither names that change nor answers that send on lead news into the network."""
    figures = LEADING[name](True)
    assert figures["valid"], figures


def test_spoilt_requests_break_nothing() -> None:
    """No answer to a few dozen of them is a server error."""
    figures = fuzz("sqlite", smoke=True)
    assert figures["valid"], figures


def test_a_soak_has_its_figures() -> None:
    """A few seconds of usual work end without a server error."""
    figures = soak(None, smoke=True)
    assert figures["valid"], figures
