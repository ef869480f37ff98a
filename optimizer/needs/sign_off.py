"""Who wrote a catalogue or rules, when they are looked at again, and who has signed them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from optimizer.domain.record import Code, Record

Text = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class Approval(Record):
    """One signature; it holds for the version that was signed, and for no later one.

    Attributes
    ----------
    by
        An office, such as the head nurse of a town; a person's name is not needed.
    on
        When it was signed.
    version
        The version of the file that was signed.
    entries
        Ids of the rules, or codes of the services, that were signed; all if none is listed.
    """

    by: Text
    on: date
    version: str
    entries: tuple[Code, ...] = ()


class Signable(Record):
    """What a head nurse signs: a file with its author, version and review date.

    Attributes
    ----------
    author
        Who wrote it.
    review_on
        Last day on which signatures hold; then it is looked at again. Without a day they hold.
    approvals
        The signatures.
    """

    version: str
    author: Text | None = None
    review_on: date | None = None
    approvals: tuple[Approval, ...] = ()

    def approval_of(self, entry: str, day: date) -> Approval | None:
        """Return the signature under an entry that holds on a day, if there is one."""
        if self.review_on is not None and self.review_on < day:
            return None
        return next(
            (
                one
                for one in self.approvals
                if one.version == self.version
                and one.on <= day
                and (not one.entries or entry in one.entries)
            ),
            None,
        )
