"""A tiny named world with a plan of its own, checkable by hand."""

from __future__ import annotations

from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.domain.scenario import Scenario
from optimizer.prepare import prepare
from optimizer.report.roster import Roster
from optimizer.result import Result, Status
from optimizer.stop import Termination
from optimizer.verification import Verdict

DAY = "2026-03-02"


def _client(number: int, lat: float, lon: float, town: str) -> dict[str, object]:
    return {"id": f"C{number:04d}", "home": {"lat": lat, "lon": lon}, "town": town}


def _caregiver(number: int, lat: float, lon: float, **more: object) -> dict[str, object]:
    shift = {"date": DAY, "start": "07:00", "end": "12:00"}
    return {"id": f"G{number:04d}", "home": {"lat": lat, "lon": lon}, "shifts": [shift], **more}


def _visit(number: int, client: int, minutes: int, **more: object) -> dict[str, object]:
    return {
        "id": f"V{number:04d}",
        "client": f"C{client:04d}",
        "services": ["HYG_DAILY"],
        "carers": [{"minutes": minutes}],
        "window": {"earliest": "07:30", "latest": "11:00"},
        **more,
    }


def village() -> Scenario:
    """Three clients in two towns, two caregivers, four visits, one of them by both."""
    pause = {"duration": 20, "earliest": "09:00", "latest": "10:30", "after": 240}
    two = [{"minutes": 60}, {"minutes": 45}]
    return Scenario.model_validate(
        {
            "id": "village",
            "horizon": {"start": DAY},
            "clients": [
                _client(1, 29.950, 121.700, "east"),
                _client(2, 29.960, 121.710, "east"),
                _client(3, 29.980, 121.580, "west"),
            ],
            "caregivers": [
                _caregiver(1, 29.952, 121.705, break_rule=pause),
                _caregiver(2, 29.975, 121.600),
            ],
            "visits": [
                _visit(1, 1, 30, priority="critical"),
                _visit(2, 2, 60, carers=two),
                _visit(3, 3, 40, priority="flexible"),
                _visit(4, 3, 200, priority="flexible"),
            ],
        }
    )


def _stop(visit: int, arrival: str, start: str, end: str, travel: int, carer: int = 1) -> object:
    return {
        "visit": f"V{visit:04d}",
        "carer": carer,
        "arrival": arrival,
        "start": start,
        "end": end,
        "travel": travel,
    }


def village_plan() -> Plan:
    """G0001 serves V0001 and V0002, G0002 helps with V0002 and serves V0003."""
    return Plan.model_validate(
        {
            "scenario": "village",
            "routes": [
                {
                    "caregiver": "G0002",
                    "date": DAY,
                    "departure": "07:50",
                    "stops": [
                        _stop(3, "08:00", "08:00", "08:40", 10),
                        _stop(2, "09:30", "10:00", "10:45", 50, carer=2),
                    ],
                    "back": "11:30",
                    "travel_back": 45,
                },
                {
                    "caregiver": "G0001",
                    "date": DAY,
                    "departure": "08:20",
                    "stops": [
                        _stop(1, "08:30", "08:30", "09:00", 10),
                        _stop(2, "10:00", "10:00", "11:00", 10),
                    ],
                    "pause": {"start": "09:10", "end": "09:30", "after_stops": 1},
                    "back": "12:10",
                    "travel_back": 70,
                },
            ],
            "unserved": [{"visit": "V0004", "reason": "crowded_out"}],
        }
    )


def village_roster() -> Roster:
    """The plan with a made-up account: one flexible visit unserved, 195 minutes of travel."""
    quantities = dict.fromkeys(Term, 0) | {Term.UNSERVED: 1, Term.TRAVEL: 195 * 60}
    breakdown = dict.fromkeys(Term, 0) | {Term.UNSERVED: 6_000 * 60, Term.TRAVEL: 195 * 60}
    prepared = prepare(village())
    verdict = Verdict(
        violations=(),
        cost=sum(breakdown.values()),
        cost_breakdown=breakdown,
        quantities=quantities,
        served=3,
        unserved=("V0004",),
    )
    result = Result(
        prepared=prepared,
        plan=village_plan(),
        verdict=verdict,
        status=Status.FEASIBLE,
        lower_bound=6_000 * 60,
        iterations=1234,
        seconds=2.0,
        seed=7,
        termination=Termination.TIME,
        curve=(),
    )
    return Roster.of_result(result)
