"""What is known of a client: which assessment counts, and what makes the tier higher."""

from __future__ import annotations

import datetime as dt

import pytest

from optimizer.domain.client import Client
from optimizer.domain.health import Assessment, HealthRecord, RiskEvent, Scheme
from optimizer.needs.facts import Evidence, Facts, facts_of
from tests.needs.worlds import HOME, MONDAY, Known, ability, assessed, days_ago, fell, has


def facts_from(*assessments: Assessment, day: dt.date = MONDAY) -> Facts:
    """Return what follows from assessments alone."""
    record = HealthRecord(recorded_on=MONDAY, assessments=assessments)
    return facts_of(Client(id="C1", home=HOME, health_record=record), day)


def test_nothing_is_known_without_a_record() -> None:
    """Without a record the tier is the client's own, or none."""
    assert facts_of(Client(id="C1", home=HOME), MONDAY).tier == 0
    facts = facts_of(Client(id="C1", home=HOME, need_tier=3), MONDAY)
    assert (facts.tier, facts.base_tier) == (3, 3)
    assert facts.tier_evidence == Evidence(("need_tier",))


def test_own_tier_yields_to_an_assessment() -> None:
    """The tier that stands with the client counts only where no assessment says one."""
    record = HealthRecord(recorded_on=MONDAY, assessments=(assessed(raw_grade="1"),))
    client = Client(id="C1", home=HOME, need_tier=4, health_record=record)
    assert facts_of(client, MONDAY).tier == 1


def test_latest_assessment_of_a_scheme_counts() -> None:
    """Of one scheme the latest assessment counts, wherever it stands."""
    old, new = assessed(raw_grade="4", ago=100), assessed(raw_grade="1", ago=10)
    assert facts_from(old, new).tier == facts_from(new, old).tier == 1


def test_the_latest_assessment_counts_even_when_it_has_ended() -> None:
    """An older one without a last day ended when the next began, and does not come back."""
    older = assessed(raw_grade="3", ago=100)
    ended = assessed(raw_grade="4", ago=10, valid_until=days_ago(1))
    assert facts_from(ended, older).tier == facts_from(older, ended).tier == 4
    assert facts_from(ended, older).out_of_date == (0,)


def test_a_grade_that_holds_the_raises_already_is_not_raised_again() -> None:
    """A form may give the score before and the grade after the raise for dementia."""
    form = assessed(raw_score=50, raw_grade="3")
    assert facts_from(form).tier == 3
    record = Known(has("dementia")).record().model_copy(update={"assessments": (form,)})
    client = Known().person().model_copy(update={"health_record": record})
    assert facts_of(client, MONDAY).tier == 3


def test_assessment_is_used_although_out_of_date() -> None:
    """If none holds the latest one counts, and its place is told."""
    over = [assessed(raw_grade=grade, ago=ago) for grade, ago in (("2", 900), ("3", 500))]
    facts = facts_from(*over)
    assert (facts.tier, facts.out_of_date) == (3, (1,))


@pytest.mark.parametrize(("ago", "stale"), [(365, ()), (366, (0,))])
def test_last_day_of_validity(ago: int, stale: tuple[int, ...]) -> None:
    """On its last day an assessment holds, a day later it does not."""
    assert facts_from(assessed(raw_grade="2", ago=ago)).out_of_date == stale


def test_two_assessments_of_one_day() -> None:
    """Of two assessments of one scheme and day the worse one counts, whatever their order."""
    mild, severe = ability(bathing=3), ability(bathing=0, walking=0, bed_positioning=0, transfer=0)
    for pair in ((mild, severe), (severe, mild)):
        assert facts_from(*pair).items["bathing"][0] == 0


def test_worst_scheme_decides() -> None:
    """Of several schemes the one with the worst tier decides, and is named as the reason."""
    facts = facts_from(assessed(raw_grade="2"), assessed("barthel", "hospital", raw_score=10))
    assert (facts.tier, facts.scheme) == (4, "barthel")
    assert facts.tier_evidence == Evidence(("assessments.1",), days_ago(10))


def test_one_of_two_equal_assessments_is_the_reason() -> None:
    """Of two schemes that say the same tier the same one is named, whatever their order."""
    pair = assessed(raw_grade="2", ago=9), assessed("barthel", "hospital", raw_score=50, ago=5)
    for assessments in (pair, pair[::-1]):
        assert facts_from(*assessments).scheme == "barthel"


def test_items_of_the_ability_assessment_only() -> None:
    """Items are in points of the ability assessment, never in those of a Barthel index."""
    barthel = assessed("barthel", "hospital", item_scores={"transfer": 10})
    assert facts_from(barthel).items["transfer"][0] == 3
    assert facts_from(barthel).as_assessed().items == {}
    items = facts_from(barthel, ability(transfer=2)).items
    assert items["transfer"] == (2, "assessments.1.item_scores.transfer", days_ago(10))


