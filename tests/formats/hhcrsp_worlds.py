"""Small instances in the benchmark's format, and a simple day planned for any of them."""

from __future__ import annotations

import gzip
import json
import lzma
from pathlib import Path
from typing import Any

from benchmarks.tiny_hhcrsp import tiny_instance

DATA = Path(__file__).parent / "data" / "hhcrsp"

FILES: dict[str, dict[str, Any]] = {
    "tiny-1.json": tiny_instance(1),
    "tiny-2.json.gz": tiny_instance(2, patients=9),
    "tiny-extended.json.xz": tiny_instance(3, extended=True),
}


def write_files() -> None:
    """Write the files of the data folder anew."""
    DATA.mkdir(parents=True, exist_ok=True)
    for name, document in FILES.items():
        raw = (json.dumps(document, indent=1) + "\n").encode()
        if name.endswith(".gz"):
            raw = gzip.compress(raw, mtime=0)
        elif name.endswith(".xz"):
            raw = lzma.compress(raw)
        (DATA / name).write_bytes(raw)


def simple_day(document: dict[str, Any]) -> dict[str, Any]:
    """Plan an instance patient by patient, in the order of their windows.

    Each service goes to the able caregiver who can be there first.
    """
    return _Day(document).planned()


class _Day:
    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.offices = document.get("departing_points") or document["central_offices"]
        places = [*self.offices, *document["patients"]]
        self.row = {
            place["id"]: place.get("distance_matrix_index", number)
            for number, place in enumerate(places)
        }
        self.here = {c["id"]: self.office(c) for c in document["caregivers"]}
        self.free = {c["id"]: float(c.get("working_shift", [0])[0]) for c in document["caregivers"]}
        self.routes: dict[str, list[dict[str, Any]]] = {c: [] for c in self.here}

    def office(self, caregiver: dict[str, Any]) -> str:
        first: str = self.offices[0]["id"]
        return str(caregiver.get("starting_point_id", first))

    def planned(self) -> dict[str, Any]:
        patients = sorted(self.document["patients"], key=lambda p: float(p["time_window"][0]))
        for patient in patients:
            self.serve(patient)
        return {
            "routes": [{"caregiver_id": c, "locations": rows} for c, rows in self.routes.items()]
        }

    def arrival(self, caregiver: str, patient: str) -> float:
        leg = self.document["distances"][self.row[self.here[caregiver]]][self.row[patient]]
        return round(self.free[caregiver] + float(leg), 3)

    def serve(self, patient: dict[str, Any]) -> None:
        needs = patient["required_caregivers"]
        chosen: list[str] = []
        for need in needs:
            able = [
                c["id"]
                for c in self.document["caregivers"]
                if need["service"] in c["abilities"]
                and c["id"] not in chosen
                and c["id"] not in patient.get("incompatible_caregivers", ())
            ]
            chosen.append(min(able, key=lambda c: self.arrival(c, patient["id"])))
        starts = [max(patient["time_window"][0], self.arrival(c, patient["id"])) for c in chosen]
        tie = patient.get("synchronization", {})
        if tie.get("type") == "simultaneous":
            starts = [max(starts)] * 2
        elif tie.get("type") == "sequential":
            least, most = tie["distance"]
            starts[1] = max(starts[1], starts[0] + least)
            starts[0] = max(starts[0], starts[1] - most)
        for need, caregiver, start in zip(needs, chosen, starts, strict=True):
            end = round(start + need.get("duration", 10.0), 3)
            self.routes[caregiver].append(
                {
                    "patient_id": patient["id"],
                    "service_id": need["service"],
                    "arrival_time": round(start, 3),
                    "departure_time": end,
                }
            )
            self.here[caregiver], self.free[caregiver] = patient["id"], end
