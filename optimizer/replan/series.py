"""Who could take a series of visits over weeks: which caregivers, weekdays and times.

For each caregiver (or two, where two are needed) the weekdays are chosen on which most of the
visits can be made, and of these the cheapest; where the caregiver cannot come, the cheapest other
one does. The best few are then made in full and counted by the verifier: no figure told is a sum.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from optimizer.domain.event import NewSeries
from optimizer.domain.plan import Plan, Unserved
from optimizer.domain.policy import Term
from optimizer.domain.reason import UnservedReason
from optimizer.domain.scenario import Scenario
from optimizer.explanation.codes import Obstacle
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.timeline import Key, Task
from optimizer.explanation.writing import with_lines
from optimizer.replan.changes import Change, appointments, differences
from optimizer.replan.one_moved import taken
from optimizer.replan.pairs import TOLD
from optimizer.replan.recommendation import Recommender
from optimizer.replan.series_candidates import (
    Candidate,
    Cell,
    Team,
    known_candidates,
    new_candidates,
)
from optimizer.travel import TravelMatrices, travel_matrices
from optimizer.verification import Verdict, verify

MADE = 3
"So many times as many candidates are made in full as are told."
_EVERYBODY = 10_000


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One visit of a series.

    Attributes
    ----------
    visit
        Its id in the scenario of the suggestion.
    date
        Its day.
    caregivers
        Who makes it; nobody if it is left out.
    start
        When it begins, in milliseconds since midnight; None if it is left out.
    obstacle
        Why those who come usually do not come, where that is known.
    """

    visit: str
    date: dt.date
    caregivers: Team
    start: int | None
    obstacle: Obstacle | None


@dataclass(frozen=True, slots=True)
class SeriesSuggestion:
    """A way to make a series.

    Attributes
    ----------
    caregivers
        Who comes usually.
    occurrences
        All its visits, in order of their days.
    difference, terms
        Cost of the roster with the series minus that of the roster without it, the price of
        visits left out not counted, in ticks of travel: in all, and per term that differs.
    changes
        Other visits that begin at another time then.
    scenario, plan
        The scenario with the series, and the roster.
    """

    caregivers: Team
    occurrences: tuple[Occurrence, ...]
    difference: int
    terms: Mapping[Term, int]
    changes: tuple[Change, ...]
    scenario: Scenario = field(repr=False)
    plan: Plan = field(repr=False)

    @property
    def left_out(self) -> int:
        """How many of the visits nobody makes."""
        return sum(not one.caregivers for one in self.occurrences)


@dataclass(frozen=True, slots=True)
class SeriesRecommendation:
    """How a series could be made, and what stands against those who cannot help.

    Attributes
    ----------
    series
        Its id.
    suggestions
        Those that make most of its visits first, of these the cheapest per visit.
    barred
        How many caregivers each obstacle keeps away on all of its days.
    """

    series: str
    suggestions: tuple[SeriesSuggestion, ...]
    barred: Mapping[Obstacle, int]


