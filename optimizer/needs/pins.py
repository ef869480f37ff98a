"""Pins that name their visits, put where the engines look for them."""

from __future__ import annotations

from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Pin


def with_pins(scenario: Scenario) -> Scenario:
    """Return a scenario in which each pin stands in its visit, and none by itself.

    Parameters
    ----------
    scenario
        A scenario whose visits have been derived.
    """
    if not scenario.pins:
        return scenario
    pin_of = {
        one.visit: Pin(caregivers=one.caregivers, date=one.date, start=one.start)
        for one in scenario.pins
    }
    visits = tuple(
        visit.model_copy(update={"pin": pin_of[visit.id]}) if visit.id in pin_of else visit
        for visit in scenario.visits
    )
    return scenario.model_copy(update={"visits": visits, "pins": ()})
