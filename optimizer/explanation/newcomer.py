"""Whom one could hire for a visit: somebody like the nearest who can, else somebody made to fit."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.domain.caregiver import Caregiver, Qualification
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.visit import Visit
from optimizer.explanation.insertions import Insertions
from optimizer.explanation.timeline import Key, Task
from optimizer.matching import chosen_organisation

TRIES = 3
"People proposed of each sort, the nearest; others are passed over."
FRESH: dict[str, object] = {
    "last_return": None,
    "days_worked": 0,
    "consecutive_days_worked": 0,
    "month_overtime_worked": 0,
    "consecutive_nights_worked": 0,
    "week_nights_worked": 0,
}
"What somebody has worked before the first day who is only now hired."


def newcomers(insertions: Insertions, visit: Visit) -> Iterator[tuple[Caregiver, str]]:
    """Yield caregivers whose coming could serve a visit, with the id of whom each resembles.

    First come copies of those who could serve it alone, the nearest first; then people who
    live where the client does and hold what is asked for, with the working day and means of
    travel of somebody at work. Nobody is proposed where a planner has fixed who comes.
    """
    if visit.pin is not None and any(visit.pin.caregivers):
        return
    for task in insertions.state.unit(visit):
        able = [
            key for key in insertions.state.lines if insertions.alone(task, key).obstacle is None
        ]
        for person in _nearest(insertions, task, able):
            yield _copy(insertions.state.index, person), person.id
    for task in insertions.state.unit(visit):
        days = insertions.state.index.allowed_dates(task.visit)
        working = [key for key in insertions.state.lines if key[1] in days]
        for person in _nearest(insertions, task, working):
            yield _made_to_fit(insertions.state.index, person, task), person.id


def _nearest(insertions: Insertions, task: Task, keys: list[Key]) -> list[Caregiver]:
    """Return the caregivers of some lines, on shift during the window and nearest first."""
    lines = [insertions.state.lines[key] for key in keys]
    lines.sort(
        key=lambda line: (
            not (line.opens <= task.latest and task.earliest + task.care <= line.closes),
            line.travel_time(line.home, task.place),
            line.caregiver.id,
        )
    )
    people = {line.caregiver.id: line.caregiver for line in lines}
    return list(people.values())[:TRIES]


def _copy(index: ScenarioIndex, person: Caregiver) -> Caregiver:
    return person.model_copy(update={**FRESH, "id": new_id(index)})


def _made_to_fit(index: ScenarioIndex, person: Caregiver, task: Task) -> Caregiver:
    client = index.client[task.visit.client]
    asked = task.visit.carers[task.carer - 1].qualifications
    wish = client.gender_wish
    return person.model_copy(
        update={
            **FRESH,
            "id": new_id(index),
            "home": client.home,
            "end_place": None,
            "qualifications": tuple(Qualification(code=one.code, level=one.level) for one in asked),
            "gender": wish.gender if wish is not None and wish.hard else person.gender,
            "organisation": chosen_organisation(client, task.visit) or person.organisation,
        }
    )


def new_id(index: ScenarioIndex) -> str:
    """Return an id that no caregiver has."""
    number = 1
    while f"NEW-{number}" in index.caregiver:
        number += 1
    return f"NEW-{number}"
