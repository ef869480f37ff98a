"""The page of a study: what it shows, in both languages, and what it withholds."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from optimizer.domain.assumption import CERTAIN, Assumptions
from optimizer.domain.contract import Organisation
from optimizer.domain.edit import AddOrganisation, CaregiversAway, Edit, Hire, ShiftHours
from optimizer.domain.study import Arm, Study, Words, Years
from optimizer.report import study_charts as charts
from optimizer.report.study_page import study_page
from optimizer.report.study_text import sentences
from optimizer.report.study_wording import edit_words
from optimizer.shortfall import ArmOutcome, Ended, Figure, Outcome
from optimizer.shortfall.outcome import (
    ArmAssumptions,
    Cause,
    Gaps,
    HitTwice,
    Share,
    Swing,
    Tables,
    Tornado,
    Worst,
)


def _figure(mean: float, spread: float = 2) -> Figure:
    return Figure(
        mean=mean, low=mean - 1, high=mean + 1, p10=max(0, mean - spread), p50=mean,
        p90=mean + spread, plain=mean, excess=0,
    )  # fmt: skip


def _arm(name: str, failing: float, year: int | None = None, **fields: object) -> ArmOutcome:
    shares = (
        Share(names=("luotuo",), visits=failing, minutes=60 * failing, asked=600),
        Share(names=("guisi",), visits=None, minutes=None),
    )
    by_hour = (
        Share(names=("luotuo", "07"), visits=failing, minutes=60 * failing),
        Share(names=("luotuo", "09"), visits=0, minutes=0),
        Share(names=("guisi", "07"), visits=None, minutes=None),
    )
    return ArmOutcome.model_validate(
        {
            "arm": name, "year": year, "replications": 40, "caregivers": 20, "absent": 1,
            "visits": 112, "unserved": _figure(failing), "critical": _figure(1),
            "unmet_minutes": _figure(60 * failing), "clients": _figure(failing),
            "proven": failing / 2,
            "against_base": None if name == "base" else _figure(failing - 1),
            "gaps": Gaps(money=600, people=60 * failing, commissioned=6000, undelivered=0.125),
            "tables": Tables(
                by_town=shares, by_category=(), by_town_and_category=(), by_qualification=(),
                by_hour=(), by_town_and_hour=by_hour,
            ),
            "causes": (Cause(cause="crowded_out", visits=failing),),
            "hit_twice": HitTwice(
                several_visits=None, money_and_people=None, in_half_of_futures=None
            ),
            "worst_town": "luotuo", "worst_category": None,
            "worst": (Worst(replication=3, unserved=17, critical=4, proven=11, plan=None),),
            **fields,
        }
    )  # fmt: skip


def _outcome(*arms: ArmOutcome, **study: object) -> Outcome:
    asked = Study.model_validate(
        {
            "id": "festival", "base": "day",
            "question": Words(zh="春节缺人怎么办？", en="Who is missing at <Spring Festival>?"),
            "arms": (
                Arm(name="away", label=Words(en="Half away", zh="半数返乡"),
                    edits=(CaregiversAway(percent=50),)),
                Arm(name="more", label=Words(en="Four more", zh="增加四名"), follows="away",
                    edits=(Hire(count=4),)),
            ),
            **study,
        }
    )  # fmt: skip
    return Outcome(
        study=asked, scenario_sha256="ab" * 32, engine="0.1.0", ended=Ended.PRECISION,
        replications=40, half_width=1.0, arms=arms,
        assumptions=(ArmAssumptions(arm="base", assumptions=CERTAIN),),
    )  # fmt: skip


DAYS = _outcome(_arm("base", 1), _arm("away", 24), _arm("more", 9))


class _Texts(HTMLParser):
    """Collects what is shown, and checks that every element that is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens nothing."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _shown(page: str) -> str:
    reader = _Texts()
    reader.feed(page)
    assert reader.open == []
    return re.sub(r"\s+", " ", " ".join(reader.texts))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_holds_what_an_official_asks(lang: str) -> None:
    """Question, sentences, remedies, assumptions with owners and how to check stand on it."""
    page = study_page(DAYS, lang="zh" if lang == "zh" else "en")
    shown = _shown(page)
    words = {
        "en": ("Half away", "Four more", "What would help", "What is assumed", "How to check it",
               "proven", "gap in money"),
        "zh": ("半数返乡", "增加四名", "怎样补救", "假设及其责任方", "如何核对", "已证明", "缺口"),
    }[lang]  # fmt: skip
    assert [word for word in words if word not in shown] == []
    assert "optimal" not in page


