"""Kinds of caregivers who might be hired: town, grade, shift pattern and organisation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy import bool_
from numpy.typing import NDArray

from optimizer.certificate import HireKind
from optimizer.domain.caregiver import BreakRule, Caregiver, Qualification, Shift
from optimizer.domain.client import Client
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from optimizer.matching import eligible
from optimizer.travel import TravelMatrices
from optimizer.units import MS_PER_MINUTE

Bools = NDArray[bool_]
Pattern = tuple[tuple[Shift, ...], BreakRule | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of caregiver who might be hired.

    Attributes
    ----------
    number
        From 1, in the order in which kinds are listed.
    town
        Where they live: the home of the client in the middle of the town; None without towns.
    client
        Id of that client.
    like
        Id of the caregiver with the same grade; means of travel and the rest are what is usual.
    person
        One of them, with an id that ends in the number and that nobody has.
    fen
        Wage of all shifts of the horizon, in fen; None where no wage is known.
    """

    number: int
    town: str | None
    client: str
    like: str
    person: Caregiver = field(repr=False)
    fen: int | None = None

    @property
    def grade(self) -> tuple[Qualification, ...]:
        """Return what they hold."""
        return self.person.qualifications

    def copy(self, number: int) -> Caregiver:
        """Return the so many-th caregiver of this kind, from 1."""
        return self.person.model_copy(update={"id": f"{self.person.id}-{number}"})

    def record(self) -> HireKind:
        """Return the kind as certificates speak of it."""
        return HireKind.of(self.person, self.client)


@dataclass(frozen=True, slots=True)
class _Candidate:
    town: str | None
    client: str
    like: str
    person: Caregiver


def kinds_of(
    scenario: Scenario,
    matrices: TravelMatrices,
    *,
    like: Sequence[Caregiver] = (),
    fen_per_hour: int | None = None,
) -> tuple[Kind, ...]:
    """Return the kinds of caregivers who might be hired, those of little use left out.

    Grades and shift patterns are those of the paid staff, and of `like`. A grade has the patterns
    of everybody with the same qualifications, whatever their levels. Where nobody holds what a
    visit asks for, a grade that holds it is added, with all patterns. Of the organisations the one
    is chosen with which they may make most of what only their grade may make, then most of all. A
    kind whose every visit another kind of the same home and hours may also make, for no more
    money, is left out.

    Parameters
    ----------
    scenario
        A scenario without faults, its visits derived.
    matrices
        Its travel matrices.
    like
        Further caregivers whose grades and patterns exist, such as those who have left.
    fen_per_hour
        What is paid for an hour of a shift; the wage of the like caregiver if not given.
    """
    index = ScenarioIndex.of(scenario)
    models = [one for one in (*scenario.caregivers, *like) if one.shifts and not one.volunteer]
    models = [one for one in models if one.mode in matrices.modes]
    if not models or not scenario.visits:
        return ()
    found = list(_candidates(index, matrices, _grades(scenario, models)))
    able = _able(scenario, [one.person for one in found])
    chosen = _with_best_organisation(found, able)
    kept = _undominated([found[n] for n in chosen], able[chosen])
    prefix = _free_prefix(scenario)
    return tuple(
        Kind(
            number=number,
            town=one.town,
            client=one.client,
            like=one.like,
            person=one.person.model_copy(update={"id": f"{prefix}-{number}"}),
            fen=_wage(one.person, fen_per_hour),
        )
        for number, one in enumerate(kept, 1)
    )


