"""A roster as calendars that telephones and offices read (iCalendar, RFC 5545)."""

from __future__ import annotations

import datetime
import io
import zipfile
import zoneinfo
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from optimizer.domain.plan import Route
from optimizer.i18n import Lang, listed, sentence
from optimizer.report.audience import Audience
from optimizer.report.roster import Roster
from optimizer.report.stop_facts import StopFacts, StopWording

if TYPE_CHECKING:
    from icalendar import Calendar, Event

_ZIP_TIME = (2026, 1, 1, 0, 0, 0)
"Of all files inside: the same roster gives the same bytes."


def calendar(roster: Roster, audience: Audience, lang: Lang) -> bytes:
    """Return one calendar with the stops of all caregivers that are wanted."""
    return _bytes(StopWording(roster, audience, lang), audience.routes(roster), is_mixed=True)


def calendars(roster: Roster, audience: Audience, lang: Lang) -> bytes:
    """Return an archive with a calendar for each caregiver that is wanted."""
    by_caregiver: dict[str, list[Route]] = defaultdict(list)
    for route in audience.routes(roster):
        by_caregiver[route.caregiver].append(route)
    told = StopWording(roster, audience, lang)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for caregiver, routes in by_caregiver.items():
            entry = zipfile.ZipInfo(f"{caregiver}.ics", _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _bytes(told, routes, is_mixed=False))
    return target.getvalue()


def _bytes(told: StopWording, routes: Sequence[Route], *, is_mixed: bool) -> bytes:
    from icalendar import Calendar  # noqa: PLC0415 (a fifth of a second)

    made: Calendar = Calendar()
    made.add("prodid", "-//homecare-optimizer//roster//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for route in routes:
        for stop, facts in zip(route.stops, told.of_route(route), strict=True):
            made.add_component(
                _event(told, route, facts, (stop.start, stop.end), is_mixed=is_mixed)
            )
    return bytes(made.to_ical())


def _event(
    told: StopWording, route: Route, facts: StopFacts, span: tuple[int, int], *, is_mixed: bool
) -> Event:
    from icalendar import Event  # noqa: PLC0415 (as above)

    scenario = told.roster.scenario
    visit = facts.visit.id if facts.visit else facts.client
    event: Event = Event()
    event.add("uid", f"{scenario.id}-{visit}-{route.caregiver}-{route.date:%m%d}@homecare")
    # The time of writing is that of the first day, so that the same roster gives the same bytes.
    first = scenario.horizon.start
    event.add("dtstamp", datetime.datetime.combine(first, datetime.time(), datetime.UTC))
    event.add("dtstart", _instant(scenario.time_zone, route.date, span[0]))
    event.add("dtend", _instant(scenario.time_zone, route.date, span[1]))
    services = listed(told.lang, facts.services) or visit
    summary = sentence(told.lang, "printed.summary", client=facts.called, services=services)
    who = told.audience.caregiver(route.caregiver)
    event.add("summary", f"{who} · {summary}" if is_mixed else summary)
    if facts.about.address:
        event.add("location", facts.about.address)
    person = told.roster.clients.get(facts.client)
    if person is not None:
        event.add("geo", (person.home.lat, person.home.lon))
    partner = sentence(told.lang, "printed.together", name=facts.partner) if facts.partner else ""
    notes = [facts.about.phone, facts.about.door, *facts.cautions, partner]
    if any(notes):
        event.add("description", "\n".join(note for note in notes if note))
    return event


def _instant(time_zone: str, date: datetime.date, ms: int) -> datetime.datetime:
    """Return a clock time of a day in universal time, which every calendar understands."""
    midnight = datetime.datetime.combine(date, datetime.time())
    local = midnight + datetime.timedelta(milliseconds=ms)
    return local.replace(tzinfo=zoneinfo.ZoneInfo(time_zone)).astimezone(datetime.UTC)
