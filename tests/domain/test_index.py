"""Look-ups by id."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest

from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.client import Client
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.place import Place
from optimizer.domain.scenario import Familiar, Horizon, Scenario
from optimizer.domain.visit import CarerNeed, Pin, StartWindow, Visit

MONDAY = dt.date(2025, 3, 3)
SUNDAY, TUESDAY, WEDNESDAY = (MONDAY + dt.timedelta(days=n) for n in (-1, 1, 2))
HERE = Place(lat=29.95, lon=121.7)


def visit(dates: tuple[dt.date, ...] = (), pin: Pin | None = None) -> Visit:
    """Return a visit of one carer to C1."""
    window = StartWindow(earliest="08:00", latest="12:00")
    carers = (CarerNeed(minutes=30),)
    return Visit(id="V1", client="C1", carers=carers, window=window, dates=dates, pin=pin)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Return a scenario of Monday to Wednesday with one of everything."""
    shifts = (
        Shift(date=MONDAY, start="14:00", end="18:00"),
        Shift(date=TUESDAY, start="08:00", end="12:00"),
        Shift(date=MONDAY, start="08:00", end="12:00"),
    )
    contracts = tuple(
        Contract(id=name, purchaser="P", organisation=body, start=MONDAY, end=MONDAY)
        for name, body in (("K2", "A"), ("K3", "B"), ("K1", "A"))
    )
    return Scenario(
        id="index",
        horizon=Horizon(start=MONDAY, days=3),
        clients=(Client(id="C1", home=HERE), Client(id="C2", home=HERE)),
        caregivers=(Caregiver(id="N1", home=HERE, shifts=shifts),),
        organisations=tuple(Organisation(id=body) for body in "ABD"),
        contracts=contracts,
        visits=(visit(),),
        history=(Familiar(client="C1", caregiver="N1"), Familiar(client="C1", caregiver="N9")),
    )


def test_records_by_id(scenario: Scenario) -> None:
    """Every record is found by its id."""
    index = ScenarioIndex.of(scenario)
    assert index.client["C2"] is scenario.clients[1]
    assert index.caregiver["N1"] is scenario.caregivers[0]
    assert index.visit["V1"] is scenario.visits[0]
    assert index.organisation["B"] is scenario.organisations[1]
    assert index.scenario is scenario


def test_contracts_keep_file_order(scenario: Scenario) -> None:
    """An organisation's contracts come in file order; one without any has an empty entry."""
    found = ScenarioIndex.of(scenario).contracts_of
    ids = {body: [contract.id for contract in contracts] for body, contracts in found.items()}
    assert ids == {"A": ["K2", "K1"], "B": ["K3"], "D": []}


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (visit(), (MONDAY, TUESDAY, WEDNESDAY)),  # None listed: the horizon.
        (visit((WEDNESDAY, MONDAY)), (MONDAY, WEDNESDAY)),  # In order of the calendar.
        (visit((SUNDAY, TUESDAY)), (TUESDAY,)),  # Outside the horizon nothing happens.
        (visit(pin=Pin(date=TUESDAY)), (TUESDAY,)),  # A pinned date.
        (visit((MONDAY,), Pin(date=TUESDAY)), ()),  # A pin against the dates leaves none.
        (visit(pin=Pin(date=SUNDAY)), ()),  # A pin outside the horizon leaves none.
        (visit((MONDAY,), Pin(caregivers=("N1",))), (MONDAY,)),  # A pin without a date.
    ],
)
def test_allowed_dates(scenario: Scenario, what: Visit, expected: tuple[dt.date, ...]) -> None:
    """A visit may be on its dates within the horizon; a pinned date restricts them."""
    assert ScenarioIndex.of(scenario).allowed_dates(what) == expected


def test_shifts_by_start(scenario: Scenario) -> None:
    """Shifts of one day are sorted by their start, whatever the file's order."""
    index = ScenarioIndex.of(scenario)
    morning, afternoon = index.shifts_on("N1", MONDAY)
    assert morning.end < afternoon.start
    assert len(index.shifts_on("N1", TUESDAY)) == 1
    assert index.shifts_on("N1", WEDNESDAY) == ()
    assert index.shifts_on("N9", MONDAY) == ()


def test_familiar_faces(scenario: Scenario) -> None:
    """A client's familiar caregivers are those of the history who are still here."""
    familiar = ScenarioIndex.of(scenario).familiar
    assert familiar == {"C1": {"N1"}, "C2": frozenset()}


def test_an_index_travels_to_other_processes(scenario: Scenario) -> None:
    """An index can be pickled and says the same afterwards."""
    index = ScenarioIndex.of(scenario)
    assert pickle.loads(pickle.dumps(index)) == index  # noqa: S301
