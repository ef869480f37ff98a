"""A roster as one page or one picture that loads nothing from elsewhere."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from optimizer.domain.plan import Route
from optimizer.formats.names import Kind
from optimizer.i18n import LANGUAGES, Lang, sentence, translated
from optimizer.report import needs_wording, wording
from optimizer.report.audience import EVERYBODY, Audience
from optimizer.report.contracts import contract_uses
from optimizer.report.explain_text import fix_words
from optimizer.report.gantt import gantt_of_day
from optimizer.report.page_data import page_data, skills, towns
from optimizer.report.remedies import by_priority, remedies
from optimizer.report.roster import Roster
from optimizer.report.routemap import RouteMap, map_of_day
from optimizer.report.statistics import TimeSpent, time_of, time_of_route
from optimizer.report.template_engine import asset, content_policy, template_engine
from optimizer.report.timetable import Timetable, timetable_of_day

if TYPE_CHECKING:
    from jinja2 import Environment as Templates

ByLang = Mapping[Lang, str]

_BETWEEN: ByLang = {"en": " ", "zh": ""}
"What stands between two sentences."
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
    """One day of the page.

    Attributes
    ----------
    date
        The day.
    timetable
        Its lines.
    map
        Its routes; None where the places do not make a map.
    first
        Number of its first line, counted over all days.
    """

    date: datetime.date
    timetable: Timetable
    map: RouteMap | None
    first: int

    @property
    def num_idle(self) -> int:
        """Shifts without a visit."""
        return sum(line.route is None for line in self.timetable.lines)


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


def roster_page(roster: Roster, *, lang: Lang, audience: Audience = EVERYBODY) -> str:
    """Return a self-contained HTML page in both languages.

    Parameters
    ----------
    roster
        The roster.
    lang
        Language shown first; a button on the page switches.
    audience
        With which names.
    """
    days = _days(roster, (lang, *(one for one in LANGUAGES if one != lang)), audience)
    time = time_of(time_of_route(roster, route) for route in roster.routes)
    helps = _helps(roster, audience)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            lang=lang,
            title=sentence(lang, "head.title"),
            policy=Markup(page_policy()),
            style=_style(),
            script=_script(),
            data=page_data(roster, audience, helps, [day.timetable.lines for day in days]),
            helps=lambda visit: helps.get(visit, {}),
            roster=roster,
            days=days,
            cards=_cards(roster, time, days),
            caregiver=audience.caregiver,
            client=audience.client,
            client_of=roster.client_of,
            **_people(roster, audience),
            **_sentences(roster, time),
        )
    )


def _helps(roster: Roster, audience: Audience) -> dict[str, dict[Lang, str]]:
    """Return what may help each visit left out: changes that were tried, or else by its reason."""
    tried = remedies(roster, audience)

    def words(lang: Lang, visit: str, code: str) -> str:
        told = [fix_words(fix, lang=lang) for fix in tried.get(visit, ())]
        return _BETWEEN[lang].join(told) or wording.helps(lang, code)

    return {
        visit.id: {lang: words(lang, visit.id, code) for lang in LANGUAGES}
        for visit, code in roster.unserved
    }


def page_policy() -> str:
    """Return the content security policy of a roster's page: its own style and script only."""
    return content_policy(style=_style(), script=_script())


def _style() -> Markup:
    return asset("page.css") + asset("drawing.css")


def _script() -> Markup:
    return asset("page.js")


def _people(roster: Roster, audience: Audience) -> dict[str, Any]:
    """Return what the page can be searched by, and what it says of people."""
    who = (roster.scenario.caregivers, roster.scenario.clients)
    return {
        "all": _each(lambda one: sentence(one, "page.all")),
        "organisations": sorted({one.organisation for row in who for one in row} - {None}),
        "organisation": lambda one: audience.names.called(Kind.ORGANISATION, one),
        "towns": towns(roster),
        "skills": skills(roster),
        "alerts": roster.alerts[:_MOST_ALERTS],
        "num_alerts": len(roster.alerts),
        "more_alerts": _more_alerts(roster),
        "alert": lambda one: {"en": one.en, "zh": one.zh},
        "severity": lambda one: _each(lambda lang: needs_wording.severity(lang, one)),
        "to_do": lambda one: _each(lambda lang: needs_wording.to_do(lang, one)),
    }


def _sentences(roster: Roster, time: TimeSpent) -> dict[str, Any]:
    """Return what the page says of the roster as a whole, and how it says it."""
    return {
        "horizon": _each(lambda one: wording.horizon(one, roster)),
        "served": _each(lambda one: wording.served(one, roster)),
        "making": _by_line(lambda one: wording.making(one, roster)),
        "contracts": contract_uses(roster),
        "yuan": wording.yuan,
        "purchase": _each(lambda one: wording.purchase(one, contract_uses(roster))),
        "care_gap": _by_line(lambda one: _care_gap(one, roster)),
        "left_out": by_priority(roster),
        "costs": _costs(roster),
        "total": wording.minutes_of_travel(roster, roster.cost),
        "shares": _each(
            lambda one: " ".join((wording.shares(one, time), *wording.circles(one, roster)))
        ),
        "rows": [DayRow(route, time_of_route(roster, route)) for route in roster.routes],
        "reason": lambda code: _each(lambda one: wording.reason(one, code)),
        "services": lambda visit: _each(
            lambda one: needs_wording.services(one, roster.book, visit.services)
        ),
        "detail": lambda violation: _each(lambda one: translated(one, violation.detail)),
        "lasting": lambda ms: _each(lambda one: wording.duration(one, ms)),
        "summary": lambda route: _each(lambda one: _summary(one, roster, route)),
        "weekday": lambda date: _each(lambda one: wording.day(one, date)),
    }


