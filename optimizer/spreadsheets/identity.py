"""Numbers of Chinese identity cards: their check digit, and the age and gender they tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from optimizer.spreadsheets.sheets import Value
from optimizer.spreadsheets.word_cells import text_of

_NUMBER = re.compile(r"\d{17}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


@dataclass(frozen=True, slots=True)
class Identity:
    """What an identity number tells.

    Attributes
    ----------
    born
        Date of birth.
    gender
        ``female`` or ``male``.
    """

    born: date
    gender: str


class BadIdentityNumber(ValueError):
    """A number that is on no identity card.

    Attributes
    ----------
    key
        Key of the sentence that says what is wrong with it.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def read_identity(value: Value) -> Identity:
    """Return what an identity number tells; no message shows the number itself.

    Raises
    ------
    BadIdentityNumber
        If it has not 18 signs, no valid date, or another check digit.

    References
    ----------
    GB 11643-1999, the check digit by ISO 7064, MOD 11-2.
    """
    text = text_of(value).upper().replace(" ", "")
    if not _NUMBER.fullmatch(text):
        raise BadIdentityNumber("sheets.identity_shape")
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    if _CHECK[total % 11] != text[17]:
        raise BadIdentityNumber("sheets.identity_check")
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError as error:
        raise BadIdentityNumber("sheets.identity_date") from error
    return Identity(born, "male" if int(text[16]) % 2 else "female")


def age_on(born: date, day: date) -> int:
    """Return the age on a day, in whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
