"""Doubts about evidence: what cannot have been as it is told, or should be looked at."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from optimizer.domain.delivery import Deliveries, Delivery, Doubt, Effect, Method, Occurrence, Terms
from optimizer.domain.eligibility import State
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.place import Place
from optimizer.i18n import Sentence, duration, say
from optimizer.matching import skill_reasons
from optimizer.purchase.eligibility import Eligibility, state_on
from optimizer.travel import straight_metres
from optimizer.units import MS_PER_DAY
from optimizer.verification import Charge

_WHOLE = 100

EFFECTS: Mapping[Doubt, Effect] = {
    Doubt.OVERLAP: Effect.HOLD,
    Doubt.TELEPORT: Effect.HOLD,
    Doubt.NOT_HOME: Effect.HOLD,
    Doubt.DUPLICATE: Effect.HOLD,
    Doubt.NOT_QUALIFIED: Effect.HOLD,
    Doubt.DAY_TOO_FULL: Effect.HOLD,
    Doubt.SHORT: Effect.FLAG,
    Doubt.LONG: Effect.FLAG,
    Doubt.OFF_PLACE: Effect.FLAG,
    Doubt.OTHER_CAREGIVER: Effect.FLAG,
    Doubt.MANUAL: Effect.FLAG,
    Doubt.NO_POSITION: Effect.FLAG,
}
"What each doubt does where a district says nothing else."


@dataclass(frozen=True, slots=True)
class Doubted:
    """One doubt.

    Attributes
    ----------
    doubt, effect
        What it is, and what it does.
    visit, carer
        What it is about; None and 0 of what is about an organisation.
    caregiver, organisation
        Whom it is about, as far as it is known.
    detail
        What was seen, by how much.
    """

    doubt: Doubt
    effect: Effect
    visit: str | None
    carer: int
    caregiver: str | None
    organisation: str | None
    detail: Sentence


@dataclass(frozen=True, slots=True)
class _Stay:
    """One caregiver at one client, in milliseconds since the first day's midnight."""

    given: Delivery
    client: str
    caregiver: str
    home: Place
    begins: int
    ends: int

    @property
    def length(self) -> int:
        return self.ends - self.begins


def doubts(
    index: ScenarioIndex,
    deliveries: Deliveries,
    rostered: Mapping[tuple[str, int], Charge],
    found: Mapping[str, Eligibility],
    terms: Terms,
) -> tuple[Doubted, ...]:
    """Return all doubts about evidence, by visit, carer and kind; those of organisations last.

    Parameters
    ----------
    index
        The scenario, all visits among them.
    deliveries
        What took place.
    rostered
        Stops of the roster, by visit and carer.
    found
        What the office knows of clients, by id; empty without an office.
    terms
        Limits, and what each doubt does.
    """
    effects = {**EFFECTS, **{one.doubt: one.effect for one in terms.rules}}
    stays = _stays(index, deliveries)
    made = [
        *_of_caregivers(index, stays, terms),
        *_duplicates(index, stays),
        *(one for stay in stays for one in _of_stay(index, stay, rostered, found, terms)),
    ]
    organisation = {one.id: one.organisation for one in index.scenario.caregivers}
    places = {doubt: place for place, doubt in enumerate(Doubt)}
    told = {(stay.given.visit, stay.given.carer, doubt): (stay, detail)
            for stay, doubt, detail in made}  # fmt: skip
    listed = [
        Doubted(
            doubt,
            effects[doubt],
            visit,
            carer,
            stay.caregiver,
            organisation[stay.caregiver],
            detail,
        )
        for (visit, carer, doubt), (stay, detail) in sorted(
            told.items(), key=lambda item: (item[0][0], item[0][1], places[item[0][2]])
        )
    ]
    bodies = _of_organisations(stays, organisation, terms)
    listed += [Doubted(doubt, effects[doubt], None, 0, None, body, detail)
               for doubt, body, detail in bodies]  # fmt: skip
    return tuple(one for one in listed if one.effect is not Effect.OFF)


def _stays(index: ScenarioIndex, deliveries: Deliveries) -> list[_Stay]:
    first = index.dates[0]
    stays = []
    for one in deliveries.deliveries:
        if one.occurrence is Occurrence.DONE and None not in (one.caregiver, one.start, one.end):
            begins = (one.date - first).days * MS_PER_DAY
            client = index.visit[one.visit].client
            stays.append(
                _Stay(
                    one,
                    client,
                    one.caregiver or "",
                    index.client[client].home,
                    begins + (one.start or 0),
                    begins + (one.end or 0),
                )
            )
    return sorted(
        stays, key=lambda stay: (stay.begins, stay.ends, stay.given.visit, stay.given.carer)
    )


def _of_caregivers(
    index: ScenarioIndex, stays: Iterable[_Stay], terms: Terms
) -> Iterator[tuple[_Stay, Doubt, Sentence]]:
    """Yield what one caregiver cannot have done: two clients at once, ways too fast, long days."""
    of: dict[str, list[_Stay]] = defaultdict(list)
    for stay in stays:
        of[stay.caregiver].append(stay)
    for own in of.values():
        yield from _overlaps(own, terms)
        for one, other in pairwise(own):
            yield from _teleports(one, other, terms)
        days: dict[dt.date, list[_Stay]] = defaultdict(list)
        for stay in own:
            days[stay.given.date].append(stay)
        for day in days.values():
            last = max(day, key=lambda stay: (stay.ends, stay.given.visit))
            span = last.ends - day[0].begins
            if span > max(terms.longest_day, _asked_for(index, last)):
                yield last, Doubt.DAY_TOO_FULL, say("doubt.day_too_full", span=duration(span))


