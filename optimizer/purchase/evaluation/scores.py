"""From figures to a score, a grade, and what the grade may do to the next period's share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from optimizer.domain.evaluation import EvaluationTerms, Grade, GradeTerms, Head, Indicator
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.supervision import Objection, ObjectionOutcome, RedLine, Supervision
from optimizer.purchase.evaluation.facts import Fact, Observed, facts_of
from optimizer.purchase.evaluation.figures import FULL, HEAD_OF, Figure, figure_of
from optimizer.purchase.evaluation.intervals import Interval, combined
from optimizer.purchase.evaluation.working_days import after_working_days

_FAMILIES = (
    frozenset(
        {
            Indicator.COMPLETION, Indicator.MINUTES, Indicator.PUNCTUAL,
            Indicator.MISSED_CRITICAL, Indicator.FACES, Indicator.QUALIFIED,
            Indicator.ELECTRONIC, Indicator.PRICE, Indicator.CHANGES,
        }
    ),
    frozenset({Indicator.SATISFACTION}),
    frozenset({Indicator.COMPLAINTS, Indicator.CLOSED_IN_TIME}),
    frozenset({Indicator.SPOT_CHECKS}),
)  # fmt: skip
"Indicators that are counted on the same visits, answers, complaints or checks."


@dataclass(frozen=True)
class Result:
    """The evaluation of one organisation.

    Attributes
    ----------
    organisation
        Its id.
    figures
        In the order of the terms.
    rated
        Weight that is rated, of 100; it is spread over what is rated.
    score, interval
        Points of 100, and between what they lie at 95 per cent; None where nothing is rated.
    heads
        The score of each head alone; heads of which nothing is rated are absent.
    red_lines
        Lines crossed: the result is poor, whatever the score.
    grade
        None where too little is rated and no red line was crossed.
    share_grade
        The grade that moves the share: of a bad one the best that the interval leaves open.
    waits
        Whether an objection is not decided yet, so that no share is lowered.
    late
        Objections that came too late.
    fen, verified, weighted
        Fen paid, milliseconds verified, and the same weighted by one more than the need tier.
    """

    organisation: str
    figures: tuple[Figure, ...]
    rated: int
    score: Fraction | None
    interval: Interval | None
    heads: Mapping[Head, Fraction]
    red_lines: tuple[RedLine, ...]
    grade: Grade | None
    share_grade: Grade | None
    waits: bool
    late: tuple[Objection, ...]
    fen: int
    verified: int
    weighted: int

    def weight_of(self, figure: Figure) -> Fraction:
        """Return the weight of a figure after that of what is not rated was spread."""
        if figure.unrated is not None or not self.rated:
            return Fraction(0)
        return Fraction(figure.terms.weight * FULL, self.rated)


@dataclass(frozen=True)
class Evaluation:
    """The evaluation of all organisations.

    Attributes
    ----------
    terms
        By what was evaluated.
    first, last
        Days that were evaluated.
    results
        In the order of the scenario.
    outside
        Complaints that are about none of these days and visits.
    """

    terms: EvaluationTerms
    first: dt.date
    last: dt.date
    results: tuple[Result, ...]
    outside: int


def evaluate(
    observed: Sequence[Observed], supervision: Supervision, terms: EvaluationTerms
) -> Evaluation:
    """Evaluate the organisations of days that were settled.

    The order of rows in files changes nothing. Prices are never touched.

    Parameters
    ----------
    observed
        Days that were settled; at least one scenario.
    supervision
        What was heard and found of organisations, checked against the scenarios.
    terms
        Indicators, weights and grades, checked.
    """
    facts = facts_of(observed, supervision, terms)
    bodies = dict.fromkeys(
        body.id for one in observed for body in one.admission.needs.scenario.organisations
    )
    costs = _costs(observed)
    dates = [day for one in observed for day in one.admission.needs.scenario.horizon.dates()]
    results = tuple(
        _result(body, facts.get(body, {}), supervision, terms, costs.get(body, (0, 0, 0)))
        for body in bodies
    )
    visits = {one.id for each in observed for one in each.admission.needs.scenario.visits}
    outside = sum(
        not min(dates) <= one.received <= max(dates) and one.visit not in visits
        for one in supervision.complaints
    )
    return Evaluation(terms, min(dates), max(dates), results, outside)


def _result(
    body: str,
    facts: Mapping[Indicator, Sequence[Fact]],
    supervision: Supervision,
    terms: EvaluationTerms,
    costs: tuple[int, int, int],
) -> Result:
    objections = [one for one in supervision.objections if one.organisation == body]
    told = supervision.published_on
    latest = None if told is None else after_working_days(told, terms.objection_days, terms)
    late = tuple(one for one in objections if latest is None or one.filed_on > latest)
    regarded = [one for one in objections if one not in late]
    figures = tuple(
        _figure(figure.indicator, facts, regarded, terms) for figure in terms.indicators
    )
    red_lines = tuple(one for one in supervision.red_lines if one.organisation == body)
    rated = sum(one.terms.weight for one in figures if one.unrated is None)
    score, interval = _score(figures, rated)
    grade = share_grade = None
    if red_lines:
        grade = share_grade = terms.grades[-1].grade
    elif score is not None and interval is not None and rated >= terms.least_weight:
        grade = grade_of(score, terms.grades)
        share_grade = grade_for_shares(score, interval, terms.grades)
    return Result(
        organisation=body,
        figures=figures,
        rated=rated,
        score=score,
        interval=interval,
        heads=_heads(figures),
        red_lines=red_lines,
        grade=grade,
        share_grade=share_grade,
        waits=any(one.outcome is None for one in regarded),
        late=late,
        fen=costs[0],
        verified=costs[1],
        weighted=costs[2],
    )


def _figure(
    indicator: Indicator,
    facts: Mapping[Indicator, Sequence[Fact]],
    objections: Iterable[Objection],
    terms: EvaluationTerms,
) -> Figure:
    """Return a figure without the visits of objections that were accepted."""
    accepted = [
        one
        for one in objections
        if one.indicator is indicator and one.outcome is ObjectionOutcome.ACCEPTED
    ]
    gone = {visit for one in accepted for visit in one.visits}
    kept = [one for one in facts.get(indicator, ()) if one.visit is None or one.visit not in gone]
    of = next(one for one in terms.indicators if one.indicator is indicator)
    return figure_of(of, kept, is_objected=any(not one.visits for one in accepted))


def _score(figures: Iterable[Figure], rated: int) -> tuple[Fraction | None, Interval | None]:
    """Return the weighted mean of points of what is rated, and between what it lies."""
    if not rated:
        return None, None
    own = [one for one in figures if one.unrated is None]
    score = sum((one.terms.weight * one.points for one in own), Fraction(0)) / rated
    families = [
        [_distances(one, rated) for one in own if one.indicator in family] for family in _FAMILIES
    ]
    low, high = combined(float(score), families)
    return score, (max(0.0, low), min(float(FULL), high))


def _distances(figure: Figure, rated: int) -> Interval:
    low, high = figure.points_interval
    points, share = float(figure.points), figure.terms.weight / rated
    return share * max(0.0, points - low), share * max(0.0, high - points)


def _heads(figures: Iterable[Figure]) -> dict[Head, Fraction]:
    heads: dict[Head, Fraction] = {}
    for head in Head:
        own = [one for one in figures if one.unrated is None and HEAD_OF[one.indicator] is head]
        weight = sum(one.terms.weight for one in own)
        if weight:
            points = sum((one.terms.weight * one.points for one in own), Fraction(0))
            heads[head] = points / weight
    return heads


def grade_of(score: Fraction | float, grades: Sequence[GradeTerms]) -> Grade:
    """Return the best grade whose least score is reached.

    Parameters
    ----------
    score
        Points of 100.
    grades
        From the best to the worst; the last one begins at 0.
    """
    return next((one.grade for one in grades if score >= one.at_least), grades[-1].grade)


def grade_for_shares(score: Fraction, interval: Interval, grades: Sequence[GradeTerms]) -> Grade:
    """Return the grade that moves a share: no sanction where the interval crosses the line.

    Parameters
    ----------
    score, interval
        Points of 100, and between what they lie.
    grades
        As for `grade_of`.
    """
    effect = {one.grade: one.share_percent for one in grades}
    own = grade_of(score, grades)
    if effect[own] >= FULL:
        return own
    # The best that it may be, as long as that is no reward.
    above = [one for one in grades if one.share_percent <= FULL]
    return grade_of(interval[1], above)


def _costs(observed: Sequence[Observed]) -> dict[str, tuple[int, int, int]]:
    """Return fen, milliseconds verified and weighted of each organisation."""
    costs: dict[str, tuple[int, int, int]] = {}
    for one in observed:
        index = ScenarioIndex.of(one.admission.needs.scenario)
        for line in one.settlement.lines:
            body = line.planned.organisation
            if body is None:
                continue
            weight = 1 + (index.client[line.planned.client].need_tier or 0)
            fen, verified, weighted = costs.get(body, (0, 0, 0))
            costs[body] = (
                fen + line.fen + line.absence_fen,
                verified + line.verified,
                weighted + weight * line.verified,
            )
    return costs
