"""Accounts and the undo log: every booking is written down so that it can be taken back."""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.compiled import kernel, leaf
from optimizer.search.kernels.streak import exceeds_streak, more_in_a_row
from optimizer.search.kernels.world import (
    BROKEN,
    BURDEN_ACCOUNTS,
    BURDENS,
    COMER_ACCOUNTS,
    CONTRACT_ACCOUNTS,
    DAY_COLUMN,
    EPOCH,
    FACE_ACCOUNTS,
    FLAT,
    FORBIDDEN,
    HAS_CONTRACTS,
    HAS_DAY_LIMITS,
    HAS_STREAKS,
    LOGGED,
    MONTH_ACCOUNTS,
    NIGHT_ACCOUNTS,
    T_BALANCE,
    T_BURDENS,
    T_CONTINUITY,
    T_DISRUPTION,
    T_EXTRA_WORTH,
    T_FIXED,
    T_OVERTIME,
    T_RESPONSIBLE,
    T_SHARE,
    T_SHORT,
    T_SLOPE,
    T_STREAKS,
    T_UNSERVED,
    TICKS_PER_MINUTE,
    TOLERANCE,
    TOUCHED,
    TOUCHED_AT,
    TOUCHED_ROUTE,
    W_BALANCE,
    W_BURDENS,
    W_DISRUPTION,
    W_OVERTIME,
    W_PURCHASE,
    W_RESPONSIBLE,
    W_SHARE,
    W_SHORT,
    W_SLOPE,
    W_STREAKS,
    WEEK_NIGHT_ACCOUNTS,
)

LOG_NODE, LOG_ROUTE, LOG_ACCOUNT, LOG_MET = 0, 1, 2, 3


LOG_FULL = 2
"In `BROKEN`: the step was too large to be taken back; the world must be built anew."


@kernel
def new_entry(w, kind, a):
    """Return the row of a new log entry; when the log is full the step must be given up."""
    log = w.log
    g = w.g
    c = g[LOGGED]
    if c == log.shape[0]:
        g[BROKEN] |= LOG_FULL
        return int64(-1)
    log[c].kind = kind
    log[c].who = a
    g[LOGGED] = c + 1
    return c


@kernel
def touch(w, x):
    """Save the changing fields of node `x` before its first change of the step."""
    node = w.node
    scratch = w.scratch
    log = w.log
    g = w.g
    if scratch[x].log_mark != g[EPOCH]:
        c = new_entry(w, LOG_NODE, x)
        if c >= 0:
            scratch[x].log_mark = g[EPOCH]
            log[c].start = node[x].start
            log[c].easy = node[x].easy
            log[c].limit = node[x].limit
            log[c].next = node[x].next
            log[c].prev = node[x].prev
            log[c].route = node[x].route
            log[c].travel = node[x].travel
            log[c].care = node[x].care
            log[c].value = node[x].earliest
            log[c].contract = w.contract[x]


@kernel
def touch_route(w, v):
    """Save the changing fields of route `v` before its first change of the step."""
    route = w.route
    log = w.log
    g = w.g
    pick = w.pick
    if pick[TOUCHED_AT, v] == g[EPOCH]:
        return
    c = new_entry(w, LOG_ROUTE, v)
    if c >= 0:
        pick[TOUCHED_AT, v] = g[EPOCH]
        pick[TOUCHED_ROUTE, g[TOUCHED]] = v
        g[TOUCHED] += 1
        log[c].count = route[v].count
        log[c].break_after = route[v].break_after
        log[c].value = route[v].waited


@kernel
def post(w, a, amount):
    """Add to account `a`; more than its hard limit breaks the state.

    Returns by how much the value above the soft limit has changed.
    """
    account = w.account
    log = w.log
    g = w.g
    before = account[a].value
    c = new_entry(w, LOG_ACCOUNT, a)
    if c < 0:
        return int64(0)
    log[c].value = before
    after = before + amount
    account[a].value = after
    if amount > 0 and after > account[a].hard:
        g[BROKEN] |= 1
    soft = account[a].soft
    return over(after, soft) - over(before, soft)


