"""Evaluation: figures with their rows, points at the edges, grades, and shares within bounds."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.domain.allocation import AllocationPolicy
from optimizer.domain.delivery import Deliveries, Terms
from optimizer.domain.evaluation import USUAL, EvaluationTerms, Grade, Head, Indicator
from optimizer.domain.scenario import Scenario
from optimizer.domain.supervision import Complaint, Supervision
from optimizer.purchase import (
    Evaluation,
    Fact,
    Observed,
    Result,
    Unrated,
    evaluate,
    moved_shares,
    settle,
    with_evaluation,
)
from optimizer.purchase.evaluation.figures import Figure, figure_of, points_of
from optimizer.purchase.evaluation.intervals import combined, median, ratio, wilson
from optimizer.purchase.evaluation.scores import grade_for_shares, grade_of
from optimizer.purchase.evaluation.working_days import after_working_days, due_on
from optimizer.report.evaluation_text import EvaluationReport, told_of
from tests.purchase.test_evidence import came, deliveries
from tests.purchase.town import as_it_is, roster, town

PLAN = roster(("V1", "08:30", "09:00"), ("V2", "09:10", "10:10"), ("V4", "10:20", "10:40"))
AS_PLANNED = [
    came("V1", "08:30", "09:00"),
    came("V2", "09:10", "10:10"),
    came("V4", "10:20", "10:40"),
]
OF = {one.indicator: one for one in USUAL}
ALL_COUNT = EvaluationTerms.model_validate(
    {"indicators": [{**one.model_dump(), "least": 1} for one in USUAL]}
)
"The usual terms for a town of three visits: one row is enough."


def evaluated(
    *given: dict[str, Any],
    terms: EvaluationTerms = ALL_COUNT,
    rulings: Any = (),
    scenario: Scenario | None = None,
    **heard: Any,
) -> Evaluation:
    """Evaluate the town's roster with these deliveries and what else is given."""
    admission = as_it_is(town() if scenario is None else scenario)
    told = deliveries(*(given or AS_PLANNED), rulings=rulings)
    settled = settle(admission, PLAN, told, Terms())
    supervision = Supervision.model_validate(heard)
    return evaluate([Observed(admission, told, settled)], supervision, terms)


def the(indicator: Indicator, evaluation: Evaluation) -> Figure:
    """Return a figure of the first organisation."""
    figures = evaluation.results[0].figures
    return next(one for one in figures if one.indicator is indicator)


def value(indicator: Indicator, *given: dict[str, Any], **more: Any) -> Fraction | None:
    """Return the value of a figure of the town."""
    return the(indicator, evaluated(*given, **more)).value


def complaint(**fields: Any) -> dict[str, Any]:
    """Return a complaint about O1 on the day of the town, closed two days later."""
    made = {"id": "B1", "received": "2026-03-02", "organisation": "O1", "kind": "late",
            "outcome": "upheld", "closed": "2026-03-04"}  # fmt: skip
    return {**made, **fields}


def test_the_usual_weights_are_whole() -> None:
    """Thirteen indicators, each once; their weights add up to 100, spot checks weigh nothing."""
    assert [one.indicator for one in USUAL] == list(Indicator)
    assert sum(one.weight for one in USUAL) == 100
    assert OF[Indicator.SPOT_CHECKS].weight == 0


@pytest.mark.parametrize(
    ("indicator", "figure", "points"),
    [
        (Indicator.COMPLETION, 85, 0),
        (Indicator.COMPLETION, Fraction(915, 10), 50),
        (Indicator.COMPLETION, 98, 100),
        (Indicator.COMPLETION, 100, 100),  # no more than all
        (Indicator.COMPLETION, 40, 0),  # and no less than nothing
        (Indicator.PUNCTUAL, 70, 0),
        (Indicator.PUNCTUAL, 95, 100),
        (Indicator.MISSED_CRITICAL, 5, 0),  # less is better
        (Indicator.MISSED_CRITICAL, 0, 100),
        (Indicator.FACES, Fraction(3, 2), 0),
        (Indicator.FACES, Fraction(4, 5), 100),
        (Indicator.PRICE, Fraction(11, 10), 0),
        (Indicator.PRICE, 1, 100),
        (Indicator.CHANGES, 9, 50),
    ],
)
def test_points_at_the_edges(indicator: Indicator, figure: Fraction | int, points: int) -> None:
    """Points are exact at both ends of an indicator and in the middle.

    Source: shares of planned visits carried out and of electronic check-ins are thresholds of
    public purchasers, such as 80 % per quarter in Texas (S102).
    """
    assert points_of(Fraction(figure), OF[indicator]) == points


