"""A bill: what was paid for each stop of a roster, kept so that it can be corrected later."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.record import Code, Id, Record

Fen = Annotated[int, Field(ge=0, le=10**15)]


class BillLine(Record):
    """What one stop was paid, from one purse, under one contract."""

    visit: Id
    carer: Annotated[int, Field(ge=1, le=2)] = 1
    payer: Code | None = None
    contract: Id | None = None
    paid_fen: Fen = 0
    absence_fen: Fen = 0

    @property
    def fen(self) -> int:
        """What was paid for it in all."""
        return self.paid_fen + self.absence_fen


class BillTotal(Record):
    """What one contract is owed: its lines, less what is deducted for visits missed."""

    contract: Id | None = None
    deducted_fen: Fen = 0
    due_fen: int


class Bill(Record):
    """The bill of a roster: lines that are paid, and what each contract is owed."""

    format: Literal["homecare-bill"] = "homecare-bill"
    version: Literal["1"] = "1"
    scenario: Id
    lines: tuple[BillLine, ...] = ()
    totals: tuple[BillTotal, ...] = ()