@dataclass(frozen=True)
class SeriesRecommender:
    """Answers for one roster.

    Attributes
    ----------
    scenario, plan
        A scenario with its visits, and a roster that breaks no rule.
    matrices
        Travel of the scenario.
    """

    scenario: Scenario
    plan: Plan
    matrices: TravelMatrices = field(repr=False)

    @classmethod
    def of(
        cls, scenario: Scenario, plan: Plan, matrices: TravelMatrices | None = None
    ) -> SeriesRecommender:
        """Take a roster; travel is worked out if not at hand."""
        return cls(scenario, plan, travel_matrices(scenario) if matrices is None else matrices)

    def recommend(self, series: str | NewSeries, *, most: int = 3) -> SeriesRecommendation:
        """Return how a series could be made, all others keeping their visits.

        Parameters
        ----------
        series
            Id of a series of which the roster leaves out visits, or a new one that fits the
            scenario (see `optimizer.formats.check_new_series`).
        most
            How many ways are told at most.

        Raises
        ------
        KeyError
            If there is no such series.
        ValueError
            If the roster makes all its visits.
        """
        if isinstance(series, NewSeries):
            name, asked = series.visit.id, self._with(series)
            given = asked.scenario, self.plan, asked.matrices
            candidates, cells = new_candidates(*given, series)
        else:
            name, asked = series, self
            candidates, cells = known_candidates(self.scenario, self.plan, self.matrices, series)
        ranked = sorted(candidates, key=lambda one: one.rank)[: most * MADE]
        before: dict[int, Verdict] = {}
        made = [one for each in ranked if (one := asked.made(each, before)) is not None]
        made = [one for one in made if one.left_out < len(one.occurrences)]
        made.sort(key=lambda one: (one.left_out, _per_visit(one), one.caregivers))
        told: dict[object, SeriesSuggestion] = {}
        for one in made:
            told.setdefault(tuple((o.date, o.caregivers, o.start) for o in one.occurrences), one)
        return SeriesRecommendation(
            name, tuple(told.values())[:most], _barred(self.scenario, cells)
        )

    def _with(self, series: NewSeries) -> SeriesRecommender:
        """Return the same roster with the client of a new series."""
        known = {client.id for client in self.scenario.clients}
        if series.client is None or series.client.id in known:
            return self
        clients = (*self.scenario.clients, series.client)
        scenario = self.scenario.model_copy(update={"clients": clients})
        return SeriesRecommender.of(scenario, self.plan)

    def made(self, candidate: Candidate, counted: dict[int, Verdict]) -> SeriesSuggestion | None:
        """Return a candidate made in full and counted; None if it cannot be so.

        Parameters
        ----------
        candidate
            What is to be made.
        counted
            The roster without the series, by the number of its visits; filled in when needed.
        """
        own = {pick.visit.id: pick.visit for pick in candidate.picks}
        listed = tuple(own.pop(one.id, one) for one in self.scenario.visits)
        scenario = self.scenario.model_copy(update={"visits": (*listed, *own.values())})
        names = [pick.visit.id for pick in candidate.picks]
        told = {one.visit for one in self.plan.unserved}
        off = tuple(
            Unserved(visit=name, reason=UnservedReason.NOBODY_FOUND.value)
            for name in names
            if name not in told
        )
        bare = self.plan.model_copy(update={"unserved": (*self.plan.unserved, *off)})
        if len(names) not in counted:
            counted[len(names)] = verify(scenario, bare, self.matrices)
        before = counted[len(names)]
        plan = self._at_once(scenario, bare, candidate)
        after = None if plan is None else verify(scenario, plan, self.matrices)
        if plan is None or after is None or set(after.violations) - set(before.violations):
            plan = self._one_by_one(scenario, bare, candidate)
            after = verify(scenario, plan, self.matrices)
        if set(after.violations) - set(before.violations):
            return None
        terms = {
            term: cost for term in TOLD
            if (cost := after.cost_breakdown[term] - before.cost_breakdown[term])
        }  # fmt: skip
        occurrences = tuple(_occurrences(candidate, plan))
        others = differences(scenario, scenario, bare, plan)
        return SeriesSuggestion(
            caregivers=_usual(candidate.team, occurrences),
            occurrences=occurrences,
            difference=sum(terms.values()),
            terms=terms,
            changes=tuple(one for one in others if one.visit not in names),
            scenario=scenario,
            plan=plan,
        )

    def _at_once(self, scenario: Scenario, plan: Plan, candidate: Candidate) -> Plan | None:
        """Return the roster with every place taken; None where two of them are on one route."""
        state = PlanState.of(scenario, plan, self.matrices)
        lines: dict[Key, tuple[Task, ...]] = {}
        placed: set[str] = set()
        for pick in candidate.picks:
            for option in () if pick.place is None else pick.place.options:
                key, new = option[0], option[3]
                if key in lines:
                    return None
                # A new series was asked about by one visit that stands for all of its visits.
                visit = new.visit if new.visit.id in state.index.visit else pick.visit
                placed.add(visit.id)
                lines[key] = tuple(
                    replace(held, visit=visit) if task is new else held
                    for task, held in zip(option[1], taken(option), strict=True)
                )
        return with_lines(state, lines, placed=placed)

    def _one_by_one(self, scenario: Scenario, plan: Plan, candidate: Candidate) -> Plan:
        """Return the roster with one visit placed after the other, each beside those before."""
        for pick in candidate.picks:
            recommender = Recommender(scenario, plan, self.matrices)
            if recommender.makes(pick.visit.id):
                continue
            found = recommender.recommend(pick.visit.id, most=_EVERYBODY).suggestions
            own = [one for one in found if _team_of(one.caregiver, one.partner) == candidate.team]
            if own or found:
                plan = (own or found)[0].plan
        return plan


def _occurrences(candidate: Candidate, plan: Plan) -> Iterator[Occurrence]:
    made = appointments(plan)
    found = []
    for pick in candidate.picks:
        one, name = made.get(pick.visit.id), pick.visit.id
        people = () if one is None else one.caregivers
        obstacle = None
        if people != candidate.team and len(candidate.team) == 1:
            obstacle = pick.cell.obstacles.get(candidate.team[0])
        day = pick.cell.date if one is None else one.date
        found.append(Occurrence(name, day, people, None if one is None else one.start, obstacle))
    yield from sorted(found, key=lambda one: (one.date, one.visit))


def _usual(team: Team, occurrences: Sequence[Occurrence]) -> Team:
    """Return who comes usually: the team that it was chosen for, else whoever comes most often."""
    often = Counter(one.caregivers for one in occurrences if one.caregivers)
    if team in often or not often:
        return team if team in often else ()
    return min(often, key=lambda people: (-often[people], people))


def _per_visit(one: SeriesSuggestion) -> float:
    return one.difference / max(1, len(one.occurrences) - one.left_out)


def _team_of(caregiver: str, partner: str | None) -> Team:
    return (caregiver,) if partner is None else (caregiver, partner)


def _barred(scenario: Scenario, cells: Iterable[Cell]) -> dict[Obstacle, int]:
    """Count what keeps caregivers away who can come on no day: what does most often."""
    cells = list(cells)
    able = {who for cell in cells for team in cell.places for who in team}
    against: Counter[Obstacle] = Counter()
    for person in scenario.caregivers:
        if person.id in able:
            continue
        often = Counter(
            cell.obstacles.get(person.id, Obstacle.NOT_ON_THIS_DAY)
            for cell in cells
            if cell.obstacles or not cell.places
        )
        if often:
            against[often.most_common(1)[0][0]] += 1
    return dict(against.most_common())