@pytest.mark.parametrize(
    ("score", "grade"),
    [(90, "excellent"), (Fraction(8999, 100), "good"), (80, "good"), (Fraction(7999, 100), "fair"),
     (60, "fair"), (Fraction(5999, 100), "poor"), (0, "poor")],
)  # fmt: skip
def test_grades_begin_at_90_80_and_60(score: Fraction | int, grade: str) -> None:
    """A score that reaches the line has the grade, a hundredth less has not.

    Source: 90/80/60 recurs in China: Guangzhou's draft of 2018 (S93), Zhanjiang 2026 (S94).
    """
    assert grade_of(Fraction(score), ALL_COUNT.grades) == grade


def test_everything_as_planned_is_excellent() -> None:
    """All has 100 points but usual continuity, which has 5/7 of them; the rest is not rated."""
    (one,) = evaluated().results
    assert one.score == (70 * 100 + 10 * Fraction(500, 7)) / 80
    assert one.grade is Grade.EXCELLENT
    unrated = {str(each.indicator) for each in one.figures if each.unrated is not None}
    assert unrated == {"satisfaction", "closed_in_time", "spot_checks"}
    assert one.rated == 80
    assert sum((one.weight_of(each) for each in one.figures), Fraction(0)) == 100
    assert set(one.heads) == set(Head)


@pytest.mark.parametrize(
    ("indicator", "given", "expected"),
    [
        # A visit of three that nobody told of is due and not verified.
        (Indicator.COMPLETION, AS_PLANNED[:2], Fraction(200, 3)),
        # 54 of 110 minutes: longer than planned counts as planned.
        (Indicator.MINUTES, [came("V1", "08:30", "09:00"), came("V2", "09:10", "09:34"),
                             came("V4", "10:20", "11:00")], Fraction(100 * 74, 110)),
        # 15 minutes late is punctual, a minute more is not; V1 is critical, its window is wide.
        (Indicator.PUNCTUAL, [came("V1", "12:30", "13:00"), came("V2", "09:25", "10:25"),
                              came("V4", "10:36", "10:56")], Fraction(200, 3)),
        (Indicator.MISSED_CRITICAL, [{"visit": "V1", "date": "2026-03-02",
                                      "occurrence": "carer_missed"}], 1000),
        (Indicator.MISSED_CRITICAL, AS_PLANNED[1:], 1000),  # no record is no proof
        (Indicator.MISSED_CRITICAL, AS_PLANNED, 0),
        (Indicator.ELECTRONIC, [came("V1", "08:30", "09:00", method="manual"),
                                AS_PLANNED[1]], 50),
        (Indicator.QUALIFIED, AS_PLANNED, 100),
        (Indicator.CHANGES, AS_PLANNED, 0),
        # Two clients see one caregiver each, as the median of the district does.
        (Indicator.FACES, AS_PLANNED, 1),
        # 25 of 60 min are too short to be paid: 2,250 fen for care worth 3,375.
        (Indicator.PRICE, [AS_PLANNED[0], came("V2", "09:10", "09:35"), AS_PLANNED[2]],
         Fraction(2250, 3375)),
    ],
)  # fmt: skip
def test_figures_are_counted_by_hand(
    indicator: Indicator, given: list[dict[str, Any]], expected: Fraction | int
) -> None:
    """Each formula on three visits of 30, 60 and 20 minutes.

    Source: Sweden counts different staff in 14 days (S97); the Finance Ministry's rule of 2020
    asks for economy, efficiency, effect and equity (S91).
    """
    assert value(indicator, *given) == expected


