"""What the office's findings make of a scenario."""

from __future__ import annotations

from optimizer.domain.client import Entitlement, EntitlementUnit, Period
from optimizer.domain.policy import Priority
from optimizer.formats import check_scenario
from optimizer.generate import RECIPES, generate_scenario
from optimizer.needs import derive
from tests.purchase.town import admitted, applies, office, town


def granted(client: str, of: object) -> Entitlement:
    """Return what the office grants a client of the town."""
    found = admitted(of)  # type: ignore[arg-type]
    person = next(one for one in found.scenario.clients if one.id == client)
    (entitlement,) = [one for one in person.entitlements if one.payer == "civil"]
    return entitlement


def test_each_client_is_granted_the_minutes_of_the_category() -> None:
    """By month, in minutes; nothing to whoever fits no category."""
    entitlement = granted("C1", office(price_book="zh2014"))
    assert (entitlement.unit, entitlement.period) == (EntitlementUnit.MINUTES, Period.MONTH)
    assert entitlement.cap == 600
    assert granted("C3", office()).cap == 0
    # C4 had nothing of this payer, and is given its price book.
    assert granted("C4", office(price_book="zh2014")).price_book == "zh2014"


def test_visits_that_nobody_buys_are_left_out() -> None:
    """C3 fits no category; what another payer pays for C4 is none of the office's business."""
    found = admitted(office())
    assert [visit.id for visit in found.scenario.visits] == ["V1", "V2", "V4"]
    assert list(found.refused) == ["V3"]
    assert not check_scenario(found.scenario).faults


def test_who_pays_no_part_keeps_critical_care() -> None:
    """Co-payment never stops critical care: C2's visit goes, and stays where it is critical."""
    declined = office(applies("C2", copay_declined=True))
    assert "V2" in admitted(declined).refused
    critical = town()
    visits = tuple(
        visit.model_copy(update={"priority": Priority.CRITICAL}) for visit in critical.visits
    )
    critical = critical.model_copy(update={"visits": visits})
    assert "V2" not in admitted(declined, critical).refused


def test_days_in_hospital_are_taken_off_a_visit() -> None:
    """A visit that may take place on three days keeps those on which the client is at home."""
    changes = [{"state": "hospital", "date": "2026-03-02"}, {"state": "home", "date": "2026-03-04"}]
    week = town(horizon={"start": "2026-03-02", "days": 3})
    shown = applies("C1", hardship="low_income", changes=changes)
    found = admitted(office(shown), week)
    visit = next(one for one in found.scenario.visits if one.id == "V1")
    assert [str(day) for day in visit.dates] == ["2026-03-02", "2026-03-04"]


def test_a_tie_goes_with_the_visit_that_is_left_out() -> None:
    """No coupling names a visit that is not there."""
    visits = [one.model_dump(mode="json") for one in town().visits]
    for one in visits:
        one["client"] = "C1"
    visits[2]["payer"] = "civil"
    shown = applies("C1", hardship="low_income", applied_on="2026-03-01")
    tied = town(visits=visits, couplings=[{"kind": "after", "first": "V1", "second": "V4"}])
    found = admitted(office(shown), tied)
    assert found.scenario.couplings == ()
    assert [visit.id for visit in found.scenario.visits] == ["V4"]


def test_the_entitlement_keeps_its_place_and_its_prices() -> None:
    """Purses are used in the order of the file; only the minutes of the office's payer change."""
    given = generate_scenario(RECIPES["zhenhai-day-s"], 1)
    both = next(one for one in given.clients if len(one.entitlements) > 1)
    categories = [
        {
            "code": code, "zh": "某", "en": "x", "monthly_minutes": 77, "start": "2026-01-01",
        }
        for code in sorted({one.category or "" for one in given.clients})
    ]  # fmt: skip
    found = admitted(office(categories=categories), given)
    client = next(one for one in found.scenario.clients if one.id == both.id)
    assert [one.payer for one in client.entitlements] == [one.payer for one in both.entitlements]
    before = next(one for one in both.entitlements if one.payer == "civil")
    after = next(one for one in client.entitlements if one.payer == "civil")
    assert after == before.model_copy(update={"cap": 77})


def test_more_minutes_never_buy_less() -> None:
    """What is funded grows with the monthly minutes, and needs stay what they are."""
    given = generate_scenario(RECIPES["zhenhai-day-s"], 1)
    codes = sorted({one.category or "" for one in given.clients})
    needed, funded = set[int](), []
    for minutes in (0, 240, 40_000):
        categories = [
            {"code": code, "zh": "某", "en": "x", "monthly_minutes": minutes, "start": "2026-01-01"}
            for code in codes
        ]
        found = admitted(office(categories=categories), given)
        care = sum(sum(one.care.values()) for one in found.needs.clients)
        needed.add(care + sum(one.cut_in_horizon for one in found.needs.clients))
        funded.append(care)
    assert len(needed) == 1
    assert funded == sorted(funded)
    assert derive(given).clients
