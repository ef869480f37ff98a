"""The tables a searching worker writes to, and what their fields and entries mean.

The problem and the state are packed into few tables: one record per node (a task, a start
depot, an end depot), whose first fields change and whose others do not; one record per route;
one record per account; and one list of settings, totals and counters. `new_world` builds them
from the frozen arrays. Compiled functions are handed all of them as one address (see `handle`),
so kernels take the world and not its tables; what is compiled into its callers may take both.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy import int8, int16, int32, int64
from numpy.typing import NDArray

from optimizer.problem import layout as at
from optimizer.search.kernels.handle import register, table_of
from optimizer.search.kernels.records import Records, fields_of, filled, records

BIG = at.BIG
FORBIDDEN = int64(1 << 60)
"A price nobody pays."
NONE = 2**32 - 1
"No node: before a start depot, behind an end depot."


# A row per node: first what changes, on one cache line with the task's times; then what
# stays, with the slices of its coupling arcs, spacings and allowed routes. `travel` is the
# journey to the next node, in ticks. Indices that are never negative are unsigned: compiled code
# then need not ask whether they count from the end.
NODE = fields_of(
    "i4 start easy limit",
    "u4 next prev",
    "i4 route travel care earliest due latest full short",
    "u4 place row",
    "i4 level client purse_from purse_until published published_day unit visit carer",
    # 128 bytes: an index is turned into an address by a shift.
    "i4 arc_from arc_until space_from space_until row_from row_until far soonest",
)
TASK_FIELDS = (NODE.names or ())[8:24]
"Fields of a node in the order of the columns of `Arrays.task`."
BEST_NODE = fields_of("i4 start route care earliest contract", "u4 next")

# A row per route: what changes, the route table, its accounts. Rates are as large as weights.
ROUTE = fields_of(
    "i4 count",
    "u4 break_after",
    "i8 waited",
    "i4 open close close_hard",
    "u4 home end mode caregiver day week",
    "i4 date break_from break_to break_length longest",
    "i8 limited between_rate home_rate mileage overtime_rate fen_rate staff",
    "u4 night month",
    "u4 day_account stop_account week_account care_account",
)
ROUTE_FIELDS = (ROUTE.names or ())[3:26]
"Fields of a route in the order of the columns of `Arrays.route`."
BEST_ROUTE = fields_of("i4 count", "u4 break_after")

ACCOUNT = fields_of("i8 value soft hard price")
# A coupling arc has its other task, ``start[to] >= start + out`` and ``start >= start[to] + back``.
ARC = fields_of("u4 to", "i4 out back differ")
# Side 1: the other task is to be later, -1: earlier, 0: either.
SPACE = fields_of("u4 to", "i4 least most side")
# What a task charges to an entitlement; the account is that of the first period.
PURSE = fields_of("i8 account period by_care once rate")
# Routes that the rest between two days binds: per route those after it, then those before it.
REST = fields_of("u4 to", "i4 gap")
REST_OF = fields_of("i4 after_from after_until before_from before_until")
# The undo log: of each kind of entry only its own fields are written; `value` is that of an
# account, of a node its earliest start, and of a route what its waiting costs.
LOG = fields_of(
    "i8 value",
    "u4 kind who next prev break_after caregiver",
    "i4 start easy limit route travel care contract count",
)
# Scratch entries per node: queues, lists and marks of propagation.
SCRATCH = fields_of("i8 soon seen queued tardy_mark log_mark", "u4 queue listed tardy_list")
# Nodes that may start earlier, nodes that may start later.
DIRTY = fields_of("u4 fall rise")
# The places that `scan` lists.
OPTION = fields_of("i8 key own plain", "i4 at push", "u2 moves waits", "u4 after before on")
# Of a route whose waiting is looked at, per node: see `waiting`.
PACKED = fields_of("i8 start past free")

# Entries of `World.g`: the weights and switches of the problem, then totals and counters.
# `T_EXTRA_WORTH` is no cost: what unserved visits are worth beyond their price (see `unserved`);
# nor is `T_SLOPE`, by which the search is led to few caregivers per client.
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
    W_RESPONSIBLE,
    W_PURCHASE,
    W_BURDENS,
    W_STREAKS,
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
) = range(28)
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
    T_RESPONSIBLE,
    T_BURDENS,
    T_STREAKS,
    T_WAIT,
    T_UNSERVED,
    T_EXTRA_WORTH,
    T_SLOPE,
) = range(28, 46)
FIRST_TOTAL, TOTALS = 28, 18
BEFORE_TOTAL = 46
EPOCH, LOGGED, VISIT_STAMP, BROKEN, FALLING, RISING, TARDY, TARDY_STAMP, TOUCHED = range(64, 73)
# `DAY_COLUMN`: where in `price` those of the days begin; 0 where no day costs anything.
# `W_SLOPE`: see `accounts.slope`; set by the worker.
# `COMER_ACCOUNTS`: how many different caregivers come, by client; 0 where any number may.
# `HAS_DAY_LIMITS`: of days or nights of a week or in a row, or rows that cost something;
# `HAS_STREAKS`: of those in a row.
# `NIGHT_ACCOUNTS`: stops on night shifts, by day; `WEEK_NIGHT_ACCOUNTS`: nights worked, by week;
# `MONTH_ACCOUNTS`: overtime of days, by month; 0 where there is no such limit.
# `BURDEN_ACCOUNTS`: the `BURDENS` of each caregiver: hard visits, those of evenings, of weekends.
HAS_REST, PUSH_CAP, HAS_DAY_LIMITS, DAY_COLUMN, W_SLOPE, COMER_ACCOUNTS = range(73, 79)
HAS_STREAKS, NIGHT_ACCOUNTS, WEEK_NIGHT_ACCOUNTS, MONTH_ACCOUNTS, BURDEN_ACCOUNTS = range(79, 84)
SETTINGS = 88
BURDENS = 3

# Rows of `World.pick`: chosen units, unserved units, scratch orders, tails of routes, the nodes
# and starts of delays, the place found and the best one kept, routes to look at, where a unit
# stands among the unserved ones, units listed already, the steps that last touched a route, the
# routes touched in this step, the steps before which a unit was unserved.
UNITS, UNSERVED, ORDER_ONE, ORDER_TWO, TAIL, TAIL_START, TAIL_CARE, ROUTE_MARK = range(8)
SEED_NODE, SEED_START, FOUND, KEPT, TRY, TRY_MARK, UNSERVED_AT, UNIT_MARK = range(8, 16)
TOUCHED_AT, TOUCHED_ROUTE, UNSERVED_BEFORE = range(16, 19)
PICKS = 19


# Entries of `tally`, a worker's counters and costs.
(
    CURRENT,
    BEST,
    ITERATIONS,
    ACCEPTED,
    IMPROVED,
    ABANDONED,
    INSERTED,
    BROKEN_STEPS,
    STAMP,
    OVERFLOWN,
) = range(10)
TALLY = 10


class World(NamedTuple):
    """Everything a worker reads and writes; the record types of this module name the fields.

    With N nodes, n tasks, m routes, r eligibility rows, C caregivers: `node` ``(N,)``, `route`
    ``(m,)``, `account` ``(accounts,)``, `g` ``(88,)``, `met` ``(clients, C)`` (how often a
    client is served by a caregiver, the history counted once), `known` alike (1 for the history),
    `price` ``(2, r, C)`` in full and shortened (behind them those of the days, if any costs
    something), `prize` ``(n,)`` and `worth` ``(n,)`` (price of being unserved, without and with
    what `unserved` adds), `contract` ``(N,)`` (what a stop is charged to, -1 for none),
    `option` ``(2, options)``, `log` ``(entries,)``, `scratch` ``(N + 8,)``, `pick` ``(19, …)``.
    `table` says where they all are, see `handle`. The others are those of `Arrays`.
    """

    node: Records
    route: Records
    account: Records
    g: NDArray[int64]
    met: NDArray[int16]
    known: NDArray[int16]
    own_carer: NDArray[int64]
    hard: NDArray[int8]
    evening: NDArray[int8]
    weekend: NDArray[int8]
    arc: Records
    space: Records
    purse: Records
    period: NDArray[int64]
    streak: NDArray[int64]
    calendar: NDArray[int32]
    rest: Records
    rest_of: Records
    packed: Records
    travel: NDArray[int32]
    travel_from: NDArray[int32]
    metres: NDArray[int32]
    price: NDArray[int32]
    prize: NDArray[int64]
    worth: NDArray[int64]
    row_route: NDArray[int32]
    allowed: NDArray[int8]
    near_route: NDArray[int32]
    covered: NDArray[int16]
    cover_ptr: NDArray[int64]
    cover: NDArray[int64]
    tariff_of: NDArray[int32]
    tariff: NDArray[int64]
    contract: NDArray[int32]
    unit: NDArray[int64]
    near: NDArray[int32]
    log: Records
    scratch: Records
    dirty: Records
    option: Records
    pick: NDArray[int64]
    key: NDArray[np.float64]
    table: NDArray[int64]

    @property
    def address(self) -> int:
        """Return where the table lies: all that compiled code is handed."""
        return self.table.ctypes.data


register(World)


def new_world(arrays: at.Arrays) -> World:
    """Return the world of a problem in which nobody is visited yet."""
    n, m = len(arrays.task), len(arrays.route)
    nodes = n + 2 * m
    g = np.zeros(SETTINGS, int64)
    g[: at.WEIGHTS] = arrays.weight
    g[TASKS], g[ROUTES] = n, m
    g[PUSH_CAP] = FORBIDDEN
    if g[W_DISRUPTION] > 0 and (arrays.task[:, at.PUBLISHED] >= 0).any():
        # Leaving the published time costs once, however late.
        g[PUSH_CAP], g[PUSH_WORST] = g[W_DISRUPTION], 0
    route = records(m, ROUTE)
    route.break_after = n + np.arange(m)
    for column, name in enumerate(ROUTE_FIELDS):
        route[name] = arrays.route[:, column]
    # Fen per kilometre as cost units per metre and thousand.
    route.mileage *= g[TICKS_PER_MINUTE]
    met = _met(arrays)
    account = _accounts(arrays, route, g, met)
    g[T_UNSERVED] = arrays.prize.sum()
    due = int(arrays.own_carer[:, 1].sum())
    g[T_RESPONSIBLE] = g[W_RESPONSIBLE] * due
    if due == 0:
        g[W_RESPONSIBLE] = 0
    if not any(kind.any() for kind in (arrays.hard, arrays.evening, arrays.weekend)):
        g[W_BURDENS] = 0
    if g[HAS_CONTRACTS]:
        g[T_SHARE] = g[W_SHARE] * arrays.contract[:, at.SHARE_TARGET].sum()
    arcs = int(np.diff(arrays.tie_ptr).max(initial=0))
    # Up to four starts are priced at each position.
    options = (4 if g[W_WAIT] > 0 or g[PUSH_CAP] < FORBIDDEN else 1) * nodes + 2
    picks = max(2 * len(arrays.unit) + 2, 2 * n + 2, m, 2 * arcs + 8, 64)
    pick = np.zeros((PICKS, picks), int64)
    pick[[ROUTE_MARK, TRY_MARK, UNSERVED_AT, UNIT_MARK, TOUCHED_AT, UNSERVED_BEFORE]] = -1
    rest, rest_of = _rests(arrays)
    g[HAS_REST] = len(rest) > 0
    g[HAS_STREAKS] = (arrays.streak[:, [at.MOST_DAYS, at.MOST_NIGHTS]] < at.BIG).any()
    days = arrays.week_limit[:, at.DAYS :]
    if not (arrays.streak[:, [at.ENOUGH_DAYS, at.ENOUGH_NIGHTS]] < at.BIG).any():
        g[W_STREAKS] = 0
    g[HAS_DAY_LIMITS] = g[HAS_STREAKS] or g[W_STREAKS] or (days < 7).any()
    price = np.stack([arrays.price, arrays.price_short])
    if arrays.day_price.any():
        g[DAY_COLUMN] = arrays.price.shape[1]
        days = np.stack([arrays.day_price, arrays.day_price])
        price = np.concatenate([price, days], axis=2)
    scratch = records(nodes + 8, SCRATCH)
    scratch.seen = scratch.tardy_mark = scratch.log_mark = -1
    fields: dict[str, NDArray[Any]] = {
        "node": _nodes(arrays),
        "route": route,
        "account": account,
        "g": g,
        "met": met,
        "known": met.copy(),
        "own_carer": arrays.own_carer,
        "hard": arrays.hard,
        "evening": arrays.evening,
        "weekend": arrays.weekend,
        "arc": filled(ARC, arrays.tie_to, arrays.tie_out, arrays.tie_in, arrays.tie_differ),
        "space": filled(
            SPACE, arrays.space_to, arrays.space_lo, arrays.space_hi, arrays.space_side
        ),
        "purse": filled(PURSE, *arrays.purse.T),
        "period": arrays.period,
        "streak": arrays.streak,
        "calendar": arrays.calendar,
        "rest": rest,
        "rest_of": rest_of,
        "packed": records(nodes, PACKED),
        "travel": arrays.travel,
        "travel_from": arrays.travel_from,
        "metres": arrays.metres,
        "price": price,
        "prize": arrays.prize,
        "worth": arrays.prize.copy(),
        "row_route": arrays.row_route,
        "allowed": arrays.allowed,
        "near_route": arrays.near_route,
        "covered": arrays.covered,
        "cover_ptr": arrays.cover_ptr,
        "cover": arrays.cover,
        "tariff_of": arrays.tariff_of,
        "tariff": arrays.tariff,
        "contract": np.full(nodes, -1, np.int32),
        "unit": arrays.unit,
        "near": arrays.near,
        "log": records(40 * nodes + 8192, LOG),
        "scratch": scratch,
        "dirty": records(16 * nodes + 8 * len(arrays.tie_to) + 256, DIRTY),
        "option": records((2, options), OPTION),
        "pick": pick,
        "key": np.zeros(picks, np.float64),
    }
    tables = {name: np.asanyarray(array, order="C") for name, array in fields.items()}
    return World(**tables, table=table_of(tables.values()))


def _nodes(arrays: at.Arrays) -> Records:
    n, m = len(arrays.task), len(arrays.route)
    node = records(n + 2 * m, NODE)
    node.route = -1
    tasks = node[:n]
    for column, name in enumerate(TASK_FIELDS):
        tasks[name] = arrays.task[:, column]
    tasks.care = arrays.task[:, at.FULL]
    tasks.soonest = tasks.earliest
    tasks.arc_from, tasks.arc_until = arrays.tie_ptr[:-1], arrays.tie_ptr[1:]
    tasks.space_from, tasks.space_until = arrays.space_ptr[:-1], arrays.space_ptr[1:]
    row = arrays.task[:, at.ROW]
    tasks.row_from, tasks.row_until = arrays.row_ptr[row], arrays.row_ptr[row + 1]
    tasks.far = arrays.far
    number = np.arange(m)
    begin, end = node[n : n + m], node[n + m :]
    begin.start = arrays.route[:, at.OPEN]
    begin.easy = begin.limit = begin.due = begin.latest = BIG
    begin.next, begin.prev, begin.route = n + m + number, NONE, number
    begin.place = arrays.route[:, at.HOME]
    end.start = arrays.route[:, at.OPEN]
    end.easy = end.due = arrays.route[:, at.CLOSE]
    end.limit = end.latest = arrays.route[:, at.CLOSE_HARD]
    end.next, end.prev, end.route = NONE, n + number, number
    end.place = arrays.route[:, at.END]
    return node


def _rests(arrays: at.Arrays) -> tuple[Records, Records]:
    """List the routes that rests bind, first all later ones, then all earlier ones, and whose."""
    m, pairs = len(arrays.route), arrays.rest
    rest_of = records(m, REST_OF)
    to: list[NDArray[int64]] = []
    gap: list[NDArray[int64]] = []
    base = 0
    for side, names in ((0, ("after_from", "after_until")), (1, ("before_from", "before_until"))):
        order = np.argsort(pairs[:, side], kind="stable")
        ptr = np.searchsorted(pairs[order, side], np.arange(m + 1))
        rest_of[names[0]], rest_of[names[1]] = base + ptr[:-1], base + ptr[1:]
        to.append(pairs[order, 1 - side])
        gap.append(pairs[order, 2])
        base += len(pairs)
    return filled(REST, np.concatenate(to), np.concatenate(gap)), rest_of


def _met(arrays: at.Arrays) -> NDArray[int16]:
    clients = int(arrays.task[:, at.CLIENT].max(initial=-1)) + 1
    if len(arrays.familiar):
        clients = max(clients, int(arrays.familiar[:, 0].max()) + 1)
    met = np.zeros((clients, arrays.price.shape[1]), int16)
    met[arrays.familiar[:, 0], arrays.familiar[:, 1]] = 1
    return met


def _accounts(arrays: at.Arrays, route: Records, g: NDArray[int64], met: NDArray[int16]) -> Records:
    """Lay out the accounts: entitlements first, so that their numbers are rows."""
    far = 1 << 60
    payers = [(0, far, cap, 0) for cap in arrays.payer_cap.tolist()]
    work = [(0, soft, hard, 0) for soft, hard, _ in arrays.day_limit.tolist()]
    stops = [(0, far, most, 0) for _, _, most in arrays.day_limit.tolist()]
    weeks = [
        entry
        for soft, hard, days, _ in arrays.week_limit.tolist()
        for entry in ((0, soft, hard, 0), (0, far, days, 0))
    ]
    care = [(0, fair, far, 0) for fair in arrays.fair.tolist()]
    contracts = [
        entry
        for cap, visits, money, share in arrays.contract.tolist()
        for entry in ((0, share, cap, 0), (0, far, visits, 0), (0, far, money, 0))
    ]
    prices = arrays.face_price.tolist()
    faces = [
        (int(count), far, far, price)
        for count, price in zip((met > 0).sum(axis=1), prices, strict=False)
    ]
    first = np.cumsum([0, *map(len, (payers, work, stops, weeks, care, contracts))])
    route.day_account = first[1] + route.day
    route.stop_account = first[2] + route.day
    route.week_account = first[3] + 2 * route.week  # The days worked follow the work.
    route.care_account = first[4] + route.caregiver
    g[CONTRACT_ACCOUNTS], g[FACE_ACCOUNTS] = first[5], first[6]
    rows = [*payers, *work, *stops, *weeks, *care, *contracts, *faces]
    caps = arrays.face_cap.tolist()
    if any(cap < at.BIG for cap in caps):
        g[COMER_ACCOUNTS] = len(rows)
        rows += [(0, far, cap, 0) for cap in caps]
    nights = arrays.week_limit[:, at.NIGHTS]
    rows_of_nights = arrays.streak[:, [at.MOST_NIGHTS, at.ENOUGH_NIGHTS]]
    if (nights < at.BIG).any() or (rows_of_nights < at.BIG).any():
        g[NIGHT_ACCOUNTS] = len(rows)
        rows += [(0, far, far, 0)] * len(arrays.day_limit)
        g[WEEK_NIGHT_ACCOUNTS] = len(rows)
        rows += [(0, far, most, 0) for most in nights.tolist()]
    if g[W_BURDENS] > 0:
        g[BURDEN_ACCOUNTS] = len(rows)
        rows += [(0, far, far, 0)] * (BURDENS * len(arrays.fair))
    if len(arrays.month_limit):
        g[MONTH_ACCOUNTS] = len(rows)
        rows += [(0, soft, hard, 0) for soft, hard in arrays.month_limit.tolist()]
    return filled(ACCOUNT, *np.array(rows, int64).reshape(-1, 4).T)
