"""The shape of a compiled problem: which number stands in which column.

Everything is a whole number: times and travel in ticks since midnight of the route's
day, costs in ticks of travel. Tasks are the carers' parts of visits (a two-carer visit is
two tasks), in the order of the scenario; routes are caregiver-days. Nodes are the tasks
``0 … n-1``, the routes' start depots ``n … n+m-1`` and their end depots ``n+m … n+2m-1``.
"""

from __future__ import annotations

from typing import NamedTuple

from numpy import int8, int16, int32, int64
from numpy.typing import NDArray

from optimizer.domain.policy import Term

BIG = 1 << 29
"Later than any time of a day; a barred time; two of them still fit into 32 bits."

# Columns of `Arrays.task`.
EARLIEST, DUE, LATEST, FULL, SHORT, PLACE, ROW, LEVEL = 0, 1, 2, 3, 4, 5, 6, 7
CLIENT, PURSE_FROM, PURSE_UNTIL, PUBLISHED, PUBLISHED_DAY = 8, 9, 10, 11, 12
UNIT, VISIT, CARER = 13, 14, 15
TASK_COLUMNS = 16

# Columns of `Arrays.route`.
OPEN, CLOSE, CLOSE_HARD, HOME, END, MODE, CAREGIVER, DAY, WEEK, DATE = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
BREAK_FROM, BREAK_TO, BREAK_LENGTH, LONGEST, LIMITED = 10, 11, 12, 13, 14
BETWEEN_RATE, HOME_RATE, MILEAGE, OVERTIME_RATE, FEN_RATE, STAFF = 15, 16, 17, 18, 19, 20
NIGHT, MONTH = 21, 22
ROUTE_COLUMNS = 23

# Columns of `Arrays.tariff`.
PER_STOP, PER_HOUR = 0, 1

# Columns of `Arrays.purse`.
ACCOUNT, PERIOD, BY_CARE, ONCE, RATE = 0, 1, 2, 3, 4

# Columns of `Arrays.contract`, `day_limit`, `week_limit`, `month_limit` and `streak`.
CAP_CARE, CAP_VISITS, CAP_MONEY, SHARE_TARGET = 0, 1, 2, 3
SOFT, HARD, STOPS, DAYS, NIGHTS = 0, 1, 2, 2, 3
MOST_DAYS, DAYS_BEFORE, MOST_NIGHTS, NIGHTS_BEFORE, ENOUGH_DAYS, ENOUGH_NIGHTS = 0, 1, 2, 3, 4, 5

# Kinds of units, `Arrays.unit[:, 2]`.
SINGLE, BOTH_OR_NONE, IN_SEQUENCE = 0, 1, 2

# Entries of `Arrays.weight`: the weights of the terms that are counted while routes change.
WEIGHED = (
    Term.LATENESS,
    Term.WORST_LATENESS,
    Term.WAITING,
    Term.OVERTIME,
    Term.SHORTENED,
    Term.CONTINUITY,
    Term.BALANCE,
    Term.SHARE,
    Term.STAFF_USED,
    Term.DISRUPTION,
    Term.RESPONSIBLE,
    Term.PURCHASE,
    Term.BURDENS,
    Term.STREAKS,
)
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
) = range(len(WEIGHED))
FLAT, TOLERANCE, TICKS_PER_MINUTE = 14, 15, 16
HAS_CONTRACTS, HAS_METRES, HAS_SHORT, HAS_LEVELS, HAS_PAYERS = 17, 18, 19, 20, 21
PUSH_RATE, PUSH_WORST = 22, 23
WEIGHTS = 24