@leaf
def over(value, limit):
    """Return by how much a value exceeds a limit, 0 if it does not."""
    return value - limit if value > limit else int64(0)


@leaf
def scale(g, faces):
    """Return the continuity scale S: 0 up to the flat part, then the square above it."""
    above = faces - g[FLAT]
    return above * above if above > 0 else int64(0)


@kernel
def post_work(w, v, ticks):
    """Add work to the accounts of the route's day and week, overtime to that of its month."""
    route = w.route
    g = w.g
    if ticks != 0:
        above = post(w, route[v].day_account, ticks)
        if g[MONTH_ACCOUNTS] > 0 and above != 0:
            above += post(w, g[MONTH_ACCOUNTS] + route[v].month, above)
        above += post(w, route[v].week_account, ticks)
        g[T_OVERTIME] += g[W_OVERTIME] * above


@leaf
def slope(g, known):
    """Return what the search counts for one more visit of a client by a caregiver who made `known`.

    The continuity scale falls only when the last visit of a caregiver is gone. Each further visit
    by the same caregiver counting less than the one before, every visit that goes to somebody who
    comes often anyway is a gain, long before that.
    """
    return g[W_SLOPE] // (known + 1)


@kernel
def is_due(w, client, caregiver, more):
    """Return whether one of the visits due from a responsible caregiver is the next one by them.

    With `more` of -1 the question is asked of the last one made.
    """
    if w.own_carer[client, 0] != caregiver:
        return False
    made = int64(w.met[client, caregiver]) - int64(w.known[client, caregiver])
    return made + more < w.own_carer[client, 1]


@kernel
def _post_face(w, k, v, sign):
    """Note that a client is served by a caregiver once more (1) or once less (-1)."""
    node = w.node
    route = w.route
    met = w.met
    account = w.account
    log = w.log
    g = w.g
    client, caregiver = node[k].client, route[v].caregiver
    known = int64(met[client, caregiver])
    c = new_entry(w, LOG_MET, client)
    if c < 0:
        return
    log[c].caregiver = caregiver
    log[c].value = known
    if g[W_RESPONSIBLE] > 0 and is_due(w, client, caregiver, int64(0) if sign > 0 else int64(-1)):
        g[T_RESPONSIBLE] -= sign * g[W_RESPONSIBLE]
    met[client, caregiver] = known + sign
    if g[W_SLOPE] > 0:
        g[T_SLOPE] += slope(g, known) if sign > 0 else -slope(g, known - 1)
    if g[COMER_ACCOUNTS] > 0:
        before_plan = int64(w.known[client, caregiver])
        if known == (before_plan if sign > 0 else before_plan + 1):
            post(w, g[COMER_ACCOUNTS] + client, sign)
    if (sign > 0 and known == 0) or (sign < 0 and known == 1):
        faces = g[FACE_ACCOUNTS] + client
        before = scale(g, account[faces].value)
        post(w, faces, sign)
        g[T_CONTINUITY] += account[faces].price * (scale(g, account[faces].value) - before)


@leaf
def burden_price(w, k, v):
    """Return what `burdens` costs more with task `k` on route `v`.

    The n-th hard visit of a caregiver costs n steps, and so do the n-th visit of an evening and the
    n-th on a weekend.
    """
    first = w.g[BURDEN_ACCOUNTS] + BURDENS * int64(w.route[v].caregiver)
    steps = int64(0)
    if w.hard[k] == 1:
        steps += w.account[first].value + 1
    if w.evening[k] == 1:
        steps += w.account[first + 1].value + 1
    if w.weekend[w.route[v].date] == 1:
        steps += w.account[first + 2].value + 1
    return w.g[W_BURDENS] * steps