def test_the_page_loads_nothing_and_escapes_everything() -> None:
    """No address is fetched, nothing may run, and a question is text."""
    page = study_page(DAYS, lang="en")
    assert "&lt;Spring Festival&gt;" in page
    assert "default-src 'none'" in page
    assert not re.search(r"<script|src=|href=|url\(|\son\w+=", page)


def test_small_groups_are_withheld() -> None:
    """A group without figures has a word instead of numbers, and a dot on the map of hours."""
    shown = _shown(study_page(DAYS, lang="en"))
    assert "withheld" in shown
    heat = charts.heat_map("en", DAYS.arms[1])
    assert heat is not None
    assert heat.has_gaps
    assert {cell.value for name, _, cells in heat.rows if name == "Guisi" for cell in cells} == {
        "·"
    }


def test_a_remedy_is_told_against_what_it_mends() -> None:
    """Four more hires save 15 of the 24 visits that fail when half are away."""
    shown = _shown(study_page(DAYS, lang="en"))
    assert "Four more" in shown
    assert "24 9 −15" in shown


def test_bars_lie_on_their_scale() -> None:
    """Ranges are ordered, within the track, and larger figures lie further right."""
    bars = charts.arm_bars("en", DAYS, DAYS.arms)
    for bar in bars.bars:
        assert 0 <= bar.low <= bar.mean <= bar.high <= charts.TRACK
    assert bars.bars[0].mean < bars.bars[2].mean < bars.bars[1].mean
    assert next(tick.label for tick in bars.ticks) == "0"
    assert bars.ticks[-1].at == charts.TRACK
    assert bars.bars[1].proven is not None
    assert bars.bars[1].proven < bars.bars[1].mean


def test_changes_may_go_both_ways() -> None:
    """Where an arm is better than today its bar lies left of nothing."""
    better = _arm("more", 1, against_base=_figure(-3))
    outcome = _outcome(_arm("base", 4), _arm("away", 24), better)
    bars = charts.change_bars("en", outcome, outcome.arms)
    nothing = next(tick.at for tick in bars.ticks if tick.label == "0")
    assert bars.bars[0].mean > nothing > bars.bars[1].mean
    assert bars.bars[1].value == "−3"


def test_years_are_a_fan() -> None:
    """A study of years shows a band and a line per arm; a study of days shows none."""
    arms = [_arm(name, n + 2 * k, year=2026 + k) for k in range(3)
            for n, name in ((1, "base"), (5, "away"), (4, "more"))]  # fmt: skip
    outcome = _outcome(*arms, horizon=Years(until=2028))
    years = charts.years_chart("en", outcome)
    assert years is not None
    assert [tick.label for tick in years.years] == ["2026", "2027", "2028"]
    assert len(years.fans) == 3
    assert all(len(fan.line.split()) == 3 and len(fan.band.split()) == 6 for fan in years.fans)
    assert charts.years_chart("en", DAYS) is None
    assert "<polygon" in study_page(outcome, lang="en")


