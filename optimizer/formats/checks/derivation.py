"""Visits that a document names without listing them, because they follow from its records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.formats.checks.view import Derived, View
from optimizer.needs.derive import derive
from optimizer.needs.visits import is_id_of_derived


def with_derived(view: View, *, is_sound: bool) -> View:
    """Return a view that knows of the derived visits, if its document names any.

    Parameters
    ----------
    view
        A scenario as far as it can be checked.
    is_sound
        Whether no fault has been found in it, so that visits can be derived. Where they cannot,
        whatever may be the name of one is believed to be.
    """
    ready = view.known("visits") or frozenset()
    beyond = frozenset(named_visits(view.scenario)) - ready
    if not beyond:
        return view
    if not is_sound:
        clients, series = view.known("clients"), view.known("series") or frozenset()
        likely = (
            one for one in beyond if clients is None or is_id_of_derived(one, clients | series)
        )
        return replace(view, likely=frozenset(likely))
    given = view.scenario.model_copy(update={"pins": ()})
    planned = derive(given, view.book).scenario
    visits, couplings = len(given.visits), len(given.couplings)
    found = Derived(planned.visits[visits:], planned.couplings[couplings:])
    return replace(view, derived=found)


def named_visits(scenario: Scenario) -> Iterator[str]:
    """Yield every id by which couplings, pins and the published plan name a visit."""
    for coupling in scenario.couplings:
        yield from (coupling.first, coupling.second)
    for pin in scenario.pins:
        yield pin.visit
    yield from _visits_of_plan(scenario.published) if scenario.published else ()


def _visits_of_plan(plan: Plan) -> Iterator[str]:
    for route in plan.routes:
        yield from (stop.visit for stop in route.stops)
    yield from (unserved.visit for unserved in plan.unserved)
