"""Accounts of a roster: every table adds up from the stops."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace

import pandas as pd
import pytest

from optimizer.domain.burden import EVENING
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import StartWindow
from optimizer.formats.names import NOBODY
from optimizer.prepare import prepare
from optimizer.report.accounts import account_archive, account_tables, account_workbook
from optimizer.report.audience import Audience
from optimizer.report.burdens import GroupedBy, duties_of, left_out_of
from optimizer.report.roster import Roster
from optimizer.verification import verify
from tests.domain import offices
from tests.verification import worlds

AUDIENCE = Audience(NOBODY, frozenset())


@pytest.fixture(scope="module")
def roster() -> Roster:
    """The small office of two organisations, with contracts, purses and a lent caregiver."""
    scenario, plan = offices.office()
    prepared = prepare(Scenario.model_validate(scenario))
    return Roster.of_verdict(
        prepared, Plan.model_validate(plan), verify(prepared.scenario, Plan.model_validate(plan))
    )


def test_every_stop_has_a_row(roster: Roster) -> None:
    """The first table has a row for each stop of the plan."""
    stops = account_tables(roster, "en")["stops"]
    planned = {(stop.visit, stop.carer) for route in roster.plan.routes for stop in route.stops}
    assert set(zip(stops["visit"], stops["carer"], strict=True)) == planned


def test_tables_add_up(roster: Roster) -> None:
    """Care and prices of clients, contracts and organisations sum to those of the stops."""
    tables = account_tables(roster, "en")
    stops = tables["stops"]
    for name in ("clients", "organisations"):
        assert tables[name]["care (min)"].sum() == stops["care (min)"].sum()
        assert tables[name]["price (yuan)"].sum() == pytest.approx(stops["price (yuan)"].sum())
    charged = stops[stops["contract"].notna()]
    assert tables["contracts"]["care (min)"].sum() == charged["care (min)"].sum()
    assert tables["days of work"]["care (min)"].sum() == stops["care (min)"].sum()
    assert tables["weeks of work"]["work (min)"].sum() == tables["days of work"]["work (min)"].sum()


def test_a_stop_tells_the_surcharges_in_its_price(roster: Roster) -> None:
    """What a price is made of can be worked out again from its row and the contract."""
    stops = account_tables(roster, "en")["stops"].set_index(["visit", "carer"])
    # V1 on a market day: 25 minutes at 28 yuan an hour and a yuan a time, a tenth more, 0.50.
    assert stops.loc[("V1", 1), "surcharges"] == "market"
    assert stops.loc[("V1", 1), "price (yuan)"] == pytest.approx(12.83 + 1.10 + 0.50)


def test_what_is_left_of_an_entitlement(roster: Roster) -> None:
    """Granted less used is left, in the entitlement's own unit."""
    purses = account_tables(roster, "en")["entitlements"]
    assert len(purses) > 0
    assert (purses["granted"] - purses["used"] == purses["left"]).all()


def test_each_contract_has_a_file(roster: Roster) -> None:
    """The archive holds every table, and per contract the stops charged to it and no others."""
    with zipfile.ZipFile(io.BytesIO(account_archive(roster, AUDIENCE, "en"))) as archive:
        names = set(archive.namelist())
        assert {f"contract-{one.id}.csv" for one in roster.scenario.contracts} < names
        rows = pd.read_csv(archive.open("contract-K1.csv"), encoding="utf-8-sig")
        stops = pd.read_csv(archive.open("stops.csv"), encoding="utf-8-sig")
    assert set(rows["contract"]) <= {"K1"}
    assert len(rows) == (stops["contract"] == "K1").sum()


def test_the_workbook_says_the_same_in_chinese(roster: Roster) -> None:
    """The sheets are the tables, in the reader's language, and the same bytes every time."""
    written = account_workbook(roster, AUDIENCE, "zh")
    assert written == account_workbook(roster, AUDIENCE, "zh")
    sheets = pd.read_excel(io.BytesIO(written), sheet_name=None, engine="calamine")
    assert list(sheets) == list(account_tables(roster, "zh"))
    assert "金额（元）" in sheets["合同"].columns


def test_a_plan_without_stops_has_empty_tables(roster: Roster) -> None:
    """Nothing planned: headings, contracts and organisations, and no stop."""
    empty = Plan(scenario=roster.plan.scenario, routes=())
    nothing = Roster(roster.scenario, empty, verify(roster.scenario, empty))
    tables = account_tables(nothing, "en")
    assert len(tables["stops"]) == 0
    assert len(tables["contracts"]) == len(roster.scenario.contracts)
    assert tables["contracts"]["care (min)"].sum() == 0


def test_every_visit_left_out_is_told_by_group(roster: Roster) -> None:
    """By priority all visits are counted once, and those left out are the plan's."""
    rows = [one for one in left_out_of(roster) if one.by is GroupedBy.PRIORITY]
    assert sum(one.visits for one in rows) == len(roster.scenario.visits)
    assert sum(one.unserved for one in rows) == len(roster.unserved)
    towns = {one.value for one in left_out_of(roster) if one.by is GroupedBy.TOWN}
    assert towns == {client.town for client in roster.scenario.clients if client.town}


def test_late_and_hard_duties_are_counted_by_caregiver(roster: Roster) -> None:
    """Stops of all add up; from 18:00 on a visit is of the evening, and on Saturday a weekend's."""
    rows = list(duties_of(roster))
    assert sum(one.stops for one in rows) == sum(len(r.stops) for r in roster.plan.routes)
    assert not any(one.evenings for one in rows)
    late = StartWindow(earliest=EVENING, latest=EVENING)
    scenario = roster.scenario.model_copy(
        update={
            "visits": tuple(
                visit.model_copy(update={"window": late}) for visit in roster.scenario.visits
            )
        }
    )
    saturday = roster.plan.model_copy(
        update={
            "routes": tuple(
                route.model_copy(update={"date": dt.date(2026, 3, 7)})
                for route in roster.plan.routes
            )
        }
    )
    found = list(duties_of(replace(roster, scenario=scenario, plan=saturday)))
    assert any(one.days for one in found)
    assert all(one.evenings == one.weekend_days == one.days for one in found)
    assert all(one.hard <= one.stops for one in found)


@pytest.mark.parametrize(
    ("earliest", "start", "evenings"),
    [
        ("18:00", "18:30", 1),
        ("17:59", "18:30", 0),  # late, but nobody had to make it so
        ("01:00+1", "01:30+1", 1),  # of the evening before, as is its route
        ("01:00", "01:30", 0),
    ],
)
def test_an_evening_of_the_tables_is_one_of_the_cost(
    earliest: str, start: str, evenings: int
) -> None:
    """With one stop a day that is neither hard nor on a weekend the term counts evenings alone."""
    window = StartWindow(earliest=earliest, latest="02:00+1")
    world = worlds.with_visit(worlds.lane(), "V1", window=window)
    plan = worlds.roster(worlds.route("N1", ("V1", "C1", start, 30)), unserved=("V2", "V3"))
    prepared = prepare(world)
    judged = Roster.of_verdict(prepared, plan, verify(prepared.scenario, plan))
    assert [one.evenings for one in duties_of(judged)] == [evenings, 0]
    assert judged.quantities[Term.BURDENS] == evenings
