"""Random night shifts, and returns before the first day, moved there after all else is drawn."""

from __future__ import annotations

import random
from collections.abc import Collection

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.units import MS_PER_MINUTE

FEATURES = frozenset({"last_return", "nights"})
LATER = 13 * 60 * MS_PER_MINUTE
"From a working day of the random scenarios to a night that ends the next morning."


def with_nights(scenario: Scenario, rng: random.Random, active: Collection[str]) -> Scenario:
    """Return the scenario with the features of `FEATURES` that are active.

    With `nights` half of the caregivers work at night and half of the clients are visited then.
    """
    caregivers, visits = scenario.caregivers, scenario.visits
    if "nights" in active:
        asleep = {client.id for client in scenario.clients if rng.random() < 0.5}
        visits = tuple(visit if visit.client in asleep else _later(visit) for visit in visits)
        caregivers = tuple(_at_night(one) if rng.random() < 0.5 else one for one in caregivers)
    if "last_return" in active:
        caregivers = tuple(
            one.model_copy(update={"last_return": rng.choice((20, 23, 26)) * 60 * MS_PER_MINUTE})
            for one in caregivers
        )
    return scenario.model_copy(update={"caregivers": caregivers, "visits": visits})


def _at_night(caregiver: Caregiver) -> Caregiver:
    """Return a caregiver whose shifts and break are so much later."""
    rule = caregiver.break_rule
    moved = {} if rule is None else _moved(rule, "earliest", "latest")
    return caregiver.model_copy(
        update={
            "shifts": tuple(
                shift.model_copy(update=_moved(shift, "start", "end")) for shift in caregiver.shifts
            ),
            "break_rule": None if rule is None else rule.model_copy(update=moved),
        }
    )


def _later(visit: Visit) -> Visit:
    """Return a visit that is so much later."""
    window = visit.window.model_copy(update=_moved(visit.window, "earliest", "latest"))
    update: dict[str, object] = {"window": window, **_moved(visit, "preferred_until")}
    if visit.pin is not None:
        update["pin"] = visit.pin.model_copy(update=_moved(visit.pin, "start"))
    return visit.model_copy(update=update)


def _moved(record: object, *names: str) -> dict[str, int]:
    """Return the times of these names that a record has, so much later."""
    times = {name: getattr(record, name) for name in names}
    return {name: time + LATER for name, time in times.items() if time is not None}
