"""Following care from need to roster: what each step takes away from which piece."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from optimizer.allocation.packages import packages_of
from optimizer.allocation.rotation import parts
from optimizer.domain.allocation import AllocationLine, AllocationLog, Finding, Lot, Unmet
from optimizer.domain.cascade import Loss, LossCode, Stage
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.plan import Plan
from optimizer.domain.reason import UnservedReason
from optimizer.matching import chosen_organisation
from optimizer.purchase.admission import Admission
from optimizer.purchase.pieces import Piece, pieces_of
from optimizer.purchase.settlement import Line, Settlement
from optimizer.travel import TravelMatrices
from optimizer.verification import Charge, account


@dataclass(frozen=True)
class Traced:
    """All pieces of care of a scenario with their losses.

    Attributes
    ----------
    pieces
        In file order of clients.
    stages
        The steps that were examined.
    against_order
        Milliseconds of care on the roster that an earlier step had turned away, by code.
    """

    pieces: tuple[Piece, ...]
    stages: tuple[Stage, ...]
    against_order: Mapping[LossCode, int]


@dataclass(frozen=True, slots=True)
class Allocated:
    """An allocation and the lots it was made by."""

    log: AllocationLog
    lots: tuple[Lot, ...]


def trace(
    admission: Admission,
    *,
    allocated: Allocated | None = None,
    plan: Plan | None = None,
    settlement: Settlement | None = None,
    matrices: TravelMatrices | None = None,
) -> Traced:
    """Follow all care that is needed through the steps that are known.

    Each lost minute is lost at exactly one step, the first that turns it away, with one code.
    What is not examined takes nothing away and is not shown.

    Parameters
    ----------
    admission
        Who is eligible, and what is paid for.
    allocated
        Which organisation cares for whom; an allocation of `admission.scenario`.
    plan
        A plan of `admission.scenario`.
    settlement
        What was delivered and is paid of that plan; not read without it.
    matrices
        Travel of that scenario; made from it if not given.
    """
    pieces = pieces_of(admission)
    stages = [Stage.NEEDED]
    if admission.office is not None:
        stages.append(Stage.ELIGIBLE)
    stages.append(Stage.FUNDED)
    charges: Mapping[str, Sequence[Charge]] = {}
    if plan is not None:
        charges = _charges(admission, plan, matrices)
    pieces = _with_organisations(admission, pieces, allocated, charges)
    if allocated is not None:
        stages.append(Stage.ASSIGNED)
        pieces = _assigned(admission, pieces, allocated, charges)
    beyond: Counter[LossCode] = Counter()
    if plan is not None:
        stages.append(Stage.PLANNED)
        for piece in pieces:
            if piece.visit in charges and not piece.left:
                beyond[piece.falls[-1].code] += piece.care
        pieces = _planned(admission, pieces, plan, charges)
    if plan is not None and settlement is not None:
        stages += [Stage.DELIVERED, Stage.VERIFIED, Stage.PAID]
        pieces = _settled(pieces, settlement)
    return Traced(pieces, tuple(stages), dict(beyond))


def _charges(
    admission: Admission, plan: Plan, matrices: TravelMatrices | None
) -> dict[str, Sequence[Charge]]:
    """Return the stops of each visit that all its carers attend."""
    # Judged against all visits: a roster may hold some that the office would not buy.
    scenario = admission.needs.scenario
    found: dict[str, list[Charge]] = {}
    for charge in account(scenario, plan, matrices).charges:
        found.setdefault(charge.visit, []).append(charge)
    carers = {visit.id: len(visit.carers) for visit in scenario.visits}
    return {
        visit: charges
        for visit, charges in found.items()
        if len({charge.carer for charge in charges}) == carers[visit]
    }


def _with_organisations(
    admission: Admission,
    pieces: Iterable[Piece],
    allocated: Allocated | None,
    charges: Mapping[str, Sequence[Charge]],
) -> tuple[Piece, ...]:
    """Name who cares for each piece: as allocated, else as chosen, else as on the roster."""
    index = ScenarioIndex.of(admission.needs.scenario)
    lines = {} if allocated is None else _lines(admission, allocated)

    def responsible(piece: Piece) -> str | None:
        client = index.client[piece.client]
        if piece.visit is None:
            return client.organisation
        line = lines.get(piece.visit)
        if line is not None and line.organisation is not None:
            return line.organisation
        chosen = chosen_organisation(client, index.visit[piece.visit])
        served = charges.get(piece.visit)
        return chosen or (served[0].organisation if served else None)

    return tuple(replace(piece, organisation=responsible(piece)) for piece in pieces)


def _lines(admission: Admission, allocated: Allocated) -> dict[str, AllocationLine]:
    """Return the line of the allocation that each visit belongs to."""
    of_package = {(line.client, line.lot): line for line in allocated.log.lines}
    lines: dict[str, AllocationLine] = {}
    for package in packages_of(ScenarioIndex.of(admission.scenario), allocated.lots):
        line = of_package.get((package.client.id, None if package.lot is None else package.lot.id))
        if line is not None:
            lines |= {visit.id: line for visit in package.visits}
    return lines


def _assigned(
    admission: Admission,
    pieces: Iterable[Piece],
    allocated: Allocated,
    charges: Mapping[str, Sequence[Charge]],
) -> tuple[Piece, ...]:
    """Take away what no organisation was found for; whoever is on the roster has found one."""
    lines = _lines(admission, allocated)

    def step(piece: Piece) -> Piece:
        line = lines.get(piece.visit or "")
        if line is None or line.unmet is None or piece.visit in charges:
            return piece
        return piece.losing(_unmet(line))

    return tuple(map(step, pieces))


def _unmet(line: AllocationLine) -> LossCode:
    """Return why nobody was found; a body that could but has no room left is told first."""
    if line.unmet is Unmet.NO_ORGANISATION:
        findings = {one.finding for one in line.tested}
        if Finding.FULL in findings:
            return Loss.FULL
        if Finding.CAP_USED in findings:
            return Loss.CAP_USED
    return line.unmet or Loss.NO_REASON


def _planned(
    admission: Admission,
    pieces: Iterable[Piece],
    plan: Plan,
    charges: Mapping[str, Sequence[Charge]],
) -> tuple[Piece, ...]:
    """Take away what is not on the roster, or only in part."""
    visits = {visit.id: visit for visit in admission.visits}
    reasons = {one.visit: one.reason for one in plan.unserved}

    def step(piece: Piece) -> Piece:
        if piece.visit is None:
            return piece
        served = charges.get(piece.visit)
        if served is None:
            return piece.losing(_reason(reasons.get(piece.visit)))
        full = sum(carer.minutes for carer in visits[piece.visit].carers)
        given = sum(charge.care for charge in served)
        # Arrival and notes take as long as ever: what is shorter is care.
        return piece.losing(Loss.SHORTENED, max(0, full - given))

    return tuple(map(step, pieces))


def _reason(code: str | None) -> LossCode:
    known = {str(one) for one in UnservedReason}
    return UnservedReason(code) if code in known else Loss.NO_REASON


def _settled(pieces: Iterable[Piece], settlement: Settlement) -> tuple[Piece, ...]:
    """Take away what was not delivered, not verified or not paid, stop by stop."""
    lines: dict[str, list[Line]] = {}
    for line in settlement.lines:
        lines.setdefault(line.planned.visit, []).append(line)
    return tuple(_with_lines(piece, lines.get(piece.visit or "", [])) for piece in pieces)


def _with_lines(piece: Piece, lines: Sequence[Line]) -> Piece:
    """Take the losses of a visit's stops off its piece; each stop has its part of the care."""
    weights = [line.planned.care for line in lines]
    if not piece.left or not sum(weights):
        return piece
    for line, rest in zip(lines, parts(piece.left, weights), strict=True):
        left = rest
        for code in line.lost:
            missing = line.planned.care - line.delivered
            lost = min(missing, left) if code is Loss.SHORT else left
            piece = piece.losing(code, lost)
            left -= lost
    return piece