@pytest.mark.parametrize("why", ["client_cancelled", "client_away", "hospital"])
def test_what_the_client_called_off_is_not_due(why: str) -> None:
    """A visit that could not take place for the client's sake counts neither for nor against."""
    gone = {"visit": "V2", "date": "2026-03-02", "occurrence": why}
    found = evaluated(AS_PLANNED[0], gone, AS_PLANNED[2])
    figure = the(Indicator.COMPLETION, found)
    assert figure.lower == 2
    assert figure.value == 100


def test_what_is_held_is_not_completed() -> None:
    """A visit that is doubted counts only once the doubt is explained."""
    both = [came("V1", "08:30", "09:20"), *AS_PLANNED[1:]]
    assert value(Indicator.COMPLETION, *both) == Fraction(100, 3)
    ruled = [{"visit": one, "doubt": "overlap", "outcome": "explained"} for one in ("V1", "V2")]
    assert value(Indicator.COMPLETION, *both, rulings=ruled) == 100


def test_figures_follow_from_their_rows() -> None:
    """Sums of the rows, divided and scaled, give every figure that is shown."""
    found = evaluated(surveys=[survey(19)], complaints=[complaint()])
    shown = [one for one in found.results[0].figures if one.value is not None]
    assert len(shown) == 12
    for one in shown:
        assert sum(fact.part for fact in one.facts) == one.upper
        assert one.value == one.upper / one.lower * {1: 1}.get(1, 1) * _scale(one)


def _scale(one: Figure) -> int:
    per_thousand = {Indicator.MISSED_CRITICAL, Indicator.COMPLAINTS}
    plain = {Indicator.FACES, Indicator.PRICE}
    return 1000 if one.indicator in per_thousand else 1 if one.indicator in plain else 100


def survey(content: int, answered: int = 20) -> dict[str, Any]:
    """Return what a third party has asked of O1's clients."""
    return {"organisation": "O1", "answered": answered, "content": content, "by": "university"}


@pytest.mark.parametrize(
    ("indicator", "enough", "too_few"),
    [(Indicator.SATISFACTION, 20, 19), (Indicator.COMPLETION, 30, 29), (Indicator.FACES, 5, 4)],
)
def test_too_few_are_not_rated(indicator: Indicator, enough: int, too_few: int) -> None:
    """30 visits, 20 answers, 5 clients: one less is not rated."""

    def made(count: int) -> Unrated | None:
        facts = [Fact(str(n), None, None, Fraction(1), Fraction(1)) for n in range(count)]
        return figure_of(OF[indicator], facts).unrated

    assert (made(enough), made(too_few)) == (None, Unrated.TOO_FEW)


@pytest.mark.parametrize(
    ("severity", "closed", "in_time"),
    [
        ("other", "2026-03-09", 100),  # Monday to Monday: the fifth working day
        ("other", "2026-03-10", 0),
        ("severe", "2026-03-03", 100),  # the next day
        ("severe", "2026-03-04", 0),
    ],
)
def test_complaints_are_closed_in_time(severity: str, closed: str, in_time: int) -> None:
    """Severe complaints by the next day, others within five working days."""
    heard = [complaint(severity=severity, closed=closed)]
    assert value(Indicator.CLOSED_IN_TIME, complaints=heard) == in_time
    assert value(Indicator.COMPLAINTS, complaints=heard) == Fraction(1000, 3)


def test_holidays_are_no_working_days() -> None:
    """A holiday moves the last day on, a Saturday that is worked moves it back."""
    terms = EvaluationTerms.model_validate(
        {"holidays": ["2026-03-03"], "working_weekends": ["2026-03-07"]}
    )
    monday = dt.date(2026, 3, 2)
    assert after_working_days(monday, 5, EvaluationTerms()) == dt.date(2026, 3, 9)
    assert after_working_days(monday, 5, terms) == dt.date(2026, 3, 9)
    assert due_on(Complaint.model_validate(complaint()), terms) == dt.date(2026, 3, 9)


def test_only_drawn_checks_are_a_rate() -> None:
    """Of two failed checks only the one that was chosen by lot counts."""
    checks = [
        {"visit": visit, "way": "phone", "by": by, "date": "2026-03-03", "passed": passed}
        for visit, by, passed in (("V1", "lot", True), ("V2", "risk", False), ("V4", "lot", False))
    ]
    assert value(Indicator.SPOT_CHECKS, checks=checks) == 50


