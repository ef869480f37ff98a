"""What is doubted: each rule at its edge."""

from __future__ import annotations

from typing import Any

import pytest

from optimizer.domain.delivery import Deliveries, Doubt, Effect, Terms
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from optimizer.purchase import EFFECTS, Doubted, doubts
from optimizer.verification import account
from tests.purchase.town import DAY, HERE, admitted, applies, office, roster, town

PLAN = roster(("V1", "08:30", "09:00"), ("V2", "09:10", "10:10"), ("V4", "10:20", "10:40"))
DAYS = {"date": str(DAY), "caregiver": "G1"}


def came(visit: str, start: str, end: str, **fields: Any) -> dict[str, Any]:
    """Return a delivery of G1 with its beacon read."""
    return {"visit": visit, **DAYS, "start": start, "end": end, "beacon": True, **fields}


def deliveries(*given: dict[str, Any], rulings: Any = ()) -> Deliveries:
    """Return what took place in the town."""
    return Deliveries.model_validate({"scenario": "town", "deliveries": given, "rulings": rulings})


def found(
    *given: dict[str, Any], scenario: Scenario | None = None, terms: Terms | None = None
) -> tuple[Doubted, ...]:
    """Return what is doubted of deliveries in the town."""
    day = town() if scenario is None else scenario
    rostered = {(one.visit, one.carer): one for one in account(day, PLAN).charges}
    index = ScenarioIndex.of(day)
    return doubts(index, deliveries(*given), rostered, {}, terms or Terms())


def kinds(*given: dict[str, Any], **more: Any) -> list[tuple[str, str | None]]:
    """Return kind and visit of what is doubted."""
    return [(str(one.doubt), one.visit) for one in found(*given, **more)]


def apart(metres: int) -> Scenario:
    """Return the town with C2 so far to the north of the others."""
    people = [one.model_dump(mode="json") for one in town().clients]
    people[1]["home"] = {"lat": HERE["lat"] + metres / 110_860, "lon": HERE["lon"]}
    return town(clients=people)


def skilled() -> Scenario:
    """Return the town, where V2 asks for a nurse and G1 is one until the day before."""
    visits = [one.model_dump(mode="json") for one in town().visits]
    visits[1]["carers"][0]["qualifications"] = [{"code": "N"}]
    people = [one.model_dump(mode="json") for one in town().caregivers]
    people[0]["qualifications"] = [{"code": "N", "expires": "2026-03-01"}]
    return town(visits=visits, caregivers=people)


