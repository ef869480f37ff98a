"""A child that answers questions: it remembers, and whatever ends it, the next one is answered."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from optimizer.errors import UsageError
from optimizer.parallel import Failed, Finished, Limits, Lost, StandingChild

_SEEN: list[str] = []


def remember(word: str) -> tuple[int, list[str]]:
    """Return the process that answers, and all words that it was told."""
    if word == "refuse":
        raise UsageError("No.")
    if word == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "hang":
        threading.Event().wait()
    if word == "grow":
        _SEEN.append("x" * 2**31)
    _SEEN.append(word)
    return os.getpid(), list(_SEEN)


@pytest.fixture
def standing() -> Iterator[Callable[..., StandingChild]]:
    """Return a maker of children that are ended after the test."""
    made: list[StandingChild] = []

    def make(**limits: Any) -> StandingChild:
        made.append(StandingChild(remember, Limits(**{"seconds": 60, **limits})))
        return made[-1]

    yield make
    for child in made:
        child.close()


def value(ending: object) -> tuple[int, list[str]]:
    """Return what was answered."""
    assert isinstance(ending, Finished)
    answer: tuple[int, list[str]] = ending.value
    return answer


def test_it_remembers(standing: Callable[..., StandingChild]) -> None:
    """The same process answers, another one than this, and knows what it was asked before."""
    child = standing()
    first, _ = value(child.ask("one"))
    again, words = value(child.ask("two"))
    assert first == again != os.getpid()
    assert words == ["one", "two"]


@pytest.mark.parametrize(
    ("word", "kind", "limits"),
    [
        ("refuse", Failed, {}),  # an error of this project
        ("die", Lost, {}),  # killed from outside
        ("hang", Failed, {"seconds": 2}),  # no answer in time
        ("grow", Failed, {"memory_bytes": 2**30}),  # more memory than it may take
    ],
)
def test_after_a_failure_another_child_answers(
    word: str, kind: type, limits: dict[str, Any], standing: Callable[..., StandingChild]
) -> None:
    """What fails, dies, hangs or grows too large says so, and takes nothing else with it."""
    child = standing(**limits)
    before, _ = value(child.ask("one"))
    assert isinstance(child.ask(word), kind)
    after, words = value(child.ask("two"))
    assert after != before
    assert words == ["two"]


def test_many_threads_are_answered_in_turn(standing: Callable[..., StandingChild]) -> None:
    """Each gets an answer, from one process, and each word was told once."""
    child = standing()
    found: list[tuple[int, list[str]]] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(value(child.ask(str(n)))))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({pid for pid, _ in found}) == 1
    longest = max((words for _, words in found), key=len)
    assert sorted(longest) == [str(n) for n in range(8)]
