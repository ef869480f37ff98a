"""The stand-alone script finds every way in which a solution can be wrong."""

from __future__ import annotations

import ast
import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.recount_hhcrsp import Recount, main
from benchmarks.recounting import RECOUNT, recount

INSTANCE: dict[str, Any] = {
    "central_offices": [{"id": "d", "location": [0, 0]}],
    "services": [{"id": "s1", "default_duration": 10}, {"id": "s2", "default_duration": 10}],
    "caregivers": [
        {"id": "c1", "abilities": ["s1", "s2"]},
        {"id": "c2", "abilities": ["s1", "s2"], "working_shift": [0, 300]},
        {"id": "c3", "abilities": ["s2"]},
    ],
    "patients": [
        {
            "id": "p1",
            "time_window": [60, 70],
            "required_caregivers": [{"service": "s1", "duration": 20}],
            "incompatible_caregivers": ["c2"],
        },
        {
            "id": "p2",
            "time_window": [100, 110],
            "required_caregivers": [{"service": "s1"}, {"service": "s2"}],
            "synchronization": {"type": "simultaneous"},
        },
        {
            "id": "p3",
            "time_window": [150, 160],
            "required_caregivers": [{"service": "s1"}, {"service": "s2"}],
            "synchronization": {"type": "sequential", "distance": [30, 40]},
        },
    ],
    # A square with sides of 10, so that every sum can be done in the head.
    "distances": [[0, 10, 14, 10], [10, 0, 10, 14], [14, 10, 0, 10], [10, 14, 10, 0]],
}


def at(patient: str, service: str, start: float, duration: float = 10) -> dict[str, Any]:
    """Return a location of the solution format."""
    return {
        "patient_id": patient,
        "service_id": service,
        "arrival_time": start,
        "departure_time": start + duration,
    }


SOLUTION: dict[str, Any] = {
    "routes": [
        {"caregiver_id": "c1", "locations": [at("p1", "s1", 60, 20), at("p2", "s1", 112)]},
        {"caregiver_id": "c2", "locations": [at("p2", "s2", 112), at("p3", "s1", 150)]},
        {"caregiver_id": "c3", "locations": [at("p3", "s2", 185)]},
    ]
}


def counted(solution: dict[str, Any], instance: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the script's figures."""
    return Recount(INSTANCE if instance is None else instance, solution).run()


def test_a_right_solution_is_counted_as_by_hand() -> None:
    """Three routes of 34, 34 and 20; tardiness of 2, 2 and 25, the largest 25."""
    figures = counted(SOLUTION)
    assert figures["violations"] == []
    assert figures["distance"] == (10 + 10 + 14) + (14 + 10 + 10) + (10 + 10)
    assert figures["total_tardiness"] == 2 + 2 + 25
    assert figures["max_tardiness"] == 25
    assert figures["cost"] == pytest.approx((88 + 29 + 25) / 3)
    assert figures["services"] == 5
    # p1 to p2: 80 + 10 to 112; p2 to p3: 122 + 10 to 150.
    assert (figures["total_waiting"], figures["max_idle"]) == (22 + 18, 22)
    assert figures["total_extra_time"] == 0
    assert figures["plain_sum"] == 88 + 29 + 25 + 40 + 22


def test_a_return_after_the_shift_is_extra_time() -> None:
    """A shift's end is soft: back at 305, five minutes after it."""
    solution = copy.deepcopy(SOLUTION)
    _too_late_home(solution)
    figures = counted(solution)
    assert (figures["violations"], figures["total_extra_time"]) == ([], 295 + 10 - 300)


def _location(route: int, place: int, **values: Any) -> Callable[[dict[str, Any]], None]:
    def change(solution: dict[str, Any]) -> None:
        solution["routes"][route]["locations"][place].update(values)

    return change


def _drop(solution: dict[str, Any]) -> None:
    solution["routes"][2]["locations"].clear()


def _twice(solution: dict[str, Any]) -> None:
    solution["routes"][0]["locations"].append(at("p2", "s1", 130))


def _same_carer(solution: dict[str, Any]) -> None:
    solution["routes"][1]["locations"].append(solution["routes"][2]["locations"].pop())


def _stranger(solution: dict[str, Any]) -> None:
    solution["routes"].append({"caregiver_id": "c9", "locations": []})


def _second_route(solution: dict[str, Any]) -> None:
    solution["routes"].append({"caregiver_id": "c1", "locations": []})


def _swap(solution: dict[str, Any]) -> None:
    first, second = solution["routes"][0], solution["routes"][1]
    first["caregiver_id"], second["caregiver_id"] = "c2", "c1"


def _too_late_home(solution: dict[str, Any]) -> None:
    solution["routes"][1]["locations"][1].update(arrival_time=285, departure_time=295)
    solution["routes"][2]["locations"][0].update(arrival_time=320, departure_time=330)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_drop, "s2 at p3 is not given"),  # a service forgotten
        (_twice, "s1 at p2 is given twice"),  # a service repeated
        (_location(0, 0, service_id="s2"), "s2 at p1 is not asked for"),  # another service
        (_location(0, 0, patient_id="p9"), "p9, who is unknown"),  # another patient
        (_stranger, "c9 is unknown"),  # another caregiver
        (_second_route, "c1 has two routes"),  # one caregiver twice
        (_swap, "who is refused"),  # the patient does not want this one
        (_same_carer, "p3 gets both services from c2"),  # one carer for both
        (_location(0, 0, arrival_time=59), "before 60"),  # too early
        (_location(0, 0, departure_time=79), "s1 at p1 is shorter than 20"),  # too short
        (_location(0, 0, departure_time=103), "cannot be there before 113"),  # no time to travel
        (_location(0, 1, arrival_time=113, departure_time=123), "at 113 and 112"),  # not together
        (_location(2, 0, arrival_time=179, departure_time=189), "29 after the first"),  # too soon
        (_location(2, 0, arrival_time=191, departure_time=201), "41 after the first"),  # too late
    ],
)
def test_each_way_to_be_wrong_is_found(
    change: Callable[[dict[str, Any]], None], words: str
) -> None:
    """One thing made wrong in a right solution is told in words."""
    solution = copy.deepcopy(SOLUTION)
    change(solution)
    figures = counted(solution)
    assert not figures["valid"]
    assert any(words in violation for violation in figures["violations"])


