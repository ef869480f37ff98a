"""Where everything lies on the charts of a study: ranges, years, causes, hours of towns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.domain.study import BASE
from optimizer.i18n import Lang
from optimizer.report.shock_list import assumption_words, range_words
from optimizer.report.study_text import changed, whole
from optimizer.report.study_wording import arm_label, category
from optimizer.report.wording import reason, signed, town
from optimizer.shortfall import ArmOutcome, Outcome, Tornado

WIDTH = 720
TRACK = 400
"Pixels of a row from the least figure of its scale to the largest."
FAN_HEIGHT = 240
FAN_LEFT = 46
CELL = 30
CELL_LABEL = 90
MOST_CAUSES = 8
MOST_SWINGS = 12
"Assumptions that a tornado shows; the table has all of them."
FEWEST_TICKS = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart of ranges.

    Attributes
    ----------
    label, value
        What it is about, and its figure in words.
    low, high
        Where the lighter range begins and ends: eight of ten days.
    mean
        Where the mark of the mean is, or where a plain bar ends.
    proven
        Where the mark is below which nobody can get; None if nothing is proven.
    """

    label: str
    value: str
    low: float
    high: float
    mean: float
    proven: float | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of a scale, with its number."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of one row per thing, on one scale."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Swung:
    """One assumption of a tornado.

    Attributes
    ----------
    label, range
        What it is, and the ends of its range, in words.
    value
        What changes at both ends, in whole visits.
    at_low, at_high
        Where each bar begins, and how long it is.
    """

    label: str
    range: str
    value: str
    at_low: tuple[float, float]
    at_high: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tornadoes:
    """A chart of assumptions at both ends of their ranges; `zero` is where nothing changes."""

    bars: tuple[Swung, ...]
    ticks: tuple[Tick, ...]
    zero: float


