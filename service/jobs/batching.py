"""Batching: what several threads bring at the same time is done together, by one of them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from optimizer.errors import InternalError

Item = TypeVar("Item")
Answer = TypeVar("Answer")

MAX_BATCH = 64
"Largest batch; those who come later wait for the next one, so that the first need not wait long."


@dataclass(slots=True, eq=False)
class _Entry(Generic[Item, Answer]):
    """One thread's item and what becomes of it."""

    item: Item
    woken: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    answer: Answer | None = None
    error: Exception | None = None

    def result(self) -> Answer:
        if self.error is not None:
            raise self.error
        if self.answer is None:
            raise InternalError("An item was left without an answer.")
        return self.answer


class Batching(Generic[Item, Answer]):
    """Lets those who come while others are at work be done together, by one of them.

    Nobody waits for others to come: whoever comes first begins at once, and takes along whoever
    comes before the work is over. A transaction is the work for which this is worth while: ten
    items cost one wait for the disk and one turn at the database.

    Parameters
    ----------
    work
        Does all items of an iterator, which ends when nobody is waiting, and returns for each
        one its answer or the error that concerns it alone. If it raises, nothing was done.
    is_for_all
        Whether an error that was raised would meet every item alone as well. After others, each
        item is tried by itself, so that none suffers from its neighbours.
    """

    def __init__(
        self,
        work: Callable[[str, Iterator[Item]], Sequence[Answer | Exception]],
        is_for_all: Callable[[Exception], bool],
    ) -> None:
        self._work = work
        self._is_for_all = is_for_all
        self._guard = threading.Lock()
        # A group is in here while somebody works for it.
        self._waiting: dict[str, deque[_Entry[Item, Answer]]] = {}

    def do(self, group: str, item: Item) -> Answer:
        """Have an item done, with others of its group or alone, and return its answer.

        Raises
        ------
        Exception
            What `work` returned or raised for it.
        """
        entry: _Entry[Item, Answer] = _Entry(item)
        with self._guard:
            if group in self._waiting:
                self._waiting[group].append(entry)
            else:
                self._waiting[group] = deque()
                entry.leads = True
        if not entry.leads:
            entry.woken.wait()
        if entry.leads:
            self._lead(group, entry)
        return entry.result()

    def _lead(self, group: str, first: _Entry[Item, Answer]) -> None:
        taken: list[_Entry[Item, Answer]] = []
        try:
            self._settle(group, first, taken)
        finally:
            with self._guard:
                waiting = self._waiting[group]
                following = waiting.popleft() if waiting else None
                if following is None:
                    del self._waiting[group]
                else:
                    following.leads = True
            if following is not None:
                following.woken.set()
            for entry in taken:
                entry.woken.set()

    def _settle(
        self, group: str, first: _Entry[Item, Answer], taken: list[_Entry[Item, Answer]]
    ) -> None:
        """Do the first item and those that come meanwhile, and note what becomes of each."""
        try:
            answers = self._work(group, self._items(group, first, taken))
        except Exception as error:  # noqa: BLE001 (each thread is told of its own)
            if len(taken) == 1 or self._is_for_all(error):
                for entry in taken:
                    entry.error = error
                return
            for entry in taken:
                self._settle_alone(group, entry)
            return
        for entry, answer in zip(taken, answers, strict=True):
            _note(entry, answer)

    def _settle_alone(self, group: str, entry: _Entry[Item, Answer]) -> None:
        try:
            (answer,) = self._work(group, iter([entry.item]))
        except Exception as error:  # noqa: BLE001 (the thread is told of it)
            entry.error = error
        else:
            _note(entry, answer)

    def _items(
        self, group: str, first: _Entry[Item, Answer], taken: list[_Entry[Item, Answer]]
    ) -> Iterator[Item]:
        taken.append(first)
        yield first.item
        while len(taken) < MAX_BATCH:
            with self._guard:
                waiting = self._waiting[group]
                if not waiting:
                    return
                entry = waiting.popleft()
            taken.append(entry)
            yield entry.item


def _note(entry: _Entry[Item, Answer], answer: Answer | Exception) -> None:
    if isinstance(answer, Exception):
        entry.error = answer
    else:
        entry.answer = answer
