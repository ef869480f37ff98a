"""The rules of an allocation against the scenario: known names, shares that can be kept."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from itertools import combinations

from optimizer.domain.allocation import AllocationPolicy, Lot
from optimizer.domain.contract import Contract
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.errors import Fault
from optimizer.formats.checks.repeats import repeated
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import Findings, finding
from optimizer.i18n import say

WHOLE = 100
"Per cent."
_FARTHEST = 366
"So many days lie at most between offers and the first day planned."


def check_allocation(policy: AllocationPolicy, scenario: Scenario) -> Findings:
    """Check that the rules name what there is, do not contradict, and promise what can be kept.

    Parameters
    ----------
    policy
        The rules.
    scenario
        With its visits.
    """
    checks = (_names, _repeats, _bodies, _overlaps, _wishes, _shares, _offers)
    return Findings(
        faults=(
            *(fault for check in checks for fault in check(policy, scenario)),
            *_caps(scenario),
            *_towns(scenario),
        )
    )


def _names(policy: AllocationPolicy, scenario: Scenario) -> Iterator[Fault]:
    organisations = {body.id for body in scenario.organisations}
    clients = {client.id for client in scenario.clients}
    lots = {lot.id for lot in policy.lots} or {"all"}

    def organisation(place: str, name: str) -> Iterator[Fault]:
        if name not in organisations:
            message = say("fault.unknown-organisation", name=name)
            yield finding(place, FaultCode.UNKNOWN_ORGANISATION, message)

    def client(place: str, name: str) -> Iterator[Fault]:
        if name not in clients:
            yield finding(place, FaultCode.UNKNOWN_CLIENT, say("fault.unknown-client", name=name))

    def lot(place: str, name: str | None) -> Iterator[Fault]:
        if name is not None and name not in lots:
            yield finding(place, FaultCode.UNKNOWN_LOT, say("fault.unknown-lot", name=name))

    for n, body in enumerate(policy.bodies):
        yield from organisation(f"bodies[{n}].organisation", body.organisation)
    for n, wish in enumerate(policy.wishes):
        yield from client(f"wishes[{n}].client", wish.client)
        yield from lot(f"wishes[{n}].lot", wish.lot)
        for field, named in (("ranked", wish.ranked), ("refused", wish.refused)):
            for k, name in enumerate(named):
                yield from organisation(f"wishes[{n}].{field}[{k}]", name)
    for n, decline in enumerate(policy.declines):
        yield from client(f"declines[{n}].client", decline.client)
        yield from lot(f"declines[{n}].lot", decline.lot)
        yield from organisation(f"declines[{n}].organisation", decline.organisation)
    answers = () if policy.offers is None else policy.offers.answers
    for n, answer in enumerate(answers):
        yield from client(f"offers.answers[{n}].client", answer.client)
        yield from lot(f"offers.answers[{n}].lot", answer.lot)
        yield from organisation(f"offers.answers[{n}].organisation", answer.organisation)
    for n, account in enumerate(policy.accounts):
        yield from lot(f"accounts[{n}].lot", account.lot)
        yield from organisation(f"accounts[{n}].organisation", account.organisation)


def _repeats(policy: AllocationPolicy, _scenario: Scenario) -> Iterator[Fault]:
    said: tuple[tuple[str, Iterable[Hashable]], ...] = (
        ("steps", policy.steps),
        ("lots", (lot.id for lot in policy.lots)),
        ("bodies", (body.organisation for body in policy.bodies)),
        ("wishes", ((wish.client, wish.lot) for wish in policy.wishes)),
        ("declines", ((one.client, one.lot, one.organisation) for one in policy.declines)),
        ("accounts", ((one.lot, one.town, one.organisation) for one in policy.accounts)),
    )
    for section, keys in said:
        first: dict[Hashable, int] = {}
        for n, key in enumerate(keys):
            if key in first:
                message = say("fault.said-twice", section=section, position=first[key])
                yield finding(f"{section}[{n}]", FaultCode.SAID_TWICE, message)
            first.setdefault(key, n)


def _bodies(policy: AllocationPolicy, _scenario: Scenario) -> Iterator[Fault]:
    for n, body in enumerate(policy.bodies):
        for k, licence in enumerate(body.licences):
            yield from _reversed(f"bodies[{n}].licences[{k}].end", licence.start, licence.end)
        if body.radius_km is not None and body.base is None:
            message = say("fault.missing-field.base")
            yield finding(f"bodies[{n}].base", FaultCode.MISSING_FIELD, message)
        for k, halt in enumerate(body.halts):
            yield from _reversed(f"bodies[{n}].halts[{k}].end", halt.start, halt.end)


def _reversed(place: str, start: dt.date, end: dt.date | None) -> Iterator[Fault]:
    if end is not None and end < start:
        message = say("fault.period-reversed", start=start, end=end)
        yield finding(place, FaultCode.PERIOD_REVERSED, message)


def _overlaps(policy: AllocationPolicy, _scenario: Scenario) -> Iterator[Fault]:
    """A service in a town may belong to one lot only: whose turn it is would depend on files."""
    for (n, one), (k, other) in combinations(enumerate(policy.lots), 2):
        if _meet(one.towns, other.towns) and _meet(one.services, other.services):
            message = say("fault.lots-overlap", other=one.id, position=n)
            yield finding(f"lots[{k}]", FaultCode.LOTS_OVERLAP, message)


def _meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not one or not other or not set(one).isdisjoint(other)


def _wishes(policy: AllocationPolicy, _scenario: Scenario) -> Iterator[Fault]:
    for n, wish in enumerate(policy.wishes):
        seen = set[str]()
        for k, name in enumerate(wish.ranked):
            place = f"wishes[{n}].ranked[{k}]"
            if name in wish.refused:
                message = say("fault.ranked-and-refused", name=name)
                yield finding(place, FaultCode.RANKED_AND_REFUSED, message)
            elif name in seen:
                message = say("fault.ranked-twice", name=name)
                yield finding(place, FaultCode.SAID_TWICE, message)
            seen.add(name)


def _offers(policy: AllocationPolicy, scenario: Scenario) -> Iterator[Fault]:
    """Yield moments of offers that cannot be, and answers that contradict themselves."""
    offers = policy.offers
    if offers is None:
        return
    if offers.closes <= offers.opens:
        yield finding("offers.closes", FaultCode.HOURS_REVERSED, say("fault.hours-reversed"))
    if offers.known_until < offers.first:
        message = say(
            "fault.period-reversed", start=offers.first.isoformat(" ", "minutes"),
            end=offers.known_until.isoformat(" ", "minutes"),
        )  # fmt: skip
        yield finding("offers.known_until", FaultCode.PERIOD_REVERSED, message)
    start = scenario.horizon.start
    if abs((offers.first.date() - start).days) > _FARTHEST:
        message = say("fault.offers-far", day=offers.first.date(), start=start)
        yield finding("offers.first", FaultCode.OFFERS_FAR, message)
    yield from repeated(
        "answers", ((one.client, one.lot, one.organisation) for one in offers.answers), "offers."
    )
    for n, answer in enumerate(offers.answers):
        if answer.accepts and answer.ground is not None:
            message = say("fault.ground-of-acceptance", ground=answer.ground)
            yield finding(f"offers.answers[{n}].ground", FaultCode.GROUND_OF_ACCEPTANCE, message)
        if answer.at < offers.first:
            message = say("fault.answer-before-offer", first=offers.first.isoformat(" ", "minutes"))
            yield finding(f"offers.answers[{n}].at", FaultCode.ANSWER_BEFORE_OFFER, message)


def _shares(policy: AllocationPolicy, scenario: Scenario) -> Iterator[Fault]:
    """What a queue's organisations are promised, by policy or contract, is at most the whole."""
    promised = {body.organisation: body.share for body in policy.bodies if body.share is not None}
    towns = {client.town for client in scenario.clients}
    lots = policy.lots or (Lot(id="all"),)
    for lot in lots:
        for town in sorted(towns, key=lambda town: town or ""):
            if lot.towns and town not in lot.towns:
                continue
            shares: dict[str, float] = {}
            for body in scenario.organisations:
                own = [one for one in scenario.contracts if _is_in(one, body.id, town, lot)]
                if own or not scenario.contracts:
                    shares[body.id] = promised.get(
                        body.id, max((one.min_share for one in own), default=0)
                    )
            total = round(sum(shares.values()), 4)
            if total > WHOLE:
                names = tuple(name for name, share in shares.items() if share)
                message = say(
                    "fault.shares-over-whole",
                    total=f"{total:g}", lot=lot.id, town=town or "-", names=names,
                )  # fmt: skip
                yield finding("bodies", FaultCode.SHARES_OVER_WHOLE, message)


