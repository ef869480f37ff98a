"""What clients wish: who comes, of which organisation; and who has come before."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence

from optimizer.domain.client import Client, Flag, GenderWish
from optimizer.domain.policy import Priority
from optimizer.domain.scenario import Familiar
from optimizer.domain.visit import Visit
from optimizer.generate.district import District
from optimizer.generate.draw import stream
from optimizer.generate.population import Resident
from optimizer.generate.staff import Hired
from optimizer.units import parse_clock

_AFTERNOON = parse_clock("14:00")
_INTIMATE = frozenset({"HYG_DAILY", "HYG_BEDBATH", "HYG_BATH", "TOILET_CONT"})
"Services with which some clients wish a caregiver of their own gender."


class Acquaintance:
    """Draws clients' wishes and history.

    Each client has a stream of their own: other visits of one client change nobody else.

    Parameters
    ----------
    hired
        All caregivers of the scenario.
    organised
        Whether clients may choose an organisation.
    """

    def __init__(
        self,
        district: District,
        hired: Sequence[Hired],
        organised: bool,
        seed: int,
    ) -> None:
        self._district = district
        self._of_town: dict[str, list[Hired]] = defaultdict(list)
        for h in hired:
            self._of_town[h.town.code].append(h)
        self._able: dict[Hashable, frozenset[str]] = {}
        self._organised = organised
        self._seed = seed

    def of(self, resident: Resident, visits: Sequence[Visit]) -> tuple[Client, list[Familiar]]:
        """Return the client with wishes added, and who has served them lately.

        Parameters
        ----------
        resident
            The client.
        visits
            What follows for the day from the client's record, at least one visit.
        """
        rng = stream(self._seed, "wishes", resident.client.id)
        changes: dict[str, object] = {}
        if self._organised and _is_plain(visits) and rng.random() < 0.12:
            changes["organisation"] = self._chosen_organisation(rng, resident, visits)
        known = self._known(rng, resident, visits, changes.get("organisation"))
        history = [
            Familiar(client=resident.client.id, caregiver=one, visits=rng.randint(1, 20))
            for one in sorted(known)
        ]
        if known and rng.random() < 0.3:
            changes["preferred"] = (known[0],)
        if rng.random() < 0.03:
            changes["refused"] = self._refused(rng, resident, known)
        if any(not _INTIMATE.isdisjoint(visit.services) for visit in visits):
            changes["gender_wish"] = _gender_wish(rng, resident)
        if _is_late_and_single(visits) and rng.random() < 0.03:
            changes["flags"] = (*resident.client.flags, Flag.INFECTIOUS)
        return resident.client.model_copy(update=changes), history

    def _chosen_organisation(
        self, rng: random.Random, resident: Resident, visits: Sequence[Visit]
    ) -> str | None:
        """Return an organisation with two caregivers in the town for each of the visits."""
        able = [
            body.id
            for body in self._district.organisations
            if all(
                sum(
                    h.caregiver.organisation == body.id
                    and not h.caregiver.volunteer
                    and h.caregiver.id in able
                    for h in self._of_town[resident.town.code]
                )
                >= 2
                for able in self._able_to_give(resident, visits)
            )
        ]
        return rng.choice(able) if able else None

    def _known(
        self,
        rng: random.Random,
        resident: Resident,
        visits: Sequence[Visit],
        organisation: object,
    ) -> list[str]:
        """Return up to two caregivers of the town who could do one of the visits."""
        if rng.random() > 0.6:
            return []
        for_some_visit = frozenset().union(*self._able_to_give(resident, visits))
        able = [
            h.caregiver.id
            for h in self._of_town[resident.town.code]
            if organisation in (None, h.caregiver.organisation) and h.caregiver.id in for_some_visit
        ]
        return rng.sample(able, min(len(able), rng.randint(1, 2)))

    def _able_to_give(
        self, resident: Resident, visits: Sequence[Visit]
    ) -> Iterator[frozenset[str]]:
        """Yield, per visit, the caregivers of the town who could be one of its carers."""
        town = resident.town.code
        for visit in visits:
            key = (town, tuple(need.qualifications for need in visit.carers))
            if key not in self._able:
                self._able[key] = frozenset(
                    h.caregiver.id for h in self._of_town[town] if _could_serve(h, visit)
                )
            yield self._able[key]

    def _refused(
        self, rng: random.Random, resident: Resident, known: Sequence[str]
    ) -> tuple[str, ...]:
        others = [
            h.caregiver.id for h in self._of_town[resident.town.code] if h.caregiver.id not in known
        ]
        return (rng.choice(others),) if others else ()


def _gender_wish(rng: random.Random, resident: Resident) -> GenderWish | None:
    # Few caregivers are men, so only women insist; men wish at most.
    wishes, insists = rng.random() < 0.25, rng.random() < 0.2
    if not wishes:
        return None
    return GenderWish(gender=resident.gender, hard=insists and resident.gender == "female")


def _could_serve(hired: Hired, visit: Visit) -> bool:
    held: Mapping[str, int] = {q.code: q.level for q in hired.caregiver.qualifications}
    return any(
        all(held.get(need.code, 0) >= need.level for need in carer.qualifications)
        for carer in visit.carers
    )


def _is_plain(visits: Sequence[Visit]) -> bool:
    """Whether any organisation of the town can give the visits by itself."""
    return all(
        len(visit.carers) == 1
        and visit.priority is not Priority.CRITICAL
        and all(need.level == 1 for need in visit.carers[0].qualifications)
        and {need.code for need in visit.carers[0].qualifications}.isdisjoint(("N", "R"))
        for visit in visits
    )


def _is_late_and_single(visits: Sequence[Visit]) -> bool:
    """Whether the client can come last on a route without wasting half a shift."""
    return len(visits) == 1 and len(visits[0].carers) == 1 and visits[0].window.latest >= _AFTERNOON
