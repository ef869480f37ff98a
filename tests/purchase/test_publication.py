"""Spot checks by lot and by risk, and tables that single nobody out."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from optimizer.domain.delivery import Doubt, Effect, Terms
from optimizer.domain.supervision import CheckBy, CheckWay, SpotCheckTerms, Supervision
from optimizer.i18n import say
from optimizer.purchase import Doubted, Line, Observed, evaluate, settle
from optimizer.purchase.publication import Drawn, PeopleTable, RuleRow, draw_checks, publish
from tests.purchase.test_evaluation import ALL_COUNT, AS_PLANNED, PLAN, complaint
from tests.purchase.test_evidence import deliveries
from tests.purchase.town import HERE, admitted, applies, as_it_is, office, town

DRAW = "3D 052: 385"


def lines(count: int, *, done: bool = True) -> list[Line]:
    """Return so many stops of O1 in the town, all of V1's kind."""
    told = deliveries(*AS_PLANNED) if done else deliveries()
    first = settle(as_it_is(), PLAN, told, Terms()).lines[0]
    return [
        replace(first, planned=replace(first.planned, carer=n)) for n in range(1, count + 1)
    ]  # fmt: skip


def doubted(carer: int, effect: Effect) -> Doubted:
    """Return a doubt about one of these stops."""
    return Doubted(
        Doubt.SHORT, effect, "V1", carer, "G1", "O1", say("doubt.short", given=1, planned=2)
    )


def drawn(count: int, *doubts: Doubted, done: bool = True, **terms: int) -> list[Drawn]:
    """Draw the checks of so many stops."""
    found = draw_checks(
        town(), lines(count, done=done), doubts, SpotCheckTerms(**terms), draw=DRAW,
        period="2026-03",
    )  # fmt: skip
    return list(found)


@pytest.mark.parametrize(
    ("count", "by_lot", "by_risk"),
    [(3, 2, 1), (5, 3, 2), (100, 3, 2), (101, 3, 3), (200, 5, 5), (0, 0, 0)],
)
def test_half_by_lot_half_by_risk(count: int, by_lot: int, by_risk: int) -> None:
    """Five per cent of what took place, five at least, half of it rounded up by lot.

    Source: the German insurers' checks, of which agencies choose the sample themselves, are the
    example of how not to (S109); both random (K).
    """
    found = drawn(count)
    assert {one.way for one in found} <= {CheckWay.PHONE}
    assert sum(one.by is CheckBy.LOT for one in found) == by_lot
    assert sum(one.by is CheckBy.RISK for one in found) == by_risk
    assert len({one.stop.carer for one in found}) == len(found)


def test_what_is_not_yet_told_is_visited() -> None:
    """Without deliveries one per cent, five at least, is visited unannounced.

    Source: Sundbyberg, where people logged in and out and nobody came (S108).
    """
    found = drawn(600, done=False)
    assert {(one.way, one.stop.visit) for one in found} == {(CheckWay.VISIT, "V1")}
    assert len(found) == 6


def test_anybody_can_redo_the_draw() -> None:
    """The drawn half is that of the smallest hashes of draw, way, body, period and stop."""
    names = [f"V1/{n}" for n in range(1, 21)]

    def digest(name: str) -> str:
        return hashlib.sha256(f"{DRAW}|phone|O1|2026-03|{name}".encode()).hexdigest()

    found = [one for one in drawn(20) if one.by is CheckBy.LOT]
    assert [f"V1/{one.stop.carer}" for one in found] == sorted(names, key=digest)[:3]
    assert [one.place for one in found] == [1, 2, 3]


def test_what_is_doubted_is_checked_first() -> None:
    """The other half are stops that are held, then those that are flagged."""
    lot = {one.stop.carer for one in drawn(20) if one.by is CheckBy.LOT}
    held, flagged = sorted(set(range(1, 21)) - lot)[-2:]
    found = drawn(20, doubted(held, Effect.HOLD), doubted(flagged, Effect.FLAG))
    assert [one.stop.carer for one in found if one.by is CheckBy.RISK] == [held, flagged]
    assert {one.stop.carer for one in found if one.by is CheckBy.LOT} == lot


