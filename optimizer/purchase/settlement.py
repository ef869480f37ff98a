"""What is paid for what was delivered: a line per stop, to the fen of its contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from optimizer.domain.cascade import Loss
from optimizer.domain.contract import Contract
from optimizer.domain.delivery import (
    Deliveries,
    Delivery,
    Doubt,
    Effect,
    Occurrence,
    Outcome,
    Terms,
)
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Priority
from optimizer.domain.tariff import FREE, Tariff, tariff_of
from optimizer.domain.time_bank import PAYER
from optimizer.purchase.admission import Admission
from optimizer.purchase.evidence import Doubted, doubts
from optimizer.travel import TravelMatrices
from optimizer.verification import Charge, account

_WHOLE = 100
_LOSS_OF: Mapping[Occurrence, Loss] = {
    Occurrence.CLIENT_CANCELLED: Loss.CLIENT_CANCELLED,
    Occurrence.CLIENT_AWAY: Loss.CLIENT_AWAY,
    Occurrence.HOSPITAL: Loss.HOSPITAL,
    Occurrence.CARER_MISSED: Loss.CARER_MISSED,
}
_AWAY = frozenset({Occurrence.CLIENT_CANCELLED, Occurrence.CLIENT_AWAY})


@dataclass(frozen=True, slots=True)
class Line:
    """One carer at one visit, from the roster to the money.

    Attributes
    ----------
    planned
        The stop of the roster and the contract it is charged to.
    payer
        The purse of the visit.
    given
        What is known of it; None without a record.
    delivered
        Milliseconds that count as delivered: as planned where nearly all was given, else what was
        given, never more than planned.
    verified
        Milliseconds that nothing speaks against.
    paid
        Milliseconds that are paid.
    fen
        Their price, rounded down as the contract's cap is counted.
    lost
        Why less is paid than was planned, by step; empty if all is.
    absence_fen
        Paid because the client was away without notice.
    held_fen
        What would be paid, before the contract's caps, if all that is doubted were explained.
    """

    planned: Charge
    payer: str | None
    given: Delivery | None
    delivered: int
    verified: int
    paid: int
    fen: int
    lost: tuple[Loss, ...]
    absence_fen: int = 0
    held_fen: int = 0

    @property
    def occurrence(self) -> Occurrence | None:
        """Whether it took place, and if not, why; None without a record."""
        return None if self.given is None else self.given.occurrence


@dataclass(frozen=True, slots=True)
class Statement:
    """What one contract is owed.

    Attributes
    ----------
    contract
        The contract; None for stops that no contract covers.
    lines
        How many.
    planned_fen, paid_fen
        As rostered, and for what was delivered.
    absence_fen
        For clients who were away without notice.
    deducted_fen
        For visits that the organisation missed, limited by the terms.
    held_fen
        Not paid until somebody has ruled on what is doubted; no part of what is due.
    """

    contract: Contract | None
    lines: int
    planned_fen: int
    paid_fen: int
    absence_fen: int
    deducted_fen: int
    held_fen: int

    @property
    def due_fen(self) -> int:
        """What is to be transferred."""
        return self.paid_fen + self.absence_fen - self.deducted_fen


@dataclass(frozen=True)
class Settlement:
    """The roster of some days, settled.

    Attributes
    ----------
    lines
        Of all stops of the roster, by date, start, visit and carer.
    statements
        Per contract in the order of the scenario; what no contract covers comes last.
    doubts
        What is doubted.
    unmatched
        Deliveries of stops that are not on the roster: paid nothing, never dropped.
    """

    lines: tuple[Line, ...]
    statements: tuple[Statement, ...]
    doubts: tuple[Doubted, ...]
    unmatched: tuple[Delivery, ...]


def settle(
    admission: Admission,
    plan: Plan,
    deliveries: Deliveries,
    terms: Terms,
    matrices: TravelMatrices | None = None,
) -> Settlement:
    """Settle a roster with what was delivered.

    Each stop is a line. What was delivered as planned is paid as planned, to the fen that the
    verifier charges the contract for it; nothing is ever paid above the plan.

    Parameters
    ----------
    admission
        The scenario, and what the office knows of its clients.
    plan
        The roster that was in force.
    deliveries
        What took place, checked against the scenario.
    terms
        By what is paid and doubted.
    matrices
        Travel of the scenario; made from it if not given.
    """
    scenario = admission.needs.scenario
    index = ScenarioIndex.of(scenario)
    charges = account(scenario, plan, matrices).charges
    rostered = {(one.visit, one.carer): one for one in charges}
    given = {(one.visit, one.carer): one for one in deliveries.deliveries}
    doubted = doubts(index, deliveries, rostered, admission.found, terms)
    held = _held(doubted, deliveries)
    lines = [
        _line(index, admission, charge, given.get((charge.visit, charge.carer)), held, terms)
        for charge in charges
    ]
    lines = _with_absences(_within_caps(lines, index), terms)
    statements = _statements(lines, index, scenario.contracts, terms)
    unmatched = tuple(one for key, one in sorted(given.items()) if key not in rostered)
    return Settlement(tuple(lines), tuple(statements), doubted, unmatched)


Key = tuple[str, int]


def _held(doubted: Iterable[Doubted], deliveries: Deliveries) -> dict[Key, Loss]:
    """Return what is not paid: doubts that hold, until a ruling has explained each of them."""
    ruled = {(one.visit, one.carer, one.doubt): one.outcome for one in deliveries.rulings}
    # A ruling may uphold what nobody has found: a complaint, a call by telephone.
    held = {
        (visit, carer): Loss.REJECTED
        for (visit, carer, _), outcome in ruled.items()
        if outcome is Outcome.UPHELD
    }
    for one in doubted:
        if one.effect is not Effect.HOLD or one.visit is None:
            continue
        if ruled.get((one.visit, one.carer, one.doubt)) is not Outcome.EXPLAINED:
            held.setdefault((one.visit, one.carer), Loss.UNVERIFIED)
    return held


def _line(
    index: ScenarioIndex,
    admission: Admission,
    charge: Charge,
    given: Delivery | None,
    held: Mapping[Key, Loss],
    terms: Terms,
) -> Line:
    payer = index.visit[charge.visit].payer
    price = _price(index, charge, payer, terms)
    if payer == PAYER or any(one.payer == payer for one in terms.prices):
        charge = replace(charge, fen=(price or FREE).fen(charge.care))
    if given is None or given.occurrence is not Occurrence.DONE:
        why = Loss.NO_RECORD if given is None else _LOSS_OF[given.occurrence]
        return Line(charge, payer, given, 0, 0, 0, 0, (why,))
    actual = max(0, (given.end or 0) - (given.start or 0))
    is_full = actual * _WHOLE >= terms.full_percent * charge.care
    delivered = charge.care if is_full else actual
    lost: list[Loss] = [] if is_full else [Loss.SHORT]
    enough = actual * _WHOLE >= terms.least_percent * charge.care
    if given.ended_by_client:
        enough = enough or actual >= terms.least_if_ended
    fen = price.fen(delivered) if enough and price is not None else 0
    refusal = held.get((charge.visit, charge.carer))
    if charge.visit in admission.refused:
        refusal = Loss.REJECTED
    if refusal is not None:
        held_fen = fen if refusal is Loss.UNVERIFIED else 0
        return Line(
            charge, payer, given, delivered, 0, 0, 0, (*lost, refusal), held_fen=held_fen
        )  # fmt: skip
    if not enough:
        return Line(charge, payer, given, delivered, delivered, 0, 0, (*lost, Loss.TOO_SHORT))
    if price is None:
        return Line(charge, payer, given, delivered, delivered, 0, 0, (*lost, Loss.NO_PRICE))
    return Line(charge, payer, given, delivered, delivered, delivered, fen, tuple(lost))


def _price(index: ScenarioIndex, charge: Charge, payer: str | None, terms: Terms) -> Tariff | None:
    """Return what the payer pays for a stop, else the contract's price; None without one."""
    if payer == PAYER:
        # Minutes of a time bank are paid in minutes: nobody owes money for them as well.
        return FREE
    contract = next((one for one in index.scenario.contracts if one.id == charge.contract), None)
    if contract is None:
        return None
    own = [
        one for one in terms.prices if one.payer == payer and one.contract in {None, contract.id}
    ]
    if not own:
        return _by_contract(index, charge, contract)
    return next(
        (
            Tariff(0, _WHOLE * one.fen_per_hour)
            for one in own
            if (not one.services or set(charge.services) <= set(one.services))
            and one.start <= charge.date
            and (one.end is None or charge.date <= one.end)
        ),
        None,
    )