@pytest.mark.parametrize(
    ("known", "tier", "raised"),
    [
        (Known(score=70), 1, ()),
        (Known(score=70, conditions=has("coma")), 4, ("coma",)),
        (Known(conditions=has("coma")), 4, ("coma",)),  # whatever has been assessed
        (Known(grade=1, items={"consciousness": 0}), 1, ()),  # stupor or coma: no level by itself
        (Known(score=70, conditions=has("dementia")), 2, ("mental",)),
        (Known(score=70, conditions=has("mental_disorder")), 2, ("mental",)),
        (Known(score=70, conditions=has("schizophrenia")), 2, ("mental",)),
        (Known(score=70, conditions=has("bipolar_disorder")), 2, ("mental",)),
        (Known(score=70, conditions=has("depressive_disorder")), 2, ("mental",)),
        (Known(score=70, conditions=has("depression")), 1, ()),  # nobody's diagnosis
        (Known(score=70, conditions=has("dementia", "schizophrenia")), 2, ("mental",)),  # once
        (Known(score=70, conditions=has("hypertension")), 1, ()),
        (Known(score=70, events=fell(3)), 1, ()),  # one event is not enough
        (Known(score=70, events=fell(3, 3)), 2, ("risk_events",)),  # two on one day are two
        (Known(score=70, events=fell(3, 30)), 2, ("risk_events",)),
        (Known(score=70, events=fell(3, 31)), 1, ()),  # 31 days are too long ago
        (Known(score=70, events=fell(3, -1)), 1, ()),  # a day to come is no day of the past
        (Known(score=70, events=fell(3) + fell(4, kind="choking")), 2, ("risk_events",)),
        (Known(score=70, events=fell(1, 2, 3, 4)), 2, ("risk_events",)),  # once, too
        (
            Known(score=70, conditions=has("dementia"), events=fell(1, 2)),
            2,  # one level for any of them
            ("mental", "risk_events"),
        ),
        (Known(score=9, conditions=has("dementia")), 4, ()),  # there is none worse
        (Known(grade=2, conditions=has("dementia"), events=fell(1, 2)), 2, ()),  # weighed already
        (Known(score=70, grade=2, conditions=has("dementia")), 2, ()),
        (Known(score=50, grade=2, conditions=has("dementia")), 3, ("mental",)),
        (Known(conditions=has("dementia")), 0, ()),  # nothing assessed, nothing to raise
    ],
)
def test_raises(known: Known, tier: int, raised: tuple[str, ...]) -> None:
    """Coma is tier 4; a mental disorder or two events in 30 days raise a GB/T 42195 score once.

    Source: GB/T 42195-2022, adjustment of the level. That both together raise once is an exam
    text's reading, and a judgement.
    """
    facts = known.facts()
    assert (facts.tier, facts.raised) == (tier, raised)


def test_a_grade_alone_holds_the_raise_already() -> None:
    """The final level of the form is raised on the form, so a grade without score stays.

    Source: the standard's form, whose last line is the level after adjustment.
    """
    form = assessed(raw_grade="2")
    record = Known(has("dementia"), events=fell(1, 2)).record()
    client = (
        Known()
        .person()
        .model_copy(update={"health_record": record.model_copy(update={"assessments": (form,)})})
    )
    assert (facts_of(client, MONDAY).tier, facts_of(client, MONDAY).raised) == (2, ())


@pytest.mark.parametrize(
    ("scheme", "version", "score"),
    [("barthel", "hospital", 70), ("mmse", "1975", 22), ("moca", "1996", 20)],
)
def test_other_scales_are_never_raised(scheme: Scheme, version: str, score: int) -> None:
    """Raises belong to GB/T 42195; no other scheme has them.

    Source: GB/T 42195-2022; the other scales know no adjustment.
    """
    one = assessed(scheme, version, raw_score=score)
    record = Known(has("dementia"), events=fell(1, 2)).record()
    client = (
        Known()
        .person()
        .model_copy(update={"health_record": record.model_copy(update={"assessments": (one,)})})
    )
    assert (facts_of(client, MONDAY).tier, facts_of(client, MONDAY).raised) == (1, ())


def test_what_raises_a_tier_is_its_reason() -> None:
    """The reason of a raised tier names assessment, condition and events, with the latest day."""
    facts = Known(score=70, conditions=has("dementia"), events=fell(2, 20)).facts()
    fields = ("assessments.0", "conditions.0", "risk_events.0", "risk_events.1")
    assert facts.tier_evidence == Evidence(fields, MONDAY)


def test_days_are_counted_from_the_record() -> None:
    """An event counts by its distance from the day of the record, not from the horizon."""
    record = HealthRecord(
        recorded_on=days_ago(100),
        assessments=(assessed(raw_score=70, ago=110),),
        risk_events=tuple(RiskEvent(kind="fall", on=days_ago(day)) for day in (101, 130)),
    )
    client = Client(id="C1", home=HOME, health_record=record)
    assert facts_of(client, MONDAY).raised == ("risk_events",)


def test_evidence_adds_up() -> None:
    """Two pieces of evidence name each field once and the later day."""
    one = Evidence(("a", "b"), days_ago(3))
    assert one + Evidence(("b", "c"), days_ago(1)) == Evidence(("a", "b", "c"), days_ago(1))
    assert one + Evidence() == one
