"""What is not known of assumptions: ranges, draws of a whole future, both ends one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

import pytest

from optimizer.domain.assumption import OF_DAYS, OF_YEARS, Assumptions
from optimizer.domain.edit import Hire
from optimizer.domain.shock import Ageing, SpringFestival
from optimizer.domain.study import Arm, Effort, Study, Years
from optimizer.domain.uncertainty import Drawn, Range, Tornado
from optimizer.parallel import InlineExecutor
from optimizer.shortfall import Outcome, conduct, prepare_study
from optimizer.shortfall.rows import Row
from optimizer.shortfall.uncertainty import (
    all_assumed,
    drawn_values,
    is_read,
    ranges_of,
    ranges_of_arm,
    triangular,
    values_of,
    with_values,
)
from tests.shortfall.studies import small_day

FEAST = Arm(name="feast", shocks=(SpringFestival(away=40),))
MORE = Arm(name="more", follows="feast", edits=(Hire(count=2),))
RANGES = (
    Range(of="sick", low=0, high=60),
    Range(of="months", low=1, high=3),
    Range(of="spring_festival.away", low=0, high=90),
)


def _study(**fields: object) -> Study:
    return Study.model_validate(
        {
            "id": "small", "base": "zhenhai-day-s", "arms": (FEAST, MORE), "replications": 4,
            "precision": 0, "ranges": RANGES,
            "effort": Effort(iterations=20, long_iterations=40, long_every=4, certificates=0),
            **fields,
        }
    )  # fmt: skip


def _conducted(folder: Path, **fields: object) -> tuple[Outcome, list[Row]]:
    outcome = conduct(prepare_study(_study(**fields), small_day()), folder, InlineExecutor())
    lines = (folder / "results.jsonl").read_bytes().splitlines()
    return outcome, [Row.from_line(line) for line in lines]


@pytest.fixture(scope="module", autouse=True)
def _few_looks() -> Iterator[None]:
    """Let proofs be looked for but shortly: what they find is tested elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("optimizer.shortfall.one_future.PROOF_LOOKS", 4)
        yield


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, list[Row]]:
    """A study in which nothing is varied or drawn."""
    return _conducted(tmp_path_factory.mktemp("plain"), ranges=None)


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, list[Row]]:
    """The same study, each assumption at both ends as well."""
    folder = tmp_path_factory.mktemp("varied")
    return _conducted(folder, tornado=Tornado(arm="feast", replications=4))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, list[Row]]:
    """The same study with assumptions drawn for each day."""
    return _conducted(tmp_path_factory.mktemp("drawn"), drawn=Drawn.UNIFORM)


def test_every_usual_range_holds_the_usual_value() -> None:
    """And both ends are possible; every assumption is read by days, by years or by both."""
    known = all_assumed()
    for one in known.values():
        low, high = one.basis.low, one.basis.high
        assert (low is None) == (high is None) == (not one.basis.is_uncertain)
        if low is not None and high is not None:
            assert low < high
            assert low <= one.record.model_fields[one.field].default <= high
            one.validated(low)
            one.validated(high)
    assert set(Assumptions.model_fields) <= set(known)
    assert set(known) >= OF_DAYS | OF_YEARS


def test_usual_ranges_count_where_the_value_lies_within() -> None:
    """Not of what the other horizon reads, nor of a value outside, nor of several values."""
    usual = {one.of for one in ranges_of(_study(ranges=None))}
    assert {"sick", "quits", "spring_festival.away"} <= usual
    assert not usual & OF_YEARS
    assert "months" not in usual
    odd = _study(ranges=None, assumptions=Assumptions(sick=30))
    assert "sick" not in {one.of for one in ranges_of(odd)}
    other = Arm(name="other", shocks=(SpringFestival(away=30),))
    several = _study(ranges=None, arms=(FEAST, other))
    assert "spring_festival.away" not in {one.of for one in ranges_of(several)}
    years = _study(ranges=None, horizon=Years(until=2030))
    assert {one.of for one in ranges_of(years)} >= OF_YEARS
    assert not is_read(years, "deaths")


def test_a_range_of_a_shock_says_nothing_of_an_arm_without_it() -> None:
    """The scenario as it is has no shock to vary; an arm that follows one has."""
    study = _study()
    assert {one.of for one in ranges_of_arm(study, "base")} == {"sick", "months"}
    assert len(ranges_of_arm(study, "more")) == 3


def test_other_values_reach_assumptions_and_shocks() -> None:
    """Whole things are rounded, and what is not named stays."""
    other = with_values(_study(), {"months": 2.6, "spring_festival.away": 55.5})
    assert other.assumptions.months == 3
    assert values_of(other, "spring_festival.away") == (55.5,)
    assert other.assumptions.sick == Assumptions().sick
    assert with_values(_study(), {}) == _study()


