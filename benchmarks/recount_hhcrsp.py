"""Count a solution of the public home-health-care benchmark again, from the two files alone.

Run as ``python benchmarks/recount_hhcrsp.py INSTANCE SOLUTION``. It needs nothing but
Python and shares no code with the engine, its verifier or its readers, so that it can be
read and trusted by itself. All figures are exact decimals.

It prints one JSON object: ``valid``, ``cost``, ``distance``, ``total_tardiness``,
``max_tardiness``, ``total_waiting``, ``max_idle``, ``total_extra_time``, ``plain_sum`` (of the
six components), ``services`` and ``violations``. Exit codes: 0 valid, 1 some rule is
broken, 2 the files cannot be read or are used in a wrong way.
"""

from __future__ import annotations

import gzip
import json
import lzma
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

Number = int | Decimal
Service = tuple[str, str]


def load(path: Path) -> dict[str, Any]:
    """Return the JSON object of a plain, gzip or xz file, decimals kept exact."""
    raw = path.read_bytes()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    elif path.suffix == ".xz":
        raw = lzma.decompress(raw)
    document: dict[str, Any] = json.loads(raw, parse_float=Decimal)
    return document


class Recount:
    """One solution against one instance; `violations` tells what is wrong."""

    def __init__(self, instance: dict[str, Any], solution: dict[str, Any]) -> None:
        self.distances: list[list[Number]] = instance["distances"]
        self.offices = instance.get("departing_points") or instance["central_offices"]
        self.patients = {patient["id"]: patient for patient in instance["patients"]}
        self.caregivers = {caregiver["id"]: caregiver for caregiver in instance["caregivers"]}
        self.defaults = {s["id"]: s.get("default_duration") for s in instance["services"]}
        self.routes = solution["routes"]
        self.row = {("office", office["id"]): i for i, office in enumerate(self.offices)}
        self.row |= {
            ("patient", patient["id"]): len(self.offices) + i
            for i, patient in enumerate(instance["patients"])
        }
        for kind, places in (("office", self.offices), ("patient", instance["patients"])):
            for place in places:
                index = place.get("distance_matrix_index")
                self.row[kind, place["id"]] = (
                    self.row[kind, place["id"]] if index is None else index
                )
        self.violations: list[str] = []
        self.starts: dict[Service, tuple[Number, str]] = {}
        self.distance: Number = 0
        self.tardiness: list[Number] = []
        self.waits: list[Number] = []
        self.extra_time: Number = 0

    def run(self) -> dict[str, Any]:
        """Count everything and return the figures."""
        seen: set[str] = set()
        for route in self.routes:
            name = route["caregiver_id"]
            if name in seen:
                self.violations.append(f"caregiver {name} has two routes")
            seen.add(name)
            if name not in self.caregivers:
                self.violations.append(f"caregiver {name} is unknown")
            elif route["locations"]:
                self.check_route(self.caregivers[name], route["locations"])
        for patient in self.patients.values():
            self.check_patient(patient)
        total = sum(self.tardiness)
        largest = max(self.tardiness, default=0)
        waiting, idle = sum(self.waits), max(self.waits, default=0)
        parts = (self.distance, total, largest, waiting, idle, self.extra_time)
        return {
            "valid": not self.violations,
            "cost": float((Decimal(self.distance) + total + largest) / 3),
            "distance": float(self.distance),
            "total_tardiness": float(total),
            "max_tardiness": float(largest),
            "total_waiting": float(waiting),
            "max_idle": float(idle),
            "total_extra_time": float(self.extra_time),
            "plain_sum": float(sum(parts)),
            "services": len(self.starts),
            "violations": self.violations,
        }

    def check_route(self, caregiver: dict[str, Any], locations: list[dict[str, Any]]) -> None:
        """Check one caregiver's day: abilities, durations, travel; count waits and extra time."""
        name = caregiver["id"]
        home, end_place = self.ends(caregiver)
        shift = caregiver.get("working_shift") or (0, None)
        free, here = shift[0], home
        for number, location in enumerate(locations):
            patient = self.patients.get(location["patient_id"])
            if patient is None:
                self.violations.append(f"{name} visits {location['patient_id']}, who is unknown")
                continue
            self.check_service(caregiver, patient, location)
            there = self.row["patient", patient["id"]]
            self.distance += self.distances[here][there]
            ready = free + self.distances[here][there]
            if location["arrival_time"] < ready:
                self.violations.append(
                    f"{name} begins at {patient['id']} at {location['arrival_time']}"
                    f" and cannot be there before {ready}"
                )
            if number > 0:
                # Before the first one nobody waits: one can leave later.
                self.waits.append(max(0, location["arrival_time"] - ready))
            free, here = location["departure_time"], there
        self.distance += self.distances[here][end_place]
        if shift[1] is not None:
            self.extra_time += max(0, free + self.distances[here][end_place] - shift[1])

    def ends(self, caregiver: dict[str, Any]) -> tuple[int, int]:
        """Return the matrix rows where a caregiver's day begins and ends."""
        start = caregiver.get("starting_point_id") or caregiver.get("departing_point")
        start = start or self.offices[0]["id"]
        end = caregiver.get("ending_point_id") or caregiver.get("arrival_point") or start
        return self.row["office", start], self.row["office", end]

    def check_service(
        self, caregiver: dict[str, Any], patient: dict[str, Any], location: dict[str, Any]
    ) -> None:
        """Check one service: asked for, not given yet, by somebody able, long enough, in time."""
        service = location["service_id"]
        where = f"{service} at {patient['id']}"
        needs = {need["service"]: need for need in needs_of(patient)}
        if service not in needs:
            self.violations.append(f"{where} is not asked for")
            return
        if (patient["id"], service) in self.starts:
            self.violations.append(f"{where} is given twice")
        if service not in caregiver["abilities"]:
            self.violations.append(f"{where} is given by {caregiver['id']}, who is not able to")
        if caregiver["id"] in (patient.get("incompatible_caregivers") or ()):
            self.violations.append(f"{where} is given by {caregiver['id']}, who is refused")
        start = location["arrival_time"]
        duration = needs[service].get("duration") or self.defaults[service]
        if location["departure_time"] - start < duration:
            self.violations.append(f"{where} is shorter than {duration}")
        window = patient.get("time_window")
        if window is not None:
            if start < window[0]:
                self.violations.append(f"{where} begins at {start}, before {window[0]}")
            self.tardiness.append(max(0, start - window[1]))
        self.starts[patient["id"], service] = (start, caregiver["id"])

    def check_patient(self, patient: dict[str, Any]) -> None:
        """Check that a patient's services are all given, and in step."""
        services = [need["service"] for need in needs_of(patient)]
        missing = [s for s in services if (patient["id"], s) not in self.starts]
        self.violations += [f"{service} at {patient['id']} is not given" for service in missing]
        if missing or len(services) == 1:
            return
        (first, carer1), (second, carer2) = (self.starts[patient["id"], s] for s in services)
        tie = patient["synchronization"]
        if carer1 == carer2:
            self.violations.append(f"{patient['id']} gets both services from {carer1}")
        if tie["type"] == "simultaneous":
            if first != second:
                self.violations.append(f"{patient['id']} gets the services at {first} and {second}")
        elif not tie["distance"][0] <= second - first <= tie["distance"][1]:
            self.violations.append(
                f"{patient['id']} gets the second service {second - first} after the first,"
                f" not {tie['distance'][0]} to {tie['distance'][1]}"
            )


def needs_of(patient: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the services a patient needs, under either of the format's two names."""
    needs: list[dict[str, Any]] = patient.get("required_caregivers") or patient["required_services"]
    return needs


def complaints(arguments: list[str]) -> Iterator[str]:
    """Yield what is wrong with the command line."""
    if len(arguments) != 2:
        yield "usage: recount_hhcrsp.py INSTANCE SOLUTION"
        return
    for argument in arguments:
        if not Path(argument).is_file():
            yield f"no such file: {argument}"


def main(arguments: list[str]) -> int:
    """Recount, print the figures and return the exit code."""
    wrong = list(complaints(arguments))
    if wrong:
        sys.stderr.write("\n".join(wrong) + "\n")
        return 2
    instance, solution = (Path(argument) for argument in arguments)
    try:
        figures = Recount(load(instance), load(solution)).run()
    except (OSError, EOFError, ValueError, KeyError, TypeError, IndexError) as error:
        sys.stderr.write(f"cannot recount: {type(error).__name__}: {error}\n")
        return 2
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    return 0 if figures["valid"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
