"""One figure of one organisation: its value, between what it lies, and the points it is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from optimizer.domain.evaluation import Head, Indicator, IndicatorTerms
from optimizer.purchase.evaluation.facts import Fact
from optimizer.purchase.evaluation.intervals import Interval, ratio, wilson

FULL = 100
"Points of a figure that could not be better."

SCALE: Mapping[Indicator, int] = {
    Indicator.COMPLETION: 100,
    Indicator.MINUTES: 100,
    Indicator.PUNCTUAL: 100,
    Indicator.MISSED_CRITICAL: 1000,
    Indicator.FACES: 1,
    Indicator.SATISFACTION: 100,
    Indicator.COMPLAINTS: 1000,
    Indicator.CLOSED_IN_TIME: 100,
    Indicator.QUALIFIED: 100,
    Indicator.ELECTRONIC: 100,
    Indicator.PRICE: 1,
    Indicator.CHANGES: 100,
    Indicator.SPOT_CHECKS: 100,
}
"A share is told in per cent or per 1,000, a ratio as it is."

HEAD_OF: Mapping[Indicator, Head] = {
    Indicator.COMPLETION: Head.EXTERNAL,
    Indicator.MINUTES: Head.EXTERNAL,
    Indicator.PUNCTUAL: Head.EXTERNAL,
    Indicator.MISSED_CRITICAL: Head.EXTERNAL,
    Indicator.FACES: Head.EXTERNAL,
    Indicator.SATISFACTION: Head.REPUTATION,
    Indicator.COMPLAINTS: Head.REPUTATION,
    Indicator.CLOSED_IN_TIME: Head.REPUTATION,
    Indicator.QUALIFIED: Head.INTERNAL,
    Indicator.ELECTRONIC: Head.INTERNAL,
    Indicator.PRICE: Head.EXTERNAL,
    Indicator.CHANGES: Head.EXTERNAL,
    Indicator.SPOT_CHECKS: Head.EXTERNAL,
}
"Under which of the survey's three heads each indicator falls."

_RATIOS = frozenset({Indicator.MINUTES, Indicator.FACES, Indicator.PRICE})


class Unrated(StrEnum):
    """Why an indicator is not rated."""

    NOTHING = "nothing"
    TOO_FEW = "too_few"
    OBJECTED = "objected"


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one organisation.

    Attributes
    ----------
    terms
        What it weighs, and which figures stand for 0 and 100 points.
    facts
        The rows it is counted from.
    count
        Visits, clients, answers or complaints it rests on.
    value
        Upper sum over lower sum, scaled; None where there is nothing to count.
    interval
        Between what it lies at 95 per cent; None where there is nothing to count.
    unrated
        Why it is not rated; None if it is.
    """

    terms: IndicatorTerms
    facts: Sequence[Fact]
    count: int
    value: Fraction | None
    interval: Interval | None
    unrated: Unrated | None

    @property
    def indicator(self) -> Indicator:
        """What is measured."""
        return self.terms.indicator

    @property
    def upper(self) -> Fraction:
        """What stands above the line."""
        return sum((one.part for one in self.facts), Fraction(0))

    @property
    def lower(self) -> Fraction:
        """What stands below the line."""
        return sum((one.of for one in self.facts), Fraction(0))

    @property
    def points(self) -> Fraction:
        """Points from 0 to 100; 0 without a value."""
        return Fraction(0) if self.value is None else points_of(self.value, self.terms)

    @property
    def points_interval(self) -> Interval:
        """Points of the ends of the interval, the smaller ones first."""
        if self.interval is None:
            return 0.0, 0.0
        ends = (float(points_of(Fraction(end), self.terms)) for end in self.interval)
        low, high = sorted(ends)
        return low, high


def exact(number: float) -> Fraction:
    """Return a number of a file as it is written there: 1.1 is eleven tenths."""
    return Fraction(str(number))


def points_of(value: Fraction, terms: IndicatorTerms) -> Fraction:
    """Return the points that a figure is worth: 0 at one end, 100 at the other, even between.

    Parameters
    ----------
    value
        The figure, scaled.
    terms
        Its ends; they differ.
    """
    zero, full = exact(terms.zero), exact(terms.full)
    points = FULL * (value - zero) / (full - zero)
    return min(Fraction(FULL), max(Fraction(0), points))


def figure_of(terms: IndicatorTerms, facts: Sequence[Fact], *, is_objected: bool = False) -> Figure:
    """Return the figure that rows come to.

    Parameters
    ----------
    terms
        Of its indicator.
    facts
        Its rows, without those that an objection has taken away.
    is_objected
        Whether an objection has taken the whole indicator away.
    """
    indicator = terms.indicator
    upper = sum((one.part for one in facts), Fraction(0))
    lower = sum((one.of for one in facts), Fraction(0))
    is_ratio = indicator in _RATIOS
    count = len(facts) if is_ratio else int(lower)
    if not lower:
        return Figure(terms, facts, 0, None, None, Unrated.NOTHING)
    scale = SCALE[indicator]
    if is_ratio:
        low, high = ratio([(one.part, one.of) for one in facts])
    else:
        # There may be more complaints than visits; a share is at most the whole.
        low, high = wilson(min(int(upper), count), count)
    unrated = Unrated.TOO_FEW if count < terms.least else None
    return Figure(
        terms=terms,
        facts=facts,
        count=count,
        value=scale * upper / lower,
        interval=(scale * low, scale * high),
        unrated=Unrated.OBJECTED if is_objected else unrated,
    )
