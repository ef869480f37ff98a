"""Scales: every boundary, every grade, both directions."""

from __future__ import annotations

import datetime as dt

import pytest

from optimizer.domain.health import Assessment, Scheme, Schooling
from optimizer.needs.scales import graded_tier, last_day, load_scales, score_of, tier_of
from tests.needs.worlds import BEST, ability, assessed

SCALES = load_scales()

# Lowest score of each tier from 0 downwards; one point less belongs to the next tier.
BANDS: list[tuple[Scheme, str, list[int]]] = [
    ("gbt42195", "2022", [90, 66, 46, 30, 0]),
    ("barthel", "hospital", [100, 61, 41, 21, 0]),  # heavy begins at 40; 20 is its lower half
    ("barthel", "mzt039", [100, 65, 45, 21, 0]),
    ("barthel", "quarters", [100, 75, 50, 25, 0]),
    ("mmse", "1975", [27, 21, 10, 0]),  # of the mind alone: never tier 4
    ("moca", "1996", [26, 18, 10, 0]),
]
GRADES: list[tuple[Scheme, str, dict[str, int]]] = [
    ("gbt42195", "2022", {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4}),
    ("ltci", "2021", {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 4}),
    # "normal" and six levels; level 1 is a need already, with a subsidy.
    (
        "shanghai",
        "2.0",
        {"0": 0, "normal": 0, "1": 1, "2": 1, "3": 2, "4": 3, "5": 4, "6": 4},
    ),
]


@pytest.mark.parametrize(("scheme", "version", "lowest"), BANDS)
def test_band_boundaries(scheme: Scheme, version: str, lowest: list[int]) -> None:
    """The lowest score of a band has its tier, one point less has the next one."""
    scale = SCALES[scheme]
    assert scale.tier_of_score(version, scale.best) == 0
    for tier, score in enumerate(lowest):
        assert scale.tier_of_score(version, score) == tier
        if score > 0:
            assert scale.tier_of_score(version, score - 1) == tier + 1


@pytest.mark.parametrize(("scheme", "version", "lowest"), BANDS)
def test_bands_leave_no_hole(scheme: Scheme, version: str, lowest: list[int]) -> None:
    """Each possible score has one band, and a worse score never a better tier."""
    scale = SCALES[scheme]
    tiers = [scale.tier_of_score(version, score) for score in range(scale.best + 1)]
    assert None not in tiers
    assert tiers == sorted(tiers, key=lambda tier: -(tier or 0))
    assert scale.tier_of_score(version, scale.best + 1) is None
    assert len(scale.bands[version]) == len(lowest)


@pytest.mark.parametrize(("scheme", "version", "grades"), GRADES)
def test_grades(scheme: Scheme, version: str, grades: dict[str, int]) -> None:
    """Each grade has its tier; what is no grade has none."""
    assert SCALES[scheme].grades[version] == grades
    for grade, tier in grades.items():
        assert tier_of(assessed(scheme, version, raw_grade=grade)) == tier
    assert tier_of(assessed(scheme, version, raw_grade="9")) is None


def test_tables_are_complete() -> None:
    """Every version of every scale stands in the tables above."""
    rows = {(scheme, version) for scheme, version, _ in (*BANDS, *GRADES)}
    known = {(scheme, v) for scheme, scale in SCALES.items() for v in scale.versions}
    assert rows == known


@pytest.mark.parametrize("scheme", list(SCALES))
def test_direction(scheme: Scheme) -> None:
    """The best end of each scale is tier 0, whichever way it runs, and the worst end the most."""
    scale = SCALES[scheme]
    for version in scale.versions:
        if version in scale.bands:
            ends = [scale.tier_of_score(version, end) for end in (scale.best, scale.worst)]
        else:
            ends = [scale.tier_of_grade(version, str(end)) for end in (scale.best, scale.worst)]
        assert ends == [0, 3 if scheme in ("mmse", "moca") else 4]


def test_ltci_and_shanghai_run_upwards_and_the_others_downwards() -> None:
    """A high figure is bad in two schemes and good in four."""
    upwards = {scheme for scheme, scale in SCALES.items() if scale.worst > scale.best}
    assert upwards == {"ltci", "shanghai"}


