"""The search loop: exchange, ruin, recreate, accept or take back."""

from __future__ import annotations

import numpy as np
from numpy import int64

from optimizer.search.kernels.accounts import LOG_FULL, LOG_ROUTE
from optimizer.search.kernels.charging import recharge
from optimizer.search.kernels.compiled import entry, kernel
from optimizer.search.kernels.ejection import eject_for
from optimizer.search.kernels.exchange import place_break, swap_routes, swap_tails
from optimizer.search.kernels.handover import least_known, ruin_to_hand_over
from optimizer.search.kernels.latest import raise_latest
from optimizer.search.kernels.parameter_row import (
    P_CENTRE_UNSERVED,
    P_EJECT,
    P_GUIDE,
    P_HAND_OVER,
    P_MEMORY,
    P_MOVE_BREAK,
    P_ROUTE_SHARE,
    P_STRING_SHARE,
    P_SWAP,
    P_TAIL,
    P_UNSERVED,
)
from optimizer.search.kernels.published import let_go, wait_where_free
from optimizer.search.kernels.recreate import recreate
from optimizer.search.kernels.rng import below, fraction
from optimizer.search.kernels.ruin import (
    mend_legs,
    ruin_for,
    ruin_related,
    ruin_routes,
    ruin_strings,
)
from optimizer.search.kernels.state import begin, cost_of, forget_tardy, roll_back, settle_worst
from optimizer.search.kernels.timing import lower_starts
from optimizer.search.kernels.unserved import add_unserved, list_unserved, remember, update_unserved
from optimizer.search.kernels.waiting import settle_waiting
from optimizer.search.kernels.world import (
    ABANDONED,
    ACCEPTED,
    BEST,
    BROKEN,
    BROKEN_STEPS,
    CURRENT,
    FALLING,
    FORBIDDEN,
    HAS_CONTRACTS,
    HAS_REST,
    IMPROVED,
    ITERATIONS,
    LOGGED,
    OVERFLOWN,
    PUSH_CAP,
    RISING,
    ROUTES,
    STAMP,
    T_EXTRA_WORTH,
    T_SLOPE,
    TARDY,
    TASKS,
    UNSERVED,
    VISIT_STAMP,
)

REMEMBER = 32
"Steps between two moments at which unserved visits grow in worth."
LOOSE = 0.3
"Share of steps that let go of stops which wait for their published time, if some are unserved."
RECHARGED = 0.3
"Share of steps in which stops are charged to other contracts, where contracts are counted."


@kernel
def settle_removals(w):
    """Bring all times in order after tasks were taken out or exchanged."""
    g = w.g
    node = w.node
    scratch = w.scratch
    n, m = g[TASKS], g[ROUTES]
    # Start depots have times of their own only where a rest may hold them up.
    lowest = n if g[HAS_REST] else n + m
    g[VISIT_STAMP] += 1
    stamp = g[VISIT_STAMP]
    count = 0
    for c in range(g[FALLING]):
        x = int64(w.dirty[c].fall)
        if (x >= lowest or (x < n and node[x].route >= 0)) and scratch[x].seen != stamp:
            scratch[x].seen = stamp
            scratch[count].listed = x
            count += 1
    fine = lower_starts(w, count)
    settle_worst(w)
    g[VISIT_STAMP] += 1
    stamp = g[VISIT_STAMP]
    count = 0
    for c in range(g[RISING] + g[TARDY]):
        x = int64(w.dirty[c].rise if c < g[RISING] else scratch[c - g[RISING]].tardy_list)
        if (x >= lowest or (x < n and node[x].route >= 0)) and scratch[x].seen != stamp:
            scratch[x].seen = stamp
            scratch[count].listed = x
            count += 1
    g[FALLING] = 0
    g[RISING] = 0
    forget_tardy(g)
    if fine:
        raise_latest(w, count)
    return fine


@kernel
def _mean_route(w):
    g = w.g
    route = w.route
    used = 0
    stops = 0
    for v in range(g[ROUTES]):
        if route[v].count > 0:
            used += 1
            stops += route[v].count
    return stops / used if used > 0 else 1.0


@kernel
def _make_room(w, rng, par, centre):
    """Take out who stands in the way of the unserved unit of task `centre`; return how many units.

    Where nothing is drawn, steps are those of a search without guided ejection.
    """
    guided = par[P_GUIDE] > 0.0 and fraction(rng) < par[P_GUIDE]
    count = int64(0)
    for half in range(2):
        k = w.unit[w.node[centre].unit, half]
        if k >= 0 and guided and w.node[k].route < 0:
            count = eject_for(w, rng, k, count)
        elif k >= 0 and not guided:
            count = ruin_for(w, rng, k, count)
    return count


