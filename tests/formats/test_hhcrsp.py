"""Instances of the public benchmark become scenarios."""

from __future__ import annotations

import copy
import gzip
import json
from pathlib import Path

import pytest

from benchmarks.tiny_hhcrsp import tiny_instance
from optimizer.domain.place import MatrixTravel, Mode
from optimizer.domain.policy import Term, UnservedWeights
from optimizer.domain.visit import CouplingKind
from optimizer.errors import InputError, InvalidDocument, UnreadableFile
from optimizer.formats.hhcrsp import HhcrspTask, is_hhcrsp, parse_hhcrsp, read_hhcrsp
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE
from tests.formats.hhcrsp_worlds import DATA, FILES


@pytest.mark.parametrize("name", FILES)
def test_a_file_says_what_its_generator_made(name: str) -> None:
    """The files of the data folder are the generator's, plain, gzip and xz alike."""
    assert read_hhcrsp(DATA / name).scenario.visits == parse_hhcrsp(FILES[name]).scenario.visits


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tiny-1.json", "tiny-1"),  # plain
        ("tiny-2.json.gz", "tiny-2"),  # packed
        ("tiny-extended.json.xz", "tiny"),  # the document has a name of its own
    ],
)
def test_an_instance_is_called_like_its_file_or_itself(name: str, expected: str) -> None:
    """The document's own name goes before the file's, whose endings are cut off."""
    instance = read_hhcrsp(DATA / name)
    assert (instance.name, instance.scenario.id) == (expected, expected)


def test_each_kind_of_synchronisation_has_its_shape() -> None:
    """Single: one carer; simultaneous: one visit, two carers; sequential: two visits, a gap."""
    instance = parse_hhcrsp(tiny_instance(1, patients=3))
    carers = {visit.id: len(visit.carers) for visit in instance.scenario.visits}
    assert carers == {"p1": 1, "p2": 2, "p3#1": 1, "p3#2": 1}
    (coupling,) = instance.scenario.couplings
    least, most = tiny_instance(1, patients=3)["patients"][2]["synchronization"]["distance"]
    assert (coupling.kind, coupling.first, coupling.second) == (
        CouplingKind.AFTER,
        "p3#1",
        "p3#2",
    )
    assert coupling.min_gap == least * MS_PER_MINUTE
    assert coupling.max_gap == most * MS_PER_MINUTE
    assert coupling.different_caregivers


def test_every_carer_leads_back_to_patient_and_service() -> None:
    """Each carer of each visit stands for one service, the first listed one first."""
    document = tiny_instance(1, patients=3)
    services = [[n["service"] for n in p["required_caregivers"]] for p in document["patients"]]
    assert dict(parse_hhcrsp(document).tasks) == {
        ("p1", 1): HhcrspTask("p1", services[0][0]),
        ("p2", 1): HhcrspTask("p2", services[1][0]),
        ("p2", 2): HhcrspTask("p2", services[1][1]),
        ("p3#1", 1): HhcrspTask("p3", services[2][0]),
        ("p3#2", 1): HhcrspTask("p3", services[2][1]),
    }


def test_window_ends_are_soft() -> None:
    """A window's start is the earliest start; its end only says from when on it is late."""
    document = tiny_instance(1)
    visit = parse_hhcrsp(document).scenario.visits[0]
    earliest, soft_end = document["patients"][0]["time_window"]
    assert visit.window.earliest == earliest * MS_PER_MINUTE
    assert visit.window.latest == MS_PER_DAY
    assert visit.preferred_until == soft_end * MS_PER_MINUTE


def test_a_patient_without_a_window_is_never_late() -> None:
    """No window means the whole day."""
    document = tiny_instance(1)
    document["patients"][0]["time_window"] = None
    visit = parse_hhcrsp(document).scenario.visits[0]
    assert (visit.window.earliest, visit.preferred_until) == (0, MS_PER_DAY)


def test_services_lend_their_default_duration() -> None:
    """A service without a duration of its own takes the default one."""
    document = tiny_instance(1)
    document["services"] = [s | {"default_duration": 17.5} for s in document["services"]]
    visit = parse_hhcrsp(document).scenario.visits[1]
    own = document["patients"][1]["required_caregivers"][0]["duration"]
    assert [carer.minutes for carer in visit.carers] == [
        own * MS_PER_MINUTE,
        17.5 * MS_PER_MINUTE,
    ]


def test_the_objective_is_a_policy() -> None:
    """Travel, lateness and the largest lateness weigh 1, the rest 0, unserved its default."""
    policy = parse_hhcrsp(tiny_instance(1)).scenario.policy
    weights = {term: getattr(policy.weights, term) for term in Term}
    assert weights.pop(Term.UNSERVED) == UnservedWeights()
    ones = {term for term, weight in weights.items() if weight == 1}
    assert ones == {Term.TRAVEL, Term.LATENESS, Term.WORST_LATENESS}
    assert {weight for term, weight in weights.items() if term not in ones} == {0}
    assert policy.serve_everything