AS_PLANNED = [came("V1", "08:30", "09:00"), came("V2", "09:10", "10:10")]
ROWS: list[tuple[list[dict[str, Any]], list[tuple[str, str]], dict[str, Any]]] = [
    (AS_PLANNED, [], {}),  # nothing is wrong
    # Two minutes at both clients are the clocks' fault, more is not.
    ([came("V1", "08:30", "09:12"), came("V2", "09:10", "10:10")], [], {}),
    ([came("V1", "08:30", "09:13"), came("V2", "09:10", "10:10")],
     [("overlap", "V1"), ("overlap", "V2")], {}),
    # 1,100 m at 22 km/h take 3 min; 60 % of it are 1.8.
    (AS_PLANNED, [], {"scenario": apart(1100)}),
    ([came("V1", "08:30", "09:08"), came("V2", "09:10", "10:10")], [], {"scenario": apart(1100)}),
    ([came("V1", "08:30", "09:09"), came("V2", "09:10", "10:10")], [("teleport", "V2")],
     {"scenario": apart(1100)}),
    ([came("V1", "08:30", "09:09"), came("V2", "09:10", "10:10")], [],
     {"scenario": apart(990)}),  # too near to be doubted
    (AS_PLANNED, [("not_qualified", "V2")], {"scenario": skilled()}),  # expired the day before
    ([came("V1", "07:00", "07:30"), came("V2", "18:00", "19:00")], [], {}),  # 12 hours
    ([came("V1", "07:00", "07:30"), came("V2", "18:01", "19:01")], [("day_too_full", "V2")], {}),
    ([came("V2", "09:10", "10:04")], [], {}),  # 54 of 60 min: nine tenths
    ([came("V2", "09:10", "10:03")], [("short", "V2")], {}),
    ([came("V2", "09:10", "10:40")], [], {}),  # half as long again
    ([came("V2", "09:10", "10:41")], [("long", "V2")], {}),
    ([came("V1", "08:30", "09:00", beacon=False,
           position={"lat": HERE["lat"] + 190 / 110_860, "lon": HERE["lon"]})], [], {}),
    ([came("V1", "08:30", "09:00", beacon=False,
           position={"lat": HERE["lat"] + 220 / 110_860, "lon": HERE["lon"]})],
     [("off_place", "V1")], {}),
    ([came("V1", "08:30", "09:00", beacon=False,
           position={"lat": HERE["lat"] + 220 / 110_860, "lon": HERE["lon"],
                     "accuracy_m": 120})], [], {}),  # within twice its accuracy
    ([came("V1", "08:30", "09:00",
           position={"lat": HERE["lat"] + 1, "lon": HERE["lon"]})], [], {}),  # the beacon was read
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected", "more"), ROWS)
def test_each_rule_has_its_edge(
    given: list[dict[str, Any]], expected: list[tuple[str, str]], more: dict[str, Any]
) -> None:
    """At its limit nothing is doubted, one step beyond it is; the order of the file is nothing.

    Source: Nebraska's audit (S105): one client at a time; Shanghai (S107): positions switched off
    and check-ins from afar, so no single proof suffices; Ningbo (S106): a beacon at the bed.
    """
    assert kinds(*given, **more) == kinds(*given[::-1], **more) == expected


def test_the_same_service_twice() -> None:
    """The second of two visits with one service, client and payer at one time is held."""
    visits = [one.model_dump(mode="json") for one in town().visits]
    visits[1]["client"] = "C1"
    day = town(visits=visits)
    given = [came("V1", "08:30", "09:00"), came("V2", "08:59", "09:59")]
    assert kinds(*given, scenario=day) == [("duplicate", "V2")]
    visits[1]["services"] = ["CLEAN_HOME"]
    assert kinds(*given, scenario=town(visits=visits)) == []


@pytest.mark.parametrize(
    ("state", "date", "doubted"),
    [
        ("hospital", "2026-03-01", True),
        ("hospital", "2026-03-02", False),  # the day of the change is excepted
        ("deceased", "2026-02-27", True),
    ],
)
def test_nobody_is_cared_for_who_is_not_at_home(state: str, date: str, doubted: bool) -> None:
    """Care given in hospital or after a death is held.

    Source: payments for dead clients in eight of ten US states (S110).
    """
    shown = applies("C1", hardship="low_income", changes=[{"state": state, "date": date}])
    admission = admitted(office(shown))
    index = ScenarioIndex.of(town())
    given = deliveries(came("V1", "08:30", "09:00"))
    made = doubts(index, given, {}, admission.found, Terms())
    assert [one.doubt for one in made] == ([Doubt.NOT_HOME] if doubted else [])


def test_another_caregiver_is_told() -> None:
    """Who came instead of somebody else is flagged, not held."""
    people = [one.model_dump(mode="json") for one in town().caregivers]
    day = town(caregivers=[*people, {**people[0], "id": "G2"}])
    (one,) = found(came("V1", "08:30", "09:00", caregiver="G2"), scenario=day)
    assert (one.doubt, one.effect) == (Doubt.OTHER_CAREGIVER, Effect.FLAG)


@pytest.mark.parametrize(("by_hand", "doubted"), [(1, False), (2, True)])
def test_too_much_by_hand(by_hand: int, doubted: bool) -> None:
    """A fifth of check-ins may be typed in by hand, more is told of the organisation.

    Source: Texas scores organisations by the share of electronic check-ins (S102).
    """
    people = [{"id": f"C{n}", "home": HERE} for n in range(1, 6)]
    visits = [
        {
            "id": f"V{n}", "client": f"C{n}", "services": ["X"], "carers": [{"minutes": 20}],
            "window": {"earliest": "08:00", "latest": "15:00"},
        }
        for n in range(1, 6)
    ]  # fmt: skip
    given = [
        came(f"V{n}", f"{8 + n:02}:00", f"{8 + n:02}:20",
             method="manual" if n <= by_hand else "electronic")
        for n in range(1, 6)
    ]  # fmt: skip
    made = found(*given, scenario=town(clients=people, visits=visits))
    told = [one.organisation for one in made if one.doubt is Doubt.MANUAL]
    assert told == (["O1"] if doubted else [])


def test_too_often_nowhere() -> None:
    """Check-ins with neither position nor beacon are told of the organisation."""
    given = [came("V1", "08:30", "09:00", beacon=False)]
    assert kinds(*given) == [("no_position", None)]


def test_a_district_says_what_a_doubt_does() -> None:
    """A rule can be made to hold, or be switched off."""
    given = came("V2", "09:10", "10:03")
    held = Terms.model_validate({"rules": [{"doubt": "short", "effect": "hold"}]})
    assert [one.effect for one in found(given, terms=held)] == [Effect.HOLD]
    off = Terms.model_validate({"rules": [{"doubt": "short", "effect": "off"}]})
    assert found(given, terms=off) == ()


def test_every_doubt_has_an_effect() -> None:
    """The usual effects are those of all doubts."""
    assert set(EFFECTS) == set(Doubt)
