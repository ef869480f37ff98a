"""Thirty-two invented clients: visits, minutes, pairs and alerts that a nurse would let stand."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from optimizer.domain.visit import CouplingKind
from optimizer.needs.derive import Needs, derive
from optimizer.units import MS_PER_MINUTE, format_clock
from tests.needs.review_records import RECORDS, client
from tests.needs.worlds import world

EXPECTED: dict[str, Any] = json.loads(
    Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
)
"""Per client the tier, services of four weeks, visits of Monday, gaps between them, alerts."""


@cache
def needs_of(name: str, days: int = 1) -> Needs:
    """Return what follows for one of the clients."""
    return derive(world(client(name), days=days))


def told(name: str) -> dict[str, Any]:
    """Return what follows for a client, short enough to be read."""
    needs = needs_of(name)
    (one,) = needs.clients
    lines = {visit.id: "+".join(visit.services) for visit in one.visits}
    return {
        "who": RECORDS[name][0],
        "tier": one.facts.tier,
        "four_weeks": [
            f"{d.service} {len(d.days)}x{len(d.windows)}, {d.minutes} min"
            + (" by two" if len(d.requirements) == 2 else "")
            for d in one.requirements.demands
        ],
        "monday": [
            f"{format_clock(v.window.earliest)}-{format_clock(v.window.latest)} {lines[v.id]}, "
            + " and ".join(
                f"{c.qualifications[0].code} {c.minutes // MS_PER_MINUTE}" for c in v.carers
            )
            for v in one.visits
        ],
        "gaps": [
            f"{lines[c.first]} {c.min_gap // MS_PER_MINUTE}-"
            f"{'' if c.max_gap is None else c.max_gap // MS_PER_MINUTE} {lines[c.second]}"
            for c in needs.scenario.couplings
            if c.kind is CouplingKind.AFTER
        ],
        "refused": sorted(f"{r.service} {r.contraindication}" for r in one.requirements.refusals),
        "alerts": sorted(code for code, _ in one.requirements.alerts),
    }


@pytest.mark.parametrize("name", RECORDS)
def test_what_follows(name: str) -> None:
    """Visits, minutes, pairs and alerts of each client are the ones that were looked through."""
    assert told(name) == EXPECTED[name]


def services(name: str, days: int = 28) -> dict[str, set[int]]:
    """Return the services of a client with the days of the cycle on which they are planned."""
    (one,) = needs_of(name, days).clients
    found: dict[str, set[int]] = {}
    for visit in one.visits:
        for code in visit.services:
            found.setdefault(code, set()).update(day.toordinal() % 28 for day in visit.dates[:1])
    return found


def test_nothing_by_mouth() -> None:
    """Unconscious or fed by tube: no help with eating, no meals; tube feeds, the evening's too."""
    for name in ("C0004", "C0013", "C0029"):
        found = services(name)
        assert not found.keys() & {"FEED_ASSIST", "MEAL_DELIVER", "MEAL_COOK"}
        evening = [line for line in told(name)["monday"] if "TUBE_FEED" in line][-1]
        assert evening.startswith("16:45")
    assert "MED_ADMIN" not in services("C0013")


def test_turning_keeps_away_from_feeds() -> None:
    """Nobody is turned or washed in bed within half an hour after a feed by tube."""
    gaps = [gap for gap in told("C0004")["gaps"] if gap.startswith("TUBE_FEED")]
    assert any("TURN_SKIN" in gap for gap in gaps)


def test_a_walking_client_is_bathed_by_one() -> None:
    """Dementia that raises the tier needs no second bather."""
    assert "HYG_BATH 4x1, 60 min" in told("C0002")["four_weeks"]


def test_no_needle_is_invented() -> None:
    """Palliative care asks for a nurse's assessment, not for a blood draw."""
    found = services("C0003")
    assert "NURSE_CHECK" in found
    assert "INJ_BLOOD" not in found


def test_out_of_scope_is_said_and_not_planned() -> None:
    """A child and a client with schizophrenia get an alert and no visit by rule."""
    for name, alert in (("C0011", "child_out_of_scope"), ("C0012", "psychiatric_out_of_scope")):
        assert services(name) == {}
        assert alert in told(name)["alerts"]


def test_no_volunteer_comes_alone_to_whom_one_must_not() -> None:
    """After self-harm or aggression nothing is left to volunteers."""
    for name in ("C0026", "C0027"):
        (one,) = needs_of(name, 28).clients
        for visit in one.visits:
            assert all(need.code != "VOL" for c in visit.carers for need in c.qualifications)


def test_a_grade_alone_never_means_cleaning_alone() -> None:
    """Personal care follows from a grade without scores."""
    assert {"FEED_ASSIST", "TOILET_CONT", "HYG_DAILY", "TURN_SKIN"} <= services("C0016").keys()
    assert {"FEED_ASSIST", "TOILET_CONT", "HYG_DAILY", "HYG_BATH"} <= services("C0017").keys()


def test_bowels_are_not_guessed() -> None:
    """Constipation is no incontinence, a catheter none either; the bare score is asked about."""
    assert "BOWEL_CARE" in services("C0019")
    assert "TOILET_CONT" not in services("C0019")
    assert "TOILET_CONT" not in services("C0021")
    assert len(services("C0020")["TOILET_CONT"]) == 28


def test_hip_surgery() -> None:
    """No bath within two weeks but a dressing; later a bath by one who is helped over."""
    assert "HYG_BATH" not in services("C0025")
    assert "WOUND_CARE" in services("C0025")
    assert "HYG_BATH 4x1, 60 min" in told("C0010")["four_weeks"]
    assert all(
        "TRANSFER+HYG_DAILY" in line for line in told("C0010")["monday"] if "TRANSFER" in line
    )


if __name__ == "__main__":
    rows = {name: told(name) for name in RECORDS}
    text = json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
    Path(__file__).with_suffix(".json").write_text(text, encoding="utf-8")
