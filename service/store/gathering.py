"""Doing together what several threads bring at the same time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from optimizer.errors import InternalError

Item = TypeVar("Item")
Answer = TypeVar("Answer")

MOST = 64
"So many items are done together, lest the first of them wait for ever."


@dataclass(slots=True, eq=False)
class _Turn(Generic[Item, Answer]):
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


class Gathering(Generic[Item, Answer]):
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
        self._waiting: dict[str, deque[_Turn[Item, Answer]]] = {}

    def do(self, group: str, item: Item) -> Answer:
        """Have an item done, with others of its group or alone, and return its answer.

        Raises
        ------
        Exception
            What `work` returned or raised for it.
        """
        turn: _Turn[Item, Answer] = _Turn(item)
        with self._guard:
            if group in self._waiting:
                self._waiting[group].append(turn)
            else:
                self._waiting[group] = deque()
                turn.leads = True
        if not turn.leads:
            turn.woken.wait()
        if turn.leads:
            self._lead(group, turn)
        return turn.result()

    def _lead(self, group: str, first: _Turn[Item, Answer]) -> None:
        taken: list[_Turn[Item, Answer]] = []
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
            for turn in taken:
                turn.woken.set()

    def _settle(
        self, group: str, first: _Turn[Item, Answer], taken: list[_Turn[Item, Answer]]
    ) -> None:
        """Do the first item and those that come meanwhile, and note what becomes of each."""
        try:
            answers = self._work(group, self._items(group, first, taken))
        except Exception as error:  # noqa: BLE001 (each thread is told of its own)
            if len(taken) == 1 or self._is_for_all(error):
                for turn in taken:
                    turn.error = error
                return
            for turn in taken:
                self._settle_alone(group, turn)
            return
        for turn, answer in zip(taken, answers, strict=True):
            _note(turn, answer)

    def _settle_alone(self, group: str, turn: _Turn[Item, Answer]) -> None:
        try:
            (answer,) = self._work(group, iter([turn.item]))
        except Exception as error:  # noqa: BLE001 (the thread is told of it)
            turn.error = error
        else:
            _note(turn, answer)

    def _items(
        self, group: str, first: _Turn[Item, Answer], taken: list[_Turn[Item, Answer]]
    ) -> Iterator[Item]:
        taken.append(first)
        yield first.item
        while len(taken) < MOST:
            with self._guard:
                waiting = self._waiting[group]
                if not waiting:
                    return
                turn = waiting.popleft()
            taken.append(turn)
            yield turn.item


def _note(turn: _Turn[Item, Answer], answer: Answer | Exception) -> None:
    if isinstance(answer, Exception):
        turn.error = answer
    else:
        turn.answer = answer