def plainer(kind: Kind, kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    """Return the kinds of the same home, hours and organisation that cost less, cheapest first."""
    return tuple(
        sorted(
            (
                one
                for one in kinds
                if (one.client, one.person.organisation) == (kind.client, kind.person.organisation)
                and _pattern(one.person) == _pattern(kind.person)
                and (one.fen or 0, len(one.grade)) < (kind.fen or 0, len(kind.grade))
            ),
            key=lambda one: (one.fen or 0, one.number),
        )
    )


def _free_prefix(scenario: Scenario) -> str:
    """Return how ids of hires begin: as nobody's do, also where a day has hires already."""
    taken = [one.id for one in scenario.caregivers]
    names = (f"HIRE{number or ''}" for number in range(len(taken) + 1))
    return next(name for name in names if not any(one.startswith(f"{name}-") for one in taken))


def covers(grade: Iterable[Qualification], other: Iterable[Qualification]) -> bool:
    """Return whether somebody with a grade holds all that another grade holds."""
    return _covers(((q.code, q.level) for q in grade), ((q.code, q.level) for q in other))


def _wage(person: Caregiver, fen_per_hour: int | None) -> int | None:
    minutes = sum(shift.end - shift.start for shift in person.shifts) // MS_PER_MINUTE
    if fen_per_hour is not None:
        return minutes * fen_per_hour // 60
    return minutes * person.fen_per_minute or None


@dataclass(frozen=True, slots=True)
class _Grade:
    """A grade with its patterns, and somebody who is as is usual for it."""

    qualifications: tuple[Qualification, ...]
    usual: Caregiver
    patterns: tuple[Pattern, ...]


def _pattern(person: Caregiver) -> Pattern:
    return person.shifts, person.break_rule


def _grades(scenario: Scenario, models: Sequence[Caregiver]) -> Iterator[_Grade]:
    """Yield the grades of some caregivers, and those that visits ask for and nobody has."""
    by_grade: dict[tuple[tuple[str, int], ...], list[Caregiver]] = defaultdict(list)
    patterns: dict[frozenset[str], dict[Pattern, None]] = defaultdict(dict)
    for one in models:
        by_grade[tuple(sorted((q.code, q.level) for q in one.qualifications))].append(one)
        patterns[frozenset(q.code for q in one.qualifications)][_pattern(one)] = None
    people: dict[frozenset[str], list[Caregiver]] = defaultdict(list)
    for one in models:
        people[frozenset(q.code for q in one.qualifications)].append(one)
    for grade, alike in by_grade.items():
        codes = frozenset(code for code, _ in grade)
        # Means of travel, overtime and the like are those of all levels: no level is worse off.
        usual = _usual(people[codes])
        wage = {"id": alike[0].id, "fen_per_minute": _usual(alike).fen_per_minute}
        yield _Grade(_held(grade), usual.model_copy(update=wage), tuple(patterns[codes]))
    everybody = tuple({pattern: None for some in patterns.values() for pattern in some})
    missing: dict[tuple[tuple[str, int], ...], None] = {}
    for visit in scenario.visits:
        for need in visit.carers:
            asked = tuple(sorted((q.code, q.level) for q in need.qualifications))
            if not any(_covers(grade, asked) for grade in by_grade):
                missing[asked] = None
    for asked in missing if models else ():
        yield _Grade(_held(asked), _usual(models), everybody)


def _held(grade: tuple[tuple[str, int], ...]) -> tuple[Qualification, ...]:
    return tuple(Qualification(code=code, level=level) for code, level in grade)


def _covers(grade: Iterable[tuple[str, int]], asked: Iterable[tuple[str, int]]) -> bool:
    held = dict(grade)
    return all(held.get(code, 0) >= level for code, level in asked)


def _usual(people: Sequence[Caregiver]) -> Caregiver:
    """Return somebody with what most of some people have, one thing at a time."""

    def most(values: Iterable[Hashable]) -> object:
        return Counter(values).most_common(1)[0][0]

    first = people[0]
    return first.model_copy(
        update={
            "gender": most(one.gender for one in people),
            "languages": tuple(dict.fromkeys(code for one in people for code in one.languages)),
            "mode": most(one.mode for one in people),
            "overtime_limit": most(one.overtime_limit for one in people),
            "longest_leg": most(one.longest_leg for one in people),
            "visits_per_day": most(one.visits_per_day for one in people),
            "fen_per_minute": most(one.fen_per_minute for one in people),
            "end_place": None,
            "last_return": None,
            "days_worked": 0,
        }
    )


def _candidates(
    index: ScenarioIndex, matrices: TravelMatrices, grades: Iterable[_Grade]
) -> Iterator[_Candidate]:
    towns: dict[str | None, list[Client]] = defaultdict(list)
    with_visits = {visit.client for visit in index.scenario.visits}
    for client in index.scenario.clients:
        if client.id in with_visits:
            towns[client.town].append(client)
    middle = {town: _middle(matrices, clients) for town, clients in towns.items()}
    organisations: list[str | None] = [one.id for one in index.scenario.organisations]
    for grade in grades:
        for pattern in grade.patterns:
            for town, client in middle.items():
                for organisation in organisations or [None]:
                    shifts, pause = pattern
                    update = {
                        "id": f"HIRE-{town}",
                        "organisation": organisation,
                        "qualifications": grade.qualifications,
                        "home": client.home,
                        "shifts": shifts,
                        "break_rule": pause,
                    }
                    person = grade.usual.model_copy(update=update)
                    yield _Candidate(town, client.id, grade.usual.id, person)


def _middle(matrices: TravelMatrices, clients: Sequence[Client]) -> Client:
    """Return the client from whose home the ways to all others are shortest in all."""
    rows = [matrices.index(client.home) for client in clients]
    total = matrices.table[0][np.ix_(rows, rows)].sum(axis=1)
    return clients[int(total.argmin())]


def _able(scenario: Scenario, people: Sequence[Caregiver]) -> Bools:
    """Return which stops each of some people may make on one of their days; ``(people, stops)``."""
    named = [one.model_copy(update={"id": f"{n}"}) for n, one in enumerate(people)]
    index = ScenarioIndex.of(scenario.model_copy(update={"caregivers": tuple(named)}))
    found = eligible(index)
    on_any_day: Bools = found.tables.sum(axis=2) > 0
    return on_any_day[found.kind_of].T


def _with_best_organisation(found: Sequence[_Candidate], able: Bools) -> list[int]:
    """Return of each home, grade and pattern the candidate with the best organisation."""
    grades = [one.person.qualifications for one in found]
    only: dict[tuple[Qualification, ...], Bools] = {}
    for grade in dict.fromkeys(grades):
        others = np.array([not covers(other, grade) for other in grades], bool_)
        only[grade] = np.asarray(~able[others].any(axis=0))
    best: dict[Hashable, tuple[int, int, int]] = {}
    for n, one in enumerate(found):
        key = one.client, one.person.qualifications, _pattern(one.person)
        own = int((able[n] & only[one.person.qualifications]).sum())
        rank = own, int(able[n].sum()), -n
        best[key] = max(best.get(key, rank), rank)
    return sorted(-n for _, _, n in best.values())


def _undominated(found: Sequence[_Candidate], able: Bools) -> list[_Candidate]:
    """Return the candidates without those who are of no use beside another one.

    Of the same home and means of travel, one is of no use whose every stop another with the same
    pattern may make; of equals the first one stays, and a grade that costs less always stays.
    """
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for number, one in enumerate(found):
        who = one.person
        key = one.client, who.mode, who.longest_leg, who.overtime_limit, _pattern(who)
        groups[key].append(number)
    kept: list[int] = []
    for numbers in groups.values():
        numbers.sort(key=lambda n: (-int(able[n].sum()), found[n].person.fen_per_minute, n))
        chosen: list[int] = []
        for n in numbers:
            if able[n].any() and not any(
                not (able[n] & ~able[m]).any()
                and found[m].person.fen_per_minute <= found[n].person.fen_per_minute
                for m in chosen
            ):
                chosen.append(n)
        kept += chosen
    return [found[n] for n in sorted(kept)]
