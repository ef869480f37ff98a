"""What an insertion would cost, without making it.

`scan` lists the places a task can go with a lower bound of the cost; the bound is the cost
itself where nothing downstream gets late. `push_cost` follows a delay through routes and
couplings for the others.
"""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import (
    charge_gain,
    has_room,
    purse_account,
    purse_amount,
    rise,
    scale,
    slope,
)
from optimizer.search.kernels.compiled import kernel, leaf
from optimizer.search.kernels.state import same_caregiver
from optimizer.search.kernels.world import (
    COMER_ACCOUNTS,
    DAY_COLUMN,
    FACE_ACCOUNTS,
    FORBIDDEN,
    HAS_CONTRACTS,
    MONTH_ACCOUNTS,
    W_BALANCE,
    W_CONTINUITY,
    W_OVERTIME,
    W_SHORT,
    W_SLOPE,
)


@leaf
def stop_price(node, route, account, met, price, g, k, v, care):
    """Return what task `k` on route `v` costs wherever it stands there."""
    caregiver = route[v].caregiver
    cut = node[k].full - care
    cost = int64(price[1 if cut > 0 else 0, node[k].row, caregiver]) + g[W_SHORT] * cut
    if g[DAY_COLUMN] > 0:
        cost += int64(price[0, node[k].row, g[DAY_COLUMN] + route[v].date])
    if g[W_CONTINUITY] > 0 and met[node[k].client, caregiver] == 0:
        a = g[FACE_ACCOUNTS] + node[k].client
        faces = account[a].value
        cost += account[a].price * (scale(g, faces + 1) - scale(g, faces))
    if g[W_SLOPE] > 0:
        cost += slope(g, int64(met[node[k].client, caregiver]))
    if g[W_BALANCE] > 0:
        given = route[v].care_account
        cost += g[W_BALANCE] * rise(account[given].value, care, account[given].soft)
    if route[v].count == 0:
        cost += int64(route[v].staff)
    return cost


@kernel
def rules_allow(w, k, v, care):
    """Return whether couplings, spacings, purses and contracts allow task `k` on route `v` now."""
    node = w.node
    route = w.route
    arc = w.arc
    caregiver = route[v].caregiver
    for e in range(node[k].arc_from, node[k].arc_until):
        u = node[arc[e].to].route
        if u >= 0 and (
            route[u].date != route[v].date or same_caregiver(node, route, arc, e, caregiver)
        ):
            return False
    for e in range(node[k].space_from, node[k].space_until):
        u = node[w.space[e].to].route
        if u >= 0:
            days = route[u].date - route[v].date
            side = w.space[e].side
            days = abs(days) if side == 0 else side * days
            if days < w.space[e].least or days > w.space[e].most:
                return False
    if w.g[COMER_ACCOUNTS] > 0:
        client = node[k].client
        a = w.g[COMER_ACCOUNTS] + client
        comes = w.met[client, caregiver] > w.known[client, caregiver]
        if not comes and w.account[a].value >= w.account[a].hard:
            return False
    for c in range(node[k].purse_from, node[k].purse_until):
        a = purse_account(w, c, v)
        if w.account[a].value + purse_amount(w, c, care) > w.account[a].hard:
            return False
    return w.g[HAS_CONTRACTS] == 0 or _contract_allows(w, k, v, care)


@kernel
def _contract_allows(w, k, v, care):
    """Return whether a contract that covers task `k` on route `v` still has room for it."""
    covers = int64(w.covered[w.node[k].row, v])
    if covers < 0:
        return True
    for c in range(w.cover_ptr[covers], w.cover_ptr[covers + 1]):
        if has_room(w, k, v, w.cover[c], care):
            return True
    return False


@leaf
def charge_saved(w, k, v, care):
    """Return what charging task `k` on route `v` saves: of missing shares, less its price.

    Well charged, as `accounts` does; 0 where no contract has room, which `rules_allow` finds.
    """
    covers = int64(w.covered[w.node[k].row, v])
    if covers < 0:
        return int64(0)
    most = -int64(FORBIDDEN)
    for c in range(w.cover_ptr[covers], w.cover_ptr[covers + 1]):
        gain = charge_gain(w, k, v, w.cover[c], care)
        if gain > most and has_room(w, k, v, w.cover[c], care):
            most = gain
    return most if most > -FORBIDDEN else int64(0)


@leaf
def overtime_of_work(route, account, g, v, work):
    """Return what more work costs in overtime of day and week, or `FORBIDDEN`."""
    day, week = route[v].day_account, route[v].week_account
    if (
        account[day].value + work > account[day].hard
        or account[week].value + work > account[week].hard
    ):
        return int64(FORBIDDEN)
    above = rise(account[day].value, work, account[day].soft)
    if g[MONTH_ACCOUNTS] > 0 and above > 0:
        month = g[MONTH_ACCOUNTS] + route[v].month
        if account[month].value + above > account[month].hard:
            return int64(FORBIDDEN)
        above += rise(account[month].value, above, account[month].soft)
    return g[W_OVERTIME] * (above + rise(account[week].value, work, account[week].soft))
