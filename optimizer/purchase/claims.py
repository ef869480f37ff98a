"""What the office claims of its decisions, short enough for a ledger and exact to the fen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from optimizer.domain.allocation import AllocationLog
from optimizer.domain.ledger import EntryKind
from optimizer.formats.ledger import Draft, canonical, content_hash
from optimizer.purchase.evaluation import Evaluation, Moved
from optimizer.purchase.settlement import Line, Settlement


def assignment_claims(log: AllocationLog) -> dict[str, JsonValue]:
    """Return who was given whom, by which step, and the hash of all lines of the log."""
    return {
        "draw": log.draw,
        "day": str(log.day),
        "mode": str(log.mode),
        "lines": [
            [one.client, one.lot, one.organisation, str(one.unmet or one.step)] for one in log.lines
        ],
        "log": _hash(log.model_dump(mode="json", exclude_none=True)),
    }


def settlement_claims(settlement: Settlement) -> dict[str, JsonValue]:
    """Return what each contract is owed, and the hash of all lines."""
    return {
        "statements": [
            {
                "contract": None if one.contract is None else one.contract.id,
                "lines": one.lines,
                "planned_fen": one.planned_fen,
                "paid_fen": one.paid_fen,
                "absence_fen": one.absence_fen,
                "deducted_fen": one.deducted_fen,
                "due_fen": one.due_fen,
            }
            for one in settlement.statements
        ],
        "doubts": len(settlement.doubts),
        "unmatched": len(settlement.unmatched),
        "lines": _hash([_line(one) for one in settlement.lines]),
    }


def evaluation_claims(evaluation: Evaluation, moved: Sequence[Moved]) -> dict[str, JsonValue]:
    """Return what each organisation came to, exactly, and what becomes of its share."""
    return {
        "first": str(evaluation.first),
        "last": str(evaluation.last),
        "results": [
            {
                "organisation": one.organisation,
                "score": None if one.score is None else str(one.score),
                "grade": None if one.grade is None else str(one.grade),
                "rated": one.rated,
            }
            for one in evaluation.results
        ],
        "shares": [[one.organisation, str(one.before), str(one.after)] for one in moved],
    }


def draft_of_assignment(log: AllocationLog, inputs: Mapping[str, str]) -> Draft:
    """Return an allocation as it is entered in a ledger.

    Parameters
    ----------
    log
        Who was given whom.
    inputs
        Hash of each document that it follows from.
    """
    return Draft(EntryKind.ASSIGNMENT, log.scenario, log.period, inputs, assignment_claims(log))


def draft_of_settlement(scenario: str, settlement: Settlement, inputs: Mapping[str, str]) -> Draft:
    """Return a settlement as it is entered in a ledger.

    Parameters
    ----------
    scenario, settlement
        What was settled.
    inputs
        Hash of each document that it follows from.
    """
    claims = settlement_claims(settlement)
    return Draft(EntryKind.SETTLEMENT, scenario, None, inputs, claims)


def draft_of_evaluation(
    office: str, evaluation: Evaluation, moved: Sequence[Moved], inputs: Mapping[str, str]
) -> Draft:
    """Return an evaluation as it is entered in a ledger.

    Parameters
    ----------
    office, evaluation, moved
        Who has evaluated, what came of it, and what becomes of shares.
    inputs
        Hash of each document that it follows from.
    """
    return Draft(
        kind=EntryKind.EVALUATION,
        subject=office,
        period=f"{evaluation.first}..{evaluation.last}",
        inputs=inputs,
        claims=evaluation_claims(evaluation, moved),
    )


def _line(line: Line) -> list[object]:
    charge = line.planned
    return [
        charge.visit, charge.carer, charge.contract, line.delivered, line.verified, line.paid,
        line.fen, line.absence_fen, [str(one) for one in line.lost],
    ]  # fmt: skip


def _hash(content: object) -> str:
    return content_hash(canonical(content).encode("utf-8"))


def differences(
    claimed: Mapping[str, JsonValue], found: Mapping[str, JsonValue]
) -> tuple[str, ...]:
    """Return the names of claims that come out otherwise; of lists with the first that does.

    Parameters
    ----------
    claimed, found
        As entered, and as worked out anew.
    """
    wrong = []
    for name in sorted({*claimed, *found}):
        old, new = claimed.get(name), found.get(name)
        if old == new:
            continue
        if isinstance(old, list) and isinstance(new, list):
            pairs = zip(old, new, strict=False)
            first = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))
            wrong.append(f"{name}[{first}]: {_at(old, first)} → {_at(new, first)}")
        else:
            wrong.append(f"{name}: {canonical(old)} → {canonical(new)}")
    return tuple(wrong)


def _at(values: list[JsonValue], place: int) -> str:
    return canonical(values[place]) if place < len(values) else "–"
