"""Where a city is cut: parts alike in work, and caregivers to where their qualification is asked.

Parts that are cut by place alone fail for want of the scarcest qualification: one part has all the
nurses and its neighbour the injections. So caregivers go to parts by what only they may do, the
scarcest first, and from there by how near they live.

References
----------
J. L. Bentley (1975), Multidimensional binary search trees used for associative searching.
Communications of the ACM 18, 509-517 (recursive medians).
R. Bent, P. Van Hentenryck (2010), Spatial, temporal, and hybrid decompositions for large-scale
vehicle routing with time windows. CP 2010 (parts cut anew in every round).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.place import Place
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEAREST = 15
"Homes of clients by most of which it is decided in which part a caregiver works."
ENOUGH = 0.95
"Part of its fair share of a qualification that a part is content with."

Skill = tuple[str, int]


def points(places: Sequence[Place]) -> Floats:
    """Return places as points of a plane, in degrees of latitude, shape ``(places, 2)``."""
    found = np.array([(one.lat, one.lon) for one in places], float).reshape(-1, 2)
    if len(found):
        found[:, 1] *= math.cos(math.radians(found[:, 0].mean()))
    return found


def cut(at: Floats, weights: Floats, parts: int, angle: float = 0.0) -> Ints:
    """Return a part for each point, all of about equal weight: medians across the longer side.

    Parameters
    ----------
    at
        Points, shape ``(n, 2)``.
    weights
        Their weights (at least 0), shape ``(n,)``.
    parts
        How many (at least 1).
    angle
        By which the axes are turned, in degrees: another one cuts across the borders of before.
    """
    turn = math.radians(angle)
    turned = at @ np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    label = np.zeros(len(at), np.int64)
    todo = [(np.arange(len(at)), parts, 0)]
    while todo:
        chosen, count, first = todo.pop()
        if count == 1 or len(chosen) < 2:
            label[chosen] = first
            continue
        half = count // 2
        axis = int(np.ptp(turned[chosen], axis=0).argmax())
        order = chosen[np.argsort(turned[chosen, axis], kind="stable")]
        sums = np.cumsum(weights[order])
        place = int(np.searchsorted(sums, sums[-1] * half / count)) + 1
        place = min(max(place, 1), len(order) - 1)
        todo += [(order[:place], half, first), (order[place:], count - half, first + half)]
    return label


def nearest_part(at: Floats, homes: Floats, label: Ints) -> Ints:
    """Return for each point the part of most of its nearest homes."""
    found = np.zeros(len(at), np.int64)
    if not len(homes):
        return found
    for number, point in enumerate(at):
        away = ((homes - point) ** 2).sum(axis=1)
        count = min(NEAREST, len(away))
        near = np.argpartition(away, count - 1)[:count]
        found[number] = np.bincount(label[near]).argmax()
    return found


@dataclass(frozen=True, slots=True)
class _Skills:
    """What visits ask for and caregivers hold, the scarcest first."""

    order: tuple[Skill, ...]
    of_visit: tuple[Skill, ...]
    of_person: tuple[Skill, ...]


def _skills(scenario: Scenario) -> _Skills:
    asked: dict[Skill, float] = defaultdict(float)
    for visit in scenario.visits:
        for need in visit.carers:
            for one in need.qualifications:
                asked[one.code, one.level] += need.minutes
    held: dict[Skill, float] = defaultdict(float)
    for person in scenario.caregivers:
        for skill in asked:
            if _holds(person, skill):
                held[skill] += _minutes(person)
    order = sorted(asked, key=lambda one: (-asked[one] / (held[one] or 1e-9), one))

    def scarcest(skills: Sequence[Skill]) -> Skill:
        return next((one for one in order if one in skills), ("", 0))

    return _Skills(
        tuple(order),
        tuple(scarcest(_asked(visit)) for visit in scenario.visits),
        tuple(
            scarcest([one for one in order if _holds(person, one)])
            for person in scenario.caregivers
        ),
    )


def _asked(visit: Visit) -> list[Skill]:
    return [(one.code, one.level) for need in visit.carers for one in need.qualifications]


def _holds(person: Caregiver, skill: Skill) -> bool:
    return any(one.code == skill[0] and one.level >= skill[1] for one in person.qualifications)


def _minutes(person: Caregiver) -> float:
    return float(sum(shift.end - shift.start for shift in person.shifts))


def staff_parts(scenario: Scenario, of_visit: Ints, at: Floats, first: Ints, parts: int) -> Ints:
    """Return a part for each caregiver so that every part has its share of each qualification.

    Parameters
    ----------
    scenario
        The city.
    of_visit
        Part of each visit.
    at
        Where each caregiver lives or works, shape ``(caregivers, 2)``.
    first
        Part in which each would work by place alone.
    parts
        How many parts there are.
    """
    if not scenario.visits:
        return first
    skills = _skills(scenario)
    clients = {one.id: one.home for one in scenario.clients}
    homes = points([clients[visit.client] for visit in scenario.visits])
    centre = np.array(
        [
            homes[of_visit == part].mean(axis=0) if (of_visit == part).any() else homes.mean(axis=0)
            for part in range(parts)
        ]
    )
    found = first.copy()
    hours = np.array([_minutes(person) for person in scenario.caregivers])
    care = np.array(
        [sum(need.minutes for need in visit.carers) for visit in scenario.visits], float
    )
    for skill in skills.order:
        asks = np.array([one == skill for one in skills.of_visit])
        people = np.flatnonzero([one == skill for one in skills.of_person])
        wanted = np.bincount(of_visit[asks], care[asks], minlength=parts)
        if wanted.sum() > 0 and len(people):
            _share_out(found, people, hours, at, centre, wanted / wanted.sum())
    return found


def _share_out(
    found: Ints, people: Ints, hours: Floats, at: Floats, centre: Floats, share: Floats
) -> None:
    """Move caregivers of one qualification to parts that lack it, those with the least detour."""
    target = share * hours[people].sum()
    for _ in people:
        have = np.bincount(found[people], hours[people], minlength=len(share))
        lack = target - have
        part = int(lack.argmax())
        if have[part] >= ENOUGH * target[part]:
            return
        # Whoever leaves must not leave a larger gap behind.
        now = found[people]
        spare = people[(lack[now] + hours[people] < lack[part]) & (now != part)]
        if not len(spare):
            return
        detour = ((at[spare] - centre[part]) ** 2).sum(axis=1) - (
            (at[spare] - centre[found[spare]]) ** 2
        ).sum(axis=1)
        found[spare[int(detour.argmin())]] = part
