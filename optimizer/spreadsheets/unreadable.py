"""What is wrong with one cell, before anybody knows which cell it is."""

from __future__ import annotations

from optimizer.i18n import Sentence, say
from optimizer.spreadsheets.codes import CellFault


class UnreadableCell(ValueError):
    """A cell that does not hold what its column asks for.

    Attributes
    ----------
    fault
        The code.
    fields
        Fields of the sentence.
    sentence
        What is wrong and what would mend it, to follow the name of the cell.
    """

    def __init__(self, fault: CellFault, key: str, **fields: object) -> None:
        self.fault = fault
        self.fields = fields
        self.sentence: Sentence = say(key, **fields)
        super().__init__(self.sentence)


def shown(value: object) -> str:
    """Return what a message may show of a cell: its beginning, on one line."""
    text = " ".join(str(value).split())
    return text if len(text) <= 24 else text[:20] + " ..."
