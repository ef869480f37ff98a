"""Items that several threads bring at once are done together, and none for another's sake."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from service.jobs.batching import MAX_BATCH, Batching


class Doubling:
    """Doubles numbers; the first batch goes on only when it is told to."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.has_begun = threading.Event()
        self.may_go_on = threading.Event()

    def work(self, _group: str, items: Iterator[int]) -> Sequence[int | Exception]:
        """Return the double of each; refuse those below zero, fail at 99 as a whole."""
        batch: list[int] = []
        self.batches.append(batch)
        answers: list[int | Exception] = []
        for item in items:
            self.has_begun.set()
            assert self.may_go_on.wait(10)
            batch.append(item)
            answers.append(ValueError("below zero") if item < 0 else 2 * item)
        if 99 in batch:
            raise KeyError(99)
        return answers


def bring(
    batching: Batching[int, int], doubling: Doubling, numbers: Sequence[int], group: str = "A"
) -> list[Future[int]]:
    """Bring the first number and, while it is being done, the others."""
    with ThreadPoolExecutor(len(numbers)) as pool:
        futures = [pool.submit(batching.do, group, numbers[0])]
        assert doubling.has_begun.wait(10)
        waiting = batching._waiting[group]
        for count, number in enumerate(numbers[1:], start=1):
            futures.append(pool.submit(batching.do, group, number))
            while len(waiting) < count:
                pass
        doubling.may_go_on.set()
    return futures


def test_whoever_comes_meanwhile_is_taken_along() -> None:
    """Ten items that come while the first is at work are one batch with it, in their order."""
    doubling = Doubling()
    batching = Batching(doubling.work, lambda _: False)
    futures = bring(batching, doubling, range(11))
    assert [future.result() for future in futures] == [2 * number for number in range(11)]
    assert doubling.batches == [list(range(11))]


def test_nobody_waits_for_others_to_come() -> None:
    """One item alone is done at once, and leaves nothing behind."""
    doubling = Doubling()
    doubling.may_go_on.set()
    batching = Batching(doubling.work, lambda _: False)
    assert batching.do("A", 4) == 8
    assert batching.do("A", 5) == 10
    assert doubling.batches == [[4], [5]]
    assert batching._waiting == {}


def test_groups_are_kept_apart() -> None:
    """While a group is at work, another one begins."""
    doubling = Doubling()
    batching = Batching(doubling.work, lambda _: False)
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(batching.do, group, 1) for group in ("A", "B")]
        while len(doubling.batches) < 2:
            pass
        doubling.may_go_on.set()
    assert [future.result() for future in futures] == [2, 2]
    assert doubling.batches == [[1], [1]]


def test_a_refusal_concerns_one_item() -> None:
    """The others of its batch have their answers."""
    doubling = Doubling()
    batching = Batching(doubling.work, lambda _: False)
    first, refused, last = bring(batching, doubling, [1, -1, 2])
    assert (first.result(), last.result()) == (2, 4)
    with pytest.raises(ValueError, match="below zero"):
        refused.result()


def test_after_a_failure_each_item_is_tried_by_itself() -> None:
    """Only the one that fails alone, too, has failed."""
    doubling = Doubling()
    batching = Batching(doubling.work, lambda _: False)
    first, failed, last = bring(batching, doubling, [1, 99, 2])
    assert (first.result(), last.result()) == (2, 4)
    with pytest.raises(KeyError):
        failed.result()
    assert doubling.batches == [[1, 99, 2], [1], [99], [2]]
    assert batching._waiting == {}


def test_a_failure_that_would_meet_everybody_is_told_to_everybody() -> None:
    """A database that is away is not asked once for each who waits."""
    doubling = Doubling()
    batching = Batching(doubling.work, lambda error: isinstance(error, KeyError))
    futures = bring(batching, doubling, [1, 99, 2])
    assert all(isinstance(future.exception(), KeyError) for future in futures)
    assert doubling.batches == [[1, 99, 2]]


def test_a_batch_has_an_end() -> None:
    """What comes beyond it is the next batch, led by the one who has waited longest."""
    doubling = Doubling()
    batching = Batching(doubling.work, lambda _: False)
    futures = bring(batching, doubling, range(MAX_BATCH + 3))
    assert [future.result() for future in futures] == [
        2 * number for number in range(MAX_BATCH + 3)
    ]
    assert [len(batch) for batch in doubling.batches] == [MAX_BATCH, 3]


def test_a_thousand_items_of_many_threads_are_all_done_once() -> None:
    """However they meet."""
    seen: list[int] = []

    def work(_group: str, items: Iterator[int]) -> Sequence[int | Exception]:
        batch = list(items)
        seen.extend(batch)
        return batch

    batching: Batching[int, int] = Batching(work, lambda _: False)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: batching.do("A", number), range(1000)))
    assert answers == list(range(1000))
    assert sorted(seen) == list(range(1000))
