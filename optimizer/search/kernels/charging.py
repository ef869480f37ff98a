"""A move that leaves routes as they are: stops charged to other contracts that cover them."""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import (
    book_contract,
    charged_fen,
    has_room,
    price_of,
    touch,
)
from optimizer.search.kernels.compiled import kernel, leaf
from optimizer.search.kernels.rng import below
from optimizer.search.kernels.world import CONTRACT_ACCOUNTS, TASKS, W_SHARE

DRAWS = 8
"Stops drawn until one has a choice, and again for those that may follow it."


@leaf
def _choices(w, k):
    """Return by how many contracts the stop of task `k` is covered; 0 if it is on no route."""
    v = w.node[k].route
    if v < 0:
        return int64(0)
    covers = int64(w.covered[w.node[k].row, v])
    if covers < 0:
        return int64(0)
    return w.cover_ptr[covers + 1] - w.cover_ptr[covers]


@kernel
def _move_charge(w, k, contract):
    """Charge a present stop to another contract."""
    touch(w, k)
    v = int64(w.node[k].route)
    book_contract(w, k, v, int64(w.contract[k]), int64(-1))
    book_contract(w, k, v, contract, int64(1))
    w.contract[k] = contract


@leaf
def _worth(w, k, contract, care, held):
    """Return what the stop of task `k` is worth where it is charged so; `held` of it is there now.

    Where shares cost nothing they lead all the same: what is charged evenly leaves more room.
    """
    first = w.g[CONTRACT_ACCOUNTS] + 3 * contract
    missing = w.account[first].soft - w.account[first].value + held
    share = max(int64(1), w.g[W_SHARE]) * max(int64(0), min(care, missing))
    fen = charged_fen(w, k, int64(w.node[k].route), contract, care)
    return share - price_of(w.g, fen)


@kernel
def _follow(w, k):
    """Charge a present stop to another contract with room if there is something in it."""
    care = int64(w.node[k].care)
    v = int64(w.node[k].route)
    held = int64(w.contract[k])
    most = _worth(w, k, held, care, care)
    best = int64(-1)
    covers = int64(w.covered[w.node[k].row, v])
    for c in range(w.cover_ptr[covers], w.cover_ptr[covers + 1]):
        contract = w.cover[c]
        gain = _worth(w, k, contract, care, int64(0))
        if contract != held and gain > most and has_room(w, k, v, contract, care):
            best, most = contract, gain
    if best >= 0:
        _move_charge(w, k, best)


@kernel
def recharge(w, rng):
    """Charge a random stop to another contract with room, and let others follow where it pays.

    Visits that only the contract left can pay for find room there when they are put back.
    """
    n = w.g[TASKS]
    for _ in range(DRAWS):
        k = below(rng, n)
        choices = _choices(w, k)
        if choices > 1:
            covers = int64(w.covered[w.node[k].row, w.node[k].route])
            contract = w.cover[w.cover_ptr[covers] + below(rng, choices)]
            care = int64(w.node[k].care)
            v = int64(w.node[k].route)
            if contract != w.contract[k] and has_room(w, k, v, contract, care):
                _move_charge(w, k, contract)
                break
    for _ in range(DRAWS):
        k = below(rng, n)
        if _choices(w, k) > 1:
            _follow(w, k)