def test_somebody_unable_is_found() -> None:
    """A service by a caregiver without the ability is a violation."""
    instance = copy.deepcopy(INSTANCE)
    instance["caregivers"][0]["abilities"] = ["s2"]
    assert (
        "s1 at p1 is given by c1, who is not able to" in counted(SOLUTION, instance)["violations"]
    )


def test_leaving_before_the_shift_is_found() -> None:
    """The first journey begins when the shift does."""
    instance = copy.deepcopy(INSTANCE)
    instance["caregivers"][1]["working_shift"] = [100, 300]
    (violation,) = counted(SOLUTION, instance)["violations"]
    assert violation == "c2 begins at p2 at 112 and cannot be there before 114"


def test_two_depots_and_matrix_rows_are_followed() -> None:
    """Where a caregiver begins and ends, and each place's matrix row, come from the file."""
    instance = copy.deepcopy(INSTANCE)
    instance["departing_points"] = [{"id": "east"}, {"id": "west"}]
    del instance["central_offices"]
    for number, place in enumerate([*instance["departing_points"], *instance["patients"]]):
        place["distance_matrix_index"] = 4 - number
    instance["distances"] = [[0 if i == j else i + j for j in range(5)] for i in range(5)]
    instance["caregivers"][2] |= {"starting_point_id": "west", "ending_point_id": "east"}
    solution = {"routes": [{"caregiver_id": "c3", "locations": [at("p3", "s2", 185)]}]}
    # p3 is row 0, west row 3, east row 4.
    assert counted(solution, instance)["distance"] == 3 + 4


def test_figures_are_exact(tmp_path: Path) -> None:
    """Decimals are added as decimals: ten times a tenth is one."""
    instance = copy.deepcopy(INSTANCE)
    instance["distances"] = [[0.1] * 4 for _ in range(4)]
    (tmp_path / "i.json").write_text(json.dumps(instance))
    (tmp_path / "s.json").write_text(json.dumps(SOLUTION))
    assert recount(tmp_path / "i.json", tmp_path / "s.json")["distance"] == 0.8


def test_the_exit_code_tells_valid_from_wrong(tmp_path: Path) -> None:
    """0 for a valid solution, 1 for a wrong one, 2 for files that cannot be counted."""
    paths = [tmp_path / name for name in ("i.json", "right.json", "wrong.json", "broken.json")]
    contents = (json.dumps(INSTANCE), json.dumps(SOLUTION), '{"routes": []}', "{")
    for path, content in zip(paths, contents, strict=True):
        path.write_text(content)
    instance, *solutions = map(str, paths)
    assert [main([instance, solution]) for solution in solutions] == [0, 1, 2]
    assert main([instance]) == 2
    assert main([instance, str(tmp_path / "nowhere.json")]) == 2


def test_the_script_stands_alone(tmp_path: Path) -> None:
    """It imports nothing but the standard library and runs from any folder."""
    tree = ast.parse(RECOUNT.read_text(encoding="utf-8"))
    modules = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [a.name for a in node.names]
        )
    }
    assert modules <= sys.stdlib_module_names
    (tmp_path / "i.json").write_text(json.dumps(INSTANCE))
    (tmp_path / "s.json").write_text(json.dumps(SOLUTION))
    answer = subprocess.run(
        [sys.executable, "-I", str(RECOUNT), "i.json", "s.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(answer.stdout)["valid"]
