"""A roster as a person reads it on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from optimizer.domain.plan import Route
from optimizer.i18n import Lang, sentence, translated
from optimizer.report import needs_wording, wording
from optimizer.report.contracts import contract_uses
from optimizer.report.roster import Roster
from optimizer.report.statistics import shift_span, time_of, time_of_route
from optimizer.units import MS_PER_MINUTE
from optimizer.verification import Violation

MAX_UNSERVED = 20
MAX_CONTRACTS = 20
_QUARTER = 15 * MS_PER_MINUTE
_HOUR = 60 * MS_PER_MINUTE
_LABEL = 4
"Characters from one hour's number to the next, at least."


def roster_text(roster: Roster, *, lang: Lang) -> RenderableType:
    """Return a roster for printing with rich.

    Parameters
    ----------
    roster
        The roster; with violations they are listed first.
    lang
        Language of all words.
    """
    return Group(*_sections(roster, lang))


def violations_text(roster: Roster, *, lang: Lang) -> RenderableType:
    """Return the violations of a plan, one line each, for printing with rich."""
    lines = []
    for violation in roster.violations:
        line = Text("  ")
        line.append(sentence(lang, f"rule.{violation.rule}"), style="bold red")
        who = [violation.caregiver, violation.visit, violation.date]
        names = " · ".join(str(part) for part in who if part is not None)
        line.append("  ".join(["", *([names] if names else []), violation_words(lang, violation)]))
        lines.append(line)
    return Group(*lines)


def violation_words(lang: Lang, violation: Violation) -> str:
    """Return what is wrong, for whom and by how much, as a sentence."""
    return translated(lang, violation.detail)


def _sections(roster: Roster, lang: Lang) -> Iterator[RenderableType]:
    title = f"{sentence(lang, 'head.title')} {roster.scenario.id} · {wording.horizon(lang, roster)}"
    yield Text(title, style="bold")
    yield Text(wording.served(lang, roster))
    if roster.violations:
        yield _heading(lang, "head.violations")
        yield violations_text(roster, lang=lang)
    if roster.plan.routes:
        yield _heading(lang, "head.caregivers")
        yield _CaregiverDays(roster, lang)
    yield _heading(lang, "head.unserved")
    yield _unserved(roster, lang)
    if roster.care_gap is not None:
        yield _heading(lang, "head.needs")
        for line in needs_wording.gap(lang, roster.care_gap):
            yield Text(f"  {line}")
    if roster.scenario.contracts:
        yield _heading(lang, "head.contracts")
        yield _contracts(roster, lang)
    yield _heading(lang, "head.cost")
    yield _costs(roster, lang)
    yield _heading(lang, "head.statistics")
    yield from _statistics(roster, lang)
    if roster.result is not None:
        yield _heading(lang, "head.run")
        for line in wording.making(lang, roster):
            yield Text(f"  {line}")


def _heading(lang: Lang, key: str) -> Text:
    return Text("\n" + sentence(lang, key), style="bold cyan")


class _CaregiverDays:
    """The caregiver-days, their bars drawn as finely as the width allows."""

    def __init__(self, roster: Roster, lang: Lang) -> None:
        self._roster = roster
        self._lang = lang

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        """Yield the lines for a console of a width."""
        yield from _caregiver_days(self._roster, self._lang, options.max_width)


def _caregiver_days(roster: Roster, lang: Lang, columns: int) -> Iterator[RenderableType]:
    """Yield two or more lines per caregiver-day: a bar of the day, then its stops."""
    first, last = _hours(roster)
    several = roster.scenario.horizon.days > 1
    yield Text("  " + sentence(lang, "text.legend_bar"), style="dim")
    width = max(len(route.caregiver) for route in roster.routes)
    hours = {route: _away(route) for route in roster.routes}
    longest = max(map(len, hours.values()))
    ruler = " " * (width + 4 + (12 if several else 0) + longest + 1)
    cell = _cell(first, last, columns - len(ruler))
    yield Text(ruler + _ruler(first, last, cell), style="dim", no_wrap=True, overflow="crop")
    for route in roster.routes:
        time = time_of_route(roster, route)
        line = Text("  ", no_wrap=True, overflow="crop")
        line.append(f"{route.caregiver:<{width}}  ", style="bold")
        if several:
            line.append(f"{route.date.isoformat()}  ")
        line.append(f"{hours[route]:<{longest}} ")
        line.append(_bar(roster, route, first, last, cell), style="green")
        yield line
        facts = sentence(
            lang,
            "text.day_line",
            count=time.stops,
            care=wording.duration(lang, time.care),
            travel=wording.duration(lang, time.travel),
        )
        yield Padding(Text(facts, style="dim"), (0, 0, 0, width + 4), expand=False)
        yield Padding(_stops(roster, route), (0, 0, 0, width + 4), expand=False)


def _stops(roster: Roster, route: Route) -> Text:
    parts = [
        (f"{wording.clock(stop.start)} ", f"{stop.visit} {roster.client_of(stop.visit)}")
        for stop in route.stops
    ]
    text = Text()
    for position, (start, what) in enumerate(parts):
        if position:
            text.append(" · ", style="dim")
        text.append(start, style="cyan")
        # A no-break space keeps visit and client on one line.
        text.append(what.replace(" ", "\N{NO-BREAK SPACE}"))
    return text


def _hours(roster: Roster) -> tuple[int, int]:
    """Return the whole hours, in milliseconds, between which all routes and shifts lie."""
    times = [time for route in roster.routes for time in (route.departure, route.back)]
    for route in roster.routes:
        times.extend(shift_span(roster, route) or ())
    first = min(times) // _HOUR * _HOUR
    return first, max(first + _HOUR, -(-max(times) // _HOUR) * _HOUR)


def _away(route: Route) -> str:
    return f"{wording.clock(route.departure)}–{wording.clock(route.back)}"


def _cell(first: int, last: int, room: int) -> int:
    """Return what one character stands for: a quarter of an hour, more where room is short."""
    return _QUARTER * max(1, -(-(last - first) // (_QUARTER * max(room, _LABEL))))


def _ruler(first: int, last: int, cell: int) -> str:
    """Return the hours above the bars, no closer than their numbers need; after 24 comes 1."""
    step = -(-_LABEL * cell // _HOUR)
    marks = range(first // _HOUR, last // _HOUR, step)
    return "".join(
        f"{hour if hour <= 24 else (hour - 1) % 24 + 1:<{step * _HOUR // cell}d}" for hour in marks
    )


def _bar(roster: Roster, route: Route, first: int, last: int, cell: int) -> str:
    """Return the day as characters of equal length in time."""
    cells = [" "] * -(-(last - first) // cell)

    def fill(start: int, end: int, mark: str, least: int = 0) -> None:
        begin = round((start - first) / cell)
        for place in range(begin, max(begin + least, round((end - first) / cell))):
            if 0 <= place < len(cells):
                cells[place] = mark

    span = shift_span(roster, route)
    if span is not None:
        fill(*span, "·")
    before = route.departure
    for stop in route.stops:
        fill(stop.arrival - stop.travel, stop.arrival, "─")
        before = stop.end
    fill(before, route.back, "─")
    if route.pause is not None:
        fill(route.pause.start, route.pause.end, "░")
    for stop in route.stops:
        fill(stop.start, stop.end, "█", least=1)
    return "".join(cells)


def _unserved(roster: Roster, lang: Lang) -> RenderableType:
    if not roster.unserved:
        return Text("  " + sentence(lang, "text.all_served"), style="green")
    rows = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
    for visit, code in roster.unserved[:MAX_UNSERVED]:
        rows.add_row(
            Text("  " + visit.id, style="bold"),
            visit.client,
            sentence(lang, f"priority.{visit.priority}"),
            wording.window(visit),
            wording.reason(lang, code),
        )
    head = Text("  " + sentence(lang, "text.some_unserved", count=len(roster.unserved)))
    parts: list[RenderableType] = [head, rows]
    rest = len(roster.unserved) - MAX_UNSERVED
    if rest > 0:
        parts.append(Text("  " + sentence(lang, "list.more", count=rest), style="dim"))
    if roster.least_unserved:
        proven = sentence(lang, "certificate.total", count=roster.least_unserved)
        parts.append(Text("  " + proven, style="bold"))
    return Group(*parts)


def _contracts(roster: Roster, lang: Lang) -> RenderableType:
    rows = Table(box=None, padding=(0, 2, 0, 0), show_header=True, header_style="dim")
    for column in ("contract", "organisation", "purchaser", "funding", "care", "cap", "price"):
        rows.add_column(sentence(lang, f"col.{column}"))
    uses = contract_uses(roster)
    for use in uses[:MAX_CONTRACTS]:
        rows.add_row(
            Text(use.contract, style="bold"),
            use.organisation,
            use.purchaser,
            " ".join(use.funding),
            wording.duration(lang, use.care),
            "" if use.cap is None else wording.duration(lang, use.cap),
            wording.yuan(use.fen),
        )
    parts: list[RenderableType] = [Padding(rows, (0, 0, 0, 2), expand=False)]
    if len(uses) > MAX_CONTRACTS:
        more = sentence(lang, "list.more", count=len(uses) - MAX_CONTRACTS)
        parts.append(Text("  " + more, style="dim"))
    parts.append(Text("  " + wording.purchase(lang, uses)))
    return Group(*parts)


def _costs(roster: Roster, lang: Lang) -> RenderableType:
    rows = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
    rows.add_column()
    rows.add_column()
    rows.add_column(justify="right")
    for line in wording.cost_lines(lang, roster):
        rows.add_row(Text("  " + line.name, style="bold"), line.words, wording.number(line.minutes))
    total = wording.number(wording.minutes_of_travel(roster, roster.cost))
    return Group(rows, Text("  " + sentence(lang, "text.total", minutes=total)))


def _statistics(roster: Roster, lang: Lang) -> Iterator[RenderableType]:
    time = time_of(time_of_route(roster, route) for route in roster.routes)
    yield Text("  " + wording.shares(lang, time))
    for line in wording.circles(lang, roster):
        yield Text("  " + line)
    if time.overtime:
        overtime = wording.duration(lang, time.overtime)
        yield Text("  " + sentence(lang, "text.overtime", duration=overtime))
