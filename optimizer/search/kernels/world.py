"""The tables a searching worker writes to, and which number stands in which column.

Compiled functions pay for every array they are handed, so the problem and the state are
packed into few tables: one row per node (a task, a start depot, an end depot), whose first
columns change and whose others do not; one row per route; one row per account; and one
list of settings, totals and counters. `new_world` builds them from the frozen arrays.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy import int16, int32, int64
from numpy.typing import NDArray

from optimizer.problem import layout as at

BIG = at.BIG
FORBIDDEN = 1 << 60
"A price nobody pays."

# Columns of `World.node` that change; the undo log keeps these.
START, EASY, LIMIT, NEXT, PREV, ROUTE, HOP, CARE = range(8)
CHANGING = 8
# Columns that stay: the task table, then where its ties, spacings and routes are listed.
(
    EARLIEST,
    DUE,
    LATEST,
    FULL,
    SHORT,
    PLACE,
    ROW,
    LEVEL,
    CLIENT,
    PAYER,
    COUNTS,
    PUBLISHED,
    PUBLISHED_DAY,
    UNIT,
    VISIT,
    CARER,
) = range(8, 24)
TIE_FROM, TIE_UNTIL, SPACE_FROM, SPACE_UNTIL, ROW_FROM, ROW_UNTIL, PRIZE, FAR = range(24, 32)
NODE_COLUMNS = 32

# Columns of `World.way`: what changes, then the route table, then the accounts.
COUNT, PAUSE, IDLE, SPARE = range(4)
OPEN, CLOSE, CLOSE_HARD, HOME, END, MODE, CAREGIVER, DAY, WEEK, DATE = range(4, 14)
BREAK_FROM, BREAK_TO, BREAK_LENGTH, LONGEST, LIMITED = range(14, 19)
BETWEEN_RATE, HOME_RATE, MILEAGE, OVERTIME_RATE, FEN_RATE = range(19, 24)
DAY_ACCOUNT, STOP_ACCOUNT, WEEK_ACCOUNT, CARE_ACCOUNT = range(24, 28)
WAY_COLUMNS = 28

# Columns of `World.account`.
VALUE, SOFT, HARD, PRICE = range(4)

# Columns of `World.tie` and `World.space`.
TO, OUT, IN, DIFFER = range(4)
LEAST, MOST = 1, 2

# Entries of `World.g`: the weights and switches of the problem, then totals and counters.
(
    W_LATE,
    W_WORST,
    W_WAIT,
    W_OVERTIME,
    W_SHORT,
    W_CONTINUITY,
    W_BALANCE,
    W_SHARE,
    W_STAFF,
    W_DISRUPTION,
    FLAT,
    TOLERANCE,
    TICKS_PER_MINUTE,
    HAS_CONTRACTS,
    HAS_METRES,
    HAS_SHORT,
    HAS_LEVELS,
    HAS_PAYERS,
    PUSH_RATE,
    PUSH_WORST,
    TASKS,
    ROUTES,
    CONTRACT_ACCOUNTS,
    FACE_ACCOUNTS,
) = range(24)
(
    T_LEGS,
    T_FIXED,
    T_SHORT,
    T_LATE,
    T_WORST,
    T_OVERTIME,
    T_CONTINUITY,
    T_BALANCE,
    T_SHARE,
    T_STAFF,
    T_DISRUPTION,
    T_WAIT,
    T_UNSERVED,
) = range(24, 37)
FIRST_TOTAL, TOTALS = 24, 13
BEFORE_TOTAL = 37
EPOCH, LOGGED, VISIT_STAMP, BROKEN, FALLING, RISING, TARDY, TARDY_STAMP = range(50, 58)
SETTINGS = 64

# Columns of `World.room`, scratch room per node.
SOON, SEEN, QUEUE, QUEUED, LISTED, TARDY_LIST, TARDY_MARK, LOG_MARK = range(8)
ROOM_COLUMNS = 8

# Columns of `World.dirty`: nodes that may start earlier, nodes that may start later.
FALL, RISE = 0, 1

# Columns of the options that `pricing.scan` lists in `World.option`.
KEY, OWN, AT, AFTER, BEFORE, ON, MOVES, PLAIN, PUSH = range(9)
OPTION_COLUMNS = 16

# Rows of `World.pick`: chosen units, absent units, scratch orders, tails of routes.
UNITS, ABSENT, ORDER_ONE, ORDER_TWO, TAIL, TAIL_START, TAIL_CARE, ROUTE_MARK = range(8)
SEED_NODE, SEED_START, FOUND, KEPT = 8, 9, 10, 11
PICKS = 12


class World(NamedTuple):
    """Everything a worker reads and writes; see the column lists of this module.

    With N nodes, m routes, r eligibility rows, C caregivers: `node` ``(N, 32)``, `way`
    ``(m, 28)``, `account` ``(accounts, 4)``, `g` ``(64,)``, `met` ``(clients, C)`` (how
    often a client is served by a caregiver, the history counted once), `price`
    ``(2, r, C)`` in full and shortened, `option` ``(2, options, 16)``, `log`
    ``(entries, 10)``, `room` ``(N + 1, 8)``, `pick` ``(12, …)``.
    """

    node: NDArray[int64]
    way: NDArray[int64]
    account: NDArray[int64]
    g: NDArray[int64]
    met: NDArray[int16]
    tie: NDArray[int64]
    space: NDArray[int64]
    travel: NDArray[int32]
    metres: NDArray[int32]
    price: NDArray[int32]
    row_route: NDArray[int32]
    charged: NDArray[int16]
    unit: NDArray[int64]
    near: NDArray[int32]
    log: NDArray[int64]
    room: NDArray[int64]
    dirty: NDArray[int64]
    option: NDArray[int64]
    pick: NDArray[int64]
    key: NDArray[np.float64]


def new_world(arrays: at.Arrays) -> World:
    """Return the world of a problem in which nobody is visited yet."""
    n, m = len(arrays.task), len(arrays.route)
    nodes = n + 2 * m
    g = np.zeros(SETTINGS, int64)
    g[: at.WEIGHTS] = arrays.weight
    g[TASKS], g[ROUTES] = n, m
    way = np.zeros((m, WAY_COLUMNS), int64)
    way[:, PAUSE] = n + np.arange(m)
    way[:, OPEN : OPEN + at.ROUTE_COLUMNS] = arrays.route
    # Fen per kilometre as cost units per metre and thousand.
    way[:, MILEAGE] *= g[TICKS_PER_MINUTE]
    met = _met(arrays)
    account = _accounts(arrays, way, g, met)
    g[T_UNSERVED] = arrays.prize.sum()
    if g[HAS_CONTRACTS]:
        g[T_SHARE] = g[W_SHARE] * arrays.contract[:, at.SHARE_TARGET].sum()
    ties = int(np.diff(arrays.tie_ptr).max(initial=0))
    options = nodes + 2
    picks = max(2 * len(arrays.unit) + 2, 2 * n + 2, m, 2 * ties + 8, 64)
    pick = np.zeros((PICKS, picks), int64)
    pick[ROUTE_MARK] = -1
    room = np.zeros((nodes + 8, ROOM_COLUMNS), int64)
    room[:, [SEEN, TARDY_MARK, LOG_MARK]] = -1
    return World(
        node=_nodes(arrays),
        way=way,
        account=account,
        g=g,
        met=met,
        tie=_table(arrays.tie_to, arrays.tie_out, arrays.tie_in, arrays.tie_differ),
        space=_table(arrays.space_to, arrays.space_lo, arrays.space_hi),
        travel=arrays.travel,
        metres=arrays.metres,
        price=np.stack([arrays.price, arrays.price_short]),
        row_route=arrays.row_route,
        charged=arrays.charged,
        unit=arrays.unit,
        near=arrays.near,
        log=np.zeros((40 * nodes + 8192, CHANGING + 2), int64),
        room=room,
        dirty=np.zeros((16 * nodes + 8 * len(arrays.tie_to) + 256, 2), int64),
        option=np.zeros((2, options, OPTION_COLUMNS), int64),
        pick=pick,
        key=np.zeros(picks, np.float64),
    )


def _table(*columns: NDArray[np.generic]) -> NDArray[int64]:
    return np.stack([c.astype(int64) for c in columns], axis=1).reshape(-1, len(columns))


def _nodes(arrays: at.Arrays) -> NDArray[int64]:
    n, m = len(arrays.task), len(arrays.route)
    node = np.zeros((n + 2 * m, NODE_COLUMNS), int64)
    node[:, ROUTE] = -1
    tasks = node[:n]
    tasks[:, EARLIEST : EARLIEST + at.TASK_COLUMNS] = arrays.task
    tasks[:, CARE] = arrays.task[:, at.FULL]
    tasks[:, TIE_FROM], tasks[:, TIE_UNTIL] = arrays.tie_ptr[:-1], arrays.tie_ptr[1:]
    tasks[:, SPACE_FROM], tasks[:, SPACE_UNTIL] = arrays.space_ptr[:-1], arrays.space_ptr[1:]
    row = arrays.task[:, at.ROW]
    tasks[:, ROW_FROM], tasks[:, ROW_UNTIL] = arrays.row_ptr[row], arrays.row_ptr[row + 1]
    tasks[:, PRIZE] = arrays.prize
    tasks[:, FAR] = arrays.far
    number = np.arange(m)
    begin, end = node[n : n + m], node[n + m :]
    begin[:, START] = arrays.route[:, at.OPEN]
    begin[:, EASY] = begin[:, LIMIT] = BIG
    begin[:, NEXT], begin[:, PREV], begin[:, ROUTE] = n + m + number, -1, number
    begin[:, PLACE] = arrays.route[:, at.HOME]
    end[:, START] = arrays.route[:, at.OPEN]
    end[:, EASY] = end[:, DUE] = arrays.route[:, at.CLOSE]
    end[:, LIMIT] = end[:, LATEST] = arrays.route[:, at.CLOSE_HARD]
    end[:, NEXT], end[:, PREV], end[:, ROUTE] = -1, n + number, number
    end[:, PLACE] = arrays.route[:, at.END]
    return node


def _met(arrays: at.Arrays) -> NDArray[int16]:
    clients = int(arrays.task[:, at.CLIENT].max(initial=-1)) + 1
    if len(arrays.familiar):
        clients = max(clients, int(arrays.familiar[:, 0].max()) + 1)
    met = np.zeros((clients, arrays.price.shape[1]), int16)
    met[arrays.familiar[:, 0], arrays.familiar[:, 1]] = 1
    return met


def _accounts(
    arrays: at.Arrays, way: NDArray[int64], g: NDArray[int64], met: NDArray[int16]
) -> NDArray[int64]:
    """Lay out the accounts: entitlements first, so that a task's payer is its row."""
    far = 1 << 60
    payers = [(0, far, cap, 0) for cap in arrays.payer_cap.tolist()]
    work = [(0, soft, hard, 0) for soft, hard, _ in arrays.day_limit.tolist()]
    stops = [(0, far, most, 0) for _, _, most in arrays.day_limit.tolist()]
    weeks = [(0, soft, hard, 0) for soft, hard in arrays.week_limit.tolist()]
    care = [(0, fair, far, 0) for fair in arrays.fair.tolist()]
    contracts = [
        entry
        for cap, visits, money, price, share in arrays.contract.tolist()
        for entry in ((0, share, cap, 0), (0, far, visits, 0), (0, far, money, price))
    ]
    faces = [(int(count), far, far, 0) for count in (met > 0).sum(axis=1)]
    first = np.cumsum([0, *map(len, (payers, work, stops, weeks, care, contracts))])
    way[:, DAY_ACCOUNT] = first[1] + way[:, DAY]
    way[:, STOP_ACCOUNT] = first[2] + way[:, DAY]
    way[:, WEEK_ACCOUNT] = first[3] + way[:, WEEK]
    way[:, CARE_ACCOUNT] = first[4] + way[:, CAREGIVER]
    g[CONTRACT_ACCOUNTS], g[FACE_ACCOUNTS] = first[5], first[6]
    rows = [*payers, *work, *stops, *weeks, *care, *contracts, *faces]
    return np.array(rows, int64).reshape(-1, 4)
