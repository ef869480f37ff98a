"""What a plan charges to whom, stop by stop, and how long everybody works on each day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from optimizer.domain.client import Entitlement, EntitlementUnit, Period
from optimizer.domain.contract import Contract
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.plan import Plan
from optimizer.domain.purse import begin_of, purses_of
from optimizer.domain.scenario import Scenario
from optimizer.domain.tariff import surcharges_of
from optimizer.matching import is_lent
from optimizer.travel import TravelMatrices, travel_matrices
from optimizer.units import to_ms
from optimizer.verification.charging import fen_charged
from optimizer.verification.replay import Replay, replay
from optimizer.verification.rules_accounts import fen_paid
from optimizer.verification.stop_replay import StopReplay
from optimizer.verification.terms import lending_price


@dataclass(frozen=True, slots=True)
class PurseCharge:
    """What one stop takes from one entitlement of its client.

    Attributes
    ----------
    position
        Of the entitlement among the client's.
    payer, period, begins
        Who grants it, for how long, and when the period of the stop begins.
    unit
        What `amount` counts: minutes (then in milliseconds), visits (1 for the first carer's
        stop, else 0) or fen.
    amount
        What is taken.
    """

    position: int
    payer: str
    period: Period
    begins: dt.date
    unit: EntitlementUnit
    amount: int


@dataclass(frozen=True, slots=True)
class Charge:
    """One stop and what it charges to whom.

    Attributes
    ----------
    visit, client, carer, caregiver, organisation
        Ids; the organisation is the caregiver's employer, None for nobody.
    date, start, care
        Day, start since its midnight, and care given, in milliseconds.
    services
        What this carer does.
    contract, fen
        The contract charged and its price for the stop, rounded down; None and 0 for none.
    surcharges
        Kinds of the contract's surcharges that are in the price.
    lending_fen
        What the employer is owed for lending the caregiver, rounded down; 0 if not lent.
    is_lent
        Whether the client has chosen another organisation than the caregiver's.
    purses
        What the client's entitlements are charged.
    """

    visit: str
    client: str
    carer: int
    caregiver: str
    organisation: str | None
    date: dt.date
    start: int
    care: int
    services: tuple[str, ...]
    contract: str | None
    fen: int
    surcharges: tuple[str, ...]
    lending_fen: int
    is_lent: bool
    purses: tuple[PurseCharge, ...]


@dataclass(frozen=True, slots=True)
class WorkDay:
    """One caregiver's day: stops, and milliseconds of work (care and travel between visits)."""

    caregiver: str
    date: dt.date
    stops: int
    care: int
    work: int


@dataclass(frozen=True, slots=True)
class Account:
    """Everything a plan charges, and everybody's work.

    Attributes
    ----------
    charges
        By date, start, visit and carer.
    days
        By caregiver in file order, then by date; days without a stop are absent.
    """

    charges: tuple[Charge, ...]
    days: tuple[WorkDay, ...]


def account(scenario: Scenario, plan: Plan, matrices: TravelMatrices | None = None) -> Account:
    """Return what a plan charges, by the same arithmetic as the verifier's caps.

    Parameters
    ----------
    scenario
        A scenario without faults.
    plan
        Any plan; stops that cannot be understood are left out, as by `verify`.
    matrices
        Travel matrices of `scenario`; made from it if not given.
    """
    roads = travel_matrices(scenario) if matrices is None else matrices
    played = replay(ScenarioIndex.of(scenario), scenario, plan, roads)
    contract_of = {
        (stop.visit.id, stop.stop.carer): contract
        for contract, stops in played.charged_to.items()
        for stop in stops
    }
    charges = [
        _charge(played, stop, contract_of.get((stop.visit.id, stop.stop.carer)))
        for stop in played.stops()
    ]
    return Account(
        charges=tuple(sorted(charges, key=lambda one: (one.date, one.start, one.visit, one.carer))),
        days=tuple(_days(played)),
    )


def _charge(played: Replay, stop: StopReplay, contract: str | None) -> Charge:
    tpm = played.scenario.ticks_per_minute
    price = next((one for one in played.scenario.contracts if one.id == contract), None)
    lent = is_lent(played.index, stop.visit, stop.caregiver)
    owed = lending_price(played, stop.caregiver) * stop.care // (60 * tpm) if lent else 0
    return Charge(
        visit=stop.visit.id,
        client=stop.client.id,
        carer=stop.stop.carer,
        caregiver=stop.caregiver.id,
        organisation=stop.caregiver.organisation,
        date=stop.date,
        start=to_ms(stop.start, tpm),
        care=to_ms(stop.care, tpm),
        services=stop.visit.services_of(stop.stop.carer),
        contract=contract,
        fen=0 if price is None else fen_charged(stop, price, tpm),
        surcharges=() if price is None else _surcharges(stop, price),
        lending_fen=owed,
        is_lent=lent,
        purses=tuple(_purse_charges(played, stop)),
    )


def _surcharges(stop: StopReplay, contract: Contract) -> tuple[str, ...]:
    carried = surcharges_of(contract, stop.client, stop.visit, stop.date)
    # What is paid once is in the price of the first carer's stop.
    return tuple(one.kind for one in carried if one.percent or stop.stop.carer == 1)


def _purse_charges(played: Replay, stop: StopReplay) -> list[PurseCharge]:
    return [
        PurseCharge(
            position=position,
            payer=granted.payer,
            period=granted.period,
            begins=begin_of(granted.period, stop.date) or played.scenario.horizon.start,
            unit=granted.unit,
            amount=_taken(played, stop, granted),
        )
        for position, granted in purses_of(stop.client, stop.visit)
    ]


def _taken(played: Replay, stop: StopReplay, granted: Entitlement) -> int:
    if granted.unit is EntitlementUnit.MINUTES:
        return to_ms(stop.care, played.scenario.ticks_per_minute)
    if granted.unit is EntitlementUnit.VISITS:
        return int(stop.stop.carer == 1)
    return fen_paid(played, stop, granted)


def _days(played: Replay) -> list[WorkDay]:
    tpm = played.scenario.ticks_per_minute
    order = {one.id: row for row, one in enumerate(played.scenario.caregivers)}
    return [
        WorkDay(
            caregiver=caregiver,
            date=date,
            stops=sum(len(route.stops) for route in routes),
            care=to_ms(sum(route.care for route in routes), tpm),
            work=to_ms(sum(route.work for route in routes), tpm),
        )
        for (caregiver, date), routes in sorted(
            played.routes_on.items(), key=lambda item: (order[item[0][0]], item[0][1])
        )
    ]