@kernel
def _post_burdens(w, k, v, sign):
    """Count a stop among what its caregiver bears, or no longer."""
    first = w.g[BURDEN_ACCOUNTS] + BURDENS * int64(w.route[v].caregiver)
    if sign > 0:
        w.g[T_BURDENS] += burden_price(w, k, v)
    if w.hard[k] == 1:
        post(w, first, sign)
    if w.evening[k] == 1:
        post(w, first + 1, sign)
    if w.weekend[w.route[v].date] == 1:
        post(w, first + 2, sign)
    if sign < 0:
        w.g[T_BURDENS] -= burden_price(w, k, v)


@leaf
def charged_fen(w, k, v, contract, care):
    """Return the fen that a stop of task `k` on route `v` charges to a contract, rounded down."""
    kind = w.tariff_of[k]
    cell = contract * w.period.shape[1] + w.route[v].date
    rate = w.tariff[kind, cell, 1]
    return w.tariff[kind, cell, 0] + rate * care // (6000 * w.g[TICKS_PER_MINUTE])


@leaf
def price_of(g, fen):
    """Return what `purchase` costs for so many fen, in ticks of travel; its weight is per yuan."""
    return g[W_PURCHASE] * fen * g[TICKS_PER_MINUTE] // 100


@leaf
def has_room(w, k, v, contract, care):
    """Return whether a contract still has room for ticks of care of task `k` on route `v`."""
    account = w.account
    first = w.g[CONTRACT_ACCOUNTS] + 3 * contract
    visits = 1 if w.node[k].carer == 1 else 0
    return (
        account[first].value + care <= account[first].hard
        and account[first + 1].value + visits <= account[first + 1].hard
        and account[first + 2].value + charged_fen(w, k, v, contract, care)
        <= account[first + 2].hard
    )


@leaf
def charge_gain(w, k, v, contract, care):
    """Return what the missing share of a contract costs less if it is charged, less its price."""
    share = w.g[CONTRACT_ACCOUNTS] + 3 * contract
    missing = w.account[share].soft - w.account[share].value
    gain = w.g[W_SHARE] * max(int64(0), min(care, missing))
    if w.g[W_PURCHASE] > 0:
        gain -= price_of(w.g, charged_fen(w, k, v, contract, care))
    return gain


@kernel
def _choose_contract(w, k, v, care):
    """Return the contract for task `k` on route `v`, -1 if none is asked for.

    It is the one that `k` wishes for (`load`), or the one with room that gains most, in
    file order; the first of all where none has room.
    """
    covers = int64(w.covered[w.node[k].row, v])
    if covers < 0:
        return int64(-1)
    wish = int64(w.contract[k])
    best, most = int64(-1), -int64(FORBIDDEN)
    for c in range(w.cover_ptr[covers], w.cover_ptr[covers + 1]):
        contract = w.cover[c]
        if not has_room(w, k, v, contract, care):
            continue
        if contract == wish:
            return wish
        gain = charge_gain(w, k, v, contract, care)
        if gain > most:
            best, most = contract, gain
    return best if best >= 0 else w.cover[w.cover_ptr[covers]]


@kernel
def book_contract(w, k, v, contract, sign):
    """Book what the stop of task `k` on route `v` charges a contract (1), or give it back (-1)."""
    g = w.g
    care = int64(w.node[k].care)
    first = g[CONTRACT_ACCOUNTS] + 3 * contract
    share = w.account[first].soft
    before = over(share, w.account[first].value)
    post(w, first, sign * care)
    g[T_SHARE] += g[W_SHARE] * (over(share, w.account[first].value) - before)
    if w.node[k].carer == 1:
        post(w, first + 1, sign)
    fen = charged_fen(w, k, v, contract, care)
    post(w, first + 2, sign * fen)
    g[T_FIXED] += sign * price_of(g, fen)


@kernel
def _post_contract(w, k, v, sign):
    """Charge a stop to a contract that covers it (1), or give back what it has charged (-1)."""
    if sign > 0:
        w.contract[k] = _choose_contract(w, k, v, int64(w.node[k].care))
    contract = int64(w.contract[k])
    if contract >= 0:
        book_contract(w, k, v, contract, sign)
    if sign < 0:
        w.contract[k] = -1


