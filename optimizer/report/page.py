"""A roster as one page or one picture that loads nothing from elsewhere."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from optimizer.domain.plan import Route
from optimizer.i18n import LANGUAGES, Lang, sentence, translated
from optimizer.report import needs_wording, wording
from optimizer.report.contracts import contract_uses
from optimizer.report.gantt import Gantt, gantt_of_day
from optimizer.report.roster import Roster
from optimizer.report.routemap import RouteMap, map_of_day
from optimizer.report.statistics import TimeSpent, time_of, time_of_route
from optimizer.report.template_engine import template_engine

if TYPE_CHECKING:
    from jinja2 import Environment as Templates

ByLang = Mapping[Lang, str]

_PICTURE_MARGIN = 20
_MOST_ALERTS = 100
"The most urgent ones that the head of a page lists; the others are counted."


@dataclass(frozen=True, slots=True)
class Card:
    """One figure at the top of the page."""

    key: str
    value: str | ByLang
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """The drawings of one day; `map` is None where the places do not make a map."""

    date: datetime.date
    gantt: Gantt
    map: RouteMap | None


@dataclass(frozen=True, slots=True)
class DayRow:
    """One line of the table of caregiver-days."""

    route: Route
    time: TimeSpent


@dataclass(frozen=True, slots=True)
class BilingualCost:
    """One line of the table of costs; `minutes` are minutes of travel."""

    term: str
    words: ByLang
    minutes: float


def roster_page(roster: Roster, *, lang: Lang) -> str:
    """Return a self-contained HTML page in both languages.

    Parameters
    ----------
    roster
        The roster.
    lang
        Language shown first; a button on the page switches.
    """
    time = time_of(time_of_route(roster, route) for route in roster.routes)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            roster=roster,
            lang=lang,
            horizon=_each(lambda one: wording.horizon(one, roster)),
            served=_each(lambda one: wording.served(one, roster)),
            making=_by_line(lambda one: wording.making(one, roster)),
            contracts=contract_uses(roster),
            care_gap=_by_line(lambda one: _care_gap(one, roster)),
            cards=_cards(roster, time),
            alerts=roster.alerts[:_MOST_ALERTS],
            more_alerts=_more_alerts(roster),
            alert=lambda one: {"en": one.en, "zh": one.zh},
            severity=lambda one: _each(lambda lang: needs_wording.severity(lang, one)),
            to_do=lambda one: _each(lambda lang: needs_wording.to_do(lang, one)),
            unserved=_each(lambda one: _num_unserved(one, roster)),
            days=_days(roster, (lang, *(one for one in LANGUAGES if one != lang))),
            costs=_costs(roster),
            total=wording.minutes_of_travel(roster, roster.cost),
            shares=_each(lambda one: wording.shares(one, time)),
            rows=[DayRow(route, time_of_route(roster, route)) for route in roster.routes],
            client_of=roster.client_of,
            reason=lambda code: _each(lambda one: wording.reason(one, code)),
            services=lambda visit: _each(
                lambda one: needs_wording.services(one, roster.book, visit.services)
            ),
            detail=lambda violation: _each(lambda one: translated(one, violation.detail)),
            lasting=lambda ms: _each(lambda one: wording.duration(one, ms)),
        )
    )


def roster_picture(roster: Roster, *, lang: Lang) -> str:
    """Return the first day with routes as one SVG picture: the Gantt above the map.

    Parameters
    ----------
    roster
        The roster.
    lang
        Language of the texts shown when pointed at something.

    Raises
    ------
    ValueError
        If the plan has no route.
    """
    days = _days(roster, (lang,))
    if not days:
        raise ValueError("a plan without routes has no picture")
    day = days[0]
    width = day.gantt.width + 2 * _PICTURE_MARGIN
    height = day.gantt.height + 2 * _PICTURE_MARGIN
    map_scale = 0.0
    if day.map is not None:
        map_scale = round(day.gantt.width / day.map.width, 3)
    map_height = round(day.map.height * map_scale) if day.map is not None else 0
    return (
        _environment()
        .get_template("roster.svg.j2")
        .render(
            title=f"{roster.scenario.id} {day.date}",
            width=width,
            height=height + map_height,
            gantt=day.gantt,
            map=day.map,
            map_x=_PICTURE_MARGIN,
            map_y=day.gantt.height + _PICTURE_MARGIN,
            map_scale=map_scale,
        )
    )


@cache
def _environment() -> Templates:
    environment = template_engine()
    environment.globals.update(
        t=lambda key: _bilingual(_each(lambda one: sentence(one, key))),
        w=_bilingual,
        clock=wording.clock,
        number=wording.number,
        window=wording.window,
    )
    return environment


def _each(make: Callable[[Lang], str]) -> dict[Lang, str]:
    return {lang: make(lang) for lang in LANGUAGES}


def _by_line(make: Callable[[Lang], Sequence[str]]) -> list[ByLang]:
    columns = {lang: make(lang) for lang in LANGUAGES}
    count = len(columns[LANGUAGES[0]])
    return [{lang: columns[lang][row] for lang in LANGUAGES} for row in range(count)]


def _bilingual(texts: ByLang) -> Markup:
    """Return a text in all languages, of which the page shows one at a time."""
    if len(set(texts.values())) == 1:
        return Markup("{}").format(next(iter(texts.values())))
    span = Markup('<span class="{lang}" lang="{lang}">{text}</span>')
    return Markup("").join(span.format(lang=lang, text=text) for lang, text in texts.items())


def _days(roster: Roster, langs: Sequence[Lang]) -> list[Day]:
    days = []
    for date in sorted({route.date for route in roster.routes}):
        gantt = gantt_of_day(roster, date, langs)
        if gantt is not None:
            days.append(Day(date, gantt, map_of_day(roster, date, langs)))
    return days


def _care_gap(lang: Lang, roster: Roster) -> Sequence[str]:
    return () if roster.care_gap is None else needs_wording.gap(lang, roster.care_gap)


def _more_alerts(roster: Roster) -> ByLang | None:
    more = len(roster.alerts) - _MOST_ALERTS
    return None if more <= 0 else _each(lambda one: sentence(one, "list.more", count=more))


def _num_unserved(lang: Lang, roster: Roster) -> str:
    title = sentence(lang, "head.unserved")
    return sentence(lang, "list.in_brackets", what=title, more=len(roster.unserved))


def _costs(roster: Roster) -> list[BilingualCost]:
    columns = {lang: wording.cost_lines(lang, roster) for lang in LANGUAGES}
    return [
        BilingualCost(
            str(line.term), {lang: columns[lang][row].words for lang in LANGUAGES}, line.minutes
        )
        for row, line in enumerate(columns[LANGUAGES[0]])
    ]


def _cards(roster: Roster, time: TimeSpent) -> list[Card]:
    total = wording.minutes_of_travel(roster, roster.cost)
    cards = [
        Card("head.served", f"{len(roster.served)} / {len(roster.scenario.visits)}"),
        Card("head.unserved", str(len(roster.unserved)), bad=bool(roster.unserved)),
        Card("head.caregivers", str(len(roster.routes))),
        Card("col.care", _each(lambda one: wording.duration(one, time.care))),
        Card("col.travel", _each(lambda one: wording.duration(one, time.travel))),
        Card("col.cost", wording.number(total)),
    ]
    if roster.alerts:
        clients = len({one.client for one in roster.alerts})
        cards.append(Card("head.alerts", str(clients), bad=True))
    if roster.violations:
        cards.append(Card("head.violations", str(len(roster.violations)), bad=True))
    return cards
