"""What of a routing problem contradicts itself or cannot be planned, each with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from optimizer.errors import InvalidDocument
from optimizer.formats.codes import FaultCode
from optimizer.formats.document import Located, Location, first
from optimizer.formats.findings import in_document_order
from optimizer.formats.vroom_document import (
    LONGEST,
    MOST_PROFILES,
    Point,
    VroomBreak,
    VroomDocument,
    VroomJob,
    VroomVehicle,
    Window,
)
from optimizer.formats.vroom_period import kmh, period_of
from optimizer.formats.vroom_prices import LARGEST, prices_of
from optimizer.i18n import Sentence, say
from optimizer.units import LATEST_CLOCK

SLOWEST, FASTEST = 0.5, 200.0
"Kilometres per hour that a means of travel can have."


def refuse_faults(document: VroomDocument, source: str, *, most: int | None = None) -> None:
    """Refuse a document that contradicts itself or that cannot be planned as it is meant.

    Raises
    ------
    InvalidDocument
        With every fault: of what fields name, and each use of something that home care does not
        have.
    """
    located = list(first(_between(document), most)) or list(first(_extent(document), most))
    if located:
        faults = [one.fault() for one in located]
        ordered = in_document_order(faults, tuple(VroomDocument.model_fields), document)
        raise InvalidDocument(ordered, source)


def _between(document: VroomDocument) -> Iterator[Located]:
    yield from _unsupported(document)
    yield from _repeated(document.vehicles, "vehicles")
    yield from _repeated(document.jobs, "jobs")
    yield from _times(document)
    yield from _tables(document)
    yield from _places(document)
    yield from _loads(document)


def _not(place: Location, message: Sentence) -> Located:
    return Located(place, FaultCode.NOT_SUPPORTED, message)


def _unsupported(document: VroomDocument) -> Iterator[Located]:
    """Yield each use of something that would silently be left out otherwise."""
    if document.shipments:
        yield _not(("shipments",), say("fault.vroom.shipments"))
    for number, vehicle in enumerate(document.vehicles):
        yield from _unsupported_of(vehicle, ("vehicles", number))
    for number, job in enumerate(document.jobs):
        if len(job.time_windows) > 1:
            yield _not(("jobs", number, "time_windows"), say("fault.vroom.several-windows"))
        if job.setup + job.service > LONGEST:
            yield _long(("jobs", number, "service"), "fault.vroom.too-long.service")
    if document.matrix is not None and document.matrices:
        yield _not(("matrix",), say("fault.vroom.two-matrices"))
    for profile, matrices in document.matrices.items():
        if matrices.costs is not None:
            yield _not(("matrices", profile, "costs"), say("fault.vroom.costs-matrix"))
    yield from _speeds(document)
    if len(document.manners) > MOST_PROFILES:
        yield _not(("vehicles",), say("fault.vroom.too-many-modes"))


def _long(place: Location, key: str) -> Located:
    return Located(place, FaultCode.OUT_OF_RANGE, say(key, seconds=LONGEST))


def _speeds(document: VroomDocument) -> Iterator[Located]:
    """Yield the speed factors that cannot be kept to."""
    for number, vehicle in enumerate(document.vehicles):
        place: Location = ("vehicles", number, "speed_factor")
        factor, table = vehicle.speed_factor, document.tables.get(vehicle.profile)
        if table is not None:
            longest = max((max(row, default=0) for row in table.durations), default=0)
            if longest > LONGEST * factor:
                yield _long(place, "fault.vroom.too-long.journey")
        elif not document.tables and not SLOWEST <= kmh(vehicle.profile, factor) <= FASTEST:
            message = say(
                "fault.vroom.speed",
                kmh=f"{kmh(vehicle.profile, factor):g}",
                slowest=f"{SLOWEST:g}",
                fastest=f"{FASTEST:g}",
            )
            yield Located(place, FaultCode.OUT_OF_RANGE, message)


def _unsupported_of(vehicle: VroomVehicle, place: Location) -> Iterator[Located]:
    for name in ("max_travel_time", "max_distance"):
        if getattr(vehicle, name) is not None:
            yield _not((*place, name), say("fault.vroom.travel-limit"))
    usual = {"fixed": 0, "per_hour": 3600, "per_task_hour": 0, "per_km": 0}
    if any(usual.get(name) != amount for name, amount in vehicle.costs.items()):
        yield _not((*place, "costs"), say("fault.vroom.costs"))
    if vehicle.steps:
        yield _not((*place, "steps"), say("fault.vroom.steps"))
    if len(vehicle.breaks) > 1:
        yield _not((*place, "breaks"), say("fault.vroom.several-breaks"))
    for row, pause in enumerate(vehicle.breaks):
        if len(pause.time_windows) != 1:
            yield _not((*place, "breaks", row, "time_windows"), say("fault.vroom.break-window"))
        if pause.max_load is not None:
            yield _not((*place, "breaks", row, "max_load"), say("fault.vroom.max-load"))


def _repeated(records: Sequence[VroomVehicle | VroomJob], section: str) -> Iterator[Located]:
    counts = Counter(record.id for record in records)
    for number, record in enumerate(records):
        if counts[record.id] > 1:
            message = say("fault.vroom.duplicate-id", id=record.id)
            yield Located((section, number, "id"), FaultCode.DUPLICATE_ID, message)


def _times(document: VroomDocument) -> Iterator[Located]:
    for place, (begin, end) in _windows(document):
        if end < begin:
            yield Located(place, FaultCode.WINDOW_REVERSED, say("fault.vroom.window-reversed"))
        elif place[0] == "vehicles" and place[-1] == "time_window" and end == begin:
            yield Located(place, FaultCode.SHIFT_REVERSED, say("fault.vroom.shift-empty"))
    for number, vehicle in enumerate(document.vehicles):
        for row, pause in enumerate(vehicle.breaks):
            yield from _break(vehicle, pause, ("vehicles", number, "breaks", row))


def _break(vehicle: VroomVehicle, pause: VroomBreak, place: Location) -> Iterator[Located]:
    """Yield why a break can never be taken as it is given."""
    if pause.service == 0:
        yield Located((*place, "service"), FaultCode.EMPTY_DURATION, say("fault.vroom.break-empty"))
    if vehicle.time_window is None:
        return
    begin, end = vehicle.time_window
    for earliest, latest in pause.time_windows:
        if max(earliest, begin) > min(latest, end - pause.service):
            words = say("fault.vroom.break-outside")
            yield Located(place, FaultCode.OUT_OF_RANGE, words)


def _extent(document: VroomDocument) -> Iterator[Located]:
    """Yield what no roster of one stretch of time can hold."""
    period = period_of(document)
    if (period.last + 1 - period.midnight) * 1000 > LATEST_CLOCK:
        words = say("fault.vroom.too-far-apart")
        yield Located(("jobs",), FaultCode.OUT_OF_RANGE, words)
    elif max(prices_of(document, period).values(), default=0) > LARGEST:
        words = say("fault.vroom.too-many-priorities")
        yield Located(("jobs",), FaultCode.OUT_OF_RANGE, words)


def _windows(document: VroomDocument) -> Iterator[tuple[Location, Window]]:
    for number, vehicle in enumerate(document.vehicles):
        if vehicle.time_window is not None:
            yield ("vehicles", number, "time_window"), vehicle.time_window
        for row, pause in enumerate(vehicle.breaks):
            for window in pause.time_windows:
                yield ("vehicles", number, "breaks", row, "time_windows"), window
    for number, job in enumerate(document.jobs):
        for column, window in enumerate(job.time_windows):
            yield ("jobs", number, "time_windows", column), window


def _tables(document: VroomDocument) -> Iterator[Located]:
    sizes = {len(one.durations) for one in document.tables.values()}
    for profile, matrices in document.tables.items():
        place: Location = ("matrix",) if document.matrix is not None else ("matrices", profile)
        for name, table in (("durations", matrices.durations), ("distances", matrices.distances)):
            if table is None:
                continue
            if len(sizes) > 1 or {len(row) for row in table} | {len(table)} != sizes:
                words = say("fault.vroom.matrix-shape")
                yield Located((*place, name), FaultCode.MATRIX_SHAPE, words)
    if not document.tables:
        return
    for number, vehicle in enumerate(document.vehicles):
        if vehicle.profile not in document.tables:
            words = say("fault.vroom.no-matrices")
            yield Located(("vehicles", number, "profile"), FaultCode.MISSING_MODE, words)


def _places(document: VroomDocument) -> Iterator[Located]:
    has_tables = bool(document.tables)
    size = max((len(one.durations) for one in document.tables.values()), default=0)
    for place, name, point, index in _points(document):
        if not has_tables and point is None:
            words = say("fault.vroom.no-coordinates")
            yield Located((*place, name), FaultCode.MISSING_FIELD, words)
        elif has_tables and index is None:
            words = say("fault.vroom.no-row")
            yield Located((*place, f"{name}_index"), FaultCode.MISSING_FIELD, words)
        elif has_tables and index is not None and index >= size:
            words = say("fault.vroom.row-outside", row=index, rows=size)
            yield Located((*place, f"{name}_index"), FaultCode.INDEX_OUT_OF_RANGE, words)


def _points(
    document: VroomDocument,
) -> Iterator[tuple[Location, str, Point | None, int | None]]:
    """Yield the places that must be there; with matrices a vehicle may leave one end open."""
    has_tables = bool(document.tables)
    for number, vehicle in enumerate(document.vehicles):
        ends = (
            ("start", vehicle.start, vehicle.start_index),
            ("end", vehicle.end, vehicle.end_index),
        )
        is_open = [point is None and index is None for _, point, index in ends]
        for (name, point, index), left_open in zip(ends, is_open, strict=True):
            if not (has_tables and left_open) or all(is_open):
                yield ("vehicles", number), name, point, index
    for number, job in enumerate(document.jobs):
        yield ("jobs", number), "location", job.location, job.location_index


def _loads(document: VroomDocument) -> Iterator[Located]:
    """Yield the capacities that could be exceeded: then a plan would have to count loads."""
    amounts = [amount for job in document.jobs for amount in (job.delivery, job.pickup)]
    longest = max(map(len, amounts), default=0)
    total = [sum(one[k] for one in amounts if k < len(one)) for k in range(longest)]
    for number, vehicle in enumerate(document.vehicles):
        if any(
            k < len(vehicle.capacity) and vehicle.capacity[k] < most for k, most in enumerate(total)
        ):
            yield _not(("vehicles", number, "capacity"), say("fault.vroom.capacity"))
