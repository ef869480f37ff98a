"""The tables that kernels read and write; times are in ticks, prices in scaled ones."""

from __future__ import annotations

from typing import NamedTuple

from numpy import bool_, int32, int64, uint8, uint64
from numpy.typing import NDArray

FAR = 1 << 62
"More than anything costs."
NOBODY = -1
HOME = -2
"Not the row of any stop."
CUT_WORDS = 4
"Words of 64 cuts each that a label keeps in mind."


class Day(NamedTuple):
    """One route's nodes, latest start first, and its rates.

    Attributes
    ----------
    row, stage
        Task of each node, and whether it comes after the break.
    ready, latest, first
        Earliest, latest start, and start as the first stop.
    duration, due, time_out
        Care given, a later start is late, and time to the end of the route.
    cost_in, cost_out
        Prices of the legs from and to home.
    reduced
        Price of each node less the dual of its row.
    pause_from, pause_to, pause_length
        When the break may begin, and how long it is; length 0 where none is due.
    close, home_by
        End of the shift, and the latest time of coming back.
    late_price, over_price
        Price of a tick of lateness, and of coming back after `close`.
    cell
        Times are rounded down to ``2**cell`` ticks, which no stop is shorter than.
    """

    row: NDArray[int32]
    stage: NDArray[int32]
    ready: NDArray[int64]
    latest: NDArray[int64]
    first: NDArray[int64]
    duration: NDArray[int64]
    due: NDArray[int64]
    time_out: NDArray[int64]
    cost_in: NDArray[int64]
    cost_out: NDArray[int64]
    reduced: NDArray[int64]
    pause_from: int
    pause_to: int
    pause_length: int
    close: int
    home_by: int
    late_price: int
    over_price: int
    cell: int


class Journeys(NamedTuple):
    """Legs between rows.

    Attributes
    ----------
    ticks, metres
        From row to row; metres ``(1, 1)`` where they cost nothing.
    longest
        Longest journey in ticks.
    between_price
        Price of a tick.
    mileage, fen_price
        Fen-ticks for a thousand metres, and the price of one.
    """

    ticks: NDArray[int32]
    metres: NDArray[int32]
    longest: int
    between_price: int
    mileage: int
    fen_price: int


class Arcs(NamedTuple):
    """Where each node's arcs lead, latest start first, `NOBODY` after the last; ``(q, arcs)``."""

    to: NDArray[int32]
    ticks: NDArray[int32]
    price: NDArray[int64]


class NgSets(NamedTuple):
    """Ng-sets: colour of each row, what is kept going from row to row, and who is in whose set."""

    bit: NDArray[uint64]
    keep: NDArray[uint64]
    near: NDArray[bool_]


class Cuts(NamedTuple):
    """The subset-row cuts that a caregiver's routes meet.

    Attributes
    ----------
    of_row
        Per row, the cuts that hold it, as bits of `CUT_WORDS` words.
    own
        Those that hold the caregiver's own row: they are half filled from the beginning.
    price
        Of each cut, 64 for each word.
    pair_price
        Per pair of rows, half the prices of the cuts that hold both.
    once
        The bits that stand for circles of caregivers instead of cuts: the first of their rows
        pays the price and no other does.
    share
        Per node, what its completion bound pays for its circle although a bit stands for it.
    """

    of_row: NDArray[uint64]
    own: NDArray[uint64]
    price: NDArray[int64]
    pair_price: NDArray[int64]
    once: NDArray[uint64]
    share: NDArray[int64]


class CompletionBounds(NamedTuple):
    """The least cost of every path on from every node and cell of time.

    Attributes
    ----------
    offset
        Where each node's cells begin, shape ``(q + 1,)``.
    best, after, second
        Least cost, the task it goes to next, and the least cost by another next task.
    """

    offset: NDArray[int64]
    best: NDArray[int64]
    after: NDArray[int32]
    second: NDArray[int64]


class Labels(NamedTuple):
    """Partial paths from home, each by its last node.

    Attributes
    ----------
    node, start, cost, came
        Last node, its start, the reduced cost so far, and the label that it continues.
    seen
        Colours remembered.
    half_filled
        The cuts that one row more will fill, and the circles not paid for yet, shape
        ``(labels, CUT_WORDS)``.
    prepaid
        Prices paid for circles, of which completion bounds count a part again.
    barred
        The row that may not come next although the ng-set would allow it.
    dead
        Whether a label dominates it.
    peer, following
        The next label of the same node in the same cell of time, and of any node in it.
    peers, cheapest, dearest
        Per cell of each node, as of `CompletionBounds`, the first label, and the least and most
        cost of all labels that have been in it, dominated ones included.
    cells
        The first label of each cell of time.
    """

    node: NDArray[int32]
    start: NDArray[int32]
    cost: NDArray[int64]
    came: NDArray[int32]
    seen: NDArray[uint64]
    half_filled: NDArray[uint64]
    prepaid: NDArray[int64]
    barred: NDArray[int32]
    dead: NDArray[uint8]
    peer: NDArray[int32]
    following: NDArray[int32]
    peers: NDArray[int32]
    cheapest: NDArray[int64]
    dearest: NDArray[int64]
    cells: NDArray[int32]


class Found(NamedTuple):
    """The best routes: their nodes, number of stops, cost, and the label that each ends with."""

    nodes: NDArray[int32]
    length: NDArray[int32]
    cost: NDArray[int64]
    label: NDArray[int32]