def _summary(lang: Lang, roster: Roster, route: Route) -> str:
    time = time_of_route(roster, route)
    return sentence(
        lang,
        "text.day_line",
        count=time.stops,
        care=wording.duration(lang, time.care),
        travel=wording.duration(lang, time.travel),
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
    if not roster.routes:
        raise ValueError("a plan without routes has no picture")
    date = roster.routes[0].date
    gantt, routes = gantt_of_day(roster, date, (lang,)), map_of_day(roster, date, (lang,))
    if gantt is None:
        raise ValueError("a plan without routes has no picture")
    width = gantt.width + 2 * _PICTURE_MARGIN
    height = gantt.height + 2 * _PICTURE_MARGIN
    map_scale = 0.0 if routes is None else round(gantt.width / routes.width, 3)
    map_height = 0 if routes is None else round(routes.height * map_scale)
    return (
        _environment()
        .get_template("roster.svg.j2")
        .render(
            title=f"{roster.scenario.id} {date}",
            width=width,
            height=height + map_height,
            gantt=gantt,
            map=routes,
            map_x=_PICTURE_MARGIN,
            map_y=gantt.height + _PICTURE_MARGIN,
            map_scale=map_scale,
        )
    )


@cache
def _environment() -> Templates:
    environment = template_engine()
    environment.globals.update(
        t=lambda key: _bilingual(_each(lambda one: sentence(one, key))),
        w=_bilingual,
        label=_label,
        labelled=_labelled,
        counted=_counted,
        region=lambda key: Markup(' role="region" tabindex="0"') + _label(key),
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
        return escape(next(iter(texts.values())))
    # Not by `Markup.format`: a page has thousands of these, and it would take most of the time.
    spans = (
        f'<span class="{one}" lang="{one}">{escape(text)}</span>' for one, text in texts.items()
    )
    return Markup("".join(spans))


def _labelled(key: str, texts: ByLang) -> ByLang:
    """Return texts with what they are in front."""
    return _each(
        lambda one: sentence(one, "list.labelled", what=sentence(one, key), more=texts[one])
    )


def _counted(key: str, count: int) -> Markup:
    """Return a heading with the number of what stands below it."""
    return _bilingual(
        _each(lambda one: sentence(one, "list.in_brackets", what=sentence(one, key), more=count))
    )


def _label(key: str) -> Markup:
    """Return a name for those who do not see a part of the page, in all languages."""
    texts = _each(lambda one: sentence(one, key))
    kept = [Markup(' data-label-{}="{}"').format(lang, text) for lang, text in texts.items()]
    return Markup(' aria-label="{}"').format(next(iter(texts.values()))) + Markup("").join(kept)


def _days(roster: Roster, langs: Sequence[Lang], audience: Audience) -> list[Day]:
    days: list[Day] = []
    first = 0
    for date in sorted({route.date for route in roster.routes}):
        timetable = timetable_of_day(roster, date, audience)
        if timetable is not None:
            days.append(Day(date, timetable, map_of_day(roster, date, langs), first))
            first += len(timetable.lines)
    return days


def _care_gap(lang: Lang, roster: Roster) -> Sequence[str]:
    return () if roster.care_gap is None else needs_wording.gap(lang, roster.care_gap)


def _more_alerts(roster: Roster) -> ByLang | None:
    more = len(roster.alerts) - _MOST_ALERTS
    return None if more <= 0 else _each(lambda one: sentence(one, "list.more", count=more))


def _costs(roster: Roster) -> list[BilingualCost]:
    columns = {lang: wording.cost_lines(lang, roster) for lang in LANGUAGES}
    return [
        BilingualCost(
            str(line.term), {lang: columns[lang][row].words for lang in LANGUAGES}, line.minutes
        )
        for row, line in enumerate(columns[LANGUAGES[0]])
    ]


def _cards(roster: Roster, time: TimeSpent, days: Sequence[Day]) -> list[Card]:
    cards = [
        Card("head.served", f"{len(roster.served)} / {len(roster.scenario.visits)}"),
        Card("head.unserved", str(len(roster.unserved)), bad=bool(roster.unserved)),
        Card("head.caregivers", str(len(roster.routes))),
        Card("page.card_idle", str(sum(day.num_idle for day in days))),
        Card("col.care", _each(lambda one: wording.duration(one, time.care))),
        Card("col.travel", _each(lambda one: wording.duration(one, time.travel))),
    ]
    if roster.alerts:
        clients = len({one.client for one in roster.alerts})
        cards.append(Card("head.alerts", str(clients), bad=True))
    if roster.violations:
        cards.append(Card("head.violations", str(len(roster.violations)), bad=True))
    return cards
