"""A roster on a terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from rich.console import Console

from optimizer.domain.policy import Rule
from optimizer.i18n import LANGUAGES, Lang, duration, say, sentence, translated
from optimizer.report.roster import Roster
from optimizer.report.text import MAX_UNSERVED, roster_text
from optimizer.verification.verdict import Violation


def _shown(roster: Roster, lang: Lang = "en") -> str:
    out = StringIO()
    Console(file=out, width=120, highlight=False).print(roster_text(roster, lang=lang))
    return out.getvalue()


def test_who_is_visited_when(roster: Roster) -> None:
    """Each caregiver's line names start, visit and client of every stop."""
    shown = _shown(roster).replace("\N{NO-BREAK SPACE}", " ")
    assert "08:30 V0001 C0001 · 10:00 V0002 C0002" in shown


def test_the_day_is_drawn_in_quarters_of_an_hour(roster: Roster) -> None:
    """G0001's bar: on shift from 07:00, care 08:30-09:00, a break, care 10:00-11:00."""
    assert "·····─██·░·─████─────" in _shown(roster)


def test_a_long_day_is_drawn_coarser_instead_of_being_cut(roster: Roster) -> None:
    """With a route until two hours before the second midnight, each line keeps its end."""
    first, *others = roster.plan.routes
    late = first.model_copy(update={"back": 46 * 3_600_000})
    plan = roster.plan.model_copy(update={"routes": (late, *others)})
    lines = _shown(replace(roster, plan=plan)).splitlines()
    bar = next(line for line in lines if "22:00+1" in line)
    ruler = next(line for line in lines if line.split()[:2] == ["7", "9"])
    assert bar.rstrip().endswith("────")
    assert ruler.split()[-8:] == ["7", "9", "11", "13", "15", "17", "19", "21"]
    assert ruler.rindex("21") + 2 == len(bar.rstrip())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_is_not_served_and_why(roster: Roster, lang: Lang) -> None:
    """The unserved visit stands with its first reason."""
    line = next(line for line in _shown(roster, lang).splitlines() if "V0004" in line)
    assert "C0003" in line
    assert sentence(lang, "reason.crowded_out") in line


def test_many_unserved_visits_are_cut_short(roster: Roster) -> None:
    """Only the first twenty are listed, and how many more there are."""
    extra = [roster.scenario.visits[3].model_copy(update={"id": f"X{n:03d}"}) for n in range(30)]
    scenario = roster.scenario.model_copy(update={"visits": (*roster.scenario.visits, *extra)})
    shown = _shown(replace(roster, scenario=scenario))
    assert shown.count("\n  X0") == MAX_UNSERVED - 1
    assert sentence("en", "list.more", count=11) in shown


def test_what_it_costs_in_words(roster: Roster) -> None:
    """The breakdown ends with the total in minutes of travel."""
    shown = _shown(roster)
    assert "All journeys together take 3 h 15 min." in shown
    assert "6,195 minutes of travel" in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_broken_rules_are_told(roster: Roster, lang: Lang) -> None:
    """A violation is shown with its rule, who it is about, when, and by how much."""
    broken = Violation(
        rule=Rule.SHIFT,
        caregiver="G0001",
        visit=None,
        date=date(2026, 3, 2),
        amount=600,
        place="routes[1]",
        detail=say("violation.travel.back", by=duration(600_000)),
    )
    verdict = replace(roster.verdict, violations=(broken,))
    shown = _shown(replace(roster, verdict=verdict), lang)
    assert sentence(lang, "rule.shift") in shown
    assert "G0001 · 2026-03-02" in shown
    assert translated(lang, broken.detail) in shown
    assert sentence(lang, "duration.minutes", minutes=10) in shown


def test_an_empty_plan_can_be_shown(roster: Roster) -> None:
    """A plan without routes is told without a table of caregivers."""
    plan = roster.plan.model_copy(update={"routes": ()})
    shown = _shown(replace(roster, plan=plan))
    assert "0 of 4 visits" in shown


def test_ids_are_not_taken_for_markup(roster: Roster) -> None:
    """An id in square brackets is shown as it is."""
    visits = (
        *roster.scenario.visits[:3],
        roster.scenario.visits[3].model_copy(update={"id": "[b]"}),
    )
    scenario = roster.scenario.model_copy(update={"visits": visits})
    assert "[b]" in _shown(replace(roster, scenario=scenario))


def test_days_are_named_where_there_are_several(roster: Roster) -> None:
    """With a horizon of two days each line carries its date."""
    horizon = roster.scenario.horizon.model_copy(update={"days": 2})
    scenario = roster.scenario.model_copy(update={"horizon": horizon})
    shown = _shown(replace(roster, scenario=scenario))
    assert shown.count("2026-03-02  0") == 2