def _is_in(contract: Contract, organisation: str, town: str | None, lot: Lot) -> bool:
    return (
        contract.organisation == organisation
        and (not contract.towns or town in contract.towns)
        and _meet(contract.services, lot.services)
    )


def _caps(scenario: Scenario) -> Iterator[Fault]:
    """A contract that promises a share has a cap that leaves room for it."""
    town = {client.id: client.town for client in scenario.clients}
    care: dict[int, int] = defaultdict(int)
    for visit in scenario.visits:
        minutes = sum(carer.minutes for carer in visit.carers)
        for n, contract in enumerate(scenario.contracts):
            if contract.min_share and _covers(contract, visit, town.get(visit.client)):
                care[n] += minutes
    for n, contract in enumerate(scenario.contracts):
        promised = care[n] * contract.min_share // WHOLE
        if contract.left is not None and contract.left < promised:
            message = say(
                "fault.cap-below-share",
                id=contract.id,
                cap=contract.left // 60_000,
                share=contract.min_share,
                promised=promised // 60_000,
            )
            yield finding("", FaultCode.CAP_BELOW_SHARE, message)


def _towns(scenario: Scenario) -> Iterator[Fault]:
    """Contracts of an organisation cover a town of somebody who has chosen it."""
    for body in scenario.organisations:
        towns = {client.town for client in scenario.clients if client.organisation == body.id}
        own = [one for one in scenario.contracts if one.organisation == body.id]
        if own and towns and all(one.towns and not towns & set(one.towns) for one in own):
            message = say(
                "fault.contract-without-clients",
                names=tuple(one.id for one in own),
                organisation=body.id,
                towns=tuple(sorted(town or "-" for town in towns)),
            )
            yield finding("", FaultCode.CONTRACT_WITHOUT_CLIENTS, message)


def _covers(contract: Contract, visit: Visit, town: str | None) -> bool:
    return (not contract.towns or town in contract.towns) and (
        not contract.services or set(visit.services) <= set(contract.services)
    )
