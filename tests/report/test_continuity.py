"""How many caregivers clients see, counted by hand."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from optimizer.domain.client import ResponsibleCarer
from optimizer.domain.scenario import Scenario
from optimizer.i18n import Lang
from optimizer.prepare import prepare
from optimizer.report import wording
from optimizer.report.accounts import account_tables
from optimizer.report.continuity import Continuity, circles_of, continuity_of
from optimizer.report.roster import Roster
from optimizer.report.text import roster_text
from optimizer.verification import verify
from tests.verification.worlds import (
    MONDAY,
    TUESDAY,
    caregiver,
    lane,
    roster,
    route,
    shifts,
    visit,
    with_client,
)

LANGUAGES: tuple[Lang, ...] = ("en", "zh")


def world() -> Scenario:
    """Two days, three visits at C1, whom N2 answers for, one at C2; two have a usual time."""
    works = {"shifts": shifts(MONDAY, TUESDAY), "rest": 60}
    scenario = lane(
        caregivers=(caregiver("N1", **works), caregiver("N2", **works)),
        visits=(
            visit("V1", "C1", 30, preferred_until="09:00"),
            visit("V2", "C1", 30, preferred_until="09:00"),
            visit("V3", "C1", 30),
            visit("V4", "C2", 30),
        ),
    )
    horizon = scenario.horizon.model_copy(update={"days": 2})
    own = ResponsibleCarer(caregiver="N2", min_share=70)
    scenario = scenario.model_copy(update={"horizon": horizon})
    return with_client(scenario, "C1", most_caregivers=2, responsible=own)


@pytest.fixture(scope="module")
def made() -> Roster:
    """N1 comes to C1 on both days, N2 once and late; N2 comes to C2."""
    plan = roster(
        route("N1", ("V1", "C1", "08:30", 30)),
        route("N2", ("V2", "C1", "10:00", 30), ("V4", "C2", "11:00", 30)),
        route("N1", ("V3", "C1", "08:30", 30), day=TUESDAY),
    )
    prepared = prepare(world())
    return Roster.of_verdict(prepared, plan, verify(prepared.scenario, plan))


def test_each_client_is_counted(made: Roster) -> None:
    """C1 sees two, one of them twice, and one of two stops on time; C2 sees one."""
    assert continuity_of(made) == (
        Continuity("C1", 3, 2, 2, "N1", 2, 3, 2, 1, "N2", 1, 2),
        Continuity("C2", 1, 1, None, "N2", 1, 1, 0, 0),
    )


def test_all_clients_together(made: Roster) -> None:
    """On average one and a half, at most two; the main one makes two thirds and all."""
    found = circles_of(continuity_of(made))
    assert found is not None
    assert (found.mean, found.most, found.on_time) == (1.5, 2, 50)
    assert round(found.by_main) == 83
    assert found.by_two == 100
    assert circles_of(()) is None


def test_the_report_and_the_accounts_say_it(made: Roster) -> None:
    """Both languages tell it of several days, and the accounts have a row per client."""
    english, chinese = (wording.circles(lang, made) for lang in LANGUAGES)
    assert english[0].startswith("Caregivers per client: 1.5 on average, 2 at most; 83% of a")
    assert english[2] == (
        "The responsible caregiver makes the least share of the visits at 0 of 1 client."
    )
    assert chinese[2] == "有责任护理员的 1 名服务对象中，0 名的责任护理员达到最低上门比例。"
    assert english[1] == "50% of the visits with a usual time begin by then."
    assert "平均由 1.5 名护理员上门" in chinese[0]
    out = StringIO()
    Console(file=out, width=160, highlight=False).print(roster_text(made, lang="en"))
    assert english[1] in out.getvalue()
    table = account_tables(made, "en")["continuity"]
    assert table["by the main one (%)"].tolist() == [66.7, 100.0]
    assert table["due from the responsible"].tolist()[0] == 2
