"""Costs in the benchmark's units, and files of its solution format."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from benchmarks.recounting import recount
from benchmarks.tiny_hhcrsp import tiny_soft_shifts
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.errors import InvalidDocument
from optimizer.formats.hhcrsp import HhcrspInstance, parse_hhcrsp, read_hhcrsp
from optimizer.formats.hhcrsp_solution import (
    hhcrsp_cost,
    hhcrsp_solution,
    read_hhcrsp_solution,
    write_hhcrsp_solution,
)
from optimizer.verification import verify
from tests.formats.hhcrsp_worlds import DATA, FILES, simple_day


def planned(name: str, folder: Path) -> tuple[HhcrspInstance, Plan]:
    """Return an instance of the data folder and its simple day as a plan."""
    instance = read_hhcrsp(DATA / name)
    path = folder / "simple.json"
    path.write_text(json.dumps(simple_day(FILES[name])))
    return instance, read_hhcrsp_solution(instance, path)


@pytest.mark.parametrize("name", FILES)
def test_verifier_recount_and_cost_agree(name: str, tmp_path: Path) -> None:
    """Three independent counts of the same plan give the same cost and no violation."""
    instance, plan = planned(name, tmp_path)
    write_hhcrsp_solution(instance, plan, tmp_path / "solution.json")
    counted = recount(DATA / name, tmp_path / "solution.json")
    verdict = verify(instance.scenario, plan)
    cost = hhcrsp_cost(instance, plan)
    assert counted["violations"] == []
    assert verdict.violations == ()
    priced = cost.plain_sum - cost.max_idle if instance.has_shifts else 3 * cost.cost
    assert priced == pytest.approx(verdict.cost / 1000, abs=1e-9)
    for part, value in asdict(cost).items():
        assert value == pytest.approx(counted[part], abs=1e-9), part


def test_a_shift_may_be_overrun(tmp_path: Path) -> None:
    """Extra time is allowed and counted: by the benchmark's cost, the recount and the verifier."""
    document = tiny_soft_shifts(1)
    solution, path = tmp_path / "solution.json", tmp_path / "instance.json"
    solution.write_text(json.dumps(simple_day(document)))
    path.write_text(json.dumps(document))
    instance = read_hhcrsp(path)
    plan = read_hhcrsp_solution(instance, solution)
    verdict, cost = verify(instance.scenario, plan), hhcrsp_cost(instance, plan)
    assert verdict.violations == ()
    assert cost.total_extra_time > 0
    assert verdict.quantities[Term.OVERTIME] == round(cost.total_extra_time * 1000)
    assert verdict.quantities[Term.WAITING] == round(cost.total_waiting * 1000)
    counted = recount(path, solution)
    assert asdict(cost) == pytest.approx({name: counted[name] for name in asdict(cost)})


def test_tardiness_counts_every_service_and_the_largest_again(tmp_path: Path) -> None:
    """Both late services of a patient count; the latest one counts a second time."""
    document = copy.deepcopy(FILES["tiny-1.json"])
    for patient in document["patients"]:
        patient["time_window"] = [0.0, 500.0]
    document["patients"][1]["time_window"] = [600.0, 600.0]
    document["distances"] = [[0.0] * 7 for _ in range(7)]
    solution = simple_day(document)
    for route in solution["routes"]:
        for location in route["locations"]:
            if location["patient_id"] == "p2":
                location["arrival_time"] += 7.5
                location["departure_time"] += 7.5
    (tmp_path / "late.json").write_text(json.dumps(solution))
    instance = parse_hhcrsp(document)
    cost = hhcrsp_cost(instance, read_hhcrsp_solution(instance, tmp_path / "late.json"))
    assert (cost.distance, cost.total_tardiness, cost.max_tardiness) == (0.0, 15.0, 7.5)
    assert cost.cost == 7.5


@pytest.mark.parametrize("ending", [".json", ".json.gz", ".json.xz"])
def test_what_is_written_is_read_back(ending: str, tmp_path: Path) -> None:
    """Writing and reading a solution gives the same plan, packed or not."""
    instance, plan = planned("tiny-2.json.gz", tmp_path)
    path = tmp_path / f"solution{ending}"
    write_hhcrsp_solution(instance, plan, path)
    assert read_hhcrsp_solution(instance, path) == plan


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    """A written file depends on the plan alone, not on the moment."""
    instance, plan = planned("tiny-1.json", tmp_path)
    for number in (1, 2):
        write_hhcrsp_solution(instance, plan, tmp_path / f"{number}.json.gz")
    assert (tmp_path / "1.json.gz").read_bytes() == (tmp_path / "2.json.gz").read_bytes()