@dataclass(frozen=True, slots=True)
class Fan:
    """Visits not made over years: range and mean of one arm.

    Attributes
    ----------
    label
        What is imagined.
    band
        Points of eight of ten days, as an SVG polygon.
    line
        Points of the mean.
    last
        The end of the line, for its label.
    """

    label: str
    band: str
    line: str
    last: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Years:
    """A chart of fans over years."""

    height: float
    fans: tuple[Fan, ...]
    years: tuple[Tick, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of one town; `depth` is from 0 to 4, None where the figure is withheld."""

    x: float
    depth: int | None
    value: str


@dataclass(frozen=True, slots=True)
class Heat:
    """A table of towns and hours."""

    width: float
    height: float
    hours: tuple[Tick, ...]
    rows: tuple[tuple[str, float, tuple[Cell, ...]], ...]
    has_gaps: bool


def arm_bars(lang: Lang, outcome: Outcome, arms: Sequence[ArmOutcome]) -> Bars:
    """Return visits not made in each arm: eight of ten days, the mean, and what is proven."""
    top = max((max(arm.unserved.p90, arm.unserved.mean) for arm in arms), default=0.0)
    scale = _Scale(top)
    bars = tuple(
        Bar(
            label=arm_label(lang, outcome.study, arm.arm),
            value=whole(lang, arm.unserved.mean),
            low=scale.at(arm.unserved.p10),
            high=scale.at(arm.unserved.p90),
            mean=scale.at(arm.unserved.mean),
            proven=scale.at(math.floor(arm.proven + 1e-9)) if arm.proven else None,
        )
        for arm in arms
    )
    return Bars(bars, scale.ticks())


def change_bars(lang: Lang, outcome: Outcome, arms: Sequence[ArmOutcome]) -> Bars:
    """Return what each arm changes against the scenario as it is, the largest change first."""
    told = [
        (arm, arm.against_base) for arm in arms if arm.arm != BASE and arm.against_base is not None
    ]
    told.sort(key=lambda one: -abs(one[1].mean))
    ends = [end for _, figure in told for end in (figure.low, figure.high, figure.mean)]
    known = [0.0, *(end for end in ends if end is not None)]
    scale = _Scale(max(known), least=min(known))
    bars = tuple(
        Bar(
            label=arm_label(lang, outcome.study, arm.arm),
            value=signed(math.floor(figure.mean + 0.5), 0),
            low=scale.at(figure.mean if figure.low is None else figure.low),
            high=scale.at(figure.mean if figure.high is None else figure.high),
            mean=scale.at(figure.mean),
        )
        for arm, figure in told
    )
    return Bars(bars, scale.ticks())


def tornado_bars(lang: Lang, tornado: Tornado) -> Tornadoes:
    """Return what each assumption changes at both ends of its range, the largest first."""
    told = tornado.swings[:MOST_SWINGS]
    ends = [figure.mean for one in told for figure in (one.at_low, one.at_high)]
    scale = _Scale(max([0.0, *ends]), least=min([0.0, *ends]))
    bars = tuple(
        Swung(
            label=assumption_words(lang, one.of),
            range=range_words(lang, one.low, one.high),
            value=f"{changed(one.at_low.mean)} / {changed(one.at_high.mean)}",
            at_low=_from_to(scale, one.at_low.mean),
            at_high=_from_to(scale, one.at_high.mean),
        )
        for one in told
    )
    return Tornadoes(bars, scale.ticks(), scale.at(0.0))


def _from_to(scale: _Scale, mean: float) -> tuple[float, float]:
    """Return where a bar from nothing to a figure begins, and how long it is."""
    zero, end = scale.at(0.0), scale.at(mean)
    return min(zero, end), round(abs(end - zero), 1)


def cause_bars(lang: Lang, arm: ArmOutcome) -> Bars:
    """Return the visits left out of one arm by their first reasons."""
    causes = arm.causes[:MOST_CAUSES]
    scale = _Scale(max((one.visits for one in causes), default=0.0))
    bars = tuple(
        Bar(
            label=reason(lang, one.cause).rstrip(".。"),
            value=whole(lang, one.visits),
            low=0,
            high=scale.at(one.visits),
            mean=scale.at(one.visits),
        )
        for one in causes
    )
    return Bars(bars, scale.ticks())


def share_bars(lang: Lang, arm: ArmOutcome, *, of_towns: bool) -> Bars:
    """Return the share of paid care that is not given, by town or by category."""
    table = arm.tables.by_town if of_towns else arm.tables.by_category
    told = [
        (one.names[0], one.minutes / one.asked)
        for one in table
        if one.minutes is not None and one.asked
    ]
    told.sort(key=lambda one: -one[1])
    scale = _Scale(100 * max((share for _, share in told), default=0.0))
    name = town if of_towns else category
    bars = tuple(
        Bar(
            label=name(lang, code),
            value=f"{100 * share:.0f}%",
            low=0,
            high=scale.at(100 * share),
            mean=scale.at(100 * share),
        )
        for code, share in told
    )
    return Bars(bars, scale.ticks("%"))


def years_chart(lang: Lang, outcome: Outcome) -> Years | None:
    """Return the fans of a study of years; None of any other."""
    years = sorted({arm.year for arm in outcome.arms if arm.year is not None})
    if len(years) < 2:
        return None
    top = max(max(arm.unserved.p90, arm.unserved.mean) for arm in outcome.arms)
    step = _step(top)
    ceiling = max(step, math.ceil(top / step) * step)
    width = WIDTH - FAN_LEFT - 120

    def x(year: int) -> float:
        return round(FAN_LEFT + width * (year - years[0]) / (years[-1] - years[0]), 1)

    def y(value: float) -> float:
        return round(10 + FAN_HEIGHT * (1 - value / ceiling), 1)

    fans = []
    for name in dict.fromkeys(arm.arm for arm in outcome.arms):
        of = [arm for arm in outcome.arms if arm.arm == name and arm.year is not None]
        upper = [(x(arm.year or 0), y(arm.unserved.p90)) for arm in of]
        lower = [(x(arm.year or 0), y(arm.unserved.p10)) for arm in of]
        means = [(x(arm.year or 0), y(arm.unserved.mean)) for arm in of]
        fans.append(
            Fan(
                label=arm_label(lang, outcome.study, name),
                band=_points([*upper, *reversed(lower)]),
                line=_points(means),
                last=means[-1],
            )
        )
    count = round(ceiling / step)
    return Years(
        height=FAN_HEIGHT + 40,
        fans=tuple(fans),
        years=tuple(Tick(x(year), str(year)) for year in years),
        ticks=tuple(Tick(y(n * step), f"{n * step:g}") for n in range(count + 1)),
    )


def heat_map(lang: Lang, arm: ArmOutcome) -> Heat | None:
    """Return visits left out by town and hour of the window's beginning; None if there are none."""
    rows = arm.tables.by_town_and_hour
    towns = sorted({one.names[0] for one in rows})
    hours = sorted({int(one.names[1]) for one in rows})
    if not towns or not hours:
        return None
    span = range(hours[0], hours[-1] + 1)
    top = max((one.visits or 0 for one in rows), default=0.0)
    found = {(one.names[0], int(one.names[1])): one.visits for one in rows}
    made = []
    for n, place in enumerate(towns):
        cells = tuple(
            _cell(CELL_LABEL + CELL * k, found[place, hour], top)
            for k, hour in enumerate(span)
            if (place, hour) in found
        )
        made.append((town(lang, place), float(20 + CELL * n), cells))
    return Heat(
        width=CELL_LABEL + CELL * len(span),
        height=20 + CELL * len(towns),
        hours=tuple(
            Tick(CELL_LABEL + CELL * k + CELL / 2, f"{hour:02d}") for k, hour in enumerate(span)
        ),
        rows=tuple(made),
        has_gaps=any(one is None for one in found.values()),
    )


def _cell(x: float, visits: float | None, top: float) -> Cell:
    if visits is None:
        return Cell(x, None, "·")
    depth = 0 if not visits or not top else min(4, 1 + int(3.999 * visits / top))
    return Cell(x, depth, "" if visits < 0.05 else f"{visits:.1f}")


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _step(top: float) -> float:
    """Return a round step that divides a scale into three to eight parts."""
    if top <= 0:
        return 1.0
    rough = 10.0 ** math.floor(math.log10(top))
    steps = [rough / 10, rough / 5, rough / 2, rough, 2 * rough, 5 * rough]
    return next(one for one in reversed(steps) if top / one >= FEWEST_TICKS)


class _Scale:
    """From figures to pixels, from `least` to a round number not below the largest figure."""

    def __init__(self, top: float, least: float = 0.0) -> None:
        self._step = _step(max(top, -least, 1e-9))
        self._least = math.floor(least / self._step + 1e-9) * self._step
        self._top = math.ceil(top / self._step - 1e-9) * self._step
        if self._top <= self._least:
            self._top = self._least + self._step

    def at(self, value: float) -> float:
        """Return where a figure lies."""
        share = (value - self._least) / (self._top - self._least)
        return round(TRACK * share, 1)

    def ticks(self, unit: str = "") -> tuple[Tick, ...]:
        """Return the lines of the scale."""
        count = round((self._top - self._least) / self._step)
        values = (self._least + n * self._step for n in range(count + 1))
        return tuple(
            Tick(self.at(value), f"{value:g}{unit}".replace("-", "\u2212")) for value in values
        )