def _by_contract(index: ScenarioIndex, charge: Charge, contract: Contract) -> Tariff:
    """Return what a stop costs by the price book of a contract."""
    client, visit = index.client[charge.client], index.visit[charge.visit]
    return tariff_of(contract, client, visit, charge.carer, charge.date)


def _within_caps(lines: Sequence[Line], index: ScenarioIndex) -> list[Line]:
    """Pay each contract's lines in order while they stay within its caps."""
    cap_of = {one.id: one for one in index.scenario.contracts}
    used: dict[str, tuple[int, int, int]] = {}
    settled = []
    for line in lines:
        contract = cap_of.get(line.planned.contract or "")
        if contract is None or not line.paid:
            settled.append(line)
            continue
        care, visits, fen = used.get(contract.id, (0, 0, 0))
        # The roster was planned by the contract's price; whoever pays more may not pass the cap.
        counted = max(line.fen, _by_contract(index, line.planned, contract).fen(line.paid))
        after = care + line.paid, visits + (line.planned.carer == 1), fen + counted
        caps = contract.left, contract.left_visits, contract.left_fen
        if all(cap is None or amount <= cap for amount, cap in zip(after, caps, strict=True)):
            used[contract.id] = after
            settled.append(line)
        else:
            settled.append(replace(line, paid=0, fen=0, lost=(*line.lost, Loss.OVER_CAP)))
    return settled


