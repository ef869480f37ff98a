"""What a planner changes of a scenario by hand: a new visit, a pin, the hours of a shift."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from optimizer.domain.caregiver import Shift
from optimizer.domain.event import Added, NewHours
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Pin


def with_new_visit(scenario: Scenario, added: Added) -> Scenario:
    """Return the scenario with a visit more, its ties, and its client where the client is new."""
    clients = scenario.clients
    if added.client is not None and all(one.id != added.client.id for one in clients):
        clients = (*clients, added.client)
    return scenario.model_copy(
        update={
            "clients": clients,
            "visits": (*scenario.visits, added.visit),
            "couplings": (*scenario.couplings, *added.couplings),
        }
    )


def with_pin(scenario: Scenario, visit: str, pin: Pin | None) -> Scenario:
    """Return the scenario with this fixed of a visit and nothing else."""
    visits = tuple(
        one.model_copy(update={"pin": pin}) if one.id == visit else one for one in scenario.visits
    )
    pins = tuple(one for one in scenario.pins if one.visit != visit)
    return scenario.model_copy(update={"visits": visits, "pins": pins})


def with_shift(
    scenario: Scenario, event: NewHours, day: dt.date
) -> tuple[Scenario, Mapping[int, int]]:
    """Return the scenario with new hours, and what the shifts of the day are numbered now."""
    people, number = [], dict[int, int]()
    for person in scenario.caregivers:
        if person.id != event.caregiver:
            people.append(person)
            continue
        of_day = sorted((s for s in person.shifts if s.date == day), key=lambda s: s.start)
        if event.shift == len(of_day):
            of_day.append(Shift(date=day, start=event.start, end=event.end))
        hours = {"start": event.start, "end": event.end}
        of_day[event.shift] = of_day[event.shift].model_copy(update=hours)
        order = sorted(range(len(of_day)), key=lambda old: of_day[old].start)
        number = {old: new for new, old in enumerate(order)}
        others = (shift for shift in person.shifts if shift.date != day)
        shifts = (*others, *(of_day[old] for old in order))
        people.append(person.model_copy(update={"shifts": shifts}))
    return scenario.model_copy(update={"caregivers": tuple(people)}), number
