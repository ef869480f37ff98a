"""Where a series has room: each of its visits on each day, for everybody who could come.

Every place is priced alone, as `Recommender` does, and chosen by the sum; whoever makes a choice in
full counts it anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from optimizer.domain.event import NewSeries
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import StartWindow, Visit
from optimizer.explanation.change import Change as Varied
from optimizer.explanation.codes import Obstacle
from optimizer.explanation.insertions import Insertions
from optimizer.explanation.plan_state import PlanState
from optimizer.replan.pairs import cheapest_pairs, rooms
from optimizer.replan.recommendation import room_of
from optimizer.replan.route_cost import Option, RouteCosts
from optimizer.travel import TravelMatrices
from optimizer.units import MS_PER_MINUTE

Team = tuple[str, ...]
"Whoever makes a visit: one caregiver, or two."

FINEST = 15 * MS_PER_MINUTE
"Between the slots that are tried, at least, in milliseconds."
_EVERY_PAIR = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """A place for a visit: whose, what it costs alone, and what becomes of each route."""

    team: Team
    cost: int
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One visit on one day: the cheapest place of each team, and what bars caregivers."""

    date: dt.date
    places: Mapping[Team, Place]
    obstacles: Mapping[str, Obstacle]
    cheapest: Place | None


@dataclass(frozen=True, slots=True)
class Pick:
    """What is chosen for one visit: the visit as it is agreed, its day, and its place."""

    visit: Visit
    cell: Cell
    place: Place | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A team, and what it would be for each visit."""

    team: Team
    picks: tuple[Pick, ...]

    @property
    def rank(self) -> tuple[int, int, float, Team]:
        """Visits left out, visits of others, cost of each visit alone."""
        left_out = sum(pick.place is None for pick in self.picks)
        others = sum(pick.place is None or pick.place.team != self.team for pick in self.picks)
        costs = [pick.place.cost for pick in self.picks if pick.place is not None]
        return left_out, others, sum(costs) / max(1, len(costs)), self.team


@dataclass(frozen=True, slots=True)
class _Asked:
    """A roster with the visits that are asked for listed."""

    insertions: Insertions
    costs: RouteCosts

    @classmethod
    def of(cls, scenario: Scenario, plan: Plan, matrices: TravelMatrices) -> _Asked:
        insertions = Insertions(PlanState.of(scenario, plan, matrices))
        return cls(insertions, RouteCosts(insertions.state))

    def cell(self, visit: Visit, day: dt.date) -> Cell:
        """Return where a visit has room on a day."""
        changed = visit.model_copy(update={"dates": (day,)})
        state = self.insertions.state.varied(Varied(visits=(changed,)))
        insertions = replace(self.insertions, state=state)
        costs = replace(self.costs, state=state)
        unit = state.unit(changed)
        obstacles: Mapping[str, Obstacle] = {}
        if len(unit) == 1:
            room, obstacles = room_of(insertions, changed)
            options = (
                option
                for positions in room.values()
                for position in positions
                for option in costs.options(insertions, position)
            )
            found = [Place((one[0][0],), sum(one[-1].values()), (one,)) for one in options]
        else:
            free = list(rooms(insertions, unit[:2])) if len(unit) == 2 else [{}, {}]
            pairs = cheapest_pairs(insertions, costs, unit, free, _EVERY_PAIR)
            found = [
                Place(tuple(half[0][0] for half in one.halves), one.cost, one.halves)
                for one in pairs
            ]
        best: dict[Team, Place] = {}
        for place in found:
            if place.team not in best or place.cost < best[place.team].cost:
                best[place.team] = place
        cheapest = min(best.values(), key=lambda one: (one.cost, one.team), default=None)
        return Cell(day, best, obstacles, cheapest)


def _slots(window: StartWindow, tolerance: int | None) -> Iterator[StartWindow]:
    """Yield the parts of a window in which all visits of a series might begin."""
    if tolerance is None or window.latest - window.earliest <= tolerance:
        yield window
        return
    step = max(tolerance // 2, FINEST)
    for earliest in range(window.earliest, window.latest - tolerance + step, step):
        begins = min(earliest, window.latest - tolerance)
        yield StartWindow.model_construct(earliest=begins, latest=begins + tolerance)


def _within(visit: Visit, slot: StartWindow) -> Visit:
    """Return a visit that begins within a slot."""
    if slot == visit.window:
        return visit
    until = visit.preferred_until
    if until is not None:
        until = min(max(until, slot.earliest), slot.latest)
    return visit.model_copy(update={"window": slot, "preferred_until": until})


def _numbered(visit: Visit, number: int, day: dt.date) -> Visit:
    """Return a visit of a series, on its day."""
    name = {"id": f"{visit.id}-{number}", "series": visit.id, "dates": (day,)}
    return visit.model_copy(update=name)


def _place(cell: Cell, team: Team) -> Place | None:
    return cell.places.get(team, cell.cheapest)


def _keep_best(best: dict[Team, Candidate], candidate: Candidate) -> None:
    if candidate.team not in best or candidate.rank < best[candidate.team].rank:
        best[candidate.team] = candidate


def _order(team: Team, used: frozenset[dt.date], cell: Cell) -> tuple[bool, bool, bool, int]:
    """Return how well a day suits: somebody comes, it is free, the team comes, the cost."""
    place = _place(cell, team)
    is_theirs = place is not None and place.team == team
    return place is None, cell.date in used, not is_theirs, 0 if place is None else place.cost


def _dealt(rows: Sequence[tuple[Visit, Sequence[Cell]]], team: Team) -> Iterator[Pick]:
    """Yield a day for each visit on which a team can come, if possible on days of their own."""
    used: set[dt.date] = set()
    for visit, cells in rows:
        if not cells:
            continue
        cell = min(cells, key=partial(_order, team, frozenset(used)))
        used.add(cell.date)
        yield Pick(visit, cell, _place(cell, team))


def new_candidates(
    scenario: Scenario, plan: Plan, matrices: TravelMatrices, series: NewSeries
) -> tuple[list[Candidate], list[Cell]]:
    """Return a candidate for each team that could take a new series on some weekdays."""
    days, template = scenario.horizon.dates(), series.visit
    listing = scenario.model_copy(update={"visits": (*scenario.visits, template)})
    asked = _Asked.of(listing, plan, matrices)
    usable = {day for pattern in series.patterns() for day in pattern}
    best: dict[Team, Candidate] = {}
    cells: list[Cell] = []
    for slot in _slots(template.window, series.tolerance):
        visit = _within(template, slot)
        of_day = {day: asked.cell(visit, day) for day in days if day.isoweekday() in usable}
        cells += of_day.values()
        teams = {team for cell in of_day.values() for team in cell.places}
        for pattern in series.patterns():
            chosen = [cell for day, cell in of_day.items() if day.isoweekday() in pattern]
            for team in (*teams, ()):
                picks = tuple(
                    Pick(_numbered(visit, number, cell.date), cell, _place(cell, team))
                    for number, cell in enumerate(chosen, start=1)
                )
                _keep_best(best, Candidate(team, picks))
    return list(best.values()), cells


def known_candidates(
    scenario: Scenario, plan: Plan, matrices: TravelMatrices, series: str
) -> tuple[list[Candidate], list[Cell]]:
    """Return a candidate for each team that could take what is left out of a series.

    Raises
    ------
    KeyError
        If there is no such series.
    ValueError
        If the roster makes all its visits.
    """
    visits = [visit for visit in scenario.visits if visit.series == series]
    if not visits:
        raise KeyError(series)
    asked = _Asked.of(scenario, plan, matrices)
    left = [visit for visit in visits if visit.id not in asked.insertions.state.moments]
    if not left:
        raise ValueError(f"all visits of {series} are made already")
    dates = asked.insertions.state.index.allowed_dates
    rows = [(visit, [asked.cell(visit, day) for day in dates(visit)]) for visit in left]
    rows.sort(key=lambda row: (row[1][0].date if row[1] else dt.date.max, row[0].id))
    cells = [cell for _, row in rows for cell in row]
    teams = {team for cell in cells for team in cell.places}
    return [Candidate(team, tuple(_dealt(rows, team))) for team in (*sorted(teams), ())], cells