def _with_absences(lines: Sequence[Line], terms: Terms) -> list[Line]:
    """Pay a part of the first visit in a month that a client missed without notice."""
    told = set[tuple[str, int, int]]()
    settled = []
    for line in lines:
        given, day = line.given, line.planned.date
        month = line.planned.client, day.year, day.month
        is_owed = given is not None and given.occurrence in _AWAY and not given.notice
        if is_owed and month not in told and line.planned.fen:
            told.add(month)
            part = line.planned.fen * terms.absence_percent // _WHOLE
            settled.append(replace(line, absence_fen=part))
        else:
            settled.append(line)
    return settled


def _statements(
    lines: Sequence[Line], index: ScenarioIndex, contracts: Iterable[Contract], terms: Terms
) -> Iterator[Statement]:
    of: dict[str | None, list[Line]] = {}
    for line in lines:
        of.setdefault(line.planned.contract, []).append(line)
    for contract in (*contracts, None):
        own = of.get(None if contract is None else contract.id, [])
        if not own and contract is None:
            continue
        paid = sum(line.fen for line in own)
        missed = sum(_deduction(line, index, terms) for line in own)
        yield Statement(
            contract=contract,
            lines=len(own),
            planned_fen=sum(line.planned.fen for line in own),
            paid_fen=paid,
            absence_fen=sum(line.absence_fen for line in own),
            deducted_fen=min(missed, paid * terms.most_deducted_percent // _WHOLE),
            held_fen=sum(line.held_fen for line in own),
        )


def _deduction(line: Line, index: ScenarioIndex, terms: Terms) -> int:
    """Return what a visit that the organisation missed takes off, before the limit."""
    if line.occurrence is not Occurrence.CARER_MISSED:
        return 0
    is_critical = index.visit[line.planned.visit].priority is Priority.CRITICAL
    percent = terms.missed_critical_percent if is_critical else terms.missed_percent
    return line.planned.fen * percent // _WHOLE


def upheld_rates(
    settlement: Settlement, deliveries: Deliveries
) -> dict[Doubt, tuple[int, int, int]]:
    """Return per doubt how often it came up, was ruled on, and was upheld."""
    raised: dict[Doubt, int] = {}
    for one in settlement.doubts:
        raised[one.doubt] = raised.get(one.doubt, 0) + 1
    rates = {}
    for doubt in Doubt:
        ruled = [one for one in deliveries.rulings if one.doubt is doubt]
        upheld = sum(one.outcome is Outcome.UPHELD for one in ruled)
        if ruled or doubt in raised:
            rates[doubt] = raised.get(doubt, 0), len(ruled), upheld
    return rates