@leaf
def purse_account(w, c, v):
    """Return the account that charge `c` is booked on if its stop is on route `v`."""
    return w.purse[c].account + w.period[w.purse[c].period, w.route[v].date]


@leaf
def purse_amount(w, c, care):
    """Return the ticks, visits or fen that charge `c` amounts to, rounded down to a fen."""
    if w.purse[c].by_care == 1:
        return int64(care)
    return w.purse[c].once + w.purse[c].rate * care // (60 * w.g[TICKS_PER_MINUTE])


@kernel
def _post_day(w, v, sign):
    """Count the day, and night, of route `v` as worked with its first stop (1), until its last."""
    g = w.g
    edge = 1 if sign > 0 else 0
    if w.account[w.route[v].stop_account].value == edge:
        post(w, w.route[v].week_account + 1, sign)
        if g[W_STREAKS] > 0:
            g[T_STREAKS] += sign * g[W_STREAKS] * more_in_a_row(w, v, False)
        if sign > 0 and g[HAS_STREAKS] > 0 and exceeds_streak(w, v, False):
            g[BROKEN] |= 1
    if g[NIGHT_ACCOUNTS] > 0 and w.route[v].night == 1:
        night = g[NIGHT_ACCOUNTS] + w.route[v].day
        post(w, night, sign)
        if w.account[night].value == edge:
            post(w, g[WEEK_NIGHT_ACCOUNTS] + w.route[v].week, sign)
            if g[W_STREAKS] > 0:
                g[T_STREAKS] += sign * g[W_STREAKS] * more_in_a_row(w, v, True)
            if sign > 0 and g[HAS_STREAKS] > 0 and exceeds_streak(w, v, True):
                g[BROKEN] |= 1


@kernel
def post_stop(w, k, v, sign):
    """Book a stop (1) or its end (-1) on all accounts and fixed prices."""
    g = w.g
    node = w.node
    route = w.route
    care = node[k].care
    post(w, route[v].stop_account, sign)
    if g[HAS_DAY_LIMITS] > 0:
        _post_day(w, v, sign)
    _post_face(w, k, v, sign)
    if g[W_BALANCE] > 0:
        g[T_BALANCE] += g[W_BALANCE] * post(w, route[v].care_account, sign * care)
    if g[W_BURDENS] > 0:
        _post_burdens(w, k, v, sign)
    for c in range(node[k].purse_from, node[k].purse_until):
        post(w, purse_account(w, c, v), sign * purse_amount(w, c, care))
    if g[HAS_CONTRACTS] > 0:
        _post_contract(w, k, v, sign)
    cut = node[k].full - care
    brief = 1 if cut > 0 else 0
    g[T_FIXED] += sign * int64(w.price[brief, node[k].row, route[v].caregiver])
    if g[DAY_COLUMN] > 0:
        g[T_FIXED] += sign * int64(w.price[0, node[k].row, g[DAY_COLUMN] + route[v].date])
    g[T_SHORT] += sign * g[W_SHORT] * cut
    g[T_UNSERVED] -= sign * w.prize[k]
    g[T_EXTRA_WORTH] -= sign * (w.worth[k] - w.prize[k])
    g[T_DISRUPTION] += sign * moved_cost(w, k, v, node[k].start)


@kernel
def moved_cost(w, k, v, start):
    """Return the cost of a start that differs from the published one."""
    node = w.node
    route = w.route
    g = w.g
    if node[k].published < 0 or g[W_DISRUPTION] == 0:
        return int64(0)
    same_day = route[v].date == node[k].published_day
    if same_day and abs(start - node[k].published) <= g[TOLERANCE]:
        return int64(0)
    return g[W_DISRUPTION]


@leaf
def rise(value, more, limit):
    """Return by how much `more` lifts `value` above `limit`."""
    after = value + more - limit
    if after <= 0:
        return int64(0)
    before = value - limit
    return after - before if before > 0 else after
