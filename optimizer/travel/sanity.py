"""Is the travel believable? Warnings about it, never refusals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy import bool_, float64, int64
from numpy.typing import NDArray

from optimizer.domain.place import DEFAULT_SPEEDS, MatrixTravel, Mode
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.travel.geodesic import distances, positions
from optimizer.travel.matrix import TravelMatrices
from optimizer.travel.reach import UNREACHABLE

SAMPLE = 200
"Places whose triangles are checked, in a moment; of more places, evenly chosen ones."
UNIT_RATIO = 20
"Seconds or hours given for minutes are wrong by 60; no real traffic is wrong by 20."
NEAR, FAR = 500, 2000
"Metres in a straight line; over less the door, or a detour, decides how fast a journey is."
PLAUSIBLE: dict[Mode, tuple[float, float]] = {
    Mode.WALK: (1.0, 8.0),
    Mode.EBIKE: (2.5, 30.0),
    Mode.BUS: (2.5, 80.0),
    Mode.CAR: (3.0, 120.0),
}
"Lowest (from `FAR`) and highest (from `NEAR`) straight-line speed in km/h, door to door."


def check_travel(matrices: TravelMatrices, scenario: Scenario) -> tuple[Fault, ...]:
    """Look for travel that cannot be meant.

    Of a large scenario only some places, evenly spread over the file, are compared with
    each other; unreachable journeys are always all counted. The same scenario always gives
    the same warnings.

    Returns
    -------
    tuple of Fault
        At most one per mode and code: ``travel-unreachable``, ``travel-units``,
        ``travel-fast``, ``travel-slow``, ``travel-asymmetric``, ``travel-triangle``.
    """
    names = _names(matrices, scenario)
    count = len(matrices.places)
    chosen = np.unique(np.linspace(0, count - 1, min(count, SAMPLE)).astype(int64))
    points = positions([matrices.places[p] for p in chosen])
    straight = distances(points, points)
    faults: list[Fault] = []
    for mode, ticks in matrices.ticks.items():
        faults.extend(_unreachable(matrices, scenario, mode, names))
        view = _View(
            mode=mode,
            path=_path(scenario, mode),
            names=[names[p] for p in chosen],
            ticks=ticks[np.ix_(chosen, chosen)].astype(int64),
            straight=straight,
            minute=scenario.ticks_per_minute,
        )
        faults.extend(_speeds(view))
        # Worked out from coordinates, these can only come from a zone, and are meant then.
        if isinstance(scenario.travel, MatrixTravel):
            faults.extend(_asymmetric(view))
            faults.extend(_triangle(view))
    return tuple(faults)


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """What the checks see of one mode: some places, times in ticks, distances in metres."""

    mode: Mode
    path: str
    names: list[str]
    ticks: NDArray[int64]
    straight: NDArray[float64]
    minute: int

    @property
    def reachable(self) -> NDArray[bool_]:
        """Journeys that can be made, to somewhere else."""
        return (self.ticks < UNREACHABLE) & ~np.eye(len(self.ticks), dtype=bool_)

    def warn(self, code: str, message: str) -> Fault:
        """Return a warning about this mode."""
        return Fault(path=self.path, code=code, message=message)

    def way(self, frm: int, to: int) -> str:
        """Describe one journey."""
        minutes = self.ticks[frm, to] / self.minute
        return f"{self.names[frm]} to {self.names[to]} ({minutes:.1f} minutes)"


def _unreachable(
    matrices: TravelMatrices, scenario: Scenario, mode: Mode, names: list[str]
) -> Iterator[Fault]:
    cut = matrices.ticks[mode] >= UNREACHABLE
    count = int(np.count_nonzero(cut))
    if count == 0:
        return
    frm, to = np.unravel_index(int(cut.argmax()), cut.shape)
    others = len(cut) - 1
    lonely = (cut.sum(axis=0) == others) | (cut.sum(axis=1) == others)
    message = f"Journeys by {mode} that cannot be made: {count}, first {names[frm]} to {names[to]}"
    if lonely.any():
        message += (
            f"; places that cannot be left or reached at all: {int(lonely.sum())}, first "
            f"{names[int(lonely.argmax())]}"
        )
    yield Fault(
        path=_path(scenario, mode),
        code="travel-unreachable",
        message=message + "; check that they are meant to be unreachable.",
    )


def _speeds(view: _View) -> Iterator[Fault]:
    measured = view.reachable & (view.straight >= NEAR)
    if not measured.any():
        return
    hours = np.maximum(view.ticks, 0.5) / view.minute / 60
    kmh = np.where(measured, view.straight / 1000 / hours, np.nan)
    usual = DEFAULT_SPEEDS[view.mode].kmh
    median = float(np.nanmedian(kmh))
    if not usual / UNIT_RATIO <= median <= usual * UNIT_RATIO:
        given = "seconds" if median < usual else "hours"
        yield view.warn(
            "travel-units",
            f"The middle journey by {view.mode} goes at {median:.2g} km/h in a straight line; "
            f"check that times are in minutes, not in {given}.",
        )
        return
    slowest, fastest = PLAUSIBLE[view.mode]
    fast = np.nan_to_num(kmh, nan=0.0)
    slow = np.where(view.straight >= FAR, np.nan_to_num(kmh, nan=np.inf), np.inf)
    yield from _outliers(view, "travel-fast", fast, fast > fastest, f"faster than {fastest:g}")
    yield from _outliers(view, "travel-slow", -slow, slow < slowest, f"slower than {slowest:g}")


def _outliers(
    view: _View, code: str, badness: NDArray[float64], odd: NDArray[bool_], limit: str
) -> Iterator[Fault]:
    if odd.any():
        frm, to = np.unravel_index(int(badness.argmax()), badness.shape)
        yield view.warn(
            code,
            f"Journeys by {view.mode} {limit} km/h in a straight line: {int(odd.sum())}, "
            f"worst {view.way(int(frm), int(to))}; check times and coordinates.",
        )


def _asymmetric(view: _View) -> Iterator[Fault]:
    both = view.reachable & view.reachable.T
    surplus = np.where(both, view.ticks - view.ticks.T, 0)
    odd = (surplus > 5 * view.minute) & (2 * surplus > view.ticks.T)
    if odd.any():
        frm, to = np.unravel_index(int(np.where(odd, surplus, 0).argmax()), odd.shape)
        yield view.warn(
            "travel-asymmetric",
            f"Journeys by {view.mode} over half as long again as the way back: {int(odd.sum())}, "
            f"worst {view.way(int(frm), int(to))}; check that rows are from and columns are to.",
        )


def _triangle(view: _View) -> Iterator[Fault]:
    detour = view.ticks.copy()
    for over in range(len(detour)):
        np.minimum(detour, detour[:, over, None] + detour[over], out=detour)
    surplus = np.where(view.reachable, view.ticks - detour, 0)
    odd = (surplus > view.minute) & (20 * surplus > view.ticks)
    if odd.any():
        frm, to = np.unravel_index(int(np.where(odd, surplus, 0).argmax()), odd.shape)
        saved = surplus[frm, to] / view.minute
        yield view.warn(
            "travel-triangle",
            f"Journeys by {view.mode} that are shorter over other places: {int(odd.sum())}, "
            f"worst {view.way(int(frm), int(to))}, by {saved:.1f} minutes; check these times.",
        )


def _path(scenario: Scenario, mode: Mode) -> str:
    """Return where the document says how long journeys of a mode take."""
    spec = scenario.travel
    if isinstance(spec, MatrixTravel):
        return f"travel.minutes.{mode}"
    return f"travel.speeds.{mode}" if mode in spec.speeds else "travel"


def _names(matrices: TravelMatrices, scenario: Scenario) -> list[str]:
    """Name each place by the first who lives there, or whose shifts end there."""
    named = {client.home: client.id for client in reversed(scenario.clients)}
    for caregiver in scenario.caregivers:
        named.setdefault(caregiver.home, caregiver.id)
    for caregiver in scenario.caregivers:
        if caregiver.end_place is not None:
            named.setdefault(caregiver.end_place, f"the end place of {caregiver.id}")
    return [named.get(place, "somewhere") for place in matrices.places]
