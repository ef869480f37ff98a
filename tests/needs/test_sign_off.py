"""Signatures under rules: when they hold, and what is said of rules without one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from optimizer.needs.book import Book
from optimizer.needs.derive import derive
from optimizer.needs.sign_off import Approval, Signable
from tests.needs.worlds import BOOK, MONDAY, Known, days_ago, has, orders, world


def signature(**fields: Any) -> Approval:
    """Return the signature of a head nurse of last month, under version 1."""
    return Approval(**{"by": "head nurse", "on": days_ago(30), "version": "1", **fields})


@pytest.mark.parametrize(
    ("approval", "review_on", "holds"),
    [
        (signature(), None, True),
        (signature(), MONDAY, True),  # the last day
        (signature(), days_ago(1), False),  # to be looked at again
        (signature(on=MONDAY), None, True),
        (signature(on=days_ago(-1)), None, False),  # to come
        (signature(version="2"), None, False),  # another version
        (signature(entries=("R01", "R02")), None, True),
        (signature(entries=("R02",)), None, False),  # another rule
    ],
)
def test_when_a_signature_holds(approval: Approval, review_on: dt.date | None, holds: bool) -> None:
    """It holds for its version and entries, from its day to the day of the next review."""
    file = Signable(version="1", review_on=review_on, approvals=(approval,))
    assert (file.approval_of("R01", MONDAY) is not None) is holds


def signed_by(*approvals: Approval) -> Book:
    """Return the book of the package, signed."""
    version = BOOK.rules.version
    signed = tuple(one.model_copy(update={"version": version}) for one in approvals)
    return Book(BOOK.catalogue, BOOK.rules.model_copy(update={"approvals": signed}))


@pytest.mark.parametrize(
    ("book", "unsigned"),
    [
        (BOOK, {"R01", "R18"}),  # nobody has signed what comes with the package
        (signed_by(signature(entries=("R01",))), {"R18"}),
        (signed_by(signature()), set()),
        (signed_by(signature(entries=("R01",)), signature(entries=("R18",))), set()),
    ],
)
def test_unsigned_rules_are_marked_on_every_visit(book: Book, unsigned: set[str]) -> None:
    """Each reason of a derived visit says whether its rule is signed; orders need no signature."""
    known = Known(has("hypertension", "heart_failure"))
    ordered = orders("VITALS", per_week=7)
    visits = derive(world(known.person(), days=7, care_plans=(ordered,)), book).scenario.visits
    assert len(visits) == 7
    for visit in visits:
        assert {trace.rule for trace in visit.trace} == {"R01", "R18", "care_plan"}
        assert {trace.rule for trace in visit.trace if trace.unsigned} == unsigned


def test_the_package_says_who_wrote_it() -> None:
    """Catalogue and rules have an author, a version and a day of review, and no signature."""
    for file in (BOOK.catalogue, BOOK.rules):
        assert file.author
        assert file.version
        assert file.review_on is not None
        assert file.approvals == ()
