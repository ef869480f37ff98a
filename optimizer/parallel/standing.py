"""A child that stays: it answers one question after the other and remembers what it worked out."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any

from optimizer.parallel.child import die_with_parent, limit_itself
from optimizer.parallel.events import OUT_OF_TIME, Ending, Failed, Finished, Lost
from optimizer.parallel.processes import STARTING
from optimizer.parallel.work_item import Limits

KEY = "standing"
"Name of every answer: there is one at a time."


@dataclass(slots=True)
class _Living:
    """The child as its parent holds it."""

    process: ForkServerProcess
    pipe: Connection
    lifeline: Connection


class StandingChild:
    """A child process that is started by the first question and answers all that follow.

    One that was killed, fails or takes too long is replaced at the next question; it remembers
    nothing of what the one before knew. Many threads may ask; they are answered in turn.

    Parameters
    ----------
    answer
        A function of a module: what it returns for a question is the answer.
    limits
        Seconds for each answer, and memory of the child; its processor time has no limit of its
        own.
    preload
        Names of modules that the fork server imports once, as for other children.
    """

    def __init__(
        self, answer: Callable[[Any], Any], limits: Limits, preload: Sequence[str] = ()
    ) -> None:
        self._answer = answer
        self._limits = limits
        self._context = multiprocessing.get_context("forkserver")
        if preload:
            self._context.set_forkserver_preload(list(preload))
        self._child: _Living | None = None
        self._turn = threading.Lock()

    def ask(self, question: Any) -> Ending:
        """Return the ending of the work on a question: finished, failed, or lost."""
        with self._turn:
            ending = self._asked(question)
            if not isinstance(ending, Finished):
                self._end()
            return ending

    def close(self) -> None:
        """End the child; a later question starts another one."""
        with self._turn:
            self._end()

    def _asked(self, question: Any) -> Ending:
        try:
            child = self._child = self._child or self._started()
            child.pipe.send(question)
            if not child.pipe.poll(self._limits.seconds):
                return Failed(KEY, OUT_OF_TIME, "The answer was not there when its time was over.")
            ending: Ending = child.pipe.recv()
        except (EOFError, OSError) as error:
            return Lost(KEY, f"its process has ended: {type(error).__name__}")
        return ending

    def _started(self) -> _Living:
        here, there = self._context.Pipe()
        end, lifeline = self._context.Pipe(duplex=False)
        process = self._context.Process(
            target=answer_questions, args=(there, end, self._answer, self._limits), daemon=True
        )
        try:
            with STARTING:
                process.start()
        finally:
            there.close()
            end.close()
        return _Living(process, here, lifeline)

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        with suppress(OSError, ValueError):
            child.process.kill()
        with STARTING:
            child.process.join()
            child.process.close()
        child.pipe.close()
        child.lifeline.close()


def answer_questions(
    pipe: Connection, lifeline: Connection, answer: Callable[[Any], Any], limits: Limits
) -> None:
    """Answer questions until the pipe ends: what the child's process does.

    Parameters
    ----------
    pipe
        To the parent and back.
    lifeline
        The reading end of a pipe that ends with the parent.
    answer
        Answers one question.
    limits
        Memory that the process may take.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the parent.
    die_with_parent(lifeline)
    limit_itself(Limits(memory_bytes=limits.memory_bytes))
    with suppress(EOFError, OSError):
        while True:
            question = pipe.recv()
            try:
                ending: Ending = Finished(KEY, answer(question))
            except BaseException as error:  # noqa: BLE001 (whatever it raises is the ending)
                ending = Failed.of(KEY, error)
            pipe.send(ending)
    os._exit(0)