class Arrays(NamedTuple):
    """A compiled problem; all arrays are read-only.

    With n tasks, m routes, u units, C caregivers, P places, r eligibility rows:

    ========== ============== =======================================================
    field      shape          content
    ========== ============== =======================================================
    task       (n, 16)        windows, durations, place, indices (columns above)
    route      (m, 23)        shift, depots, break, limits, rates, whether it is a night shift
                              (columns above)
    travel     (modes, P, P)  ticks
    travel_from (modes, P, P) ``travel_from[mode, b, a] == travel[mode, a, b]``: from all
                              places to one in a row; `travel` itself if that is symmetric
    metres     (P, P)         metres, or (1, 1) where no mileage is paid
    row_ptr    (r + 1)        per row, the slice of `row_route` with the allowed routes
    row_route  (…)            route indices, ascending
    allowed    (r, m)         1 where the row's tasks may be on the route, else 0
    price      (r, C)         fixed cost of the task by this caregiver in full; -1 barred
    price_short (r, C)        the same for the shortened visit
    day_price  (r, dates)     what the day costs beside, where others are wished for
    covered    (r, m)         list of contracts that cover the stop, -1 none; (1, 1) where
                              no cap or share is
    cover_ptr  (lists + 1)    slices of `cover`
    cover      (entries)      contracts of each list, in file order
    contract   (contracts, 4) caps, share target
    tariff_of  (n)            which tariff a task has
    tariff     (tariffs, contracts × dates, 2) fen per stop, and hundredths of a fen per hour of
                              care, under each contract on each day; (1, 1, 2) where no contract
                              is counted
    purse      (charges, 5)   what a task charges to an entitlement: its first account, its
                              kind of period, 1 if it counts ticks of care, else visits or
                              fen per stop and fen per hour of care
    period     (3, dates)     number of the horizon, calendar week and month per date
    payer_cap  (accounts)     caps per entitlement and period, in ticks, visits or fen
    day_limit  (days, 3)      work above which overtime counts, work limit, most stops
    week_limit (weeks, 4)     the same for calendar weeks, with most days and nights worked
    month_limit (months, 2)   overtime of days above which it counts once more, and most of it,
                              per caregiver and calendar month; none where there is no limit
    streak     (C, 6)         most days in a row, those before the first one, and the same of
                              nights; days, and nights, in a row after which more count
    calendar   (C, dates)     number of the caregiver's day, -1 without a shift; (1, 1) where
                              days in a row have no limit
    fair       (C)            fair share of care in ticks
    face_price (clients)      cost of one step of the client's continuity scale
    face_cap   (clients)      most different caregivers who may come to the client
    own_carer  (clients, 2)   the responsible caregiver, -1 for none, and how many visits are due
    hard       (n)            1 where the task is of a hard visit, else 0
    evening    (n)            1 where the task is of a visit of the evening, else 0
    weekend    (dates)        1 on a Saturday or Sunday, else 0
    tie_*      CSR over tasks coupled tasks: ``start[to] >= start[task] + out`` and
                              ``start[task] >= start[to] + in``; -BIG where there is none
    space_*    CSR over tasks tasks to keep `lo` to `hi` days apart, `side` 1 if the other one
                              is to be later, -1 if earlier, 0 if either will do
    unit       (u, 3)         tasks inserted at once (second -1 if single), kind
    prize      (n)            cost if the task is not given
    near       (n, k)         nearest tasks first, by travel and time of day
    near_route (n, h)         allowed routes with the nearest homes, nearest first, spread
                              over the days; h is at most 24, -1 where there are no more
    far        (n)            median travel to the other tasks
    weight     (24)           weights and switches (entries above)
    familiar   (pairs, 2)     client, caregiver pairs of the history
    rest       (pairs, 3)     earlier route, later route of one caregiver, and by how much the
                              departure of the later one exceeds coming back from the earlier
    ========== ============== =======================================================
    """

    task: NDArray[int64]
    route: NDArray[int64]
    travel: NDArray[int32]
    travel_from: NDArray[int32]
    metres: NDArray[int32]
    row_ptr: NDArray[int64]
    row_route: NDArray[int32]
    allowed: NDArray[int8]
    price: NDArray[int32]
    price_short: NDArray[int32]
    day_price: NDArray[int32]
    covered: NDArray[int16]
    cover_ptr: NDArray[int64]
    cover: NDArray[int64]
    contract: NDArray[int64]
    tariff_of: NDArray[int32]
    tariff: NDArray[int64]
    purse: NDArray[int64]
    period: NDArray[int64]
    payer_cap: NDArray[int64]
    day_limit: NDArray[int64]
    week_limit: NDArray[int64]
    month_limit: NDArray[int64]
    streak: NDArray[int64]
    calendar: NDArray[int32]
    fair: NDArray[int64]
    face_price: NDArray[int64]
    face_cap: NDArray[int64]
    own_carer: NDArray[int64]
    hard: NDArray[int8]
    evening: NDArray[int8]
    weekend: NDArray[int8]
    tie_ptr: NDArray[int64]
    tie_to: NDArray[int64]
    tie_out: NDArray[int64]
    tie_in: NDArray[int64]
    tie_differ: NDArray[int8]
    space_ptr: NDArray[int64]
    space_to: NDArray[int64]
    space_lo: NDArray[int64]
    space_hi: NDArray[int64]
    space_side: NDArray[int64]
    unit: NDArray[int64]
    prize: NDArray[int64]
    near: NDArray[int32]
    near_route: NDArray[int32]
    far: NDArray[int64]
    weight: NDArray[int64]
    familiar: NDArray[int64]
    rest: NDArray[int64]
