"""Corrections of a bill: what was paid is never changed, it is reversed and paid anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from optimizer.domain.bill import Bill, BillLine, BillTotal
from optimizer.purchase.settlement import Settlement


class CorrectionKind(StrEnum):
    """What a correcting line does."""

    REVERSAL = "reversal"
    ANEW = "anew"


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of a correction.

    Attributes
    ----------
    kind
        Taking back what was paid, or paying anew.
    contract, payer, visit, carer
        What it is about; without a visit it is the deduction of a contract.
    fen
        Below 0 for what is taken back; of deductions the other way round.
    """

    kind: CorrectionKind
    contract: str | None
    payer: str | None
    visit: str | None
    carer: int
    fen: int


def bill_of(settlement: Settlement, scenario: str) -> Bill:
    """Return the bill of a settlement: lines that are paid, in its order.

    Parameters
    ----------
    settlement
        What is owed.
    scenario
        Id of the scenario that was planned.
    """
    lines = tuple(
        BillLine(
            visit=one.planned.visit,
            carer=one.planned.carer,
            payer=one.payer,
            contract=one.planned.contract,
            paid_fen=one.fen,
            absence_fen=one.absence_fen,
        )
        for one in settlement.lines
        if one.fen or one.absence_fen
    )
    totals = tuple(
        BillTotal(
            contract=None if one.contract is None else one.contract.id,
            deducted_fen=one.deducted_fen,
            due_fen=one.due_fen,
        )
        for one in settlement.statements
    )
    return Bill(scenario=scenario, lines=lines, totals=totals)


def corrections(before: Bill, after: Bill) -> tuple[Correction, ...]:
    """Return the lines that lead from what was paid to what is owed.

    A line that is owed as it was paid is not touched. Of each contract the lines add up to what it
    is owed now less what it was owed before.

    Parameters
    ----------
    before
        What was paid.
    after
        What is owed, as far as is known now.
    """
    old = {(one.visit, one.carer): one for one in before.lines}
    new = {(one.visit, one.carer): one for one in after.lines}
    made: list[Correction] = []
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            made += _of_line(old.get(key), new.get(key))
    deducted = [{one.contract: one.deducted_fen for one in bill.totals} for bill in (before, after)]
    for contract in sorted({*deducted[0], *deducted[1]}, key=lambda one: one or ""):
        was, now = (each.get(contract, 0) for each in deducted)
        if was != now:
            made += [
                Correction(CorrectionKind.REVERSAL, contract, None, None, 0, was),
                Correction(CorrectionKind.ANEW, contract, None, None, 0, -now),
            ]
    return tuple(one for one in made if one.fen)


def _of_line(old: BillLine | None, new: BillLine | None) -> Iterator[Correction]:
    for kind, line, sign in ((CorrectionKind.REVERSAL, old, -1), (CorrectionKind.ANEW, new, 1)):
        if line is not None:
            yield Correction(
                kind, line.contract, line.payer, line.visit, line.carer, sign * line.fen
            )


def transfers_of(made: tuple[Correction, ...]) -> dict[str | None, int]:
    """Return what each contract is still owed after corrections, or has to pay back."""
    of: dict[str | None, int] = defaultdict(int)
    for one in made:
        of[one.contract] += one.fen
    return dict(of)