def test_draws_are_mirrored_and_keep_to_their_range() -> None:
    """Two replications lie on either side of the middle; the likeliest value is the study's."""
    study = _study(drawn=Drawn.UNIFORM)
    for n in range(0, 40, 2):
        one, two = (drawn_values(study, RANGES, n + k) for k in (0, 1))
        assert one["sick"] + two["sick"] == pytest.approx(60)
        assert 0 <= one["spring_festival.away"] <= 90
        assert one["months"] in {1, 2, 3}
    tri = _study(drawn=Drawn.TRIANGULAR)
    mean = fmean(drawn_values(tri, RANGES, n)["sick"] for n in range(400))
    assert mean == pytest.approx((0 + 2.5 + 60) / 3, rel=0.05)
    assert drawn_values(_study(), RANGES, 0) == {}


@pytest.mark.parametrize(
    ("share", "value"), [(0.0, 0.0), (0.125, 1.0), (0.5, 2.0), (0.875, 3.0), (1.0, 4.0)]
)
def test_a_triangle_has_its_quantiles(share: float, value: float) -> None:
    """From 0 over 2 to 4 an eighth lies below 1 and half below 2."""
    assert triangular(0, 2, 4, share) == pytest.approx(value)


def test_a_peak_at_an_end_is_a_triangle_too() -> None:
    """Where the value of the study is an end of its range nothing is divided by nothing."""
    assert triangular(0, 0, 4, 0.0) == 0
    assert triangular(0, 4, 4, 0.25) == pytest.approx(2.0)
    assert triangular(50, 100, 100, 1.0) == pytest.approx(100)


def test_varying_changes_no_other_figure(
    plain: tuple[Outcome, list[Row]], varied: tuple[Outcome, list[Row]]
) -> None:
    """Arms, and every row that is not varied, are those of the study without it."""
    assert varied[0].arms == plain[0].arms
    others = [row for row in varied[1] if row.effort.value != "varied"]
    assert others == plain[1]
    assert plain[0].tornado is None


def test_a_tornado_tells_each_end_on_the_same_days(
    varied: tuple[Outcome, list[Row]],
) -> None:
    """More away, more fails; the widest is first; an end that is the value changes nothing."""
    tornado = varied[0].tornado
    assert tornado is not None
    assert (tornado.arm, tornado.replications) == ("feast", 4)
    by_name = {one.of: one for one in tornado.swings}
    assert set(by_name) == {"sick", "months", "spring_festival.away"}
    away = by_name["spring_festival.away"]
    assert away.at_low.mean < 0 < away.at_high.mean
    assert tornado.swings[0] is away
    assert [one.width for one in tornado.swings] == sorted(
        (one.width for one in tornado.swings), reverse=True
    )
    assert by_name["months"].value == by_name["months"].low
    assert by_name["months"].at_low.mean == 0
    rows = [row for row in varied[1] if row.effort.value == "varied"]
    assert len(rows) == 4 * (1 + 5)
    usual = [row.num_unserved for row in rows if not row.assumed]
    high = [row.num_unserved for row in rows if row.assumed == {"spring_festival.away": 90}]
    assert away.at_high.plain == pytest.approx(fmean(high) - fmean(usual), abs=0.001)


def test_drawn_days_have_their_own_assumptions(
    plain: tuple[Outcome, list[Row]], drawn: tuple[Outcome, list[Row]]
) -> None:
    """The same in all arms of a day, others on another day, and they are kept with the row."""
    by_day: dict[int, set[tuple[tuple[str, float], ...]]] = {}
    for row in drawn[1]:
        by_day.setdefault(row.replication, set()).add(tuple(sorted(row.assumed.items())))
    assert all(len(values) == 1 for values in by_day.values())
    assert len({next(iter(values)) for values in by_day.values()}) == 4
    absent = {row.absent for row in drawn[1] if row.arm == "base"}
    assert absent != {row.absent for row in plain[1] if row.arm == "base"}
    assert "assumed" not in plain[1][0].as_json()


def test_of_years_the_last_one_is_varied(tmp_path: Path) -> None:
    """One row an end and day, about the last year."""
    outcome, rows = _conducted(
        tmp_path, replications=2, horizon=Years(until=2027),
        ranges=(Range(of="growth", low=0, high=40),),
        tornado=Tornado(arm="base", replications=2),
    )  # fmt: skip
    assert outcome.tornado is not None
    assert outcome.tornado.year == 2027
    assert {row.year for row in rows if row.effort.value == "varied"} == {2027}
    assert outcome.tornado.swings[0].at_low.mean == 0


def test_a_shock_at_an_end_is_drawn_with_its_edits() -> None:
    """Ageing at the upper end of its growth asks for more visits than at the lower."""
    study = _study(
        arms=(Arm(name="old", shocks=(Ageing(years=4),)),),
        ranges=(Range(of="ageing.elders", low=0, high=20),),
        tornado=Tornado(arm="old"),
    )
    low, high = prepare_study(study, small_day()).varied[1:]
    assert low.edits[0] != high.edits[0]
    assert (low.name, high.name) == ("ageing.elders = 0", "ageing.elders = 20")
