"""Each shock is what its words say, with each parameter counting; chains of arms add up."""

from __future__ import annotations

from typing import get_args

import pytest
from pydantic import TypeAdapter

from optimizer.domain.assumption import Assumptions
from optimizer.domain.edit import CaregiversAway, Clients, Demand, Hire, OtherMode
from optimizer.domain.shock import (
    SHOCKS,
    Ageing,
    CrossTownPool,
    FluWave,
    OrganisationExit,
    Shock,
    SpringFestival,
    Turnover,
    Typhoon,
)
from optimizer.domain.study import Arm, Study
from optimizer.report.study_wording import arm_label, shock_words
from optimizer.shortfall.shocks import EDITS, arms_of, edits_of, imagined

NEEDED = {"org_exit": {"organisation": "ORG1"}, "lockdown_town": {"town": "luotuo"}}


def _usual(kind: str) -> Shock:
    adapter: TypeAdapter[Shock] = TypeAdapter(Shock)
    return adapter.validate_python({"kind": kind, **NEEDED.get(kind, {})})


KINDS = [str(get_args(one.model_fields["kind"].annotation)[0]) for one in SHOCKS]


def test_every_shock_has_its_edits() -> None:
    """The table of functions has each shock once, in the order of the list."""
    assert tuple(EDITS) == SHOCKS


@pytest.mark.parametrize("kind", KINDS)
def test_every_shock_is_worded(kind: str) -> None:
    """In both languages, with what it changes; no placeholder is left."""
    shock = _usual(kind)
    for lang in ("en", "zh"):
        words = shock_words(lang, shock)
        assert "{" not in words
        assert len(words) > len(kind) / 2
    assert edits_of(shock) or isinstance(shock, FluWave)


def test_growth_is_compound() -> None:
    """Four years of 5.8 % and 8.6 %, the disabled apart from the others."""
    others, disabled = edits_of(Ageing(years=4))
    assert isinstance(others, Demand)
    assert isinstance(disabled, Demand)
    assert others.percent == pytest.approx(25.3, abs=0.05)
    assert others.of == Clients(other_category="cat_disabled")
    assert disabled.percent == pytest.approx(39.1, abs=0.05)


def test_months_of_turnover_add_up() -> None:
    """12 months at 4.2 % are 40 %; with half of them replaced, 20 %."""
    (all_gone,) = edits_of(Turnover(months=12))
    (half,) = edits_of(Turnover(months=12, replaced=50))
    assert isinstance(all_gone, CaregiversAway)
    assert isinstance(half, CaregiversAway)
    assert all_gone.percent == pytest.approx(40.2, abs=0.05)
    assert half.percent == pytest.approx(20.1, abs=0.05)


def test_a_parameter_of_nothing_brings_no_edit() -> None:
    """No family, no clients away; a typhoon in which all keep their e-bikes changes no mode."""
    assert len(edits_of(SpringFestival())) == 1
    assert len(edits_of(SpringFestival(family=10))) == 2
    calm = Typhoon.model_validate(
        {"slower": 0, "away": 0, "checks": 0, "outdoor": [], "instead": "ebike"}
    )
    assert edits_of(calm) == ()
    assert any(isinstance(one, OtherMode) for one in edits_of(Typhoon()))


def test_an_arm_contains_those_it_follows() -> None:
    """First what hurts, then what helps; a wave of influenza changes the chances."""
    study = Study(
        id="s",
        base="b",
        arms=(
            Arm(name="exit", shocks=(OrganisationExit(organisation="ORG1"), FluWave())),
            Arm(name="pool", follows="exit", shocks=(CrossTownPool(),)),
            Arm(name="hire", follows="pool", edits=(Hire(count=3),)),
        ),
        assumptions=Assumptions(sick=2),
    )
    base, one, two, three = (imagined(study, arm) for arm in arms_of(study))
    assert base.edits == ()
    assert base.assumptions == study.assumptions
    assert two.edits[: len(one.edits)] == one.edits
    assert three.edits[: len(two.edits)] == two.edits
    assert three.edits[-1] == Hire(count=3)
    assert three.assumptions.sick == 10
    assert three.assumptions.hospital_more == 3
    assert arm_label("zh", study, "base") == "现状"
    assert arm_label("en", study, "pool").startswith("Exit of an organisation: ORG1 stops")
