"""Rotation: whose turn it is, and that nobody's turns are lost."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.allocation import allocate
from optimizer.allocation.rotation import parts
from tests.allocation.district import MINUTE, district, policy

AMOUNTS = st.lists(st.integers(5, 300), min_size=1, max_size=40)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_parts_add_up(whole: int, weights: list[int]) -> None:
    """A package's credits add up to it, and each is within one of its exact part."""
    if not any(weights):
        weights[0] = 1
    found = parts(whole, weights)
    assert sum(found) == whole
    total = sum(weights)
    assert all(abs(one * total - whole * w) < total for one, w in zip(found, weights, strict=True))


@settings(max_examples=60)
@given(AMOUNTS, st.lists(st.integers(1, 10), min_size=2, max_size=5))
def test_deficits_stay_below_the_largest_client(minutes: list[int], weights: list[int]) -> None:
    """If all organisations can take everybody, nobody is owed a whole client.

    Source: a sequence below one largest weight always exists (S76).
    """
    names = [f"O{n}" for n in range(len(weights))]
    share = 100 / sum(weights)
    bodies = [
        {"organisation": one, "share": round(w * share - 0.0001, 4)}
        for one, w in zip(names, weights, strict=True)
    ]
    log = allocate(district(minutes, names), policy(bodies=bodies))
    assert max(abs(one.deficit) for one in log.accounts) < max(minutes) * MINUTE
    assert sum(one.deficit for one in log.accounts) == 0


@settings(max_examples=40)
@given(st.integers(1, 60), st.integers(2, 6), st.integers(5, 90))
def test_equal_organisations_differ_by_one_client(clients: int, bodies: int, care: int) -> None:
    """Identical organisations and clients: numbers of clients differ by at most one."""
    log = allocate(district([care] * clients, [f"O{n}" for n in range(bodies)]), policy())
    given = [line.organisation for line in log.lines]
    counts = sorted(given.count(f"O{n}") for n in range(bodies))
    assert counts[-1] - counts[0] <= 1


def test_rounds_give_one_client_each() -> None:
    """In rounds everybody comes once before anybody comes again, in the same order each time.

    Source: rotation as the third way of order 110, one award per round in a fixed order (S65).
    """
    log = allocate(district([60, 50, 40, 30, 20, 10], ["O1", "O2", "O3"]), policy(mode="round"))
    turns = [line.organisation for line in log.lines]
    assert set(turns[:3]) == {"O1", "O2", "O3"}
    assert turns[3:] == turns[:3]


def test_accounts_carry_on() -> None:
    """What one month owes the next one pays: a month by month total is as even as one run."""
    first = allocate(district([60]), policy())
    second = allocate(district([60]), policy(period="2026-04", accounts=first.accounts))
    assert first.lines[0].organisation != second.lines[0].organisation
    assert all(one.deficit == 0 for one in second.accounts)


def test_rounds_go_on_behind_the_last() -> None:
    """A new period's rounds begin behind whoever received last, although the draw is the same."""
    first = allocate(district([60]), policy(mode="round"))
    second = allocate(district([60]), policy(mode="round", accounts=first.accounts))
    assert first.lines[0].organisation != second.lines[0].organisation


def test_no_backlog_while_full() -> None:
    """An organisation that was full is credited with nothing for what it could not take.

    Source: Kristianstad, whose list skips a full provider until it is free (S69).
    """
    bodies = [{"organisation": "O1", "capacity": 60}]
    log = allocate(district([60] * 6), policy(bodies=bodies))
    assert [line.organisation for line in log.lines].count("O1") == 1
    full = [
        one for line in log.lines for one in line.tested
        if one.organisation == "O1" and one.finding == "full"
    ]  # fmt: skip
    assert full
    assert all(one.credited is None for one in full)


def test_order_of_files_changes_nothing() -> None:
    """Clients and organisations in another order: the same lines."""
    scenario = district([60, 55, 55, 50, 40, 40, 40], ["O1", "O2", "O3"])
    turned = scenario.model_copy(
        update={
            "clients": scenario.clients[::-1],
            "visits": scenario.visits[::-1],
            "organisations": scenario.organisations[::-1],
            "caregivers": scenario.caregivers[::-1],
        }
    )
    assert allocate(scenario, policy()).lines == allocate(turned, policy()).lines


def test_another_draw_only_breaks_ties_anew() -> None:
    """With packages of different sizes another draw moves names, not what is received.

    Source: selection by a published draw, as in RFC 3797 (S77).
    """

    def received(draw: str) -> list[int]:
        log = allocate(district([80, 70, 60, 50, 40, 30]), policy(draw=draw))
        names = {line.organisation for line in log.lines}
        return sorted(
            sum(line.care for line in log.lines if line.organisation == one) for one in names
        )

    assert received("3D 1: 111") == received("3D 2: 222")


def test_larger_packages_come_first() -> None:
    """Within a step critical care comes first, then the larger package."""
    log = allocate(district([10, 90, 50, 20], critical=[4]), policy())
    assert [line.client for line in log.lines] == ["C4", "C2", "C3", "C1"]
    assert all(a.critical >= b.critical for a, b in pairwise(log.lines))