def test_a_red_line_is_poor() -> None:
    """A proven false claim makes an excellent score poor.

    Source: false subsidy claims are a cause of the elder-care blacklist (S56).
    """
    line = {"organisation": "O1", "kind": "false_claim", "date": "2026-03-02", "document": "x 1"}
    (one,) = evaluated(red_lines=[line]).results
    assert one.score is not None
    assert one.score > 90
    assert (one.grade, one.share_grade) == (Grade.POOR, Grade.POOR)


def objection(**fields: Any) -> dict[str, Any]:
    """Return an objection of O1 against its punctuality."""
    return {"organisation": "O1", "indicator": "punctual", "filed_on": "2026-03-16", **fields}


LATE_V4 = [*AS_PLANNED[:2], came("V4", "10:50", "11:10")]


@pytest.mark.parametrize(
    ("fields", "expected", "unrated"),
    [
        ({"outcome": "accepted", "visits": ["V4"]}, 100, None),  # the visit does not count
        ({"outcome": "accepted"}, Fraction(200, 3), Unrated.OBJECTED),  # nothing of it counts
        ({"outcome": "rejected", "visits": ["V4"]}, Fraction(200, 3), None),
        ({"outcome": "accepted", "filed_on": "2026-03-17"}, Fraction(200, 3), None),  # too late
    ],
)
def test_objections(fields: dict[str, Any], expected: Fraction, unrated: Unrated | None) -> None:
    """Within ten working days an objection that is accepted takes rows or an indicator away."""
    given = objection(**fields)
    found = evaluated(*LATE_V4, objections=[given], published_on="2026-03-02")
    figure = the(Indicator.PUNCTUAL, found)
    assert (figure.value, figure.unrated) == (expected, unrated)
    assert len(found.results[0].late) == (given["filed_on"] == "2026-03-17")


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (95, 100, 0.8882, 0.9785),
    ],
)
def test_wilson(hits: int, count: int, low: float, high: float) -> None:
    """The interval of a share as published tables have it, with exact ends of the scale."""
    assert wilson(hits, count) == pytest.approx((low, high), abs=5e-5)


def test_other_intervals() -> None:
    """A ratio whose parts do not deviate is certain; distances of one family add up."""
    even = [(Fraction(1), Fraction(2))] * 4
    assert ratio(even) == (0.5, 0.5)
    low, high = ratio([(Fraction(1), Fraction(1)), (Fraction(0), Fraction(1))])
    assert (low, high) == pytest.approx((0.0, 0.5 + 1.959964 * 2**0.5 / 2 * 2**0.5 / 2))
    assert combined(50, [[(3, 3), (1, 1)], [(3, 3)]]) == (45, 55)
    assert median([Fraction(4), Fraction(1), Fraction(2)]) == 2
    assert median([Fraction(4), Fraction(1)]) == Fraction(5, 2)


def result(score: float, half: float, grade: Grade) -> Result:
    """Return a result with a score, an interval around it and what follows for the share."""
    interval = (score - half, score + half)
    return Result(
        organisation="O", figures=(), rated=100, score=Fraction(score), interval=interval,
        heads={}, red_lines=(), grade=grade,
        share_grade=grade_for_shares(Fraction(score), interval, EvaluationTerms().grades),
        waits=False, late=(), fen=0, verified=0, weighted=0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("score", "half", "grade", "counts"),
    [
        (75, 4, Grade.FAIR, Grade.FAIR),  # all of it is below the line
        (75, 5, Grade.FAIR, Grade.GOOD),  # it may be good: no sanction
        (55, 4, Grade.POOR, Grade.POOR),
        (55, 10, Grade.POOR, Grade.FAIR),  # fair at best
        (55, 40, Grade.POOR, Grade.GOOD),  # never a reward
        (95, 20, Grade.EXCELLENT, Grade.EXCELLENT),
    ],
)
def test_no_sanction_where_the_interval_crosses(
    score: float, half: float, grade: Grade, counts: Grade
) -> None:
    """A share is lowered only by what is certain at 95 per cent.

    Source: the proposal of section 4; Medway moves bands by half-yearly results (S71).
    """
    assert result(score, half, grade).share_grade is counts


