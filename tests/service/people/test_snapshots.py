"""Several answers about one month tell no more of anybody than each of them."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import product
from random import Random

import pytest
from sqlalchemy import select

from optimizer.disclosure import (
    NARROWEST,
    SMALLEST_CELL,
    Release,
    intervals,
    suppressed_beside,
)
from service.database.clock import utc_now
from service.database.engine import Database
from service.database.scope import SYSTEM
from service.idempotency import AnswerRow
from service.people.exports import Division
from service.people.retention import Retention, forget_old
from service.people.snapshots import MOST, Snapshot, snapshots_of, tell
from tests.service.people.test_exports import caseload
from tests.sweeps import few

Members = dict[str, dict[str, frozenset[str]]]


def towns(first: int = 0, **sizes: int) -> Members:
    """Return one table of people, numbered within each town."""
    return {
        "town": {
            town: frozenset(f"{town}{number}" for number in range(first, first + size))
            for town, size in sizes.items()
        }
    }


def shown(release: Release[str, str] | None) -> dict[str, int | None]:
    """Return what is told of the towns."""
    assert release is not None
    return {
        town: None if town in release.gaps["town"] else len(those)
        for town, those in release.members["town"].items()
    }


def test_one_more_client_cannot_be_told_by_difference() -> None:
    """The tracker of the literature: of two counts that differ by one, only one is told."""
    first = suppressed_beside(towns(a=20, b=30), [])
    assert first is not None
    assert shown(first) == {"a": 20, "b": 30}
    assert suppressed_beside(towns(a=21, b=30), [first]) is None
    assert shown(suppressed_beside(towns(a=25, b=30), [first])) == {"a": 25, "b": 30}


def test_who_comes_and_who_goes_are_not_set_off() -> None:
    """As many as before, but two others: a difference of two people, though none of the count."""
    first = suppressed_beside(towns(a=20, b=30), [])
    assert first is not None
    swapped = {"town": towns(first=1, a=20)["town"] | towns(b=30)["town"]}
    assert suppressed_beside(swapped, [first]) is None


def test_a_gap_does_not_follow_from_a_later_answer() -> None:
    """The cell that was left open for another's sake stays so, though a smaller one would do."""
    first = suppressed_beside(towns(a=4, b=9, c=7), [])
    assert first is not None
    assert shown(first) == {"a": None, "b": 9, "c": None}
    later = suppressed_beside(towns(a=4, b=9, c=40), [first])
    # To leave b open instead would tell nothing: 9 was told.
    assert shown(later) == {"a": None, "b": 9, "c": None}


def test_little_news_of_one_town_does_not_hold_up_all() -> None:
    """Cells with too little news are left open, as long as they are many together."""
    first = suppressed_beside(towns(a=20, b=30, c=40, d=50), [])
    assert first is not None
    later = suppressed_beside(towns(a=23, b=33, c=45, d=50), [first])
    assert shown(later) == {"a": None, "b": None, "c": 45, "d": 50}


def history(random: Random) -> list[Members]:
    """Return random tables of the same people at some times, between which people come and go."""
    people: dict[str, tuple[str, str]] = {}
    found = []
    for _ in range(4):
        for _ in range(random.choice((0, 1, 3, 6, 25))):
            people[f"P{len(people)}{random.random()}"] = (
                f"t{min(int(random.expovariate(0.4)), 5)}",
                random.choice("uvw"),
            )
        for one in random.sample(sorted(people), min(len(people), random.choice((0, 0, 1, 6)))):
            del people[one]
        tables: Members = {}
        for place, name in enumerate(("town", "tier")):
            cells: dict[str, set[str]] = defaultdict(set)
            for one, where in people.items():
                cells[where[place]].add(one)
            tables[name] = {cell: frozenset(those) for cell, those in cells.items()}
        found.append(tables)
    return found