@pytest.mark.parametrize(
    ("ruled", "upheld", "review"), [(50, 9, True), (50, 10, False), (49, 0, False)]
)
def test_rules_are_put_up_for_review(ruled: int, upheld: int, review: bool) -> None:
    """A rule of which less than a fifth of fifty cases were upheld is itself in doubt."""
    assert RuleRow(Doubt.SHORT, ruled, ruled, upheld).is_under_review is review


def published(clients: int, **heard: Any) -> Any:
    """Publish the town, in which V1 was made for so many clients instead of one."""
    admission = as_it_is()
    told = deliveries(*AS_PLANNED)
    settled = settle(admission, PLAN, told, Terms())
    first = settled.lines[0]
    more = tuple(
        replace(first, planned=replace(first.planned, client=f"C{1 + n % 4}", carer=n))
        for n in range(1, clients + 1)
    )
    observed = Observed(admission, told, settled)
    supervision = Supervision.model_validate(heard)
    evaluation = evaluate([observed], supervision, ALL_COUNT)
    changed = replace(settled, lines=more)
    return publish([replace(observed, settlement=changed)], evaluation, supervision)


def test_few_people_are_not_told() -> None:
    """Four clients in two towns are left open everywhere, and so is what follows from them."""
    found = published(4)
    assert found.people[PeopleTable.SERVED_BY_TOWN] == {"east": None, "west": None}
    assert found.people[PeopleTable.SERVED_BY_ORGANISATION] == {"O1": None}
    assert found.bodies[0].visits is None


def test_complaints_are_suppressed_together() -> None:
    """Six of one kind and two of another: neither can be told, since all of them may be known."""
    heard = [complaint(id=f"B{n}", kind="late" if n > 2 else "money") for n in range(1, 9)]
    found = published(4, complaints=heard)
    assert found.people[PeopleTable.COMPLAINTS_BY_ORGANISATION] == {"O1": 8}
    assert found.people[PeopleTable.COMPLAINTS_BY_KIND] == {"late": None, "money": None}


def test_who_waits_is_counted() -> None:
    """Waiting counts stand by category and town; without pools there is no such table."""
    assert PeopleTable.WAITING_BY_TOWN not in published(4).people
    pool = {"id": "p", "tier": "lottery", "amount_fen": 1, "start": "2026-01-01",
            "end": "2026-12-31"}  # fmt: skip
    shown = [applies("C1", hardship="low_income"), applies("C2")]
    admission = admitted(office(*shown, pools=[pool], draw=DRAW))
    settled = settle(admission, PLAN, deliveries(*AS_PLANNED), Terms())
    observed = Observed(admission, deliveries(*AS_PLANNED), settled)
    evaluation = evaluate([observed], Supervision(), ALL_COUNT)
    found = publish([observed], evaluation, Supervision())
    assert set(found.people[PeopleTable.WAITING_BY_CATEGORY]) == {"alone", "hardship"}
    assert [one.free for one in found.pools] == [1]


def test_several_days_are_published_together() -> None:
    """Visits and rulings of all days add up, and a client of both days counts once."""
    more = [{"id": f"C{n}", "home": HERE, "town": "east"} for n in range(5, 9)]
    given = town(clients=[*town().model_dump(mode="json")["clients"], *more])
    admission = as_it_is(given)
    told = deliveries(
        *AS_PLANNED, rulings=[{"visit": "V1", "doubt": "short", "outcome": "explained"}]
    )
    settled = settle(admission, PLAN, told, Terms())
    line = settled.lines[0]
    eight = tuple(
        replace(line, planned=replace(line.planned, client=f"C{n}", carer=n)) for n in range(1, 9)
    )
    evaluation = evaluate([Observed(admission, told, settled)], Supervision(), ALL_COUNT)
    observed = Observed(admission, told, replace(settled, lines=eight))
    both = publish([observed, observed], evaluation, Supervision())
    assert both.people[PeopleTable.SERVED_BY_ORGANISATION] == {"O1": 8}
    assert both.bodies[0].visits == 16
    assert [(one.doubt, one.ruled, one.upheld) for one in both.rules] == [(Doubt.SHORT, 2, 0)]