@pytest.mark.parametrize(
    ("scheme", "groups"),
    [
        ("gbt42195", [(8, 32), (4, 15), (9, 28), (5, 15)]),  # 26 items, 90 points
        ("barthel", [(10, 100)]),
    ],
)
def test_items_add_up(scheme: Scheme, groups: list[tuple[int, int]]) -> None:
    """The items have the number and sum that the standard says, group by group."""
    scores = list(SCALES[scheme].items.values())
    for number, total in groups:
        assert sum(scores[:number]) == total
        del scores[:number]
    assert not scores
    assert sum(SCALES[scheme].items.values()) == SCALES[scheme].best


def test_score_is_the_sum_of_all_items() -> None:
    """A form with all items needs no total; one with a hole has none."""
    assert score_of(ability()) == 90
    assert score_of(ability(bathing=0, walking=1)) == 83
    some = {item: score for item, score in BEST.items() if item != "memory"}
    assert score_of(assessed(item_scores=some)) is None
    assert tier_of(assessed(item_scores=some)) is None


def test_score_on_the_form_comes_first() -> None:
    """Where the form says a total, that one counts."""
    assert score_of(assessed(raw_score=40, item_scores=dict(BEST))) == 40


def test_score_and_grade_that_differ() -> None:
    """The score says the tier before raises; the grade is kept beside it."""
    form = assessed(raw_score=50, raw_grade="3")
    assert (tier_of(form), graded_tier(form)) == (2, 3)
    assert (tier_of(assessed(raw_grade="3")), graded_tier(assessed(raw_score=50))) == (3, None)


def test_unknown_version_says_nothing() -> None:
    """The tier of a version nobody knows is not guessed."""
    assert tier_of(assessed("barthel", "unheard", raw_score=40)) is None


@pytest.mark.parametrize(
    ("scheme", "schooling", "lowest"),
    [
        ("mmse", "none", 18),
        ("mmse", "primary", 21),
        ("mmse", "secondary", 25),
        ("moca", "none", 25),
        ("moca", "primary", 25),
        ("moca", "secondary", 26),
    ],
)
def test_what_is_normal_depends_on_schooling(
    scheme: Scheme, schooling: Schooling, lowest: int
) -> None:
    """With a named schooling the lowest normal score is tier 0, one point less is not.

    Source: MMSE, above 17 without school, above 20 with primary school, above 24 with more;
    MoCA, one point added for little schooling.
    """
    (version,) = SCALES[scheme].versions
    for score, is_normal in ((lowest, True), (lowest - 1, False)):
        form = assessed(scheme, version, raw_score=score, schooling=schooling)
        assert (tier_of(form) == 0) is is_normal


def test_without_schooling_the_bands_count() -> None:
    """Where nobody names the schooling, the bands of the scale speak."""
    assert tier_of(assessed("mmse", "1975", raw_score=18)) == 2
    assert tier_of(assessed("mmse", "1975", raw_score=18, schooling="none")) == 0


@pytest.mark.parametrize("scheme", list(SCALES))
def test_validity_names_its_source(scheme: Scheme) -> None:
    """How long an assessment holds is from a public text, or said to be a judgement."""
    source = SCALES[scheme].valid_source
    assert "judgement" in source or any(char.isdigit() for char in source)


def test_only_the_ability_assessment_raises() -> None:
    """GB/T 42195 has raises; no other scheme has any."""
    assert [scheme for scheme, scale in SCALES.items() if scale.raises] == ["gbt42195"]


@pytest.mark.parametrize(
    ("scheme", "days"),
    [
        ("gbt42195", 365),
        ("barthel", 182),
        ("mmse", 365),
        ("moca", 365),
        ("ltci", 730),
        ("shanghai", 730),
    ],
)
def test_usual_validity(scheme: Scheme, days: int) -> None:
    """An assessment that names no last day holds for 6, 12 or 24 months."""
    one = assessed(scheme)
    assert (last_day(one) - one.assessed_on).days == days


def test_named_last_day() -> None:
    """A last day on the form counts, be it earlier or later than usual."""
    for day in (dt.date(2026, 7, 25), dt.date(2030, 1, 1)):
        assert last_day(assessed(valid_until=day)) == day


def test_last_day_of_the_calendar() -> None:
    """An assessment at the end of the calendar holds until its end."""
    late = Assessment(scheme="ltci", version="2021", assessed_on=dt.date(9999, 12, 1))
    assert last_day(late) == dt.date.max
