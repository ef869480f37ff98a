"""What the script of a roster's page knows: people, visits and lines, in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from optimizer.domain.caregiver import Caregiver, Qualification
from optimizer.domain.client import Client
from optimizer.domain.plan import Route
from optimizer.domain.visit import Visit
from optimizer.formats.names import Kind
from optimizer.i18n import LANGUAGES, Lang, catalogue
from optimizer.report import needs_wording, wording
from optimizer.report.audience import Audience
from optimizer.report.roster import Roster
from optimizer.report.routemap import Spots, colour_of, spots
from optimizer.report.statistics import shift_span, time_of_route
from optimizer.report.timetable import Line
from optimizer.units import MS_PER_MINUTE

WORDS = (
    "col.back",
    "col.care",
    "col.leaves",
    "col.organisation",
    "col.reason",
    "col.travel",
    "col.waiting",
    "col.window",
    "list.comma",
    "list.labelled",
    "page.break",
    "page.helps",
    "page.idle_line",
    "page.shift",
    "page.shown",
    "page.skills",
    "page.way",
    "page.with",
    "priority.critical",
    "priority.essential",
    "priority.flexible",
)
"Sentences that the script fills in, by their keys."

Json = dict[str, Any]
ByLang = dict[Lang, str]


def page_data(
    roster: Roster,
    audience: Audience,
    helps: Mapping[str, ByLang],
    days: Sequence[Sequence[Line]],
) -> Markup:
    """Return the document that the page's script reads.

    Parameters
    ----------
    roster
        The roster.
    audience
        With which names.
    helps
        What may help each visit left out.
    days
        Lines of each day, as they are drawn.
    """
    where = spots(roster)
    scenario = roster.scenario
    document = {
        "words": {lang: {key: catalogue(lang)[key] for key in WORDS} for lang in LANGUAGES},
        **_vocabularies(roster),
        "clients": {one.id: _client(one, audience, where) for one in scenario.clients},
        "caregivers": {
            one.id: _caregiver(one, number, audience, where)
            for number, one in enumerate(scenario.caregivers)
        },
        "visits": {visit.id: _visit(visit) for visit in scenario.visits},
        "lines": [_line(roster, line, day) for day, lines in enumerate(days) for line in lines],
        "unserved": {visit.id: code for visit, code in roster.unserved},
        "helps": helps,
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    # A name that closes the element would end the data; JSON has another way to write the sign.
    return Markup(text.replace("<", "\\u003c"))


def skills(roster: Roster) -> dict[str, ByLang]:
    """Return every qualification that somebody holds, in words, by code and level."""
    held = {
        _skill(one): one
        for caregiver in roster.scenario.caregivers
        for one in caregiver.qualifications
    }

    def say(lang: Lang, code: str) -> str:
        return needs_wording.held(lang, held[code])

    return _by_code(held, say)


def towns(roster: Roster) -> dict[str, ByLang]:
    """Return the towns where somebody lives who is cared for, in words, by code."""
    codes = {client.town for client in roster.scenario.clients if client.town}
    return _by_code(codes, wording.town)


def _vocabularies(roster: Roster) -> Json:
    codes = {code for visit in roster.scenario.visits for code in visit.services}
    reasons = {code for _, code in roster.unserved}

    def service(lang: Lang, code: str) -> str:
        return needs_wording.service(lang, roster.book, code)

    return {
        "services": _by_code(codes, service),
        "towns": towns(roster),
        "skills": skills(roster),
        "reasons": _by_code(reasons, wording.reason),
    }


def _by_code(codes: Iterable[str], say: Callable[[Lang, str], str]) -> dict[str, ByLang]:
    return {code: {lang: say(lang, code) for lang in LANGUAGES} for code in sorted(codes)}


def _skill(one: Qualification) -> str:
    return f"{one.code}:{one.level}"


def _called(audience: Audience, kind: Kind, pseudonym: str) -> Json:
    about = audience.names.get(kind, pseudonym)
    told = {"name": about.name, "phone": about.phone}
    return {key: text for key, text in told.items() if text}


def _client(one: Client, audience: Audience, where: Spots | None) -> Json:
    told = {**_called(audience, Kind.CLIENT, one.id)}
    if one.town:
        told["town"] = one.town
    if one.organisation:
        told["org"] = one.organisation
    if where is not None:
        told["at"] = where.clients[one.id]
    return told


def _caregiver(one: Caregiver, number: int, audience: Audience, where: Spots | None) -> Json:
    told = {**_called(audience, Kind.CAREGIVER, one.id), "colour": colour_of(number)}
    if one.organisation:
        told["org"] = one.organisation
    if one.qualifications:
        told["skills"] = [_skill(each) for each in one.qualifications]
    if where is not None:
        told["from"], told["to"] = where.caregivers[one.id]
    return told


def _visit(visit: Visit) -> Json:
    needs = [f"{need.code}:{need.level}" for each in visit.carers for need in each.qualifications]
    return {
        "client": visit.client,
        "priority": visit.priority,
        "window": wording.window(visit),
        "services": visit.services,
        "needs": needs,
    }


def _line(roster: Roster, line: Line, day: int) -> Json:
    told: Json = {"day": day, "who": line.caregiver, "times": line.times, "stops": []}
    return told if line.route is None else told | _route(roster, line.route)


def _route(roster: Roster, route: Route) -> Json:
    time = time_of_route(roster, route)
    span = shift_span(roster, route)
    told: Json = {
        "leaves": wording.clock(route.departure),
        "back": wording.clock(route.back),
        "care": _lasting(time.care),
        "travel": _lasting(time.travel),
        "waiting": _lasting(time.waiting),
        "stops": [
            [
                stop.visit,
                wording.clock(stop.start),
                wording.clock(stop.end),
                round(stop.travel / MS_PER_MINUTE),
                _own_services(roster, stop.visit, stop.carer),
            ]
            for stop in route.stops
        ],
    }
    if span is not None:
        told["shift"] = f"{wording.clock(span[0])}–{wording.clock(span[1])}"
    if route.pause is not None:
        pause = f"{wording.clock(route.pause.start)}–{wording.clock(route.pause.end)}"
        told["pause"] = [route.pause.after_stops, pause]
    return told


def _own_services(roster: Roster, visit_id: str, carer: int) -> Sequence[str]:
    """Return what one of several carers does; nothing where it is all of the visit."""
    visit = roster.visits.get(visit_id)
    if visit is None or visit.services_of(carer) == visit.services:
        return ()
    return visit.services_of(carer)


def _lasting(ms: int) -> ByLang:
    return {lang: wording.duration(lang, ms) for lang in LANGUAGES}