def four(*grades: Grade | None, share: float | None = None, waits: bool = False) -> Any:
    """Return an evaluation of four bodies with these grades, rules and a scenario."""
    bodies = [f"O{n}" for n in range(1, 5)]
    base = Result(
        organisation="", figures=(), rated=100, score=None, interval=None, heads={},
        red_lines=(), grade=None, share_grade=None, waits=waits, late=(), fen=0, verified=0,
        weighted=0,
    )  # fmt: skip

    results = tuple(
        replace(base, organisation=body, grade=grade, share_grade=grade)
        for body, grade in zip(bodies, grades, strict=True)
    )
    day = dt.date(2026, 3, 2)
    evaluation = Evaluation(EvaluationTerms(), day, day, results, 0)
    scenario = town(organisations=[{"id": body} for body in bodies], contracts=[])
    rules = {"period": "2026-03", "draw": "3D: 385"}
    if share is not None:
        rules["bodies"] = [{"organisation": "O1", "share": share}]  # type: ignore[assignment]
    return evaluation, AllocationPolicy.model_validate(rules), scenario


def after(*grades: Grade | None, **more: Any) -> list[float]:
    """Return the shares of four bodies in the next period."""
    return [float(one.after) for one in moved_shares(*four(*grades, **more))]


EX, GO, FA, PO = Grade.EXCELLENT, Grade.GOOD, Grade.FAIR, Grade.POOR


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        ((GO, GO, GO, GO), [25, 25, 25, 25]),
        ((EX, EX, EX, EX), [25, 25, 25, 25]),  # all alike
        ((EX, GO, GO, FA), [30, 25, 25, 20]),  # a fifth more, a fifth less
        ((EX, GO, GO, GO), [28.5714, 23.8095, 23.8096, 23.8095]),  # brought to 100
        ((GO, GO, GO, None), [25, 25, 25, 25]),  # without a grade as before
        ((GO, GO, FA, PO), [30, 30, 25, 0]),  # nobody gains more than a fifth, the fair nothing
        ((FA, FA, FA, FA), [25, 25, 25, 25]),  # somebody has to serve
        ((PO, PO, PO, PO), [0, 0, 0, 0]),
    ],
)
def test_shares_move_within_bounds(grades: tuple[Any, ...], expected: list[float]) -> None:
    """Times 1.2, 1, 0.8 or 0, brought to 100 per cent, at most a fifth up or down.

    Source: in Yiwu the result decides on being selected again (S96).
    """
    found = after(*grades)
    assert sorted(found) == pytest.approx(sorted(expected), abs=2e-4)
    assert found == pytest.approx(expected, abs=2e-4)


def test_an_open_objection_lowers_nothing() -> None:
    """Whoever has objected keeps the share until that is decided."""
    assert after(FA, FA, PO, PO, waits=True) == [25, 25, 25, 25]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([EX, GO, FA, PO, None]), min_size=4, max_size=4),
    st.integers(1, 99),
)
def test_shares_keep_their_bounds(grades: list[Grade | None], share: int) -> None:
    """Never above 100 together, never a step above a fifth, never anything for a poor one."""
    moved = moved_shares(*four(*grades, share=share))
    assert sum(one.after for one in moved) <= 100
    for one, grade in zip(moved, grades, strict=True):
        if grade is PO:
            assert one.after == 0
        else:
            assert abs(one.after - one.before) <= one.before / 5 + Fraction(1, 5000)
        if grade is FA:
            assert one.after <= one.before + Fraction(1, 5000)
        if grade is EX:
            assert one.after >= one.before - Fraction(1, 5000)


