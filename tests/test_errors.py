"""The tree of errors: codes, exits and messages."""

from __future__ import annotations

import re

import pytest

from optimizer import errors
from optimizer.errors import (
    Disagreement,
    EngineDisagreement,
    Fault,
    HomecareError,
    InvalidDocument,
)


def tree(root: type[HomecareError]) -> list[type[HomecareError]]:
    """Return a class and everything below it; what the service adds has a drawing of its own."""
    children = [each for each in root.__subclasses__() if each.__module__ == errors.__name__]
    return [root, *(found for child in children for found in tree(child))]


def test_the_drawing_shows_the_tree() -> None:
    """The module's docstring draws every class with its code, exit code and HTTP status."""
    drawn = re.findall(r"(\w+) +([a-z-]+) +(\d+) +(\d+)$", errors.__doc__ or "", re.MULTILINE)
    made = [
        (kind.__name__, kind.code, str(kind.exit_code), str(kind.http_status))
        for kind in tree(HomecareError)[1:]
    ]
    assert drawn == made


def test_codes_are_unique() -> None:
    """No two errors share a code."""
    codes = [kind.code for kind in tree(HomecareError)]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    "kind", [k for k in tree(HomecareError) if k not in {InvalidDocument, EngineDisagreement}]
)
def test_the_docstring_is_the_message(kind: type[HomecareError]) -> None:
    """Without a message of its own an error says what its docstring says."""
    assert str(kind()) == (kind.__doc__ or "").splitlines()[0].strip()
    assert str(kind("something else")) == "something else"


@pytest.mark.parametrize(
    ("count", "heading"),
    [
        (1, "day.json has 1 fault:"),  # one
        (3, "day.json has 3 faults:"),  # several
    ],
)
def test_all_faults_are_listed(count: int, heading: str) -> None:
    """Each fault has its own line with its place."""
    faults = [Fault(path=f"visits[{n}]", code="odd", message="is odd.") for n in range(count)]
    lines = str(InvalidDocument(faults, "day.json")).splitlines()
    assert lines == [heading, *(f"  visits[{n}]: is odd." for n in range(count))]


def test_a_fault_of_the_whole_document_says_so() -> None:
    """Without a place it is the document's."""
    assert str(Fault(path="", code="odd", message="is odd.")) == "document: is odd."


def test_a_disagreement_lists_both_values() -> None:
    """What engine and verifier say stands side by side."""
    error = EngineDisagreement([Disagreement("cost", "3", "4"), Disagreement("travel", "1", "2")])
    assert str(error).splitlines()[1:] == [
        "  cost: engine 3, verifier 4",
        "  travel: engine 1, verifier 2",
    ]
    assert error.exit_code == 70
