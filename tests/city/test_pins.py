"""Pins stay within a part, and odd days are cut without a breach."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.city import solve_city
from optimizer.city.pins import keep_pins_whole
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Pin
from optimizer.generate import uncoupled_day
from optimizer.needs import derive, for_engine
from optimizer.parallel import InlineExecutor
from optimizer.verification import verify
from tests.worlds.random_small import random_small


def _pinned(day: Scenario) -> Scenario:
    """Return a day in which the first two visits are pinned to one caregiver."""
    person = day.caregivers[0].id
    visits = [
        one.model_copy(update={"pin": Pin(caregivers=(person,))}) if n < 2 else one
        for n, one in enumerate(day.visits)
    ]
    return day.model_copy(update={"visits": tuple(visits)})


def test_whoever_is_pinned_goes_along() -> None:
    """Clients and caregiver are moved to where most of the care lies; nobody else is."""
    day = _pinned(uncoupled_day(6, 2, 1))
    of_client = np.array([0, 1, 1, 0, 1, 0])
    of_person = np.array([0, 1])
    weights = np.array([1.0, 5, 1, 1, 1, 1])
    keep_pins_whole(day, of_client, of_person, weights, 2)
    row = {one.id: n for n, one in enumerate(day.clients)}
    pinned = [row[visit.client] for visit in day.visits[:2]]
    assert {int(of_client[n]) for n in pinned} == {1}
    assert of_person.tolist() == [1, 1]
    others = [n for n in range(6) if n not in pinned]
    assert [int(of_client[n]) for n in others] == [[0, 1, 1, 0, 1, 0][n] for n in others]


@pytest.mark.parametrize("seed", range(6))
def test_an_odd_world_is_cut_without_a_breach(seed: int) -> None:
    """Weeks, pins, ties, contracts and matrices: the whole roster breaks no rule."""
    world = for_engine(derive(random_small(seed, visits=12, caregivers=5)).scenario)
    made = solve_city(world, InlineExecutor(), iterations=40, visits_per_part=3)
    verdict = verify(world, made.plan)
    assert verdict.feasible
    assert set(verdict.unserved) == set(made.unserved)


def test_a_day_in_one_place_is_cut_too() -> None:
    """Where all live at one address borders are drawn all the same."""
    day = uncoupled_day(20, 4, 1)
    home = day.clients[0].home
    clients = tuple(one.model_copy(update={"home": home}) for one in day.clients)
    made = solve_city(
        day.model_copy(update={"clients": clients}),
        InlineExecutor(),
        iterations=80,
        visits_per_part=5,
    )
    assert made.rounds[0].parts == 4


def test_a_day_without_visits_has_an_empty_roster() -> None:
    """Nothing to cut, nothing left out."""
    day = uncoupled_day(4, 2, 1).model_copy(update={"visits": (), "couplings": ()})
    for none in (day, day.model_copy(update={"clients": (), "history": ()})):
        made = solve_city(none, InlineExecutor(), iterations=10)
        assert made.plan.routes == ()
        assert made.unserved == ()
