"""A letter for each client: who comes when, and what for."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass

from optimizer.domain.plan import Route, Stop
from optimizer.formats.names import Kind
from optimizer.i18n import Lang, listed, sentence
from optimizer.report.audience import Audience
from optimizer.report.roster import Roster
from optimizer.report.stop_facts import StopWording
from optimizer.report.template_engine import template_engine


@dataclass(frozen=True, slots=True)
class Coming:
    """A visit in a client's words.

    Attributes
    ----------
    day, start
        When.
    minutes
        How long.
    services
        What for.
    caregivers
        Who comes.
    """

    day: str
    start: str
    minutes: int
    services: str
    caregivers: str


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter of one client.

    Attributes
    ----------
    called, address
        To whom.
    visits
        What is arranged, by time.
    open
        Services that are not arranged yet.
    """

    called: str
    address: str
    visits: tuple[Coming, ...]
    open: tuple[str, ...]


def letters(roster: Roster, audience: Audience, lang: Lang) -> tuple[Letter, ...]:
    """Return a letter for each client who has a visit, in the scenario's order."""
    wording = StopWording(roster, audience, lang)
    coming = _coming(wording)
    missing: dict[str, list[str]] = defaultdict(list)
    for visit, _ in roster.unserved:
        missing[visit.client].append(listed(lang, wording.services(visit.services)) or visit.id)
    found = []
    for client in roster.scenario.clients:
        if client.id in coming or client.id in missing:
            about = audience.names.get(Kind.CLIENT, client.id)
            found.append(
                Letter(
                    called=about.name or client.id,
                    address=about.address,
                    visits=tuple(coming.get(client.id, ())),
                    open=tuple(missing.get(client.id, ())),
                )
            )
    return tuple(found)


def letters_page(roster: Roster, audience: Audience, lang: Lang) -> str:
    """Return all letters as one page to be printed, a sheet of A4 for each."""
    office = audience.names.office
    return (
        template_engine()
        .get_template("letters.html.j2")
        .render(
            lang=lang,
            t=lambda key, **fields: sentence(lang, key, **fields),
            title=sentence(lang, "printed.letters", scenario=roster.scenario.id),
            letters=letters(roster, audience, lang),
            office=office,
        )
    )


def _coming(wording: StopWording) -> dict[str, list[Coming]]:
    """Return the visits of each client by time; one by two carers is one visit."""
    together: dict[tuple[str, datetime.date], list[tuple[Route, Stop]]] = defaultdict(list)
    for route in wording.roster.routes:
        for stop in route.stops:
            together[stop.visit, route.date].append((route, stop))
    coming: dict[str, list[Coming]] = defaultdict(list)
    in_order = sorted(together.items(), key=lambda one: (one[0][1], one[1][0][1].start))
    for (_, date), carers in in_order:
        facts = [wording.of_stop(route, stop, 1) for route, stop in carers]
        services = dict.fromkeys(each for one in facts for each in one.services)
        names = tuple(wording.audience.caregiver(route.caregiver) for route, _ in carers)
        coming[facts[0].client].append(
            Coming(
                day=wording.day(date),
                start=facts[0].start,
                minutes=max(one.minutes for one in facts),
                services=listed(wording.lang, tuple(services)),
                caregivers=listed(wording.lang, names),
            )
        )
    return coming
