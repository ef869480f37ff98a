"""A tiny world that can be replayed by hand, and a way to write plans for it.

Home of everybody is place 0, client C1 lives at place 1, C2 at 2, C3 at 3. Minutes between
them, the same in both directions::

            home  C1  C2  C3
    home       0  10  20  30
    C1        10   0  15  35
    C2        20  15   0  25
    C3        30  35  25   0
"""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.client import Client
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.place import MatrixTravel, Mode, Place
from optimizer.domain.plan import Break, Plan, Route, Stop, Unserved
from optimizer.domain.policy import Policy, Rule, Weights
from optimizer.domain.record import Record
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import CarerNeed, StartWindow, Visit
from optimizer.units import MS_PER_MINUTE, format_clock, parse_clock
from optimizer.verification import Violation, verify

R = TypeVar("R", bound=Record)

MONDAY = dt.date(2025, 3, 3)
TUESDAY, WEDNESDAY = MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=2)
SUNDAY = MONDAY - dt.timedelta(days=1)
MINUTES = ((0, 10, 20, 30), (10, 0, 15, 35), (20, 15, 0, 25), (30, 35, 25, 0))
METRES = tuple(tuple(100 * minutes for minutes in row) for row in MINUTES)
"100 m per minute, so C1 lies 1,000 m from home."
MIN = MS_PER_MINUTE
"One minute as records hold it."
TICKS = 60
"Ticks per minute of the world."


def place(number: int) -> Place:
    """Return place `number` of the matrix."""
    return Place(lat=30.0, lon=121.0 + number / 100, matrix_index=number)


def visit(name: str, client: str, *minutes: float, **fields: Any) -> Visit:
    """Return a visit of so many minutes per carer that may begin from 08:00 to 16:00."""
    carers = tuple(CarerNeed(minutes=length) for length in minutes)
    window = StartWindow(earliest="08:00", latest="16:00")
    return Visit(**{"id": name, "client": client, "carers": carers, "window": window, **fields})


def shifts(*days: dt.date, start: str = "08:00", end: str = "17:00") -> tuple[Shift, ...]:
    """Return one shift for each of the days."""
    return tuple(Shift(date=day, start=start, end=end) for day in days)


def caregiver(name: str, **fields: Any) -> Caregiver:
    """Return a caregiver who works on Monday from 08:00 to 17:00."""
    return Caregiver(**{"id": name, "home": place(0), "shifts": shifts(MONDAY), **fields})


def lane(**fields: Any) -> Scenario:
    """Return the world: three visits of 30, 60 and 45 minutes, caregivers N1 and N2."""
    world: dict[str, Any] = {
        "id": "lane",
        "horizon": Horizon(start=MONDAY),
        "clients": tuple(Client(id=f"C{n}", home=place(n)) for n in (1, 2, 3)),
        "caregivers": (caregiver("N1"), caregiver("N2")),
        "visits": (visit("V1", "C1", 30), visit("V2", "C2", 60), visit("V3", "C3", 45)),
        "travel": MatrixTravel(minutes={Mode.EBIKE: MINUTES}, metres=METRES),
        # Neither fair shares nor idle time count unless a test is about them.
        "policy": Policy(weights=Weights(waiting=0, balance=0)),
    }
    return Scenario(**{**world, **fields})


def lane_of_two_months() -> Scenario:
    """Return the lane over two days, of which each has a contract of its own for one visit.

    N1 works on both days. Two visits at most are served, one on each day: best V2 and V3, because
    V1 is the shortest. They cost 40 and 60 minutes, V1 left out 20,300.
    """
    contracts = tuple(
        Contract(id=name, purchaser="P", organisation="O1", start=day, end=day, cap_visits=1)
        for name, day in (("K1", MONDAY), ("K2", TUESDAY))
    )
    return lane(
        horizon=Horizon(start=MONDAY, days=2),
        organisations=(Organisation(id="O1"),),
        contracts=contracts,
        caregivers=(caregiver("N1", organisation="O1", shifts=shifts(MONDAY, TUESDAY)),),
    )


def varied(records: tuple[R, ...], name: str, **fields: Any) -> tuple[R, ...]:
    """Return the records with fields of the one called `name` replaced."""
    return tuple(
        record.model_copy(update=fields) if getattr(record, "id", None) == name else record
        for record in records
    )


def with_visit(world: Scenario, name: str, **fields: Any) -> Scenario:
    """Return the world with one visit varied."""
    return world.model_copy(update={"visits": varied(world.visits, name, **fields)})


def with_client(world: Scenario, name: str, **fields: Any) -> Scenario:
    """Return the world with one client varied."""
    return world.model_copy(update={"clients": varied(world.clients, name, **fields)})


def with_caregiver(world: Scenario, name: str, **fields: Any) -> Scenario:
    """Return the world with one caregiver varied."""
    return world.model_copy(update={"caregivers": varied(world.caregivers, name, **fields)})


def route(
    name: str,
    *stops: tuple[str, str, str, int] | tuple[str, str, str, int, int],
    day: dt.date = MONDAY,
    shift: int = 0,
    pause: tuple[str, str, int] | None = None,
) -> Route:
    """Return a route that leaves as late and arrives as early as the table above allows.

    Parameters
    ----------
    name
        Id of the caregiver.
    stops
        Visit, client, start as text and minutes, and the carer number if it is not 1.
    day, shift
        Day and number of the shift.
    pause
        Start, end and number of stops before the break.
    """
    here, free = 0, parse_clock(stops[0][2]) - MINUTES[0][int(stops[0][1][1:])] * MIN
    departure, written = free, []
    for number, (visit_id, client, start_text, minutes, *carer) in enumerate(stops):
        there, start = int(client[1:]), parse_clock(start_text)
        way = MINUTES[here][there]
        if pause is not None and pause[2] == number > 0:
            free += parse_clock(pause[1]) - parse_clock(pause[0])
        end = start + minutes * MIN
        written.append(
            Stop(
                visit=visit_id,
                carer=carer[0] if carer else 1,
                arrival=format_clock(min(start, free + way * MIN)),
                start=start_text,
                end=format_clock(end),
                travel=way,
            )
        )
        here, free = there, end
    return Route(
        caregiver=name,
        date=day,
        shift=shift,
        departure=format_clock(max(0, departure)),
        stops=tuple(written),
        pause=None if pause is None else Break(start=pause[0], end=pause[1], after_stops=pause[2]),
        back=format_clock(free + MINUTES[here][0] * MIN),
        travel_back=MINUTES[here][0],
    )


def roster(*routes: Route, unserved: tuple[str, ...] = ()) -> Plan:
    """Return a plan of these routes and unserved visits."""
    left = tuple(Unserved(visit=name, reason="crowded_out") for name in unserved)
    return Plan(scenario="lane", routes=routes, unserved=left)


def clean() -> Plan:
    """Return the clean plan of the lane: N1 serves V1 and V2, N2 serves V3.

    N1 leaves 08:00, V1 08:10–08:40, V2 08:55–09:55, back 10:15; N2 leaves 08:00,
    V3 08:30–09:15, back 09:45.
    """
    return roster(
        route("N1", ("V1", "C1", "08:10", 30), ("V2", "C2", "08:55", 60)),
        route("N2", ("V3", "C3", "08:30", 45)),
    )


def breaches(world: Scenario, plan: Plan) -> list[tuple[Rule, str, int | None]]:
    """Return rule, place and amount of every violation."""
    return [(found.rule, found.place, found.amount) for found in violations(world, plan)]


def violations(world: Scenario, plan: Plan) -> tuple[Violation, ...]:
    """Return every violation of the plan."""
    return verify(world, plan).violations
