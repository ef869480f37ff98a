"""Certificates about hires judged afresh: each number is worked out again, none is believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy import int64

from optimizer.certificate.certificate import ShiftAmount
from optimizer.certificate.hires_record import (
    HiresCertificate,
    HiresProof,
    TeamsClaim,
    least_unserved,
    with_kinds,
)
from optimizer.certificate.hires_table import stops_of_hires, tables_of_hires
from optimizer.certificate.labels import most_weight
from optimizer.certificate.relaxation import Relaxation
from optimizer.certificate.team_cover import team_left_open
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from optimizer.needs.privacy import for_engine
from optimizer.travel import TravelMatrices, travel_matrices

MOST_LABELS = 1_000_000
"Limit on labels per shift; beyond it an upper bound stands, and what it does not prove is refused."


def hire_objections(
    scenario: Scenario, proof: HiresProof, matrices: TravelMatrices | None = None
) -> tuple[str, ...]:
    """Return what does not hold in certificates about hires; nothing if all are proofs.

    Parameters
    ----------
    scenario
        The scenario that they speak of, without hires, its visits derived.
    proof
        The certificates, whoever made them.
    matrices
        Its travel matrices; made from it if not given.

    Returns
    -------
    tuple of str
        English sentences.
    """
    roads = travel_matrices(scenario) if matrices is None else matrices
    return tuple(_all(for_engine(scenario), proof, roads))


def _all(scenario: Scenario, proof: HiresProof, roads: TravelMatrices) -> Iterator[str]:
    index = ScenarioIndex.of(scenario)
    if proof.scenario != scenario.id:
        yield f"It speaks of {proof.scenario}, not of {scenario.id}."
        return
    names = [kind.id for kind in proof.kinds]
    if len(set(names)) < len(names) or set(names) & {one.id for one in scenario.caregivers}:
        yield "Two kinds of hires, or a kind and a caregiver, have the same id."
        return
    strange = [kind.client for kind in proof.kinds if kind.client not in index.client]
    strange += [kind.id for kind in proof.kinds if kind.mode not in roads.modes]
    if strange:
        yield f"The scenario does not have the home or the means of travel of {strange[0]}."
        return
    relaxation = Relaxation.of(with_kinds(scenario, proof.kinds), roads)
    found = [
        f"Certificate {number}: {words}"
        for number, part in enumerate(proof.parts, 1)
        for words in _one(relaxation, len(scenario.caregivers), part)
    ]
    found += [words for claim in proof.claims for words in _together(proof, names, claim)]
    yield from found
    if found or not proof.tables:
        return
    if proof.tables != tables_of_hires(relaxation, len(scenario.caregivers), proof.parts):
        yield "The tables are not those of the scenario and the certificates."


def _together(proof: HiresProof, kinds: Sequence[str], claim: TeamsClaim) -> Iterator[str]:
    if max(claim.parts) >= len(proof.parts):
        yield f"There is no certificate {max(claim.parts) + 1}."
        return
    parts = [proof.parts[number] for number in claim.parts]
    team = team_left_open(parts, kinds, claim.hires, claim.least_unserved)
    if team is not None:
        hired = ", ".join(kinds[number] for number in team)
        yield f"No certificate proves that {claim.least_unserved} visits stay with {hired}."


def _one(relaxation: Relaxation, staff: int, part: HiresCertificate) -> Iterator[str]:
    try:
        stops = stops_of_hires(relaxation, part)
    except KeyError as missing:
        yield f"there is no stop {missing.args[0]}."
        return
    if len(set(stops.tolist())) < len(stops):
        yield "a stop is counted twice."
        return
    weights = np.array([one.amount for one in part.stops], int64)
    of_visit = np.zeros(len(relaxation.visit_ids), int64)
    np.add.at(of_visit, relaxation.visit_of[stops], weights)
    if of_visit.max() > part.scale:
        yield f"{relaxation.visit_ids[int(of_visit.argmax())]} counts more than one visit."
    yield from _limits(relaxation, staff, part, weights)
    given = part.given + part.hires * part.given_by_one
    least = least_unserved(part.asked, given, part.scale)
    if part.least_unserved > least:
        yield f"it proves {least} visits, not {part.least_unserved}."


def _limits(
    relaxation: Relaxation, staff: int, part: HiresCertificate, weights: np.ndarray
) -> Iterator[str]:
    stops = stops_of_hires(relaxation, part)
    staff_ids = {one.id for one in relaxation.index.scenario.caregivers[:staff]}
    of_staff, of_kinds = _smallest(part.caregivers), _smallest(part.kinds)
    for number in np.flatnonzero(relaxation.allowed[stops].any(axis=0)).tolist():
        day = relaxation.days[number]
        said = of_staff if day.caregiver in staff_ids else of_kinds
        amount = said.get((day.caregiver, day.date.isoformat(), day.shift), 0)
        most = most_weight(
            relaxation,
            number,
            stops,
            weights,
            beyond=amount,
            most_labels=MOST_LABELS,
            strict=True,
        )
        if most > amount:
            yield f"{day.caregiver} can collect {most} on {day.date}, not {amount}."


def _smallest(amounts: Sequence[ShiftAmount]) -> dict[tuple[str, str, int], int]:
    """Return amounts per shift; one that is named twice is as good as its smallest amount."""
    found: dict[tuple[str, str, int], int] = {}
    for one in amounts:
        key = one.caregiver, one.date.isoformat(), one.shift
        found[key] = min(one.amount, found.get(key, one.amount))
    return found
