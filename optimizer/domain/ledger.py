"""The ledger of a purchaser's office: what was decided, one entry after the other."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from optimizer.domain.record import Code, Id, Record

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 in hexadecimal digits."""


class EntryKind(StrEnum):
    """What an entry decides."""

    ASSIGNMENT = "assignment"
    SETTLEMENT = "settlement"
    EVALUATION = "evaluation"


class EntryBody(Record):
    """What one entry says; its hash is over this and the hash of the entry before."""

    version: Literal["1"] = "1"
    number: Annotated[int, Field(ge=1)]
    "Place in the ledger, from 1."
    kind: EntryKind
    subject: Id
    "What it decides about: a scenario."
    period: Code | None = None
    "The period allocated."
    corrects: Annotated[int, Field(ge=1)] | None = None
    "Number of the entry that it takes the place of; that one stays."
    reason: Annotated[str, Field(min_length=3, max_length=200)] | None = None
    "Why it was corrected."
    inputs: dict[Code, Hash]
    "Hash of each file that it follows from, by what the file is."
    claims: dict[str, JsonValue]
    "What was decided."


class Entry(Record):
    """One line of a ledger.

    References
    ----------
    Haber S, Stornetta WS (1991). How to time-stamp a digital document. Journal of Cryptology 3,
    99-111.
    """

    body: EntryBody
    previous: Hash
    "Hash of the entry before; zeros of the first."
    hash: Hash
    "SHA-256 of `previous` and of `body` as canonical JSON, one behind the other."
