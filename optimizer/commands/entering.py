"""Entering what a command has decided in the ledger of the office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from optimizer.commands.outputs import check_writable
from optimizer.errors import UsageError
from optimizer.formats.ledger import Draft, append_entry
from optimizer.i18n import say


@dataclass(frozen=True, slots=True)
class Entering:
    """Where decisions are entered, if anywhere.

    Attributes
    ----------
    ledger
        The ledger; None for nowhere.
    correcting
        Why an earlier decision about the same is corrected.
    """

    ledger: Path | None = None
    correcting: str | None = None

    def check(self, inputs: Iterable[Path | None]) -> None:
        """Make sure before long work that the ledger can be lengthened.

        Raises
        ------
        UsageError
            If it cannot be written, is packed, is one of the inputs, or is missing while a
            correction is asked for.
        """
        if self.ledger is None:
            if self.correcting is not None:
                raise UsageError(say("usage.correct_without_ledger"))
            return
        if not self.ledger.name.lower().endswith(".jsonl"):
            raise UsageError(say("usage.ledger_ending", path=self.ledger))
        if any(one is not None and one.resolve() == self.ledger.resolve() for one in inputs):
            raise UsageError(say("usage.onto_input", path=self.ledger))
        check_writable(self.ledger)

    def enter(self, draft: Draft) -> None:
        """Enter a decision; the same again changes nothing.

        Raises
        ------
        UsageError
            If the file cannot be written, or the same was decided otherwise before.
        InvalidDocument
            If the ledger is faulty; nothing is written then.
        """
        if self.ledger is not None:
            append_entry(self.ledger, draft, self.correcting)


NOWHERE = Entering()
