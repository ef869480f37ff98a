"""Edits of who works: organisations and caregivers who go, come, or are hired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from optimizer.domain.caregiver import Caregiver, Qualification
from optimizer.domain.client import Client
from optimizer.domain.contract import Contract
from optimizer.domain.edit import (
    AddOrganisation,
    Caregivers,
    CaregiversAway,
    DropOrganisation,
    Hire,
    MoreCaregivers,
)
from optimizer.domain.place import Place
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Requirement
from optimizer.shortfall.edits.copying import copies, near
from optimizer.shortfall.edits.lot import Lot
from optimizer.shortfall.edits.meant import (
    caregivers_meant,
    drawn,
    points,
    town_of_caregivers,
    whole,
)


def drop_organisation(scenario: Scenario, edit: DropOrganisation, lot: Lot) -> Scenario:
    """Take an organisation and its caregivers away; some may join others.

    A joiner goes to the organisation whose contracts cover most of what the old ones covered in
    the town where the joiner lives, the first by id of those that are equal.
    """
    theirs = caregivers_meant(scenario, Caregivers(organisation=edit.organisation))
    joining = drawn(theirs, whole(edit.joining, len(theirs)), lot, "joins")
    towns = town_of_caregivers(scenario) if joining else {}
    employers = {
        person.id: _employer(scenario, edit.organisation, towns[person.id]) for person in joining
    }
    people = tuple(
        one
        if one.organisation != edit.organisation
        else one.model_copy(update={"organisation": employers[one.id]})
        for one in scenario.caregivers
        if one.organisation != edit.organisation or employers.get(one.id) is not None
    )
    left = tuple(one for one in scenario.organisations if one.id != edit.organisation)
    return scenario.model_copy(update={"caregivers": people, "organisations": left})


def _employer(scenario: Scenario, left: str, town: str | None) -> str | None:
    """Return which organisation takes somebody on; None where no other one works there."""

    def covers(contract: Contract) -> bool:
        return town is None or not contract.towns or town in contract.towns

    lost: set[str] = set()
    offers: Counter[str] = Counter()
    for contract in scenario.contracts:
        if contract.organisation == left and covers(contract):
            lost.update(contract.services)
    for contract in scenario.contracts:
        if contract.organisation != left and covers(contract):
            offers[contract.organisation] += len(lost.intersection(contract.services)) or 1
    if not offers:
        return None
    return min(offers, key=lambda name: (-offers[name], name))


def add_organisation(scenario: Scenario, edit: AddOrganisation, lot: Lot) -> Scenario:  # noqa: ARG001 (as all)
    """Add an organisation with its contracts and caregivers."""
    return scenario.model_copy(
        update={
            "organisations": (*scenario.organisations, edit.organisation),
            "contracts": (*scenario.contracts, *edit.contracts),
            "caregivers": (*scenario.caregivers, *edit.caregivers),
        }
    )


def caregivers_away(scenario: Scenario, edit: CaregiversAway, lot: Lot) -> Scenario:
    """Take away a share or a number of the caregivers meant, drawn by lot."""
    people = caregivers_meant(scenario, edit.of)
    number = whole(edit.percent or 0, len(people)) if edit.count is None else edit.count
    rank = _training if edit.least_trained_first else None
    gone = {one.id for one in drawn(people, number, lot, "away", rank)}
    left = tuple(one for one in scenario.caregivers if one.id not in gone)
    return scenario.model_copy(update={"caregivers": left})


def _training(person: Caregiver) -> int:
    """Return how much somebody is trained: the levels of all qualifications added up."""
    return sum(one.level for one in person.qualifications)


def more_caregivers(scenario: Scenario, edit: MoreCaregivers, lot: Lot) -> Scenario:
    """Add copies of caregivers, who live near the originals."""
    people = caregivers_meant(scenario, edit.of)
    taken = {one.id for one in scenario.caregivers}
    new = tuple(
        person.model_copy(update={"id": name, "home": near(person.home, name, lot)})
        for person, name in copies(people, whole(edit.percent, len(people)), taken, lot, "more")
    )
    return scenario.model_copy(update={"caregivers": (*scenario.caregivers, *new)})


def hire(scenario: Scenario, edit: Hire, lot: Lot) -> Scenario:  # noqa: ARG001 (as all)
    """Add caregivers like one who is there, who live in the middle of a town."""
    clients = [one for one in scenario.clients if edit.town in {None, one.town}]
    home = middle(clients)
    like = whom_like(scenario, edit, home)
    if home is None or like is None:
        return scenario
    wanted = edit.qualification
    held = like.qualifications
    if wanted is not None and not holds(like, wanted):
        held = (*held, Qualification(code=wanted.code, level=wanted.level))
    update: dict[str, object] = {"home": home, "end_place": None, "qualifications": held}
    update |= {"days_worked": 0, "last_return": None}
    if edit.organisation is not None:
        update["organisation"] = edit.organisation
    if edit.shifts:
        update["shifts"] = edit.shifts
    if edit.origin is not None:
        update["origin"] = edit.origin
    skill = like.id if wanted is None else f"{wanted.code}{wanted.level}"
    names = _free_ids(f"NEW-{edit.town or 'all'}-{skill}", edit.count, scenario.caregivers)
    new = tuple(like.model_copy(update={**update, "id": name}) for name in names)
    return scenario.model_copy(update={"caregivers": (*scenario.caregivers, *new)})


def middle(clients: Sequence[Client]) -> Place | None:
    """Return the home from which all others are nearest in all; None without clients."""
    if not clients:
        return None
    homes = points([client.home for client in clients])
    total = np.zeros(len(clients))
    for home in homes:
        total += np.hypot(*(homes - home).T)
    return clients[int(total.argmin())].home


def whom_like(scenario: Scenario, edit: Hire, home: Place | None) -> Caregiver | None:
    """Return the caregiver whom new ones are like: named, or the least skilled and nearest."""
    if edit.like is not None:
        return next((one for one in scenario.caregivers if one.id == edit.like), None)
    working = [one for one in scenario.caregivers if one.shifts and not one.volunteer]
    own = [one for one in working if edit.organisation in {None, one.organisation}]
    able = [one for one in own or working if _may_be(one, edit.qualification)]
    people = able or own or working
    if not people or home is None:
        return None
    away = np.hypot(*(points([one.home for one in people]) - points([home])).T)
    ranks = [
        (_training(person), float(distance), person.id, person)
        for person, distance in zip(people, away.tolist(), strict=True)
    ]
    return min(ranks, key=lambda one: one[:3])[3]


def holds(person: Caregiver, wanted: Requirement) -> bool:
    """Return whether somebody holds a qualification, at this level or a higher one."""
    return any(
        one.code == wanted.code and one.level >= wanted.level for one in person.qualifications
    )


def _may_be(person: Caregiver, wanted: Requirement | None) -> bool:
    return wanted is None or holds(person, wanted)


def _free_ids(stem: str, count: int, people: Iterable[Caregiver]) -> list[str]:
    taken = {one.id for one in people}
    names = (f"{stem}-{n}" for n in range(1, len(taken) + count + 1))
    return [name for name in names if name not in taken][:count]
