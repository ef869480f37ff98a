"""A lock that is handed on in order."""

from __future__ import annotations

import os
import threading
from functools import partial

import pytest

from service.database.lock import FairLock
from tests.patience import wait_until


def test_the_lock_goes_to_whoever_has_waited_longest() -> None:
    """Ten threads get it in the order in which they came."""
    lock = FairLock()
    order: list[int] = []
    assert lock.acquire(1)

    def wait(number: int) -> None:
        assert lock.acquire(60)
        order.append(number)
        lock.release()

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(10)]
    for number, thread in enumerate(threads, 1):
        thread.start()
        wait_until(partial(lambda waiting: len(lock._waiting) == waiting, number))
    lock.release()
    for thread in threads:
        thread.join()
    assert order == list(range(10))


def test_who_has_waited_too_long_goes_without() -> None:
    """And the lock does not get lost on somebody who has gone."""
    lock = FairLock()
    assert lock.acquire(1)
    assert not lock.acquire(0.01)
    lock.release()
    assert lock.acquire(0.01)


def test_one_at_a_time() -> None:
    """A thousand additions of four threads are all there."""
    lock = FairLock()
    total = 0

    def add() -> None:
        nonlocal total
        for _ in range(250):
            assert lock.acquire(60)
            before = total
            os.sched_yield()
            total = before + 1
            lock.release()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total == 1000


def test_a_lock_that_nobody_has_cannot_be_released() -> None:
    """That would be a mistake of the program."""
    with pytest.raises(RuntimeError):
        FairLock().release()