def test_a_solution_lists_what_the_public_format_asks_for(tmp_path: Path) -> None:
    """Every caregiver has a route; an arrival is the start of the service."""
    instance, plan = planned("tiny-1.json", tmp_path)
    solution = hhcrsp_solution(instance, plan)
    assert [route["caregiver_id"] for route in solution["routes"]] == ["c1", "c2", "c3"]
    assert [route["locations"] for route in solution["routes"]] == [
        route["locations"] for route in simple_day(FILES["tiny-1.json"])["routes"]
    ]


@pytest.mark.parametrize("name", FILES)
def test_the_global_ordering_fits_every_route(name: str, tmp_path: Path) -> None:
    """Each route visits its patients in the order of the global list."""
    instance, plan = planned(name, tmp_path)
    solution = hhcrsp_solution(instance, plan)
    order = {patient: n for n, patient in enumerate(solution["global_ordering"])}
    assert sorted(order) == sorted(p["id"] for p in FILES[name]["patients"])
    for route in solution["routes"]:
        numbers = [order[location["patient_id"]] for location in route["locations"]]
        assert numbers == sorted(numbers)


def test_without_a_common_order_patients_go_by_their_start() -> None:
    """Two routes that cross between sequential visits have no common order."""
    instance = read_hhcrsp(DATA / "tiny-1.json")
    plan = Plan.model_validate(
        {
            "scenario": instance.scenario.id,
            "routes": [
                _route("c1", [("p3#1", 100), ("p4", 200)]),
                _route("c2", [("p4", 210), ("p3#2", 300)]),
                _route("c3", [("p4", 90), ("p3#2", 150)]),
            ],
        }
    )
    assert hhcrsp_solution(instance, plan)["global_ordering"] == ["p4", "p3"]


def _route(caregiver: str, stops: list[tuple[str, int]]) -> dict[str, Any]:
    clocks = [(visit, f"{m // 60:02d}:{m % 60:02d}") for visit, m in stops]
    return {
        "caregiver": caregiver,
        "date": "2024-01-01",
        "departure": "00:30",
        "stops": [
            {"visit": visit, "arrival": clock, "start": clock, "end": clock, "travel": 1}
            for visit, clock in clocks
        ],
        "back": "12:00",
        "travel_back": 1,
    }


def test_what_a_solution_leaves_out_is_unserved(tmp_path: Path) -> None:
    """Visits that no route lists are on the plan's unserved list."""
    instance, plan = planned("tiny-1.json", tmp_path)
    (tmp_path / "empty.json").write_text('{"routes": []}')
    empty = read_hhcrsp_solution(instance, tmp_path / "empty.json")
    assert plan.unserved == ()
    assert [u.visit for u in empty.unserved] == [v.id for v in instance.scenario.visits]


def _set(*path: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(solution: dict[str, Any]) -> None:
        target: Any = solution
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return change


FIRST = ("routes", 0, "locations", 0)


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        (_set("routes", value=None), "routes", "missing-field"),  # no routes
        (_set("routes", 0, value=3), "routes[0].caregiver_id", "unknown-caregiver"),  # a number
        (
            _set("routes", 0, "caregiver_id", value="c9"),
            "routes[0].caregiver_id",
            "unknown-caregiver",
        ),  # a stranger
        (_set("routes", 0, "locations", value=None), "routes[0].locations", "missing-field"),
        # no locations
        (_set(*FIRST, value=[]), "routes[0].locations[0]", "wrong-type"),  # no object
        (_set(*FIRST, "patient_id", value="p9"), "routes[0].locations[0]", "bad-value"),
        # no such patient
        (
            _set(*FIRST, "arrival_time", value="08:00"),
            "routes[0].locations[0].arrival_time",
            "bad-minutes",
        ),  # a clock text
        (
            _set(*FIRST, "departure_time", value=2000),
            "routes[0].locations[0].departure_time",
            "out-of-range",
        ),  # tomorrow
    ],
)
def test_a_bad_solution_is_refused_with_the_place(
    change: Callable[[dict[str, Any]], None], path: str, code: str, tmp_path: Path
) -> None:
    """What no plan can be made from is named with its place."""
    solution = simple_day(FILES["tiny-1.json"])
    change(solution)
    (tmp_path / "bad.json").write_text(json.dumps(solution))
    with pytest.raises(InvalidDocument) as caught:
        read_hhcrsp_solution(read_hhcrsp(DATA / "tiny-1.json"), tmp_path / "bad.json")
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [(path, code)]
