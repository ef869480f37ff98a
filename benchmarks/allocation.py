"""How evenly rotation shares care, and how long a district's allocation takes."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence

from benchmarks.allocation_district import measured
from benchmarks.markdown import cell
from benchmarks.named_days import SEED, ZHENHAI
from benchmarks.recount_allocation import disagreements
from benchmarks.suite import Measurement, Settings, Suite, Table
from optimizer.allocation import allocate, fairness
from optimizer.allocation.packages import Package
from optimizer.allocation.rotation import Rotation
from optimizer.domain.allocation import AllocationPolicy, Lot, Mode
from optimizer.domain.client import Client
from optimizer.domain.place import Place
from optimizer.domain.visit import CarerNeed, StartWindow, Visit
from optimizer.errors import UsageError
from optimizer.generate import RECIPES, generate_scenario
from optimizer.needs import derive
from optimizer.units import MS_PER_MINUTE

PACKAGES = 1000
VECTORS = 200
SHARE_VECTORS = "share vectors"
"Case of random shares; the other cases are days."
IN_LOTS = "-in-lots"
"What the name of a day ends with where nobody has an organisation yet and care is in two lots."
FULL = 0.4
"Part of the packages that an organisation cannot take, in every second vector."


def run(settings: Settings) -> Iterator[Measurement]:
    """Rotate random packages under random shares, then allocate every district's day, also in lots.

    Raises
    ------
    UsageError
        If no case is wanted.
    """
    days = ZHENHAI[:1] if settings.smoke else ZHENHAI
    in_lots = [f"{name}{IN_LOTS}" for name in (ZHENHAI[1:2] if settings.smoke else ZHENHAI[1:])]
    cases = [name for name in (SHARE_VECTORS, *days, *in_lots) if settings.wants(name)]
    if not cases:
        raise UsageError(f"Nothing fits {settings.only}; there are {SHARE_VECTORS}, {ZHENHAI}.")
    for name in cases:
        if name == SHARE_VECTORS:
            vectors, packages = (4, 50) if settings.smoke else (VECTORS, PACKAGES)
            yield _rotated(vectors, packages)
        elif name.endswith(IN_LOTS):
            yield Measurement(name, None, measured(name.removesuffix(IN_LOTS)))
        else:
            yield _allocated(name)


def _rotated(vectors: int, packages: int) -> Measurement:
    """Return the largest deficit in packages of the largest size, with and without refusals."""
    begun = time.process_time()
    worst = {False: 0.0, True: 0.0}
    for number in range(vectors):
        is_hampered = number % 2 == 1
        worst[is_hampered] = max(worst[is_hampered], _worst(number, packages, is_hampered))
    figures: dict[str, int | float | bool] = {
        "clients": packages * vectors,
        "seconds": round(time.process_time() - begun, 3),
        "deficit": round(worst[False], 4),
        "deficit_hampered": round(worst[True], 4),
        "valid": worst[False] < 1,
    }
    return Measurement(SHARE_VECTORS, None, dict(figures))


def _worst(seed: int, packages: int, is_hampered: bool) -> float:
    draw = random.Random(seed)
    names = [f"ORG{n}" for n in range(draw.choice((3, 6, 12)))]
    shares = {name: draw.randrange(1, 1_000_000) for name in names}
    rotation = Rotation(Mode.DEFICIT)
    worst = largest = 0
    for number in range(packages):
        package = _package(number, draw.randrange(10, 1_800))
        largest = max(largest, package.care)
        taking = [one for one in names if not is_hampered or draw.random() > FULL]
        able = {one: shares[one] for one in taking or names[:1]}
        rotation.turn(package, able, names, lambda _: False)
        worst = max(worst, *(abs(one.deficit) for one in rotation.accounts()))
    return worst / largest


def _package(number: int, minutes: int) -> Package:
    client = Client(id=f"C{number}", home=Place(lat=29.95, lon=121.7))
    visit = Visit(
        id=f"V{number}",
        client=client.id,
        carers=(CarerNeed(minutes=minutes),),
        window=StartWindow(earliest=0, latest=0),
    )
    return Package(client, Lot(id="all"), (visit,), ())


def _allocated(name: str) -> Measurement:
    scenario = derive(generate_scenario(RECIPES[name], SEED)).scenario
    rules = AllocationPolicy(period="2026-03", draw="3D 2026-052: 3 8 5")
    begun = time.process_time()
    log = allocate(scenario, rules)
    seconds = time.process_time() - begun
    measured = fairness(log)
    redone = disagreements(log.model_dump(mode="json", exclude_none=True))
    return Measurement(
        name,
        None,
        {
            "clients": len(log.lines),
            "seconds": round(seconds, 3),
            "deficit": round(measured.largest_deficit / max(1, measured.largest_package), 4),
            "unmet": sum(line.organisation is None for line in log.lines),
            "to_move": measured.to_move / MS_PER_MINUTE,
            "gini": measured.gini,
            "valid": not redone,
        },
    )


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one table of evenness and times."""
    evenness = ("clients", "seconds", "deficit", "deficit_hampered", "unmet", "to_move", "gini")
    figures = (*evenness, "twins", "is_same")
    heads = ("case", "clients", "s", "deficit", "if 40 % are full", "unmet", "to move", "Gini")
    columns = (*heads, "twins apart", "same again")
    rows = tuple(
        (m.case, *(cell(m.figures.get(name), 4) for name in figures)) for m in measurements
    )
    notes = (
        (
            "Deficit: the largest distance between care credited and received, in largest "
            "packages; in random vectors at any time, on days at the end. To move: minutes."
        ),
        (
            "A day is invalid if a script without our code finds another turn or account, the "
            "vectors if a deficit reaches one package though all organisations can take all."
        ),
        (
            "Twins apart: by how much two organisations with equal staff and contracts differ in "
            "one queue at most, in its largest packages. Same again: whether other orders of all "
            "records and other ids of caregivers, contracts and visits leave every line as it is, "
            "and other ids of clients and organisations who can take whom. Days in lots are "
            "invalid too if it is not the same, or twins are more than one package apart."
        ),
    )
    return [Table("Allocation of clients to organisations", columns, rows, notes)]


SUITE = Suite(
    name="allocation",
    purpose="How evenly rotation shares care among organisations; each line redone by a script.",
    headline="deficit",
    seconds=None,
    run=run,
    tables=tables,
)
