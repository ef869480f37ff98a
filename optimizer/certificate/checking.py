"""A certificate judged afresh: each number is worked out again, none is believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy import int64

from optimizer.certificate.alone import impossible
from optimizer.certificate.balance import Balance, stops_of
from optimizer.certificate.certificate import Certificate, ShiftAmount, UnservedProof, least_of
from optimizer.certificate.form import Form
from optimizer.certificate.hours import Blocks, measured
from optimizer.certificate.relaxation import Relaxation
from optimizer.certificate.route_limits import most_of_routes
from optimizer.certificate.tabulate import tables_of
from optimizer.certificate.weeks import Weeks
from optimizer.domain.scenario import Scenario
from optimizer.travel import TravelMatrices


def objections(
    scenario: Scenario, proof: UnservedProof, matrices: TravelMatrices | None = None
) -> tuple[str, ...]:
    """Return what does not hold in certificates; nothing if all are proofs.

    An amount that a visit asks for may be smaller, and one that a shift can give may be larger
    than it has to be: that only proves less.

    Parameters
    ----------
    scenario
        The scenario that they speak of, its visits derived.
    proof
        The certificates, whoever made them.
    matrices
        Its travel matrices; made from it if not given.

    Returns
    -------
    tuple of str
        English sentences.
    """
    relaxation = Relaxation.of(scenario, matrices)
    return tuple(_all(relaxation, proof))


def _all(relaxation: Relaxation, proof: UnservedProof) -> Iterator[str]:
    if proof.scenario != relaxation.index.scenario.id:
        yield f"It speaks of {proof.scenario}, not of {relaxation.index.scenario.id}."
        return
    named = [one.visit for part in proof.parts for one in part.visits]
    if len(set(named)) < len(named):
        yield "Two certificates, or one twice, speak of the same visit."
        return
    unknown = [visit for visit in named if visit not in relaxation.index.visit]
    if unknown:
        yield f"There is no visit {unknown[0]}."
        return
    if proof.least_unserved > sum(part.least_unserved for part in proof.parts):
        yield "The certificates do not add up to the number of visits."
    if proof.least_weight > sum(part.least_weight for part in proof.parts):
        yield "The certificates do not add up to the weight."
    found = [
        f"Certificate {number}: {words}"
        for number, part in enumerate(proof.parts, 1)
        for words in _one(relaxation, part)
    ]
    yield from found
    if not found and proof.tables and proof.tables != tables_of(relaxation, proof):
        yield "The tables are not those of the scenario and the certificates."


def _one(relaxation: Relaxation, part: Certificate) -> Iterator[str]:
    carers = relaxation.index.visit
    if any(max(one.carers) > len(carers[one.visit].carers) for one in part.visits):
        yield "a visit has no such carer."
        return
    if any(len(set(one.carers)) < len(one.carers) for one in part.visits):
        yield "a carer is counted twice."
        return
    if part.form is Form.ALONE:
        yield from _alone(relaxation, part)
    else:
        yield from _against(relaxation, part, _recounted(relaxation, part))
    price = dict(zip(relaxation.visit_ids, relaxation.prices, strict=True))
    least = least_of(((one.amount, price[one.visit]) for one in part.visits), part.missing)
    if part.least_unserved > least.visits:
        yield f"{part.missing} missing prove {least.visits} visits, not {part.least_unserved}."
    if part.least_weight > least.weight:
        yield f"they prove a weight of {least.weight}, not {part.least_weight}."


def _alone(relaxation: Relaxation, part: Certificate) -> Iterator[str]:
    position = {visit: number for number, visit in enumerate(relaxation.visit_ids)}
    real = set(impossible(relaxation, [position[one.visit] for one in part.visits]))
    for one in part.visits:
        if position[one.visit] not in real:
            yield f"somebody can give {one.visit}."
        if one.amount > 1:
            yield f"{one.visit} counts more than one visit."


def _recounted(relaxation: Relaxation, part: Certificate) -> Balance:
    """Return what its visits really ask for, and what shifts can really give."""
    stops = stops_of(relaxation, part.visits)
    if part.form is Form.WEEKS:
        return Weeks(relaxation).balance_of(stops)
    if part.form is Form.HOURS:
        if part.interval is not None and part.interval.date not in relaxation.index.dates:
            return Balance(stops, dict.fromkeys(stops, 0), {})
        return measured(relaxation, Blocks(relaxation), stops, part.interval)
    most = 1 if part.form is Form.ROUTES else part.scale
    counted = np.array([some[0] for some in stops.values()], int64)
    worth = np.array([one.amount for one in part.visits], int64)
    said = _by_shift(part.caregivers)
    known = {
        int(day): _said(relaxation, int(day), said)
        for day in np.flatnonzero(relaxation.allowed[counted].any(axis=0))
    }
    given = most_of_routes(relaxation, counted, worth, known)
    return Balance(stops, dict.fromkeys(stops, most), given)


def _against(relaxation: Relaxation, part: Certificate, real: Balance) -> Iterator[str]:
    """Compare what a certificate says of visits and shifts with what is the case."""
    for one, most in zip(part.visits, real.amounts.values(), strict=True):
        if one.amount > most:
            yield f"{one.visit} asks for {most}, not {one.amount}."
        if part.form in (Form.ROUTES, Form.DUAL_WEIGHTS) and len(one.carers) > 1:
            yield f"{one.visit} is counted for more than one carer."
    said = _by_shift(part.caregivers)
    for number, most in real.given.items():
        day = relaxation.days[number]
        amount = _said(relaxation, number, said)
        if amount < most:
            yield f"{day.caregiver} can give {most} on {day.date}, not {amount}."
    people = {one.caregiver: one.amount for one in reversed(part.people)}
    for person, most in (real.people or {}).items():
        if people.get(person, 0) < most:
            yield f"{person} can give {most} in all, not {people.get(person, 0)}."


def _said(relaxation: Relaxation, number: int, said: Mapping[tuple[str, str, int], int]) -> int:
    """Return what a caregiver-day is said to give."""
    day = relaxation.days[number]
    return said.get((day.caregiver, day.date.isoformat(), day.shift), 0)


def _by_shift(caregivers: tuple[ShiftAmount, ...]) -> Mapping[tuple[str, str, int], int]:
    """Return amounts per shift; one that is named twice is as good as its smallest amount."""
    found: dict[tuple[str, str, int], int] = {}
    for one in caregivers:
        key = one.caregiver, one.date.isoformat(), one.shift
        found[key] = min(one.amount, found.get(key, one.amount))
    return found