@kernel
def _disturb(w, rng, par, centre, mean, ejecting, handing, tally):
    """Exchange routes or tails, then ruin around the centre; returns the listed units.

    With `ejecting` the centre is unserved, and those are taken out who stand in its way; with
    `handing` it goes to somebody who comes to its client more often, if there is anybody.
    """
    g = w.g
    for _ in range(3):
        if fraction(rng) < par[P_SWAP]:
            swap_routes(w, rng)
    if fraction(rng) < par[P_TAIL]:
        swap_tails(w, rng, centre)
    tally[STAMP] += 1
    kind = fraction(rng)
    count = ruin_to_hand_over(w, rng, centre) if handing else int64(0)
    if count > 0:
        pass  # The visit is being handed over.
    elif ejecting:
        count = _make_room(w, rng, par, centre)
    elif kind < par[P_STRING_SHARE]:
        count = ruin_strings(w, rng, par, tally[STAMP], centre, mean)
    elif kind < par[P_STRING_SHARE] + par[P_ROUTE_SHARE]:
        count = ruin_routes(w, rng, tally[STAMP], centre)
    else:
        count = ruin_related(w, rng, par, centre)
    if fraction(rng) < par[P_MOVE_BREAK]:
        for c in range(g[LOGGED]):
            if w.log[c].kind == LOG_ROUTE:
                place_break(w, rng, int64(w.log[c].who))
    return mend_legs(w, count)


@entry
def keep_best(w, best_node, best_route):
    """Copy routes and times as the best known ones."""
    node = w.node
    route = w.route
    for x in range(node.shape[0]):
        best_node[x].start = node[x].start
        best_node[x].next = node[x].next
        best_node[x].route = node[x].route
        best_node[x].care = node[x].care
        best_node[x].earliest = node[x].earliest
        best_node[x].contract = w.contract[x]
    for v in range(route.shape[0]):
        best_route[v].count = route[v].count
        best_route[v].break_after = route[v].break_after


@entry
def anneal(w, rng, par, tally, best_node, best_route, focus, steps, warm, cool):
    """Run `steps` iterations while the temperature falls from `warm` to `cool`.

    A step exchanges routes, takes visits out around a centre, puts them back at their
    cheapest places and accepts the result if its cost is below the present cost plus a
    random allowance that shrinks with the temperature. The allowance is drawn before the
    visits go back, so that hopeless steps end early. Centres are tasks of `focus`; `tally`
    carries costs and counts.
    """
    g = w.g
    bands = g[PUSH_CAP] < FORBIDDEN
    num_unserved = list_unserved(w)
    mean = _mean_route(w)
    drop = np.log(cool / warm)
    for step in range(steps):
        if step % 256 == 255:
            mean = _mean_route(w)
        if step % REMEMBER == 0 and num_unserved > 0 and par[P_MEMORY] > 0:
            remember(w, rng, num_unserved, par[P_MEMORY])
        temperature = warm * np.exp(drop * step / steps)
        begin(w)
        tally[ITERATIONS] += 1
        centre = focus[below(rng, focus.shape[0])]
        ejecting = False
        if num_unserved > 0 and fraction(rng) < par[P_CENTRE_UNSERVED]:
            centre = w.unit[w.pick[UNSERVED, below(rng, num_unserved)], 0]
            ejecting = fraction(rng) < par[P_EJECT]
        held = tally[CURRENT] + g[T_EXTRA_WORTH] + g[T_SLOPE]
        handing = not ejecting and par[P_HAND_OVER] > 0.0 and fraction(rng) < par[P_HAND_OVER]
        if handing:
            centre = least_known(w, rng, focus, centre)
        count = _disturb(w, rng, par, centre, mean, ejecting, handing, tally)
        if g[HAS_CONTRACTS] > 0 and fraction(rng) < RECHARGED:
            recharge(w, rng)
        loose = bands and fraction(rng) < (LOOSE if num_unserved > 0 else LOOSE / 4)
        if loose:
            let_go(w)
        count = add_unserved(
            w, rng, tally[STAMP], centre, count, num_unserved, int64(par[P_UNSERVED])
        )
        accepted = False
        if not g[BROKEN] and settle_removals(w):
            allowance = -temperature * np.log(fraction(rng) + 1e-300)
            threshold = held + int64(min(allowance, 1e15)) + 1
            if recreate(w, rng, par, count, threshold, ejecting, tally):
                if bands and not wait_where_free(w):
                    tally[BROKEN_STEPS] += 1
                settle_waiting(w)
                cost = cost_of(g)
                accepted = cost + g[T_EXTRA_WORTH] + g[T_SLOPE] < threshold and not g[BROKEN]
        else:
            tally[BROKEN_STEPS] += 1
        if g[BROKEN] & LOG_FULL:
            tally[OVERFLOWN] = 1
            return
        if not accepted:
            tally[ABANDONED] += 1
            roll_back(w)
            continue
        tally[ACCEPTED] += 1
        tally[CURRENT] = cost
        num_unserved = update_unserved(w, count, num_unserved)
        if cost < tally[BEST]:
            tally[BEST] = cost
            tally[IMPROVED] += 1
            keep_best(w, best_node, best_route)