def test_distances_are_the_matrix() -> None:
    """Travel is the file's matrix for the one mode in use, a thousandth of a minute a tick."""
    document = tiny_instance(1)
    scenario = parse_hhcrsp(document).scenario
    assert isinstance(scenario.travel, MatrixTravel)
    assert [list(row) for row in scenario.travel.minutes[Mode.CAR]] == document["distances"]
    assert scenario.ticks_per_minute == 1000
    assert scenario.caregivers[0].home.matrix_index == 0
    assert [client.home.matrix_index for client in scenario.clients] == list(range(1, 7))


def test_finer_distances_are_rounded_up() -> None:
    """A fourth decimal makes the journey a thousandth longer, never shorter."""
    document = tiny_instance(1)
    document["distances"][0][1:4] = [1.0001, 38.471, 2.9996]
    travel = parse_hhcrsp(document).scenario.travel
    assert isinstance(travel, MatrixTravel)
    assert travel.minutes[Mode.CAR][0][1:4] == (1.001, 38.471, 3.0)


def test_the_extension_has_depots_shifts_and_refusals() -> None:
    """Depots, matrix rows, shifts and refused caregivers of the extension arrive."""
    document = tiny_instance(3, extended=True)
    scenario = parse_hhcrsp(document).scenario
    rows = [depot["distance_matrix_index"] for depot in document["departing_points"]]
    first, second, third = scenario.caregivers
    assert [c.home.matrix_index for c in (first, second, third)] == [rows[0], rows[1], rows[0]]
    assert first.end_place is not None
    assert first.end_place.matrix_index == rows[1]
    assert second.end_place is None
    shift = document["caregivers"][1]["working_shift"]
    assert [second.shifts[0].start, second.shifts[0].end] == [s * MS_PER_MINUTE for s in shift]
    assert scenario.clients[0].refused == tuple(document["patients"][0]["incompatible_caregivers"])


def test_the_second_names_of_fields_are_understood() -> None:
    """`required_services` and `departing_point` say the same as the first names."""
    document = tiny_instance(3, extended=True)
    renamed = copy.deepcopy(document)
    for patient in renamed["patients"]:
        patient["required_services"] = patient.pop("required_caregivers")
    for caregiver in renamed["caregivers"]:
        caregiver["departing_point"] = caregiver.pop("starting_point_id")
    assert parse_hhcrsp(renamed) == parse_hhcrsp(document)


def test_no_shift_means_the_whole_day() -> None:
    """A caregiver without a shift can work from midnight to midnight."""
    (shift,) = parse_hhcrsp(tiny_instance(1)).scenario.caregivers[0].shifts
    assert (shift.start, shift.end) == (0, MS_PER_DAY)


def test_places_far_off_the_map_are_clipped() -> None:
    """Planar coordinates only serve for drawing and never lie outside the globe."""
    document = tiny_instance(1)
    document["patients"][0]["location"] = [-50_000.0, 50_000.0]
    home = parse_hhcrsp(document).scenario.clients[0].home
    assert (home.lat, home.lon) == (90.0, -180.0)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (tiny_instance(1), True),  # the benchmark's format
        ({"patients": []}, True),  # a poor one, but meant to be
        ({"format": "homecare-scenario", "patients": []}, False),  # says what it is
        ({"clients": []}, False),  # a scenario
        ({}, False),  # nothing
    ],
)
def test_instances_are_recognised(document: dict[str, object], expected: bool) -> None:
    """An instance is told from a scenario by its patients."""
    assert is_hhcrsp(document) is expected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b"{"),  # half a document
        ("a.json", b"\xff\xfe{"),  # no UTF-8
        ("a.json", b"[1]"),  # a list
        ("a.json", b""),  # nothing
        ("a.json.gz", gzip.compress(b"{}" * 99, mtime=0)[:20]),  # cut off
        ("a.json", b"[" * 100_000),  # nested without end
    ],
)
def test_unreadable_files_are_named(tmp_path: Path, name: str, content: bytes) -> None:
    """What is no JSON object, or packed badly, is refused as bad input with the file's name."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=name) as caught:
        read_hhcrsp(tmp_path / name)
    assert caught.value.exit_code == 3


def test_what_the_text_shows_is_told_with_the_rest(tmp_path: Path) -> None:
    """A repeated key and an unknown service come in one report."""
    document = tiny_instance(1)
    document["caregivers"][0]["abilities"] = ["s9"]
    text = json.dumps(document).replace('"services":', '"services": [], "services":')
    (tmp_path / "twice.json").write_text(text)
    with pytest.raises(InvalidDocument) as caught:
        read_hhcrsp(tmp_path / "twice.json")
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [
        ("services", "duplicate-key"),
        ("caregivers[0].abilities[0]", "bad-value"),
    ]


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    """A file that is not there is refused by name."""
    with pytest.raises(UnreadableFile, match=r"nowhere\.json"):
        read_hhcrsp(tmp_path / "nowhere.json")
