"""Clients who change their organisation: why, from when on, and what the change costs them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from optimizer.domain.allocation import AllocationLine, AllocationLog, Finding, Step
from optimizer.domain.evaluation import EvaluationTerms
from optimizer.domain.scenario import Scenario
from optimizer.purchase.evaluation.working_days import after_working_days

NOTICE_DAYS = 10
"Working days between telling the client and the change."
FORCED_WITHIN = 30
"Days within which clients of an organisation that must be left have moved."
_FORCED = frozenset({Finding.EXCLUDED, Finding.PERMIT_EXPIRED, Finding.NO_CONTRACT})


class MoveReason(StrEnum):
    """Why a client changes, where nothing was found against the organisation so far."""

    CHOSEN = "chosen"
    NOT_KEPT = "not_kept"


@dataclass(frozen=True, slots=True)
class ClientMove:
    """One client who changes the organisation for one lot.

    Attributes
    ----------
    client, lot
        Who, and for which services; None for all.
    before, after
        Organisations; `after` is None where nobody was found, and care stays where it is so far.
    why
        What was found against `before`, or why else.
    is_critical
        Whether critical care goes on without a gap until the change.
    earliest
        First day of the change: so many working days after the client is told.
    latest
        Last day, where the organisation must be left; None where the client has chosen.
    left_behind, found_again
        Caregivers whom the client knows, of the organisation before and of the one after.
    """

    client: str
    lot: str | None
    before: str
    after: str | None
    why: Finding | MoveReason
    is_critical: bool
    earliest: dt.date
    latest: dt.date | None
    left_behind: tuple[str, ...]
    found_again: tuple[str, ...]


def moves_of(
    log: AllocationLog,
    scenario: Scenario,
    terms: EvaluationTerms,
    notice_days: int = NOTICE_DAYS,
) -> tuple[ClientMove, ...]:
    """Return who changes the organisation by an allocation, in the order of its lines.

    Parameters
    ----------
    log
        Lines with the organisation before and after, and what was found.
    scenario
        Caregivers, and whom clients know.
    terms
        Holidays, and weekends on which people work.
    notice_days
        Working days between telling and change.
    """
    employer = {one.id: one.organisation for one in scenario.caregivers}
    known: dict[str, list[str]] = {}
    for one in scenario.history:
        known.setdefault(one.client, []).append(one.caregiver)
    earliest = after_working_days(log.day, notice_days, terms)
    made = []
    for line in log.lines:
        before = line.previous
        if before is None or line.organisation == before:
            continue
        why = _why(line, before)
        is_forced = why in _FORCED
        familiar = known.get(line.client, [])
        made.append(
            ClientMove(
                client=line.client,
                lot=line.lot,
                before=before,
                after=line.organisation,
                why=why,
                is_critical=line.critical,
                earliest=earliest,
                latest=max(earliest, log.day + dt.timedelta(days=FORCED_WITHIN))
                if is_forced
                else None,
                left_behind=_of(familiar, before, employer),
                found_again=_of(familiar, line.organisation, employer),
            )
        )
    return tuple(made)


def _why(line: AllocationLine, before: str) -> Finding | MoveReason:
    found = next((one.finding for one in line.tested if one.organisation == before), None)
    if found is not None:
        return found
    return MoveReason.CHOSEN if line.step is Step.CHOICE else MoveReason.NOT_KEPT


def _of(
    familiar: Sequence[str], organisation: str | None, employer: dict[str, str | None]
) -> tuple[str, ...]:
    if organisation is None:
        return ()
    return tuple(sorted({one for one in familiar if employer.get(one) == organisation}))