def answers(number: int) -> list[Release[str, str]]:
    """Return what is told of a random history."""
    told: list[Release[str, str]] = []
    for members in history(Random(number)):
        release = suppressed_beside(members, told)
        if release is not None:
            told.append(release)
    return told


@pytest.mark.parametrize("number", few(range(200), 20))
def test_no_row_of_answers_determines_a_gap(number: int) -> None:
    """By linear programs over all answers, in which the same people are one unknown."""
    told = answers(number)
    known: dict[object, int | None] = {}
    sums: list[tuple[list[object], object]] = []
    for release in told:
        for table, cells in release.members.items():
            whole = ("all", frozenset[str]().union(*cells.values()))
            known.setdefault(whole, None)
            for cell, those in cells.items():
                key = (table, cell, those)
                known[key] = known.get(key) if cell in release.gaps[table] else len(those)
            sums.append(([(table, cell, those) for cell, those in cells.items()], whole))
    found = intervals(known, sums, smallest=1)
    for release in told:
        for table, gaps in release.gaps.items():
            left = [found[table, cell, release.members[table][cell]].width for cell in gaps]
            assert all(width >= NARROWEST - 1e-6 for width in left)


@pytest.mark.parametrize("number", few(range(200), 20))
def test_no_two_answers_differ_by_a_few(number: int) -> None:
    """What is told of a cell twice differs by nobody or by many."""
    told = answers(number)
    for later, one in enumerate(told):
        for other, (table, cells) in product(told[:later], one.members.items()):
            then = other.members[table]
            both = cells.keys() & then.keys() - one.gaps[table] - other.gaps[table]
            changed = {len(cells[cell] ^ then[cell]) for cell in both}
            assert not changed & set(range(1, SMALLEST_CELL))


def told_of(snapshot: Snapshot) -> dict[str, int | None]:
    """Return the clients that are told of each town."""
    return {cell.name: cell.clients for cell in snapshot.cells[Division.TOWN]}


def test_what_was_told_is_told_again_until_there_is_enough_news(database: Database) -> None:
    """Minutes and visits too are those of before; what was told is kept sealed, once."""
    first = tell(database, [caseload(each) for each in range(9)], "2026-03")
    assert told_of(first) == {"T": 9}
    more = [caseload(each, visits=3) for each in range(10)]
    assert tell(database, more, "2026-03") == first
    with database.session(SYSTEM, read_only=True) as session:
        (row,) = session.scalars(select(AnswerRow)).all()
        assert b"clients" not in row.content
        assert snapshots_of(session, "2026-03") == [first]
        assert snapshots_of(session, "2026-04") == []
    assert told_of(tell(database, [caseload(each) for each in range(14)], "2026-03")) == {"T": 14}


def test_the_same_clients_get_the_same_answer(database: Database) -> None:
    """What else was planned for them meanwhile is not told: it could be one client's alone."""
    first = tell(database, [caseload(each) for each in range(9)], "2026-03")
    changed = [caseload(each, visits=2 + (each == 0)) for each in range(9)]
    assert tell(database, changed, "2026-03") == first


def test_answers_that_differ_have_an_end(database: Database) -> None:
    """After some the last one stays, so that the linear programs stay small."""
    for number in range(MOST + 2):
        last = tell(database, [caseload(each) for each in range(10 * (number + 1))], "2026-03")
    assert told_of(last) == {"T": 10 * MOST}


def test_what_was_told_is_kept_for_three_years(database: Database) -> None:
    """Not for a day, as other answers are; then it is deleted."""
    tell(database, [caseload(each) for each in range(9)], "2026-03")
    for age, left in ((timedelta(days=1_000), 1), (timedelta(days=1_100), 0)):
        with database.session(SYSTEM) as session:
            for row in session.scalars(select(AnswerRow)):
                row.created_at = utc_now() - age
        forget_old(database, Retention(), actor="service")
        with database.session(SYSTEM, read_only=True) as session:
            assert len(session.scalars(select(AnswerRow)).all()) == left