def _asked_for(index: ScenarioIndex, stay: _Stay) -> int:
    """Return how long a caregiver's shifts of a day last in all, with overtime.

    Whoever works early and late has a long day because the roster says so.
    """
    person = index.caregiver[stay.caregiver]
    shifts = [one for one in person.shifts if one.date == stay.given.date]
    if not shifts:
        return 0
    first, last = min(one.start for one in shifts), max(one.end for one in shifts)
    return last - first + person.overtime_limit


def _overlaps(own: Sequence[_Stay], terms: Terms) -> Iterator[tuple[_Stay, Doubt, Sentence]]:
    for one, other in combinations(own, 2):
        if other.begins >= one.ends:
            continue
        common = min(one.ends, other.ends) - other.begins
        if one.client != other.client and common > terms.overlap:
            for stay, beside in ((one, other), (other, one)):
                yield stay, Doubt.OVERLAP, say(
                    "doubt.overlap", common=duration(common), other=beside.given.visit
                )  # fmt: skip


def _teleports(one: _Stay, other: _Stay, terms: Terms) -> Iterator[tuple[_Stay, Doubt, Sentence]]:
    metres = straight_metres(one.home, other.home)
    gap = other.begins - one.ends
    # Metres at km/h, in milliseconds.
    fastest = metres * 3600 / terms.fastest_kmh
    if gap >= 0 and metres > terms.teleport_m and gap * _WHOLE < terms.teleport_percent * fastest:
        yield other, Doubt.TELEPORT, say(
            "doubt.teleport", metres=round(metres), gap=duration(gap), other=one.given.visit
        )  # fmt: skip


def _duplicates(
    index: ScenarioIndex, stays: Sequence[_Stay]
) -> Iterator[tuple[_Stay, Doubt, Sentence]]:
    """Yield the second of two stays for the same service of one client at the same time."""
    of: dict[str, list[_Stay]] = defaultdict(list)
    for stay in stays:
        of[stay.client].append(stay)
    for own in of.values():
        for one, other in combinations(own, 2):
            if one.given.visit == other.given.visit or other.begins >= one.ends:
                continue
            visit, second = index.visit[one.given.visit], index.visit[other.given.visit]
            if visit.payer == second.payer and not set(visit.services).isdisjoint(second.services):
                yield other, Doubt.DUPLICATE, say("doubt.duplicate", other=one.given.visit)


def _of_stay(
    index: ScenarioIndex,
    stay: _Stay,
    rostered: Mapping[tuple[str, int], Charge],
    found: Mapping[str, Eligibility],
    terms: Terms,
) -> Iterator[tuple[_Stay, Doubt, Sentence]]:
    given = stay.given
    client = found.get(stay.client)
    if client is not None and (state := _away(client, given.date)) is not None:
        yield stay, Doubt.NOT_HOME, say(f"doubt.not_home.{state}")
    person = index.caregiver[stay.caregiver]
    asked = index.visit[given.visit].carers[given.carer - 1].qualifications
    if any(skill_reasons(asked, person, given.date)):
        yield stay, Doubt.NOT_QUALIFIED, say("doubt.not_qualified", caregiver=stay.caregiver)
    planned = rostered.get((given.visit, given.carer))
    if planned is not None:
        if stay.length * _WHOLE < terms.full_percent * planned.care:
            yield stay, Doubt.SHORT, _against_plan("short", stay, planned)
        if stay.length * _WHOLE > terms.long_percent * planned.care:
            yield stay, Doubt.LONG, _against_plan("long", stay, planned)
        if stay.caregiver != planned.caregiver:
            yield stay, Doubt.OTHER_CAREGIVER, say(
                "doubt.other_caregiver", caregiver=stay.caregiver, planned=planned.caregiver
            )  # fmt: skip
    if given.position is not None and not given.beacon:
        at = Place(lat=given.position.lat, lon=given.position.lon)
        metres = straight_metres(at, stay.home)
        if metres > max(terms.off_place_m, 2 * given.position.accuracy_m):
            yield stay, Doubt.OFF_PLACE, say("doubt.off_place", metres=round(metres))


def _against_plan(kind: str, stay: _Stay, planned: Charge) -> Sentence:
    return say(f"doubt.{kind}", given=duration(stay.length), planned=duration(planned.care))


def _away(client: Eligibility, day: dt.date) -> State | None:
    """Return where a client is who is not at home; None at home, and on a day of change."""
    state = state_on(client.changes, day)
    is_change = any(change.date == day for change in client.changes)
    return None if state is State.HOME or is_change else state


def _of_organisations(
    stays: Iterable[_Stay], organisation: Mapping[str, str | None], terms: Terms
) -> Iterator[tuple[Doubt, str | None, Sentence]]:
    """Yield organisations that type in too much by hand, or say too seldom where they are."""
    of: dict[str | None, list[Delivery]] = defaultdict(list)
    for stay in stays:
        of[organisation[stay.caregiver]].append(stay.given)
    for body in sorted(of, key=lambda one: one or ""):
        given = of[body]
        by_hand = sum(one.method is Method.MANUAL for one in given)
        nowhere = sum(one.position is None and not one.beacon for one in given)
        for doubt, count, most in (
            (Doubt.MANUAL, by_hand, terms.most_manual_percent),
            (Doubt.NO_POSITION, nowhere, terms.most_without_position_percent),
        ):
            if count * _WHOLE > most * len(given):
                yield doubt, body, say(f"doubt.{doubt}", count=count, of=len(given))
