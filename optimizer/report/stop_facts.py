"""What is printed of a stop: who, where, what, and what to beware of."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from optimizer.domain.plan import Route, Stop
from optimizer.domain.visit import Visit
from optimizer.formats.names import Kind, Name
from optimizer.i18n import Lang, sentence
from optimizer.report import needs_wording, wording
from optimizer.report.audience import Audience
from optimizer.report.roster import Roster
from optimizer.report.wording import clock
from optimizer.units import MS_PER_MINUTE


@dataclass(frozen=True, slots=True)
class StopFacts:
    """A stop in words.

    Attributes
    ----------
    number
        Place in the route, from 1.
    visit
        The visit; None where the scenario does not know it.
    start, end
        Times of the day.
    client, about
        Pseudonym of the client and what the names file holds.
    called
        What the client is called.
    services
        What this carer does, in words.
    cautions
        What to beware of.
    partner
        Who else comes; empty for one carer.
    travel, minutes
        Minutes on the way there, and of care.
    """

    number: int
    visit: Visit | None
    start: str
    end: str
    client: str
    about: Name
    called: str
    services: tuple[str, ...]
    cautions: tuple[str, ...]
    partner: str
    travel: int
    minutes: int


class StopWording:
    """Says what is printed of the stops of one roster.

    Parameters
    ----------
    roster
        The roster.
    audience
        With which names.
    lang
        The reader's language.
    """

    def __init__(self, roster: Roster, audience: Audience, lang: Lang) -> None:
        self.roster = roster
        self.audience = audience
        self.lang: Lang = lang

    def of_route(self, route: Route) -> tuple[StopFacts, ...]:
        """Return the stops of a route in words."""
        return tuple(self.of_stop(route, stop, n) for n, stop in enumerate(route.stops, 1))

    def of_stop(self, route: Route, stop: Stop, number: int) -> StopFacts:
        """Return a stop in words."""
        visit = self.roster.visits.get(stop.visit)
        client = self.roster.client_of(stop.visit)
        about = self.audience.names.get(Kind.CLIENT, client)
        return StopFacts(
            number=number,
            visit=visit,
            start=clock(stop.start),
            end=clock(stop.end),
            client=client,
            about=about,
            called=about.name or client,
            services=() if visit is None else self.services(visit.services_of(stop.carer)),
            cautions=self._cautions(client, about),
            partner=self._partner(route, stop),
            travel=round(stop.travel / MS_PER_MINUTE),
            minutes=round((stop.end - stop.start) / MS_PER_MINUTE),
        )

    def services(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        """Return services by their names in the catalogue, others by code."""
        named = (needs_wording.service(self.lang, self.roster.book, code) for code in codes)
        # A code that an import has made of somebody's words is read as these.
        return tuple(name.replace("_", " ") if name in codes else name for name in named)

    def phone(self, client: str) -> str:
        """Return a client's telephone; empty where it is not known."""
        return self.audience.names.get(Kind.CLIENT, client).phone

    def day(self, date: datetime.date) -> str:
        """Return a date with its day of the week."""
        return wording.day(self.lang, date)

    def _cautions(self, client: str, about: Name) -> tuple[str, ...]:
        person = self.roster.clients.get(client)
        flags = () if person is None else person.flags
        told = [sentence(self.lang, f"printed.flag.{flag}") for flag in flags]
        return (*told, about.caution) if about.caution else tuple(told)

    def _partner(self, route: Route, stop: Stop) -> str:
        others = [
            self.audience.caregiver(caregiver)
            for caregiver in self._carers.get((stop.visit, route.date), ())
            if caregiver != route.caregiver
        ]
        return others[0] if others else ""

    @cached_property
    def _carers(self) -> Mapping[tuple[str, datetime.date], list[str]]:
        carers: dict[tuple[str, datetime.date], list[str]] = defaultdict(list)
        for route in self.roster.routes:
            for stop in route.stops:
                carers[stop.visit, route.date].append(route.caregiver)
        return carers