def test_years_that_go_on_are_told_by_themselves() -> None:
    """Where nothing imagined is worse than the years, the last year of the base is the answer."""
    arms = [_arm(name, n + 5 * k, year=2026 + k) for k in range(3)
            for n, name in ((9, "base"), (5, "away"), (4, "more"))]  # fmt: skip
    outcome = _outcome(
        *arms,
        horizon=Years(until=2028),
        arms=(
            Arm(name="away", label=Words(en="Pooled", zh="统筹"), follows="base",
                edits=(CaregiversAway(percent=50),)),
            Arm(name="more", label=Words(en="Four more", zh="增加四名"), follows="base",
                edits=(Hire(count=4),)),
        ),
    )  # fmt: skip
    told = list(sentences(outcome, lang="en"))
    assert told[0].startswith("In 2026, 20 caregivers are at work")
    assert "19 of 112 visits on an ordinary day of 2028" in told[1]
    assert "Four more; then 14 visits" in told[2]
    assert told[3].startswith("The figure: on an ordinary day of 2028 19 visits fail")
    shown = _shown(study_page(outcome, lang="en"))
    assert "What would help" in shown
    assert "19 14 \u22125" in shown
    assert "2028 年" in next(one for one in sentences(outcome, lang="zh") if "照旧" in one)


SWUNG = Tornado(
    arm="away", replications=20, unserved=24,
    swings=(
        Swing(of="spring_festival.away", value=39, low=25, high=55,
              at_low=_figure(-8), at_high=_figure(9)),
        Swing(of="hired", value=100, low=50, high=100, at_low=_figure(3), at_high=_figure(0)),
    ),
)  # fmt: skip


def test_a_tornado_is_drawn_and_tabled() -> None:
    """Bars begin where nothing changes; names, ends, changes and owners stand beside them."""
    chart = charts.tornado_bars("en", SWUNG)
    assert [bar.value for bar in chart.bars] == ["\u22128 / +9", "+3 / 0"]
    for bar in chart.bars:
        assert sum(bar.at_low) == chart.zero or bar.at_low[0] == chart.zero
        assert bar.at_high[0] == chart.zero
    assert chart.bars[0].at_high[1] > chart.bars[1].at_low[1] > chart.bars[1].at_high[1] == 0
    outcome = DAYS.model_copy(update={"tornado": SWUNG})
    shown = _shown(study_page(outcome, lang="en"))
    assert "How much hangs on each assumption" in shown
    assert "tried both ends of it" in shown
    assert "Half away: visits a day that fail more or fewer" in shown
    assert "\u22128.0 (\u22129.0 … \u22127.0)" in shown
    assert "结果取决于哪些假设" in _shown(study_page(outcome, lang="zh"))
    assert "How much hangs" not in study_page(DAYS, lang="en")


def test_the_page_says_what_was_done_about_what_is_not_known() -> None:
    """Nothing, drawn, varied, or both: never left to be guessed."""
    drawn = _outcome(_arm("base", 1), _arm("away", 24), _arm("more", 9), drawn="triangular")
    assert "not what is not known" in _shown(study_page(DAYS, lang="en"))
    told = _shown(study_page(drawn, lang="en"))
    assert "drawn from their ranges" in told
    assert "drew a value within it for each day" in told
    both = drawn.model_copy(update={"tornado": SWUNG})
    assert "and tried both ends of it" in _shown(study_page(both, lang="en"))


def test_nothing_fails_is_drawn_too() -> None:
    """A study in which nothing fails has a page: no division by nothing."""
    none = [
        _arm(name, 0, causes=(), worst=(), proven=None, unserved=_figure(0, 0))
        for name in ("base", "away", "more")
    ]
    assert "0" in _shown(study_page(_outcome(*none), lang="zh"))


def test_every_assumption_is_listed() -> None:
    """Each field of the assumptions has its row with value and owner or source."""
    page = study_page(DAYS, lang="en")
    fields = [f for f in Assumptions.model_fields if f not in {"model_config"}]
    section = page.split("What is assumed", 1)[1]
    assert section.count('<th scope="row">') == len(fields)


@pytest.mark.parametrize(
    ("edit", "en", "zh"),
    [
        (AddOrganisation(organisation=Organisation(id="ORG9")),
         "ORG9 begins to work here", "新增 ORG9 机构"),
        (ShiftHours(later=60),
         "shifts of the caregivers end 60 min later", "护理员的班次推迟 60 分钟结束"),
    ],
)  # fmt: skip
def test_nothing_is_said_of_what_is_nothing(edit: Edit, en: str, zh: str) -> None:
    """No zero caregivers and no zero minutes are told."""
    assert (edit_words("en", edit), edit_words("zh", edit)) == (en, zh)