def test_rules_of_the_next_period() -> None:
    """Shares are written, whoever lost all is suspended, and no price is anywhere in them."""
    evaluation, policy, scenario = four(EX, GO, GO, PO)
    moved = moved_shares(evaluation, policy, scenario)
    changed = with_evaluation(policy, moved, dt.date(2026, 3, 3))
    assert [body.share for body in changed.bodies] == [30, 30, 30, 0]
    assert [len(body.halts) for body in changed.bodies] == [0, 0, 0, 1]
    assert changed.model_copy(update={"bodies": ()}) == policy
    assert "fen" not in changed.model_dump_json()


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2026-01-01", None, "O1 is suspended"),
        ("2026-03-03", "2026-03-03", "O1 is suspended"),  # the day after those evaluated
        ("2026-01-01", "2026-03-02", ""),  # over by then
        ("2026-03-04", None, ""),  # not yet
    ],
)
def test_a_share_that_counts_nothing_yet_is_told(start: str, end: str | None, told: str) -> None:
    """Whoever is suspended keeps a number, and it is said that nobody is given for it."""
    evaluation, policy, scenario = four(GO, GO, GO, GO)
    body = {"organisation": "O1", "halts": [{"kind": "suspended", "start": start, "end": end}]}
    rules = policy.model_dump(mode="json") | {"bodies": [body]}
    moved = moved_shares(evaluation, AllocationPolicy.model_validate(rules), scenario)
    report = EvaluationReport("office", evaluation, moved=moved)
    said = [line for one in evaluation.results for line in told_of(report, one, "en")]
    assert "".join(line for line in said if "suspended" in line).startswith(told)
    assert any("suspended" in line for line in said) == bool(told)


@pytest.mark.parametrize(("end", "is_told"), [("2026-03-02", True), ("2026-03-03", False)])
def test_a_share_without_a_licence_is_told(end: str, is_told: bool) -> None:
    """The licence has to hold on the day after those evaluated."""
    evaluation, policy, scenario = four(GO, GO, GO, GO)
    body = {"organisation": "O1", "licences": [{"start": "2026-01-01", "end": end}]}
    rules = policy.model_dump(mode="json") | {"bodies": [body]}
    moved = moved_shares(evaluation, AllocationPolicy.model_validate(rules), scenario)
    report = EvaluationReport("office", evaluation, moved=moved)
    said = [line for one in evaluation.results for line in told_of(report, one, "en")]
    assert any("holds no valid licence" in line for line in said) == is_told


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(random: Any) -> None:
    """Deliveries, complaints, surveys and checks in any order give the same evaluation."""
    given = [*LATE_V4[:2], came("V4", "10:50", "11:02", method="manual")]
    heard: dict[str, Any] = {
        "complaints": [complaint(), complaint(id="B2", outcome=None, closed=None)],
        "surveys": [survey(15), {**survey(7, 9), "by": "association"}],
        "checks": [
            {"visit": visit, "way": "phone", "by": "lot", "date": "2026-03-03", "passed": passed}
            for visit, passed in (("V1", True), ("V2", False))
        ],
    }
    expected = evaluated(*given, **heard)
    random.shuffle(given)
    for rows in heard.values():
        random.shuffle(rows)
    assert evaluated(*given, **heard) == expected


def test_days_are_evaluated_together() -> None:
    """The same day twice doubles what is counted and changes no share of it."""
    admission = as_it_is()
    told = deliveries(*LATE_V4)
    observed = Observed(admission, told, settle(admission, PLAN, told, Terms()))
    once = evaluate([observed], Supervision(), ALL_COUNT)
    twice = evaluate([observed, observed], Supervision(), ALL_COUNT)
    for one, other in zip(once.results[0].figures, twice.results[0].figures, strict=True):
        if one.indicator is not Indicator.FACES:
            assert one.value == other.value
    assert the(Indicator.COMPLETION, twice).lower == 6


def test_nothing_to_rate_is_no_grade() -> None:
    """A body without visits has neither score nor grade, and keeps its share."""
    scenario = town(organisations=[{"id": "O1"}, {"id": "O2"}])
    idle = evaluated(scenario=scenario).results[1]
    assert (idle.organisation, idle.score, idle.grade, idle.rated) == ("O2", None, None, 0)


def test_evidence_may_be_empty() -> None:
    """Without a single delivery everything due is missed, and nothing fails."""
    admission = as_it_is()
    told = Deliveries(scenario="town")
    settled = settle(admission, PLAN, told, Terms())
    found = evaluate([Observed(admission, told, settled)], Supervision(), ALL_COUNT)
    assert the(Indicator.COMPLETION, found).value == 0
